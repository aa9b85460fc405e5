"""The page of a collection: whom somebody recommends. The API's counterpart is `web.mastodon.collections`."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop import text
from fedcoop.accounts import access as accounts
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.hydrate import pictures
from fedcoop.accounts.types import Account
from fedcoop.collections import access
from fedcoop.ids import CollectionId
from web.pages import posts
from web.visit import Visit, pages


class CollectionParams(msgspec.Struct):
    id: CollectionId


@pages.get("/collections/{id}")
async def collection(visit: Visit, params: CollectionParams) -> web.Response:
    viewer = visit.account_id or posts.NOBODY
    async with visit.db.read() as tx:
        found = await access.visible(tx, viewer, params.id)
        owner = await accounts.find(tx, found.account_id)
        items = (await access.items(tx, viewer, [found.id])).get(found.id, [])
        ids = [item.account_id for item in items if item.state == "accepted"]
        known = {each.id: each for each in await tx.all(account_queries.BY_IDS, ids=ids)} if ids else {}
    return await visit.page(
        "collection.html",
        collection=found,
        owner=_entry(visit, owner),
        people=[_entry(visit, known[id_]) for id_ in ids if id_ in known],
    )


def _entry(visit: Visit, account: Account) -> dict[str, str]:
    shown = pictures(account, visit.config.base_url)
    return {
        "name": account.display_name or account.username,
        "handle": f"@{account.acct}",
        "url": posts.web_address(account.url or account.uri),
        "avatar": posts.picture(shown.avatar_static or shown.avatar),
        "note": posts.shortened(" ".join(text.plain(account.note).split()), 160),
    }
