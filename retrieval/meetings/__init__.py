"""The meetings that articles report: found in an article, listed over all of them.

    Article → Statements → Reports → Meetings → a list

`finding` begins at an article, `listing` at what was found; `words/` has a table a language.
"""

from .asking import asks_about_meeting
from .finding import VERSION, find
from .listing import Wanted, listed
from .wording import languages

__all__ = ["VERSION", "Wanted", "asks_about_meeting", "find", "languages", "listed"]
