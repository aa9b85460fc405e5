"""The names of streams, and who may listen to them. https://docs.joinmastodon.org/methods/streaming/#streams"""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from fedcoop.errors import NotAllowed
from fedcoop.ids import parse_id
from fedcoop.oauth.types import Token
from fedcoop.text import compose
from web.errors import Malformed


class Channel(NamedTuple):
    """What can be listened to; `tag` is folded, `list_id` that of a list of the listener's own."""

    name: str
    tag: str = ""
    list_id: int = 0


class Wish(msgspec.Struct, kw_only=True):
    """What a client says that it wants, in the address or in a message on the socket."""

    type: str = "subscribe"
    stream: str = ""
    tag: str = ""
    list: str | int = ""


USER = Channel("user")
NOTIFICATIONS = Channel("user:notification")
DIRECT = Channel("direct")
PUBLIC = tuple(f"public{scope}{media}" for scope in ("", ":local", ":remote") for media in ("", ":media"))
HASHTAG = ("hashtag", "hashtag:local")
NAMES = frozenset({"user", "user:notification", "direct", "list", *PUBLIC, *HASHTAG})


def wanted(wish: Wish, token: Token) -> tuple[Channel, tuple[str, ...]]:
    """The channel and what its events are labelled with on a socket, in the client's own spelling. Raises
    `Malformed` for a stream that does not exist, `NotAllowed` when the token's scopes do not suffice, and
    `NotFound` for what can be no list. That a list is the member's own is the caller's to check."""
    if wish.stream not in NAMES:
        raise Malformed("Unknown stream type")
    scope = "read:notifications" if wish.stream == "user:notification" else "read:statuses"
    if scope not in token.granted:
        raise NotAllowed("Access token does not have the required scopes")
    if wish.stream == "list":
        return Channel(wish.stream, list_id=parse_id(str(wish.list))), (wish.stream, str(wish.list))
    if wish.stream in HASHTAG:
        folded = compose.fold(wish.tag.removeprefix("#"))
        if not folded:
            raise Malformed("Missing tag name parameter")
        return Channel(wish.stream, folded), (wish.stream, wish.tag)
    return Channel(wish.stream), (wish.stream,)


def public_names(*, local: bool, has_media: bool) -> list[str]:
    """The public streams that a public status belongs to."""
    scopes = ("public", "public:local" if local else "public:remote")
    return [*scopes, *(f"{scope}:media" for scope in scopes if has_media)]


def tag_channels(tags: set[str], *, local: bool) -> list[Channel]:
    """The hashtag streams that a public status belongs to."""
    return [Channel(name, tag) for tag in tags for name in (HASHTAG if local else HASHTAG[:1])]
