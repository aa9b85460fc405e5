"""Pictures, sounds and films of a post, in the many places where servers put them."""

import re
from typing import Any

from activitypub.parse.fields import address, count, items, number, text, types, yes
from activitypub.vocabulary import Attachment

MOST_ATTACHMENTS = 32
LONGEST_DESCRIPTION = 10_000
_MEDIA = frozenset({"Document", "Image", "Audio", "Video"})
_ISO_DURATION = re.compile(r"P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?")


def read_attachments(document: dict[str, Any], kind: str) -> tuple[Attachment, ...]:
    """What hangs on the post: `attachment`, and for an Audio, Video or Image object its own files."""
    found = [read_attachment(one) for one in items(document.get("attachment"))[:MOST_ATTACHMENTS]]
    if kind in _MEDIA:
        found += [_own_file(document, kind)]
    if kind in ("Article", "Page", "Event", "Video"):
        found += [_cover(document.get("image"))]
    unique = {one.url: one for one in found if one is not None}
    return tuple(unique.values())


def read_attachment(value: Any) -> Attachment | None:
    """One attachment; None where it is no medium (a link, a table row of a profile, nonsense)."""
    if not isinstance(value, dict):
        return None
    named = types(value.get("type"))
    kind = next((one for one in named if one in _MEDIA), "")
    url = address(value.get("url")) or address(value.get("href"))
    if not kind or not url:
        return None
    media_type = text(value.get("mediaType"), 100).lower() or _media_type(value.get("url"))
    return Attachment(
        url=url,
        media_type=media_type,
        kind=kind,
        description=text(value.get("summary"), LONGEST_DESCRIPTION)
        or text(value.get("name"), LONGEST_DESCRIPTION),
        blurhash=text(value.get("blurhash"), 200),
        focus=_focus(value.get("focalPoint")),
        width=count(value.get("width")),
        height=count(value.get("height")),
        duration=read_duration(value.get("duration")),
        sensitive=yes(value.get("sensitive")),
        preview_url=address(value.get("icon")),
    )


def read_link(document: dict[str, Any]) -> str:
    """The first page that is attached as a Link (FEP-8967)."""
    for one in items(document.get("attachment"))[:MOST_ATTACHMENTS]:
        if isinstance(one, dict) and "Link" in types(one.get("type")) and (url := address(one.get("href"))):
            return url
    return ""


def read_duration(value: Any) -> float | None:
    """An ISO 8601 duration (`PT1M30S`) or plain seconds, in seconds."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value) if 0 <= value < 1e7 else None
    found = _ISO_DURATION.fullmatch(text(value, 64))
    if not found or not any(found.groups()):
        return None
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups())
    return min(days * 86_400 + hours * 3_600 + minutes * 60 + seconds, 1e7)


def _focus(value: Any) -> tuple[float, float] | None:
    if isinstance(value, dict):
        value = value.get("@list")
    if not isinstance(value, list) or len(value) != 2:
        return None
    x, y = number(value[0]), number(value[1])
    if x is None or y is None:
        return None
    return max(-1.0, min(1.0, x)), max(-1.0, min(1.0, y))


def _media_type(value: Any) -> str:
    for one in items(value):
        if isinstance(one, dict) and text(one.get("mediaType"), 100):
            return text(one.get("mediaType"), 100).lower()
    return ""


def _own_file(document: dict[str, Any], kind: str) -> Attachment | None:
    wanted = {"Audio": "audio/", "Video": "video/", "Image": "image/"}.get(kind, "")
    for link in _links(document.get("url")):
        media_type = (text(link.get("mediaType"), 100) or text(link.get("mimeType"), 100)).lower()
        url = address(link)
        if url and wanted and media_type.startswith(wanted):
            return Attachment(
                url=url,
                media_type=media_type,
                kind=kind,
                description=text(document.get("name"), LONGEST_DESCRIPTION),
                width=count(link.get("width")),
                height=count(link.get("height")),
                duration=read_duration(document.get("duration")),
                preview_url=address(document.get("icon")),
            )
    return None


def _links(value: Any) -> list[dict[str, Any]]:
    found = []
    for one in items(value):
        if isinstance(one, dict):
            found.append(one)
            # PeerTube hides the files of a stream in the tags of its playlist
            found.extend(tag for tag in items(one.get("tag")) if isinstance(tag, dict) and "href" in tag)
    return found


def _cover(value: Any) -> Attachment | None:
    for one in items(value):
        url = address(one)
        if url:
            described = text(one.get("name"), LONGEST_DESCRIPTION) if isinstance(one, dict) else ""
            return Attachment(url=url, kind="Image", description=described)
    return None
