"""The meetings that articles report: `extract` takes them out of an article, `listing` lists those
of all articles.

    Article → Statements → Reports → Meetings → a list
                     ↘ Mentions of days → (the model) ↗
"""

VERSION = "33"
"""Changes when other meetings would be extracted from the same article: an index remembers it."""
