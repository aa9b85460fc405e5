"""A Post in the domain's words: visibility out of its audience, its author checked, stored by the domain's verbs.

Writing our own is `builders.note`.
"""

from __future__ import annotations

from typing import Literal

from activitypub import queries
from activitypub.errors import Ignored
from activitypub.longforms import content, is_long_form
from activitypub.origins import same_origin
from activitypub.parse.fields import is_web
from activitypub.parse.reader import Thing
from activitypub.vocabulary import PUBLIC, Attachment, Consent, Create, CustomEmoji, Post
from fedcoop import clock, jobs
from fedcoop.accounts.consent import Allowed
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import RefreshThread
from fedcoop.refreshes.types import FIRST_AFTER
from fedcoop.statuses import remote
from fedcoop.statuses.types import InteractionPolicy, RemoteMedia, RemotePoll, RemoteStatus, Status

Visibility = Literal["public", "unlisted", "private", "direct"]
MOST_ADDRESSED = 1_000
MediaType = Literal["image", "gifv", "video", "audio", "unknown"]
_MEDIA: dict[str, MediaType] = {"image": "image", "video": "video", "audio": "audio"}


def own(thing: Thing, identity: str) -> Post:
    """The post in a document that was fetched from its own origin. Raises `Ignored` unless its author is of
    that origin too."""
    if isinstance(thing, Create) and isinstance(thing.object, Post):
        if not same_origin(identity, thing.object.id):
            raise Ignored("a Create of a post of another origin")
        return own(thing.object, thing.object.id)
    if not isinstance(thing, Post):
        raise Ignored("not a post")
    if not identity or not same_origin(identity, thing.attributed_to):
        raise Ignored("a post and its author are of different origins")
    return thing


def visibility(to: tuple[str, ...], cc: tuple[str, ...], followers: str) -> Visibility:
    """Mastodon's four, out of the audience; whatever is unclear is the narrower one."""
    if PUBLIC in to:
        return "public"
    if PUBLIC in cc:
        return "unlisted"
    if followers and followers in (*to, *cc):
        return "private"
    return "direct"


async def receive(
    tx: Tx, author: Account, post: Post, *, wanted: bool, request_uri: str = ""
) -> Status | None:
    """Store a post that its origin vouches for. None where it is known, was deleted, concerns nobody here, or
    may not answer what it answers.

    `wanted` is true where somebody here asked for it (a reply, a reblog, a search), `request_uri` the
    activity that asked for consent. Raises `Ignored` for a post of somebody else."""
    if author.uri != post.attributed_to:
        raise Ignored("a post of another author")
    found = await remote_status(tx, author, post)
    return await remote.receive(tx, author, found, wanted=wanted, request_uri=request_uri)


async def remote_status(tx: Tx, author: Account, post: Post) -> RemoteStatus:
    """The post in the domain's words. Mentions are the accounts known here; HTML is sanitised by the domain."""
    now = clock.now()
    seen = visibility(post.to, post.cc, author.followers_uri)
    addressed = [one.href for one in post.mentions]
    if seen in ("private", "direct"):
        # some servers address people without a Mention tag
        addressed += [one for one in (*post.to, *post.cc) if one != author.followers_uri]
    unique = list(dict.fromkeys(addressed))[:MOST_ADDRESSED]
    rows = await tx.all(queries.IDS_BY_URIS, uris=unique) if unique else []
    known = {row["uri"]: row["id"] for row in rows}
    published = min(post.published if post.published is not None and post.published > 0 else now, now)
    return RemoteStatus(
        uri=post.id,
        url=post.url,
        content=content(post),
        visibility=seen,
        created_at=published,
        edited_at=min(post.updated, now) if post.updated and post.updated > published else None,
        spoiler_text=post.summary if not is_long_form(post) and post.summary != post.name else "",
        sensitive=post.sensitive or any(one.sensitive for one in post.attachments),
        language=post.language or None,
        in_reply_to_uri=post.in_reply_to or None,
        mentions=tuple(known[uri] for uri in unique if uri in known and known[uri] != author.id),
        tags=tuple(tag.name for tag in post.hashtags),
        emojis=tuple(emoji(one) for one in post.emojis),
        media=tuple(media(one) for one in post.attachments),
        poll=poll(post),
        title=post.name if is_long_form(post) or post.content or not post.in_reply_to else "",
        link=post.link,
        quoted_uri=post.quote if post.quote != post.id else "",
        quote_stamp=post.quote_authorization,
        reply_stamp=post.reply_authorization,
        policy=policy(author, post, public=seen in ("public", "unlisted")),
    )


