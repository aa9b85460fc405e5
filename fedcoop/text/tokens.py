"""Text as a search compares it: folded words, the same for both databases. Who asks is `fedcoop.search`."""

import re
import unicodedata

LONGEST_WORD = 40
MOST_CHARACTERS = 200_000
"""As much of one text is looked at; PostgreSQL keeps no megabyte of words in one row."""

_ACCENTS = dict.fromkeys(range(0x300, 0x370))
# Scripts that are written without spaces: each character counts as a word, and a run of them as a phrase.
_WITHOUT_SPACES = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
)
_WORD = re.compile(f"[{_WITHOUT_SPACES}\U00020000-\U0003fffd]|[^\\W_{_WITHOUT_SPACES}\U00020000-\U0003fffd]+")


def words(text: str) -> list[str]:
    """The words in their order: width, case and accents do not count, nor does what is no letter or digit."""
    text = text[:MOST_CHARACTERS]
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text).translate(_ACCENTS)
        text = unicodedata.normalize("NFC", text)
    return [word[:LONGEST_WORD] for word in _WORD.findall(text.casefold())]
