"""Names of months and weekdays, with their numbers. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any


def numbers_by_name(cldr: Any, more: Mapping[int, Iterable[str]]) -> dict[str, int]:
    """Return the numbers of months or weekdays by name, in lower case.

    An abbreviation has its dot, and has it not, and so has the name that is a number ("tháng 1")
    its zero.

    Args:
        cldr: the months or days of a Babel locale.
        more: further names, by number.
    """
    numbers: dict[str, int] = {}
    for use in ("format", "stand-alone"):
        for width in ("abbreviated", "wide"):
            for number, name in cldr.get(use, {}).get(width, {}).items():
                forms = {name, name.removesuffix("."), re.sub(r" (?=\d$)", " 0", name)}
                numbers |= {form.lower(): number for form in forms if len(form) > 2}
    return numbers | {name.lower(): number for number, names in more.items() for name in names}
