"""What is done: one class per kind of activity, so that `activitypub.inbox` can dispatch by type."""

from typing import Any

import msgspec

from activitypub.vocabulary.actor import Actor
from activitypub.vocabulary.collection import FeaturedCollection
from activitypub.vocabulary.post import Authorization, CustomEmoji, Post, Tombstone


class Unknown(msgspec.Struct, frozen=True):
    """An embedded object of a type that we have no use for."""

    id: str
    type: str


class Activity(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody did something. `actor` is an id; `objects` are ids or embedded objects, at least none."""

    id: str = ""
    type: str
    actor: str
    objects: "tuple[Object, ...]" = ()
    target: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    published: int | None = None
    content: str = ""
    instrument: "Object" = ""
    result: str = ""
    authorization: str = ""
    """Where it is said that a Like or an Announce is allowed (GoToSocial)."""
    emojis: tuple[CustomEmoji, ...] = ()
    secured: dict[str, Any] | None = None
    """The embedded object as it came, where it carries a proof of its own (FEP-8b32)."""

    @property
    def object(self) -> "Object":
        """The first object; an empty string where there is none."""
        return self.objects[0] if self.objects else ""

    @property
    def object_id(self) -> str:
        """The id of the first object, whether embedded or not; empty where there is none."""
        first = self.object
        return first if isinstance(first, str) else first.id


class Follow(Activity, frozen=True, kw_only=True):
    """Wants to receive what `object` posts."""


class Accept(Activity, frozen=True, kw_only=True):
    """Says yes to `object`, mostly a Follow."""


class Reject(Activity, frozen=True, kw_only=True):
    """Says no to `object`, or no longer."""


class Undo(Activity, frozen=True, kw_only=True):
    """Takes `object`, an earlier activity of the same actor, back."""


class Create(Activity, frozen=True, kw_only=True):
    """Publishes `objects`: posts, or votes in a poll."""


class Update(Activity, frozen=True, kw_only=True):
    """A new version of a post or of the actor."""


class Delete(Activity, frozen=True, kw_only=True):
    """`object`, a post or the actor, is gone."""


class Announce(Activity, frozen=True, kw_only=True):
    """Shows somebody's post to one's own followers; groups also announce activities (FEP-1b12)."""


class Like(Activity, frozen=True, kw_only=True):
    """Likes a post; with `content` it is a reaction in the manner of Misskey."""


class EmojiReact(Activity, frozen=True, kw_only=True):
    """Answers a post with the emoji in `content` (FEP-c0e0)."""


class Dislike(Activity, frozen=True, kw_only=True):
    """The opposite of Like; nobody here counts them."""


class Block(Activity, frozen=True, kw_only=True):
    """Wants nothing to do with `object`."""


class Move(Activity, frozen=True, kw_only=True):
    """The actor is to be found at `target` from now on (FEP-7628)."""


class Flag(Activity, frozen=True, kw_only=True):
    """Reports `objects`, accounts and posts, to their server; `content` says why."""


class Add(Activity, frozen=True, kw_only=True):
    """Puts `object` into the collection `target`: pins a post, names a moderator."""


class Remove(Activity, frozen=True, kw_only=True):
    """Takes `object` out of the collection `target`."""


class Lock(Activity, frozen=True, kw_only=True):
    """Nobody answers `object` any more (FEP-1b12)."""


class QuoteRequest(Activity, frozen=True, kw_only=True):
    """Asks whether `instrument` may quote `object` (FEP-044f)."""


class ReplyRequest(Activity, frozen=True, kw_only=True):
    """Asks whether the post `instrument` may answer `object` (GoToSocial, as the next two)."""


class LikeRequest(Activity, frozen=True, kw_only=True):
    """Asks whether the Like `instrument` of `object` may be."""


class AnnounceRequest(Activity, frozen=True, kw_only=True):
    """Asks whether the Announce `instrument` of `object` may be."""


class FeatureRequest(Activity, frozen=True, kw_only=True):
    """Asks whether the collection `instrument` may recommend the account `object` (FEP-7aa9)."""


Object = str | Post | Actor | Activity | Tombstone | Authorization | FeaturedCollection | Unknown

ACTIVITIES: dict[str, type[Activity]] = {
    kind.__name__: kind
    for kind in (
        Follow, Accept, Reject, Undo, Create, Update, Delete, Announce, Like, EmojiReact, Dislike, Block,
        Move, Flag, Add, Remove, Lock, QuoteRequest, ReplyRequest, LikeRequest, AnnounceRequest, FeatureRequest,
    )
}  # fmt: skip
"""Name on the wire → class, for every kind that we read."""
