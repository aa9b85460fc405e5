"""Accounts: one's own and others'. https://docs.joinmastodon.org/methods/accounts/
What members do to others is in `ties`."""

from __future__ import annotations

import msgspec
from msgspec import UNSET, Raw

from fedcoop.accounts import access, actions, attribution, finding, queries
from fedcoop.accounts.entities import CredentialAccount, Profile
from fedcoop.accounts.hydrate import account_entity, credential_account, profile
from fedcoop.accounts.types import Account, ProfileEdit
from fedcoop.db import Row, Tx
from fedcoop.errors import NotFound
from fedcoop.ids import AccountId
from fedcoop.paging import Paged
from fedcoop.relationships import queries as tie_queries
from fedcoop.relationships.access import Relationship, familiar, relationships
from fedcoop.text import compose
from fedcoop.timelines import pages
from web.api import api
from web.call import Call
from web.mastodon.elsewhere import account_called
from web.mastodon.media import profile_pictures
from web.mastodon.timelines import listed
from web.paging import Listing, PageParams
from web.params import Upload

MOST_IDS = 40
PLAIN_FIELDS = (
    "display_name", "note", "avatar_description", "header_description", "locked", "bot", "discoverable",
    "indexable", "hide_collections", "show_media", "show_media_replies", "show_featured",
)  # fmt: skip


class AccountParams(msgspec.Struct, kw_only=True):
    id: AccountId


class OfAccountParams(PageParams, kw_only=True):
    id: AccountId


class StatusesParams(OfAccountParams, kw_only=True):
    only_media: bool = False
    exclude_replies: bool = False
    exclude_reblogs: bool = False
    pinned: bool = False
    tagged: str = ""


class IdsParams(msgspec.Struct, kw_only=True):
    id: list[AccountId] = []
    with_suspended: bool = False


class LookupParams(msgspec.Struct, kw_only=True):
    acct: str = ""


class SearchParams(msgspec.Struct, kw_only=True):
    q: str = ""
    limit: int = 40
    offset: int = 0
    resolve: bool = False
    following: bool = False


class FieldParams(msgspec.Struct, kw_only=True):
    name: str = ""
    value: str = ""


class SourceParams(msgspec.Struct, kw_only=True):
    privacy: str | None = None
    quote_policy: str | None = None
    sensitive: bool | None = None
    language: str | None = None


class ProfileParams(msgspec.Struct, kw_only=True):
    display_name: str | None = None
    note: str | None = None
    avatar: Upload | None = None
    avatar_description: str | None = None
    header: Upload | None = None
    header_description: str | None = None
    locked: bool | None = None
    bot: bool | None = None
    discoverable: bool | None = None
    indexable: bool | None = None
    hide_collections: bool | None = None
    show_media: bool | None = None
    show_media_replies: bool | None = None
    show_featured: bool | None = None
    attribution_domains: list[str] | None = None
    fields_attributes: list[FieldParams] | None = None
    source: SourceParams | None = None


@api.get("/api/v1/accounts/verify_credentials", scope=("read:accounts", "profile"))
async def verify_credentials(call: Call) -> CredentialAccount:
    async with call.db.read() as tx:
        return await _credentials(tx, call)


async def _credentials(tx: Tx, call: Call) -> CredentialAccount:
    own = call.account_id
    accounts, users, requests, domains = await tx.batch(
        queries.BY_ID.bind(id=own),
        queries.USER.bind(account_id=own),
        queries.COUNT_REQUESTS.bind(account_id=own),
        queries.ATTRIBUTION.bind(account_id=own),
    )
    if not accounts or not users:
        raise NotFound
    return credential_account(
        accounts[0],
        users[0],
        call.config.base_url,
        follow_requests_count=requests[0][0],
        attribution_domains=[row[0] for row in domains],
    )


@api.patch("/api/v1/accounts/update_credentials", scope="write:accounts", uploads=True)
async def update_credentials(call: Call, params: ProfileParams) -> CredentialAccount:
    async with (
        profile_pictures(call.storage, call.config, avatar=params.avatar, header=params.header) as pictures,
        call.db.write() as tx,
    ):
        await actions.edit_profile(tx, call.config, await call.account(tx), _edit(params, pictures))
        return await _credentials(tx, call)


