"""What was typed into the search: words, “phrases”, `-negations` and Mastodon's operators.
https://docs.joinmastodon.org/user/discover/#search"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from fedcoop.db.fulltext import Phrase
from fedcoop.errors import Invalid
from fedcoop.ids import LARGEST
from fedcoop.search import marks
from fedcoop.search.types import Asked
from fedcoop.text import tokens

LONGEST = 1_000
MOST_TERMS = 32

_TERM = re.compile(
    r'(?P<sign>[-+])?(?:(?P<operator>[a-z]+):)?(?:["“”](?P<phrase>[^"“”]*)["“”]|(?P<word>\S+))'
)
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?\Z")


def understand(text: str) -> Asked:
    """What is asked for. What looks like an operator and is none counts as words. Raises `Invalid` for a date
    that is none, and for more terms than anybody needs."""
    asked = Asked()
    found = list(_TERM.finditer(text[:LONGEST]))
    if len(found) > MOST_TERMS:
        raise Invalid(f"A search can have at most {MOST_TERMS} words and operators.")
    for term in found:
        operator, negated = term["operator"] or "", term["sign"] == "-"
        value = term["phrase"] if term["phrase"] is not None else term["word"]
        if not _operator(asked, operator, value, negated):
            _words(asked, f"{operator} {value}", negated)
    return asked


def _words(asked: Asked, text: str, negated: bool) -> None:
    # What is written as one, such as an address or a name in a script without spaces, is found as one.
    if words := tuple(tokens.words(text)):
        (asked.lacking if negated else asked.having).append(Phrase(words))


def _operator(asked: Asked, operator: str, value: str, negated: bool) -> bool:
    """Whether this is one; then it is done."""
    lower = value.lower()
    marked = asked.lacking if negated else asked.having
    if operator == "from":
        (asked.no_authors if negated else asked.authors).append(value)
    elif operator == "has" and lower in marks.HAS:
        marked.append(Phrase((f"has_{lower}",)))
    elif operator == "is" and lower in marks.IS:
        marked.append(Phrase((f"is_{lower}",)))
    elif operator == "is" and lower == "boost":
        asked.boosted = not negated
    elif operator == "language":
        marked.append(Phrase((marks.language(value),)))
    elif operator == "in" and lower in ("library", "public", "all") and not negated:
        asked.where = lower  # type: ignore[assignment] # checked right here
    elif operator in ("before", "after", "during") and not negated:
        _bound(asked, operator, value)
    else:
        return False
    return True


def _bound(asked: Asked, operator: str, value: str) -> None:
    begin, end = _span(value)
    if operator == "before":
        asked.below = min(asked.below, begin)
    elif operator == "after":
        asked.above = max(asked.above, end - 1)
    else:
        asked.above, asked.below = max(asked.above, begin - 1), min(asked.below, end)


def _span(value: str) -> tuple[int, int]:
    """The ids of a day, a month or a year: the first, and the first after it. Raises `Invalid`."""
    found = _DATE.match(value)
    try:
        if found is None:
            raise ValueError
        year, month, day = int(found[1]), int(found[2] or 1), int(found[3] or 1)
        begin = datetime(year, month, day, tzinfo=UTC)
        if found[3]:
            end = begin + timedelta(days=1)
        elif found[2]:
            end = begin.replace(year=year + month // 12, month=month % 12 + 1)
        else:
            end = begin.replace(year=year + 1)
    except (ValueError, OverflowError):
        raise Invalid(f"“{value}” is not a date; dates look like 2024-12-31.") from None
    return _id(begin), _id(end)


def _id(moment: datetime) -> int:
    """The first id of this moment. Before the epoch there is none."""
    return min(max(int(moment.timestamp() * 1000), 0) << 16, LARGEST)
