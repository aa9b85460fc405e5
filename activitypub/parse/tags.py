"""What a post or profile marks in its text: mentions, hashtags, custom emojis."""

from typing import Any

from activitypub.parse.fields import address, identifier, items, moment, text, types
from activitypub.vocabulary import CustomEmoji, Hashtag, Mention

MOST_TAGS = 100
LONGEST_SHORTCODE = 100


def read_mentions(value: Any) -> tuple[Mention, ...]:
    """Everybody spoken to, each once."""
    found: dict[str, Mention] = {}
    for tag in _tags(value, "Mention"):
        href = text(tag.get("href")) or identifier(tag)
        if href.startswith(("https://", "http://")) and href not in found:
            found[href] = Mention(href, text(tag.get("name"), 300))
    return tuple(found.values())


def read_hashtags(value: Any) -> tuple[Hashtag, ...]:
    """The topics, without `#`; some servers send no `href`, some no `#`."""
    found: dict[str, Hashtag] = {}
    for tag in _tags(value, "Hashtag"):
        name = text(tag.get("name"), 300).strip().lstrip("#").strip()
        if name and " " not in name:
            found.setdefault(name.casefold(), Hashtag(name))
    return tuple(found.values())


def read_emojis(value: Any) -> tuple[CustomEmoji, ...]:
    """Custom emojis (FEP-9098); the name may come without its colons."""
    found: dict[str, CustomEmoji] = {}
    for tag in _tags(value, "Emoji"):
        shortcode = text(tag.get("name"), LONGEST_SHORTCODE + 2).strip(":").partition("@")[0]
        icon = tag.get("icon")
        url = address(icon)
        if url and 0 < len(shortcode) <= LONGEST_SHORTCODE and _is_shortcode(shortcode):
            found.setdefault(
                shortcode,
                CustomEmoji(
                    shortcode=shortcode, url=url, id=identifier(tag), updated=moment(tag.get("updated"))
                ),
            )
    return tuple(found.values())


def _is_shortcode(name: str) -> bool:
    return name.replace("_", "").replace("-", "").replace("+", "").isalnum()


def _tags(value: Any, kind: str) -> list[dict[str, Any]]:
    return [
        tag
        for tag in items(value)[: MOST_TAGS * 5]
        if isinstance(tag, dict) and kind in types(tag.get("type"))
    ][:MOST_TAGS]