@api.get("/api/v1/profile", scope=("read:accounts", "profile"))
async def own_profile(call: Call) -> Profile:
    async with call.db.read() as tx:
        account = await call.account(tx)
        return profile(account, call.config.base_url, await attribution.domains_of(tx, account.id))


@api.patch("/api/v1/profile", scope="write:accounts", uploads=True)
async def update_profile(call: Call, params: ProfileParams) -> Profile:
    async with (
        profile_pictures(call.storage, call.config, avatar=params.avatar, header=params.header) as pictures,
        call.db.write() as tx,
    ):
        account = await actions.edit_profile(tx, call.config, await call.account(tx), _edit(params, pictures))
        return profile(account, call.config.base_url, await attribution.domains_of(tx, account.id))


@api.delete("/api/v1/profile/avatar", scope="write:accounts")
async def delete_avatar(call: Call) -> CredentialAccount:
    async with call.db.write() as tx:
        edit = ProfileEdit(avatar="", avatar_static="", avatar_description="")
        await actions.edit_profile(tx, call.config, await call.account(tx), edit)
        return await _credentials(tx, call)


@api.delete("/api/v1/profile/header", scope="write:accounts")
async def delete_header(call: Call) -> CredentialAccount:
    async with call.db.write() as tx:
        edit = ProfileEdit(header="", header_static="", header_description="")
        await actions.edit_profile(tx, call.config, await call.account(tx), edit)
        return await _credentials(tx, call)


def _edit(params: ProfileParams, pictures: dict[str, str]) -> ProfileEdit:
    """What was sent changes, what was not stays."""
    source = params.source or SourceParams()
    sent = {name: value for name in PLAIN_FIELDS if (value := getattr(params, name)) is not None}
    fields = params.fields_attributes
    return ProfileEdit(
        **sent,
        avatar=pictures.get("avatar", UNSET),
        avatar_static=pictures.get("avatar_static", UNSET),
        header=pictures.get("header", UNSET),
        header_static=pictures.get("header_static", UNSET),
        attribution_domains=UNSET if params.attribution_domains is None else params.attribution_domains,
        fields=UNSET if fields is None else [(field.name, field.value) for field in fields],
        privacy=UNSET if source.privacy is None else source.privacy,
        quote_policy=UNSET if source.quote_policy is None else source.quote_policy,
        sensitive=UNSET if source.sensitive is None else source.sensitive,
        language=UNSET if source.language is None else source.language,
    )


@api.get("/api/v1/accounts", scope="read:accounts", public=True)
async def several(call: Call, params: IdsParams) -> list[Raw]:
    ids = list(dict.fromkeys(params.id))[:MOST_IDS]
    async with call.db.read() as tx:
        found = await call.show.accounts(tx, ids)
    return [found[id_] for id_ in ids if id_ in found]


@api.get("/api/v1/accounts/lookup", scope="read:accounts", public=True)
async def lookup(call: Call, params: LookupParams) -> Raw:
    """Only among those known here; the search is what asks elsewhere."""
    account = await account_called(call, params.acct, fetch=False)
    if account is None or account.suspended_at is not None:
        raise NotFound
    async with call.db.read() as tx:
        return await _shown(call, tx, account)


@api.get("/api/v1/accounts/relationships", scope="read:follows")
async def related(call: Call, params: IdsParams) -> list[Relationship]:
    async with call.db.read() as tx:
        return await relationships(tx, call.account_id, params.id[:MOST_IDS])


@api.get("/api/v1/accounts/familiar_followers", scope="read:follows")
async def familiar_followers(call: Call, params: IdsParams) -> list[dict[str, object]]:
    async with call.db.read() as tx:
        found = await familiar(tx, call.account_id, params.id[:MOST_IDS])
        shown = await call.show.accounts(tx, {id_ for ids in found.values() for id_ in ids})
    return [
        {"id": str(id_), "accounts": [shown[each] for each in ids if each in shown]}
        for id_, ids in found.items()
    ]


@api.get("/api/v1/accounts/search", scope="read:accounts")
async def search(call: Call, params: SearchParams) -> list[Raw]:
    return await search_accounts(call, params)


