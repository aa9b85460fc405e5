"""A member's page and the page of one post. Other servers that ask the same addresses for ActivityPub are
sent on to the documents, which `web.federation` serves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from aiohttp import web

from activitypub.documents import wants_document
from fedcoop import text
from fedcoop.accounts import access as accounts
from fedcoop.accounts import queries
from fedcoop.accounts.hydrate import emojis, stored_fields
from fedcoop.addresses import absolute
from fedcoop.errors import Gone, NotFound
from fedcoop.ids import PollId, StatusId
from fedcoop.statuses import access, threads
from fedcoop.timelines import pages as timelines
from moderation.proposals import access as proposals
from web.pages import posts, turning
from web.pages.badges import badges_of
from web.pages.posts import EmojiRead, StatusRead
from web.paging import PageParams
from web.visit import Visit, pages, person

if TYPE_CHECKING:
    from fedcoop.accounts.types import Account
    from fedcoop.config import Config
    from fedcoop.db import Tx
    from fedcoop.statuses.types import Status


class ProfileParams(PageParams):
    name: str
    replies: bool = False


class StatusParams(PageParams):
    name: str
    id: StatusId


@pages.get("/@{name}")
async def profile(visit: Visit, params: ProfileParams) -> web.Response:
    """Who somebody is, and what they said that this visitor may read."""
    name = params.name.lower().removesuffix(f"@{visit.config.domain}")
    page = turning.asked(params)
    viewer = visit.account_id or posts.NOBODY
    async with visit.db.read() as tx:
        account = await _present(tx, name)
        if not account.local:
            return await _elsewhere(visit, account)
        if wants_document(visit.request.headers.get("Accept", "")):
            return _document(visit, account.uri)
        refs = await timelines.of_account(tx, viewer, account.id, page, no_replies=not params.replies)
        kept = {"replies": "1"} if params.replies else {}
        leaf = turning.leaf(page, refs, f"/@{account.username}", **kept)
        statuses = posts.read(await visit.services.show.statuses(tx, viewer, leaf.shown))
        moved_to = await accounts.find(tx, account.moved_to_id) if account.moved_to_id else None
        badges = await badges_of(tx, account, visit.account_id)
    return await visit.page(
        "profile.html",
        person=_profile(account, visit.config, badges, moved_to),
        og=_preview(account, visit.config),
        with_replies=params.replies,
        posts=posts.shown(statuses, visit.config.base_url),
        newer_url=leaf.newer_url,
        older_url=leaf.older_url,
    )


@pages.get("/@{name}/{id}")
async def status(visit: Visit, params: StatusParams) -> web.Response:
    """One post among those it answers and those that answer it. Who may not see it learns nothing."""
    viewer = visit.account_id or posts.NOBODY
    async with visit.db.read() as tx:
        account = await _present(tx, params.name)
        found = await access.visible(tx, viewer, params.id)
        if found.account_id != account.id or not account.local:
            raise NotFound
        if found.reblog_of_id is not None:
            return await _to_original(visit, tx, found)
        if wants_document(visit.request.headers.get("Accept", "")):
            return _document(visit, found.uri)
        above, below = await threads.context(tx, viewer, found.id)
        unshown = max(len(below) - posts.MOST_IN_THREAD, 0)
        above, below = above[-posts.MOST_IN_THREAD :], below[: posts.MOST_IN_THREAD]
        shown = await visit.services.show.by_ids(tx, viewer, [*above, found.id, *below])
        if found.id not in shown:
            raise NotFound
        ballot = await proposals.of_poll(tx, PollId(found.poll_id)) if found.poll_id else None
    read = posts.read([shown[found.id]])[0]
    base_url = visit.config.base_url
    return await visit.page(
        "status.html",
        heading=posts.heading(read),
        unshown=unshown,
        post=posts.post(read, base_url),
        proposal_url=f"/coop/{ballot.number}" if ballot else "",
        og=_preview_of(read) if read.public else None,
        oembed_url=f"{base_url}/api/oembed?format=json&url={quote(read.url or '', safe='')}",
        indexable=account.indexable and read.visibility == "public",
        ancestors=posts.shown(posts.read(shown[id_] for id_ in above if id_ in shown), base_url),
        replies=posts.shown(posts.read(shown[id_] for id_ in below if id_ in shown), base_url),
    )


async def _present(tx: Tx, handle: str) -> Account:
    """The account, if it has a page. Raises `NotFound`, and `Gone` for somebody suspended."""
    account = await accounts.by_handle(tx, handle)
    if account is None:
        raise NotFound
    if account.suspended_at is not None:
        raise Gone("This account was suspended.")
    user = await tx.one(queries.USER, account_id=account.id) if account.local else None
    if user is not None and not user.approved_at:
        raise NotFound
    return account


async def _elsewhere(visit: Visit, account: Account) -> web.Response:
    """Somebody of another server has a page there, not here."""
    return await visit.page(
        "message.html",
        title=f"@{account.acct}",
        paragraphs=[f"This person is at home on another server, {account.domain}, and so is their profile."],
        link_url=posts.web_address(account.url or account.uri),
        link_text=f"Go to {account.domain}",
    )


async def _to_original(visit: Visit, tx: Tx, boost: Status) -> web.Response:
    """A boost has no page of its own."""
    viewer = visit.account_id or posts.NOBODY
    original = await access.visible(tx, viewer, boost.reblog_of_id or 0)
    return visit.redirect(posts.web_address(original.url or original.uri))


def _document(visit: Visit, address: str) -> web.Response:
    response = visit.redirect(address)
    response.headers["Vary"] = "Accept"
    return response


def _profile(
    account: Account, config: Config, badges: Sequence[str], moved_to: Account | None
) -> dict[str, Any]:
    shown = person(account, config)
    known = [
        EmojiRead(emoji.shortcode, emoji.url) for emoji in emojis(account.emojis, config.base_url, local=True)
    ]
    counted = not account.hide_collections
    return {
        "name": shown.name,
        "emojis": posts.pairs(known),
        "handle": shown.handle,
        "url": f"/@{account.username}",
        "avatar": shown.avatar,
        "full_handle": f"@{account.username}@{config.domain}",
        "address": f"{config.base_url}/@{account.username}",
        "actor_url": account.uri,
        "header": account.header,
        "badges": badges,
        "moved_to": person(moved_to, config) if moved_to else None,
        "note_html": posts.with_emoji(account.note, known),
        "fields": [
            {
                "name": field.name,
                "value_html": posts.with_emoji(field.value, known),
                "verified_at": field.verified_at,
            }
            for field in stored_fields(account)
        ],
        "posts": account.statuses_count,
        "following": account.following_count if counted else None,
        "followers": account.followers_count if counted else None,
        "created_at": account.created_at,
        "locked": account.locked,
        "indexable": account.indexable,
    }


def _preview(account: Account, config: Config) -> dict[str, str]:
    """What others may tell about a profile that is linked there."""
    note = " ".join(text.plain(account.note).split())
    return {
        "title": f"{account.display_name or account.username} (@{account.username}@{config.domain})",
        "description": posts.shortened(note, posts.LONGEST_SUMMARY),
        "image": absolute(account.avatar, config.base_url) if account.avatar else "",
    }


def _preview_of(status: StatusRead) -> dict[str, str]:
    """The same of a post; of a picture only where nothing warns of it."""
    image = ""
    if not status.sensitive and not status.spoiler_text:
        image = next(
            (item.preview_url or "" for item in status.media_attachments if item.type == "image"), ""
        )
    name = status.account.display_name or status.account.username
    return {"title": name, "description": posts.summary(status), "image": image}
