"""Where other servers send a member who wants to follow, favourite, boost or answer something there (OStatus'
subscribe, FEP-3b86's Object). WebFinger names the address: `activitypub.discovery`."""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.favourites import actions as favourites
from fedcoop.ids import AccountId, StatusId
from fedcoop.relationships import actions as relationships
from fedcoop.relationships.access import Relationship
from fedcoop.relationships.access import relationships as ties
from fedcoop.statuses import access, reblogs
from fedcoop.statuses.types import Status
from web.mastodon import elsewhere
from web.pages import posts, share
from web.pages.share import Written
from web.visit import Visit, pages

ADDRESS = "/authorize_interaction"
LONGEST = 2_048
Deed = Literal["follow", "favourite", "boost", "reply"]


class AddressParams(msgspec.Struct, kw_only=True):
    uri: str = ""


class DeedParams(Written, kw_only=True):
    """What to do, and with whom or what: `account` to follow, `status` for everything else."""

    do: Deed
    account: AccountId | None = None
    status: StatusId | None = None


class SomebodyRead(posts.AccountRead, kw_only=True):
    """What is read of an account's entity."""

    note: str
    locked: bool
    emojis: list[posts.EmojiRead]


class MentionRead(msgspec.Struct):
    acct: str


class SeenRead(posts.StatusRead, kw_only=True):
    """What is read of a status' entity: beside what everybody sees, what the member did with it."""

    favourited: bool
    reblogged: bool
    mentions: list[MentionRead]


_read_somebody = msgspec.json.Decoder(SomebodyRead).decode
_read_seen = msgspec.json.Decoder(SeenRead).decode


@pages.get(ADDRESS)
async def interact(visit: Visit, params: AddressParams) -> web.Response:
    """Who or what lives at an address, and what a member can do with it."""
    if visit.account_id is None:
        return visit.to_login()
    address = params.uri.strip()
    if not address:
        return await _asking(visit)
    thing = await _found(visit, address)
    try:
        if isinstance(thing, Account):
            return await _somebody(visit, visit.account_id, thing)
        if isinstance(thing, Status):
            return await _something(visit, visit.account_id, thing.id)
    except NotFound:
        pass  # there, but not for this member: the same answer, so that nothing is told
    return await _asking(visit, address)


@pages.post(ADDRESS)
async def act(visit: Visit, params: DeedParams) -> web.Response:
    """Do what the form says. Raises `NotFound` for what the member may not see, `NotAllowed` for what the
    other side does not want."""
    if visit.account_id is None:
        return visit.to_login()
    if params.do == "follow":
        if params.account is None:
            raise NotFound
        return visit.redirect(await _follow(visit, visit.account_id, params.account))
    if params.status is None:
        raise NotFound
    if params.do != "reply":
        return visit.redirect(await _mark(visit, visit.account_id, params.status, params.do))
    try:
        return visit.redirect(await share.say(visit, visit.account_id, params, params.status))
    except Invalid as problem:
        return await _something(visit, visit.account_id, params.status, params, share.in_words(problem))


async def _found(visit: Visit, address: str) -> Account | Status | None:
    """What the address leads to, asked for where it lives if it is not known here."""
    if len(address) > LONGEST or not address.isprintable():
        return None
    if address.startswith(("https://", "http://")):
        return await elsewhere.thing_at(visit, address)
    return await elsewhere.account_called(visit, address.removeprefix("acct:"))


async def _present(tx: Tx, account_id: int) -> Account:
    """The account, if there is anybody to follow. Raises `NotFound`."""
    account = await accounts.find(tx, AccountId(account_id))
    if account.suspended_at is not None or account.deleted_at is not None:
        raise NotFound
    user = await tx.one(account_queries.USER, account_id=account.id) if account.local else None
    if user is not None and not user.approved_at:
        raise NotFound
    return account