async def search_accounts(call: Call, params: SearchParams) -> list[Raw]:
    """Accounts by handle or name. A whole handle of another server is asked for there, if `resolve` is set."""
    limit = min(max(params.limit, 1), 80)
    first: list[Account] = []
    name = params.q.strip().removeprefix("@")
    if "@" in name and params.offset == 0:
        exact = await account_called(call, name, fetch=params.resolve)
        first = [exact] if exact and exact.suspended_at is None else []
    async with call.db.scan() as tx:
        found = await finding.search(
            tx,
            call.viewer,
            name,
            limit=limit,
            offset=max(params.offset, 0),
            following=params.following and bool(call.viewer),
        )
        ids = list(dict.fromkeys(account.id for account in [*first, *found]))
        if first and params.following:
            ties = await relationships(tx, call.account_id, [first[0].id])
            ids = ids if any(tie.following for tie in ties) else [account.id for account in found]
        shown = await for_viewer(tx, call, await call.show.accounts(tx, ids[:limit]))
    return [shown[id_] for id_ in ids[:limit] if id_ in shown]


@api.get("/api/v1/accounts/{id}", scope="read:accounts", public=True)
async def show(call: Call, params: AccountParams) -> Raw:
    async with call.db.read() as tx:
        return await _shown(call, tx, await access.find(tx, params.id))


async def _shown(call: Call, tx: Tx, account: Account) -> Raw:
    """An account with the one that it has moved to, which lists of accounts leave out."""
    if account.moved_to_id is not None and (target := await tx.one(queries.BY_ID, id=account.moved_to_id)):
        entity = account_entity(account, call.config.base_url, moved_to=target)
        return Raw(msgspec.json.encode(entity))
    return (await for_viewer(tx, call, await call.show.accounts(tx, [account.id])))[account.id]


_DEPENDS = b'"current_user":"unknown"'


async def for_viewer(tx: Tx, call: Call, shown: dict[int, Raw]) -> dict[int, Raw]:
    """Accounts with whether the viewer may put them into a collection, where that depends on who asks."""
    open_ = [id_ for id_, data in shown.items() if _DEPENDS in bytes(data)] if call.viewer else []
    standings = await access.feature_standings(tx, call.viewer, open_) if open_ else {}
    return shown | {
        id_: Raw(bytes(shown[id_]).replace(_DEPENDS, f'"current_user":"{standing}"'.encode()))
        for id_, standing in standings.items()
    }


@api.get("/api/v1/accounts/{id}/statuses", scope="read:statuses", public=True)
async def statuses(call: Call, params: StatusesParams) -> Listing:
    # A prolific account may have few pictures, or few with a hashtag: looking for them happens off the event loop.
    async with call.db.scan() if params.only_media or params.tagged else call.db.read() as tx:
        if await access.is_suspended(tx, params.id):
            return Listing([], None, None)
        if params.pinned:
            refs = await pages.pinned(tx, call.viewer, params.id, params.page())
            return listed(refs, await call.show.statuses(tx, call.viewer, refs))
        refs = await pages.of_account(
            tx,
            call.viewer,
            params.id,
            params.page(),
            no_replies=params.exclude_replies,
            no_reblogs=params.exclude_reblogs,
            only_media=params.only_media,
            tag=compose.fold(params.tagged),
        )
        return listed(refs, await call.show.statuses(tx, call.viewer, refs))


@api.get("/api/v1/accounts/{id}/followers", scope="read:accounts", public=True)
async def followers(call: Call, params: OfAccountParams) -> Listing:
    return await _connected(call, params, tie_queries.FOLLOWERS)


@api.get("/api/v1/accounts/{id}/following", scope="read:accounts", public=True)
async def following(call: Call, params: OfAccountParams) -> Listing:
    return await _connected(call, params, tie_queries.FOLLOWING)


async def _connected(call: Call, params: OfAccountParams, query: Paged[Row]) -> Listing:
    async with call.db.read() as tx:
        account = await access.find(tx, params.id)
        hidden = account.hide_collections and account.id != call.viewer
        if hidden or account.suspended_at is not None:
            return Listing([], None, None)
        return await accounts_page(tx, call, query, params, account.id)


async def accounts_page(
    tx: Tx, call: Call, query: Paged[Row], params: PageParams, account_id: AccountId
) -> Listing:
    """A page of accounts that something ties to this one. Rows begin with the tie's id and the account's."""
    rows = await query.all(tx, params.page(40, 80), account_id=account_id)
    shown = await call.show.accounts(tx, [row[1] for row in rows])
    items = [shown[row[1]] for row in rows if row[1] in shown]
    ends = (rows[0][0], rows[-1][0]) if rows else (None, None)
    return Listing(items, *ends, backward="since_id")
