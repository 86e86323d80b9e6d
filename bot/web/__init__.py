"""The articles as web pages: what a quote links to, and a third face of the same answers.

`app.serving` serves them; their addresses are made in `bot.ui.links`.
"""
