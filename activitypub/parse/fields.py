"""One value in any of the shapes that servers send it in, to the one shape that we use.

None of these raise: what makes no sense is read as absent. The limits are Mastodon's.
"""

from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

LONGEST_ID = 2_048
LONGEST_NAME = 2_048
LONGEST_TEXT = 400_000
MOST_ITEMS = 1_000
LARGEST_COUNT = 100_000_000
_LATEST = 253_402_300_799_000  # the last second of the year 9999
_PUBLIC_NAMES = {
    "as:Public": "https://www.w3.org/ns/activitystreams#Public",
    "Public": "https://www.w3.org/ns/activitystreams#Public",
}


def items(value: Any) -> list[Any]:
    """The values of a property: none, one or many."""
    if value is None:
        return []
    return value[:MOST_ITEMS] if isinstance(value, list) else [value]


def text(value: Any, limit: int = LONGEST_NAME) -> str:
    """A string, cut at `limit` characters; empty where there is none."""
    if isinstance(value, str):
        return value[:limit]
    if isinstance(value, dict) and isinstance(value.get("@value"), str):
        return str(value["@value"])[:limit]
    if isinstance(value, list) and value:
        return text(value[0], limit)
    return ""


def identifier(value: Any) -> str:
    """The id of what a property points to, embedded or not; empty where there is none of use."""
    for found in items(value):
        named = found.get("id") if isinstance(found, dict) else found
        if isinstance(named, str) and _usable(named):
            return named
    return ""


def identifiers(value: Any, limit: int = MOST_ITEMS) -> tuple[str, ...]:
    """The ids of all that a property points to, each once."""
    found = (identifier(one) for one in items(value)[:limit])
    return tuple(dict.fromkeys(one for one in found if one))


def audience(value: Any) -> tuple[str, ...]:
    """Addressees; the public collection is always spelt out, in whatever of its three names it came."""
    return tuple(dict.fromkeys(_PUBLIC_NAMES.get(one, one) for one in identifiers(value)))


def address(value: Any, base: str = "") -> str:
    """A web address out of a string, a Link, an object with `url`, or a list; `text/html` is preferred."""
    best = ""
    for found in items(value):
        kind, written = "", found
        if isinstance(found, dict):
            kind = text(found.get("mediaType")) or text(found.get("mimeType"))
            written = found.get("href") or address(found.get("url"), base)
        if not isinstance(written, str):
            continue
        if base and "://" not in written[:12]:
            written = _join(base, written)
        if not is_web(written):
            continue
        if kind == "text/html":
            return str(written)
        best = best or str(written)
    return best


def is_web(value: str) -> bool:
    """Is this an http(s) address, no longer than ids may be, without blanks and control characters?"""
    return value.startswith(("https://", "http://")) and _usable(value)


def moment(value: Any) -> int | None:
    """An ISO 8601 time as milliseconds; without a zone it is UTC. None where it is no time."""
    written = text(value, 64).strip()
    if len(written) < 8 or not written[:4].isdigit():
        return None
    try:
        parsed = datetime.fromisoformat(written)
    except ValueError:
        return None
    if parsed.tzinfo is None:
        parsed = parsed.replace(tzinfo=UTC)
    try:
        return min(int(parsed.timestamp() * 1000), _LATEST)
    except (OverflowError, ValueError):
        return None


def zone(value: Any) -> int:
    """Minutes that a time is ahead of UTC, as it says itself; 0 where it does not."""
    try:
        ahead = datetime.fromisoformat(text(value, 64).strip()).utcoffset()
    except ValueError:
        return 0
    return int(ahead.total_seconds() // 60) if ahead is not None else 0


def count(value: Any) -> int | None:
    """A number of things: a whole number from 0, capped at 100 million; else None."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        return None
    return min(value, LARGEST_COUNT)


def yes(value: Any) -> bool:
    """True only for true, and for the string "true" that some send."""
    return value is True or value == "true"


def number(value: Any) -> float | None:
    """A finite number, or None."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < 1e15 else None


def types(value: Any) -> list[str]:
    """Names of types without prefix, in the order given."""
    found = [one for one in items(value) if isinstance(one, str)]
    return [one.rpartition("#")[2].rpartition("/")[2].removeprefix("as:")[:100] for one in found]


def language_of(mapped: Any, content: str) -> str:
    """The language that a map (`contentMap`) gives for `content`; empty when it does not say. Friendica's map has
    the text in another form, and in one language."""
    if not isinstance(mapped, dict):
        return ""
    if len(mapped) == 1:
        language = str(next(iter(mapped)))
        return language if is_language(language) else ""
    for language, said in mapped.items():
        if said == content and is_language(language):
            return str(language)
    return ""


def first_of_map(mapped: Any, limit: int) -> str:
    """Any text of a language map, for documents that have nothing but the map."""
    if not isinstance(mapped, dict):
        return ""
    return next((text(said, limit) for said in mapped.values() if isinstance(said, str)), "")


def is_language(tag: str) -> bool:
    """Does this look like a language tag (BCP 47), and not like "undetermined"?"""
    return 2 <= len(tag) <= 35 and tag != "und" and tag.replace("-", "").isalnum() and tag.isascii()


def _usable(value: str) -> bool:
    return 0 < len(value) <= LONGEST_ID and value.isprintable() and " " not in value


def _join(base: str, reference: str) -> str:
    try:
        return urljoin(base, reference)
    except ValueError:
        return ""
