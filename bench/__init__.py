"""Passage beside two pipelines that people would otherwise use, measured in one run.

`python -m bench` starts every contender in fresh processes of its own and prints one table.
`python -m bench.members` has 200 members ask the bot at once, and `python -m bench.reader` asks
questions while 500 articles a second are asked for.
"""
