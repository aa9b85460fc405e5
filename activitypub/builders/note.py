"""The document of a status: a Note, or a Question where it asks something (`question`)."""

from typing import Any
from urllib.parse import quote

from activitypub.builders.actor import absolute, emojis
from activitypub.builders.audience import addressed
from activitypub.builders.interaction import policy, stamped
from activitypub.builders.question import question
from activitypub.builders.quote import link, quoting, reference
from activitypub.builders.types import Media, Written
from fedcoop import clock


def note(written: Written) -> dict[str, Any]:
    """The object, without context."""
    status = written.status
    to, cc = audience(written)
    content = (reference(written.quote) if written.quote else "") + status.content
    document: dict[str, Any] = {
        "id": status.uri,
        "type": "Note",
        "attributedTo": written.author.uri,
        "published": clock.iso(status.created_at),
        "to": to,
        "cc": cc,
        "url": status.url or status.uri,
        "inReplyTo": written.in_reply_to or None,
        "summary": status.spoiler_text or None,
        "sensitive": status.sensitive or written.author.sensitized_at is not None,
        "content": content,
        "attachment": [attachment(one, written.base_url) for one in written.media],
        "tag": tags(written),
    }
    if status.public and written.groups:
        document["audience"] = written.groups[0]
    if status.language:
        document["contentMap"] = {status.language: content}
    if status.edited_at is not None:
        document["updated"] = clock.iso(status.edited_at)
    if written.poll is not None:
        document |= question(written.poll)
    document |= quoting(written)
    document |= stamped("reply", written.stamp)
    document["interactionPolicy"] = policy(written)
    if status.public:
        document["replies"] = f"{status.uri}/replies"
        if written.context:
            document["context"] = written.context
        document["likes"] = counted(f"{status.uri}/likes", status.favourites_count)
        document["shares"] = counted(f"{status.uri}/shares", status.reblogs_count)
    return document


def audience(written: Written) -> tuple[list[str], list[str]]:
    """`to` and `cc` of a status."""
    followers = written.author.followers_uri or f"{written.author.uri}/followers"
    named = [one.uri for one in written.mentions]
    if written.status.public:
        named += [uri for uri in written.groups if uri not in named]
    return addressed(written.status.visibility, followers, named)


def counted(identity: str, total: int) -> dict[str, Any]:
    """A collection of which only the size is told."""
    return {"id": identity, "type": "Collection", "totalItems": total}


def tags(written: Written) -> list[dict[str, Any]]:
    """Mentions, hashtags and custom emojis."""
    base = written.base_url
    return [
        *({"type": "Mention", "href": one.uri, "name": f"@{one.acct}"} for one in written.mentions),
        *(hashtag(name, name, base) for name in written.tags),
        *emojis(written.status.emojis, base),
        *([link(written.quote)] if written.quote else []),
    ]


def attachment(media: Media, base_url: str) -> dict[str, Any]:
    """One picture, sound or film."""
    document: dict[str, Any] = {
        "type": "Document",  # as Mastodon says it; what it is follows from its media type
        "mediaType": media.mime_type or "application/octet-stream",
        "url": absolute(media.url, base_url),
        "name": media.description or None,
    }
    if media.blurhash:
        document["blurhash"] = media.blurhash
    if media.width and media.height:
        document |= {"width": media.width, "height": media.height}
    if media.focus:
        document["focalPoint"] = list(media.focus)
    if media.duration:
        document["duration"] = f"PT{media.duration:g}S"
    return document


def hashtag(shown: str, name: str, base_url: str) -> dict[str, str]:
    """A hashtag in a spelling; `name` is folded and leads to its page."""
    return {"type": "Hashtag", "href": f"{base_url}/tags/{quote(name)}", "name": f"#{shown}"}
