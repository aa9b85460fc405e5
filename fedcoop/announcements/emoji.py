"""Telling an emoji from a text: one picture, of whatever code points it is made."""

import unicodedata

LONGEST = 24
"""Code points of one emoji; families and flags of regions take the most."""
_KEYCAP = 0x20E3
_JOINER = 0x200D
_MODIFIERS = frozenset({0xFE0F, *range(0x1F3FB, 0x1F400), *range(0xE0020, 0xE0080)})
_FLAGS = range(0x1F1E6, 0x1F200)
_SIGNS = frozenset("‼⁉↔↕↖↗↘↙↩↪〰〽")
"""Emoji that Unicode does not count among its pictures."""


def is_emoji(text: str) -> bool:
    """Whether this is exactly one emoji."""
    codes = [ord(char) for char in text]
    if not codes or len(codes) > LONGEST:
        return False
    if codes[-1] == _KEYCAP:
        return text[0] in "0123456789#*" and codes[1:-1] in ([], [0xFE0F])
    if all(code in _FLAGS for code in codes):
        return len(codes) == 2
    pictures = 0
    joined = True
    for char, code in zip(text, codes, strict=True):
        if code == _JOINER:
            if joined:
                return False
            joined = True
        elif code in _MODIFIERS:
            if joined:
                return False
        elif joined and _is_picture(char):
            pictures += 1
            joined = False
        else:
            return False
    return pictures > 0 and not joined


def _is_picture(char: str) -> bool:
    return char in _SIGNS or (unicodedata.category(char) in ("So", "Sm") and ord(char) > 0xFF) or char in "©®"