MOST_NAMED = 100
MOST_WHEN_MET = 20
"""Posts asked for in a thread that nobody has opened yet."""


def policy(author: Account, post: Post, *, public: bool) -> InteractionPolicy:
    """Who may do what with a post, in the domain's words. Only what is public can be quoted by others."""
    words = {
        PUBLIC: "public",
        author.followers_uri or f"{author.uri}/followers": "followers",
        author.following_uri or f"{author.uri}/following": "following",
    }

    def allowed(said: Consent | None) -> Allowed | None:
        if said is None:
            return None
        automatic, manual = (
            tuple(words.get(one, one) for one in named[:MOST_NAMED] if one != author.uri)
            for named in (said.automatic, said.manual)
        )
        return Allowed(automatic=automatic, manual=manual)

    return InteractionPolicy(
        quote=allowed(post.can_quote) if public else Allowed(),
        reply=allowed(post.can_reply),
        favourite=allowed(post.can_like),
        reblog=allowed(post.can_announce),
    )


def poll(post: Post) -> RemotePoll | None:
    """The poll of a Question, with its totals as claimed."""
    if post.poll is None:
        return None
    found = post.poll
    over = found.closed is not None and found.closed <= clock.now()
    return RemotePoll(
        options=[choice.title for choice in found.choices],
        counts=[choice.votes for choice in found.choices],
        voters_count=found.voters
        if found.voters is not None
        else (0 if found.multiple else sum(choice.votes for choice in found.choices)),
        multiple=found.multiple,
        expires_at=found.closed if over else found.ends,
        closed=over,
    )


def emoji(found: CustomEmoji) -> dict[str, object]:
    """A custom emoji as the domain keeps it."""
    return {
        "shortcode": found.shortcode,
        "url": found.url,
        "static_url": found.static_url or found.url,
        "visible_in_picker": False,
    }


def media(found: Attachment) -> RemoteMedia:
    """An attachment as the domain keeps it; what kind it is comes from its media type, else from its name."""
    kind = _MEDIA.get(found.media_type.partition("/")[0])
    if kind is None:
        kind = _MEDIA.get(found.kind.lower(), "unknown")
    meta: dict[str, object] = {}
    original: dict[str, object] = {}
    if found.width and found.height:
        original = {
            "width": found.width,
            "height": found.height,
            "size": f"{found.width}x{found.height}",
            "aspect": found.width / found.height,
        }
    if found.duration:
        original["duration"] = found.duration
    if original:
        meta["original"] = original
    if found.focus:
        meta["focus"] = {"x": found.focus[0], "y": found.focus[1]}
    return RemoteMedia(
        type=kind,
        url=found.url,
        preview_url=found.preview_url,
        mime_type=found.media_type,
        description=found.description or None,
        blurhash=found.blurhash or None,
        meta=meta,
    )


async def look_below(tx: Tx, status: Status, post: Post) -> None:
    """Have a few of the answers to a post that was not here before, when it has had time to get some."""
    sources = whole_threads(post)
    if sources or post.replies:
        job = RefreshThread(
            status_id=status.id,
            most=MOST_WHEN_MET,
            begun=True,
            context=context(post),
            sources=sources,
            replies=post.replies,
        )
        await jobs.add(tx, job, run_at=max(clock.now(), status.created_at + FIRST_AFTER))


def whole_threads(post: Post) -> list[str]:
    """The collections that have the whole thread, the better one first."""
    return list(dict.fromkeys(one for one in (post.context_history, context(post)) if is_web(one)))


def context(post: Post) -> str:
    """The collection that a post says its thread is (FEP-7888); empty where it only gives it a name."""
    return post.context if is_web(post.context) else ""
