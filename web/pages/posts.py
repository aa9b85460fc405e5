"""Posts and people as the templates draw them, made of the API's entities, so that pages and apps can never
disagree about what somebody may see. The templates' `parts.html` says what is drawn of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import msgspec

from fedcoop import clock, text
from web.pages.emoji import pictured
from web.visit import Person

if TYPE_CHECKING:
    from msgspec import Raw

NOBODY = 0
"""The viewer when nobody is signed in."""
MOST_IN_THREAD = 200
"""Replies that one page holds; drawing thousands would keep everybody else waiting."""
LONGEST_HEADING, LONGEST_SUMMARY = 60, 200
AUDIENCES = {"private": "Only for followers", "direct": "Only for those mentioned"}

QUOTES_UNSHOWN = {
    "pending": "The quoted post is shown once its author agrees.",
    "rejected": "The author of the quoted post does not want it shown here.",
    "revoked": "The author of the quoted post no longer wants it shown here.",
    "deleted": "The quoted post was deleted.",
    "unauthorized": "The quoted post is not for everybody.",
}
QUOTES_FOLDED = {
    "blocked_account": "A post by somebody you have blocked",
    "blocked_domain": "A post from a server you have blocked",
    "muted_account": "A post by somebody you have muted",
}


class EmojiRead(msgspec.Struct):
    """What is read of a custom emoji's entity. The other `…Read` do the same for theirs."""

    shortcode: str
    url: str


class AccountRead(msgspec.Struct):
    acct: str
    username: str
    display_name: str
    url: str
    avatar: str
    emojis: list[EmojiRead] = []


class FrameRead(msgspec.Struct):
    width: int | None = None
    height: int | None = None


class MetaRead(msgspec.Struct):
    small: FrameRead | None = None
    original: FrameRead | None = None


class MediaRead(msgspec.Struct):
    type: str
    url: str | None
    preview_url: str | None
    remote_url: str | None
    description: str | None
    meta: MetaRead | None


class CardRead(msgspec.Struct):
    url: str
    title: str
    description: str
    provider_name: str
    image: str | None


class PollOptionRead(msgspec.Struct):
    title: str
    votes_count: int | None


class PollRead(msgspec.Struct):
    id: str
    expires_at: str | None
    expired: bool
    votes_count: int
    voters_count: int | None
    options: list[PollOptionRead]
    emojis: list[EmojiRead] = []


class StatusRead(msgspec.Struct):
    id: str
    uri: str
    url: str | None
    visibility: str
    created_at: str
    edited_at: str | None
    account: AccountRead
    content: str
    spoiler_text: str
    sensitive: bool
    language: str | None
    emojis: list[EmojiRead]
    media_attachments: list[MediaRead]
    poll: PollRead | None
    card: CardRead | None
    replies_count: int
    reblogs_count: int
    favourites_count: int
    reblog: StatusRead | None = None
    quote: QuoteRead | None = None

    @property
    def public(self) -> bool:
        """Whether anybody with the address may read it."""
        return self.visibility in ("public", "unlisted")


class QuoteRead(msgspec.Struct):
    """Of what is quoted in a quote only an id is told."""

    state: str
    quoted_status: StatusRead | None = None


class Media(msgspec.Struct, frozen=True):
    """An attachment. `preview_url` is empty where there is none."""

    kind: str
    url: str
    preview_url: str
    alt: str
    width: int | None
    height: int | None


class Card(msgspec.Struct, frozen=True):
    """The preview of a linked page. `image` is empty where there is none."""

    url: str
    title: str
    description: str
    site: str
    image: str


class Option(msgspec.Struct, frozen=True):
    title: str
    votes: int | None


class Poll(msgspec.Struct, frozen=True):
    """A poll; `votes` is None where totals are hidden."""

    options: list[Option]
    votes: int
    voters: int
    closes_at: int | None
    closed: bool
    emojis: tuple[tuple[str, str], ...] = ()


class Quoted(msgspec.Struct, frozen=True):
    """What a post quotes: the post, unless it may not be shown; `why` says why not, or why it is folded away."""

    post: Post | None
    why: str


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One post. `url` is its page here, or elsewhere for what came from elsewhere; then `remote_url` is set.
    `audience` says who else reads it unless that is everybody."""

    id: str
    url: str
    address: str
    object_url: str
    author: Person
    boosted_by: Person | None
    created_at: int
    edited_at: int | None
    audience: str
    content_html: str
    language: str
    warning: str
    emojis: tuple[tuple[str, str], ...]
    """Of the warning."""
    sensitive: bool
    media: list[Media]
    poll: Poll | None
    card: Card | None
    quoted: Quoted | None
    replies: int
    boosts: int
    favourites: int
    remote_url: str


_read = msgspec.json.Decoder(StatusRead).decode


def read(entities: Iterable[Raw]) -> list[StatusRead]:
    """The API's statuses as structs."""
    return [_read(entity) for entity in entities]


