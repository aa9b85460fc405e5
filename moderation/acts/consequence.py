"""What an act would change, as the parts of `preview` tell it."""

import msgspec


class Consequence(msgspec.Struct, frozen=True):
    """A sentence, and the numbers behind it."""

    words: str
    counts: dict[str, int] = {}


def many(number: int, word: str) -> str:
    """ "1 follow", "42 follows"."""
    return f"{number} {word}{'' if number == 1 else 's'}"
