"""The meetings that articles report: `extract` takes them out of an article, `listing` lists those
of all articles.

    Article → Statements → Reports → Meetings → a list
"""

VERSION = "27"
"""Changes when other meetings would be extracted from the same article: an index remembers it."""