async def _follow(visit: Visit, account_id: AccountId, target_id: AccountId) -> str:
    async with visit.db.write() as tx:
        target = await _present(tx, target_id)
        tie = (await ties(tx, account_id, [target.id]))[0]
        # Following once more would undo what the member chose in an app, such as no boosts.
        if not _standing(tie):
            await relationships.follow(tx, await accounts.find(tx, account_id), target)
    return _page_of(target.uri)


async def _mark(visit: Visit, account_id: AccountId, status_id: StatusId, deed: Deed) -> str:
    async with visit.db.write() as tx:
        account = await accounts.find(tx, account_id)
        status = await access.original(tx, account_id, status_id)
        if deed == "boost":
            await reblogs.add(tx, account, status)
        else:
            await favourites.add(tx, account, status)
    return _page_of(status.uri)


def _page_of(uri: str) -> str:
    return f"{ADDRESS}?uri={quote(uri, safe='')}"


async def _asking(visit: Visit, address: str = "") -> web.Response:
    """A field for an address; below what was not found, if something was asked for."""
    return await _page(visit, status=404 if address else 200, address=address)


async def _somebody(visit: Visit, viewer: AccountId, account: Account) -> web.Response:
    async with visit.db.read() as tx:
        account = await _present(tx, account.id)
        ids = [account.id, account.moved_to_id or account.id]
        entities = await visit.services.show.accounts(tx, ids)
        tie = (await ties(tx, viewer, [account.id]))[0]
    read, moved = (_read_somebody(entities[id_]) for id_ in ids)
    return await _page(
        visit,
        person=posts.person_of(read, visit.config.base_url),
        account_id=account.id,
        note_html=posts.with_emoji(read.note, read.emojis),
        locked=read.locked,
        oneself=account.id == viewer,
        blocking=tie.blocking,
        standing=_standing(tie),
        moved_to=posts.person_of(moved, visit.config.base_url) if account.moved_to_id else None,
        moved_url=_page_of(f"acct:{moved.acct}"),
    )


def _standing(tie: Relationship) -> str:
    """Whether the member follows somebody or has asked to, in one word; empty for neither."""
    return "following" if tie.following else "requested" if tie.requested else ""


async def _something(
    visit: Visit, viewer: AccountId, status_id: int, typed: Written | None = None, error: str = ""
) -> web.Response:
    """A status with the form below it; `typed` is what was refused. Raises `NotFound`."""
    async with visit.db.read() as tx:
        status = await access.original(tx, viewer, status_id)
        shown = await visit.services.show.by_ids(tx, viewer, [status.id])
        if status.id not in shown:
            raise NotFound
        me = await accounts.find(tx, viewer)
    read = _read_seen(shown[status.id])
    done = [word for word, so in (("favourited", read.favourited), ("boosted", read.reblogged)) if so]
    own = status.account_id == viewer
    if typed is None:
        text, audience = _addressed(read, me.acct), await _audience_below(visit, read.visibility)
    else:
        text, audience = typed.text, typed.visibility
    return await _page(
        visit,
        status=422 if error else 200,
        error=error,
        notice=f"You have {' and '.join(done)} this." if done else "",
        post=posts.post(read, visit.config.base_url),
        may_favourite=not read.favourited,
        may_boost=not read.reblogged and (read.public or (own and read.visibility == "private")),
        **share.composing(text, audience),
    )


def _addressed(status: SeenRead, me: str) -> str:
    """How an answer begins: with everybody who is part of the conversation."""
    names = [status.account.acct, *(mention.acct for mention in status.mentions)]
    return "".join(f"@{name} " for name in dict.fromkeys(names) if name != me)


async def _audience_below(visit: Visit, visibility: str) -> str:
    """For whom an answer is unless the member says otherwise: never for more than what it answers."""
    order = list(share.AUDIENCES)
    return max(await share.own_audience(visit), visibility, key=order.index)


async def _page(visit: Visit, **values: Any) -> web.Response:
    """The one template, in one of its three states: somebody, something, or a field for an address."""
    nothing = {"person": None, "post": None, "address": "", "error": ""}
    return await visit.page("interact.html", **(nothing | values))
