"""Words that members send, checked before they are kept: not too long, and nothing that no database or JSON
holds."""

from fedcoop.errors import Invalid


def checked(words: str, what: str, longest: int, field: str) -> str:
    """The words without space around them. Raises Invalid, which names `what` ("A title") and the field."""
    words = words.strip()
    if len(words) > longest:
        raise Invalid(f"{what} has at most {longest} characters.", field)
    if "\x00" in words or any("\ud800" <= character <= "\udfff" for character in words):
        raise Invalid(f"{what} has a character in it that cannot be kept.", field)
    return words
