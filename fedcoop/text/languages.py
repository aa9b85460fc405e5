"""The language of what somebody wrote, where neither they nor their app said it. Why this detector, and when it is
believed, is docs/decisions/0012-languages-are-detected-by-cld3.md."""

from __future__ import annotations

from functools import cache
from typing import Any

from fedcoop.text import compose, fit

FEWEST_LETTERS = 40
FEWEST_CHARACTERS = 10
"""The same for scripts of which one sign says as much as a word."""
SUREST = 0.95
_OLD_CODES = {"iw": "he"}


def detected(text: str) -> str | None:
    """The language of a text apart from its links, mentions and hashtags, as ISO 639-1; None where it is too short
    to tell, or not clear. Takes a tenth of a millisecond."""
    words = _words(text)
    letters = [each for each in words if each.isalpha()]
    dense = sum(each >= "\u2e80" for each in letters)
    if len(letters) < FEWEST_LETTERS and dense < FEWEST_CHARACTERS:
        return None
    found = _detector().FindLanguage(text=words)
    if not found.is_reliable or found.probability < SUREST or "-" in found.language:
        return None
    return _OLD_CODES.get(found.language, str(found.language))


def _words(text: str) -> str:
    text, kept, at = fit(text), [], 0
    for each in compose.find(text):
        kept.append(text[at : each.start])
        at = each.end
    return " ".join("".join([*kept, text[at:]]).split())


@cache
def _detector() -> Any:
    # What does not post, such as most commands, does not load it.
    import gcld3

    return gcld3.NNetLanguageIdentifier(min_num_bytes=0, max_num_bytes=1_000)