def shown(statuses: Iterable[StatusRead], base_url: str) -> list[Post]:
    return [post(status, base_url) for status in statuses]


def post(status: StatusRead, base_url: str) -> Post:
    """One status as it is drawn; a boost is drawn as what it repeats, with the booster's name above."""
    told = status.reblog or status
    address = web_address(told.url or told.uri)
    local = address.startswith(f"{base_url}/")
    return Post(
        id=status.id,
        url=address.removeprefix(base_url) if local else address,
        address=address,
        object_url=web_address(told.uri),
        author=person_of(told.account, base_url),
        boosted_by=person_of(status.account, base_url) if status.reblog else None,
        created_at=clock.parse(told.created_at),
        edited_at=clock.parse(told.edited_at) if told.edited_at else None,
        audience=AUDIENCES.get(told.visibility, ""),
        content_html=with_emoji(told.content, told.emojis),
        language=told.language or "",
        warning=told.spoiler_text,
        emojis=pairs(told.emojis),
        sensitive=told.sensitive,
        media=[_media(item) for item in told.media_attachments],
        poll=_poll(told.poll) if told.poll else None,
        card=_card(told.card) if told.card and not told.media_attachments else None,
        quoted=_quoted(told.quote, base_url) if told.quote else None,
        replies=told.replies_count,
        boosts=told.reblogs_count,
        favourites=told.favourites_count,
        remote_url="" if local else address,
    )


def web_address(url: str) -> str:
    """The URL if following it opens a page, else `#`: what others call their address may be a script."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return "#"
    return url if parts.scheme in ("http", "https") and parts.hostname else "#"


def with_emoji(html: str, emojis: Sequence[EmojiRead]) -> str:
    """Safe HTML with the pictures of custom emoji in its text, never inside a tag (docs/security.md, F4)."""
    return pictured(html, pairs(emojis))


def pairs(emojis: Sequence[EmojiRead]) -> tuple[tuple[str, str], ...]:
    """Shortcodes and the addresses of their pictures, as far as these are addresses."""
    return tuple((emoji.shortcode, emoji.url) for emoji in emojis if web_address(emoji.url) != "#")


def heading(status: StatusRead) -> str:
    """How a post begins, for the page's title. A warning stands for what it covers."""
    words = status.spoiler_text or " ".join(text.plain(status.content).split()) or "A post without words"
    return shortened(words, LONGEST_HEADING)


def summary(status: StatusRead) -> str:
    """What a preview elsewhere may tell: the warning alone where there is one."""
    return shortened(status.spoiler_text or " ".join(text.plain(status.content).split()), LONGEST_SUMMARY)


def shortened(words: str, most: int) -> str:
    """The words, cut at a space where they are too many."""
    return words if len(words) <= most else words[:most].rsplit(" ", 1)[0] + "…"


def picture(url: str) -> str:
    """An avatar's or header's address; empty for the default ones, in whose place the pages draw initials."""
    path = urlsplit(url).path
    return "" if path.startswith("/static/") or web_address(url) == "#" else url


def person_of(account: AccountRead, base_url: str) -> Person:
    """Somebody with the address of their page, here or elsewhere."""
    url = f"/@{account.username}" if account.acct == account.username else web_address(account.url)
    return Person(
        name=account.display_name or account.username,
        handle=f"@{account.acct}",
        url=url,
        avatar=picture(account.avatar),
        emojis=pairs(account.emojis),
    )


def _quoted(quote: QuoteRead, base_url: str) -> Quoted | None:
    found = quote.quoted_status
    if found is None:
        # What a quoted post quotes in turn is a click away.
        why = QUOTES_UNSHOWN.get(quote.state)
        return Quoted(None, why) if why else None
    return Quoted(post(found, base_url), QUOTES_FOLDED.get(quote.state, ""))


def _media(item: MediaRead) -> Media:
    url = web_address(item.url or item.remote_url or "")
    frame = item.meta and (item.meta.small or item.meta.original)
    preview = item.preview_url or ""
    return Media(
        kind=item.type if url != "#" else "unknown",
        url=url,
        preview_url=preview if web_address(preview) != "#" else "",
        alt=item.description or "",
        width=frame.width if frame else None,
        height=frame.height if frame else None,
    )


def _card(card: CardRead) -> Card:
    image = card.image or ""
    return Card(
        url=web_address(card.url),
        title=card.title,
        description=shortened(card.description, LONGEST_SUMMARY),
        site=card.provider_name or urlsplit(card.url).hostname or "",
        image=image if web_address(image) != "#" else "",
    )


def _poll(poll: PollRead) -> Poll:
    return Poll(
        options=[Option(option.title, option.votes_count) for option in poll.options],
        votes=poll.votes_count,
        voters=poll.votes_count if poll.voters_count is None else poll.voters_count,
        closes_at=clock.parse(poll.expires_at) if poll.expires_at else None,
        closed=poll.expired,
        emojis=pairs(poll.emojis),
    )
