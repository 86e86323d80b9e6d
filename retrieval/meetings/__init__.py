"""The meetings that articles report: found in an article, listed over all of them.

    Article → Statements → Reports → Meetings → a list

`finding` begins at an article, `listing` at what was found; `words/` has a table a language.
"""

from .finding import VERSION, find
from .listing import Wanted, listed

__all__ = ["VERSION", "Wanted", "find", "listed"]
