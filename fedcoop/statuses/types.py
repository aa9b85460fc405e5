"""A status as it is stored, and as it comes from a member (`Draft`) or from elsewhere (`RemoteStatus`)."""

from typing import Literal

import msgspec

from fedcoop.accounts.consent import Allowed
from fedcoop.accounts.types import QuotePolicy

Visibility = Literal["public", "unlisted", "private", "direct"]


QuoteState = Literal["pending", "accepted", "rejected", "revoked", "deleted"]

Held = Literal["held_public", "held_unlisted", "held_private", "held_direct"]
Stored = Literal[Visibility, "removed", Held]
"""`removed` is what a decision took away; its audience is kept in `removed_statuses`. What is held has its
audience once somebody consents (`fedcoop.statuses.consent`); until then only its author sees it."""

_HELD = "held_"


class Status(msgspec.Struct, frozen=True):
    """A row of `statuses`. Times are milliseconds since the epoch."""

    id: int
    uri: str
    url: str
    account_id: int
    local: bool
    visibility: Stored
    reblog_of_id: int | None
    in_reply_to_id: int | None
    in_reply_to_account_id: int | None
    in_reply_to_uri: str | None
    conversation_id: int
    content: str
    text: str
    content_type: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    app_id: int | None
    emojis: str
    poll_id: int | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    quotes_count: int
    created_at: int
    edited_at: int | None
    revision: int
    quoted_id: int | None = None
    quote_state: QuoteState | None = None
    policy: str = ""
    """JSON of an `InteractionPolicy`; empty where its author said nothing."""

    @property
    def public(self) -> bool:
        """Whether anybody with the address may read it."""
        return self.visibility in ("public", "unlisted")

    @property
    def held(self) -> bool:
        """Whether it waits for the consent of whom it answers or repeats, or did not get it."""
        return self.visibility.startswith(_HELD)

    @property
    def audience(self) -> Visibility:
        """Whom it is meant for, also while it is held."""
        return self.visibility.removeprefix(_HELD)  # type: ignore[return-value] # what is removed is asked of nobody


class Rules(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a member lets others do with a status beside quoting it; None: everybody who sees it."""

    reply: Allowed | None = None
    favourite: Allowed | None = None
    reblog: Allowed | None = None


class InteractionPolicy(Rules, frozen=True, omit_defaults=True):
    """What the author of a status lets others do with it. None: nothing was said. For quotes that means nobody."""

    quote: Allowed | None = None


class PollDraft(msgspec.Struct, frozen=True):
    """A poll to be asked. In a `ballot` only members' voices count, and `moderation` counts them."""

    options: list[str]
    expires_at: int | None
    multiple: bool = False
    hide_totals: bool = False
    kind: Literal["ordinary", "ballot"] = "ordinary"


class Draft(msgspec.Struct, frozen=True, kw_only=True):
    """What a member wants to say."""

    text: str
    visibility: Visibility = "public"
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to_id: int | None = None
    poll: PollDraft | None = None
    media_ids: tuple[int, ...] = ()
    app_id: int | None = None
    content_type: Literal["text/plain", "text/markdown"] = "text/plain"
    quoted_id: int | None = None
    quote_policy: QuotePolicy | None = None
    """None: everybody may quote, or whoever could before an edit."""
    may: Rules | None = None
    """Who may answer, favourite and boost. None: everybody, or whoever could before an edit."""


class RemoteMedia(msgspec.Struct, frozen=True, kw_only=True):
    type: Literal["image", "gifv", "video", "audio", "unknown"]
    url: str
    preview_url: str = ""
    mime_type: str = ""
    description: str | None = None
    blurhash: str | None = None
    meta: dict[str, object] = {}


class RemotePoll(msgspec.Struct, frozen=True, kw_only=True):
    options: list[str]
    counts: list[int]
    voters_count: int
    multiple: bool
    expires_at: int | None
    closed: bool = False


class RemoteStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody elsewhere wrote. Its HTML is not safe yet; its mentions are accounts known here."""

    uri: str
    url: str
    content: str
    visibility: Visibility
    created_at: int
    edited_at: int | None = None
    spoiler_text: str = ""
    sensitive: bool = False
    language: str | None = None
    in_reply_to_uri: str | None = None
    mentions: tuple[int, ...] = ()
    tags: tuple[str, ...] = ()
    emojis: tuple[dict[str, object], ...] = ()
    media: tuple[RemoteMedia, ...] = ()
    poll: RemotePoll | None = None
    title: str = ""
    link: str = ""
    """A page that its author attached, to be shown as a card."""
    quoted_uri: str = ""
    quote_stamp: str = ""
    """Where its author says that the quoted one's consent is to be found."""
    reply_stamp: str = ""
    """The same of whom it answers."""
    policy: InteractionPolicy = InteractionPolicy()


class Poll(msgspec.Struct, frozen=True):
    """A row of `polls`; `options` and `counts` are JSON lists."""

    id: int
    status_id: int
    account_id: int
    kind: Literal["ordinary", "ballot"]
    multiple: bool
    hide_totals: bool
    options: str
    counts: str
    voters_count: int
    expires_at: int | None
    closed: bool
    fetched_at: int | None
    telling: bool = False
    emojis: str = "[]"

    def titles(self) -> list[str]:
        return msgspec.json.decode(self.options, type=list[str])

    def votes(self) -> list[int]:
        return msgspec.json.decode(self.counts, type=list[int])

    def over(self, now: int) -> bool:
        return self.closed or (self.expires_at is not None and self.expires_at <= now)
