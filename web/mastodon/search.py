"""Search by handle, by address and by hashtag; what is unknown here is asked for elsewhere when a member
wishes (`resolve`). https://docs.joinmastodon.org/methods/search/"""

from __future__ import annotations

from typing import Any, Literal
from urllib.parse import quote

import msgspec
from msgspec import Raw

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from fedcoop import accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Problem, Unauthorized
from fedcoop.ids import AccountId
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Status
from fedcoop.text import compose
from fedcoop.timelines import tags
from web.api import api
from web.call import Call

LONGEST = 2048


class SearchParams(msgspec.Struct, kw_only=True):
    """https://docs.joinmastodon.org/methods/search/#v2"""

    q: str = ""
    type: Literal["accounts", "statuses", "hashtags"] | None = None
    resolve: bool = False
    following: bool = False
    account_id: AccountId | None = None
    exclude_unreviewed: bool = False
    limit: int = 20
    offset: int = 0


class Tag(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/Tag/"""

    id: str
    name: str
    url: str
    history: list[dict[str, str]]
    following: bool = False
    featuring: bool = False


class Found(msgspec.Struct):
    accounts: list[Raw]
    statuses: list[Raw]
    hashtags: list[Tag]


@api.get("/api/v2/search", scope="read:search", public=True)
async def search(call: Call, params: SearchParams) -> Found:
    words = params.q.strip()[:LONGEST]
    if call.viewer == 0 and (params.resolve or params.offset):
        raise Unauthorized("Search queries that resolve remote resources or page need an access token")
    found = Found([], [], [])
    if not words:
        return found
    limit, offset = min(max(params.limit, 1), 40), max(params.offset, 0)
    here = await _named(call, words, asking=params.resolve) if not offset else None
    async with call.db.scan() as tx:
        if params.type in (None, "accounts"):
            found.accounts = await _accounts(call, tx, words, here, limit, offset)
        if params.type in (None, "statuses") and isinstance(here, Status):
            found.statuses = list((await call.show.by_ids(tx, call.viewer, [here.id])).values())
        if params.type in (None, "hashtags") and not _is_address(words):
            found.hashtags = await _hashtags(call, tx, words, limit, offset)
    return found


async def _named(call: Call, words: str, *, asking: bool) -> Account | Status | None:
    """What exactly these words name: an address, or a handle with its server."""
    federation = call.services.federation
    try:
        if _is_address(words):
            if asking:
                return await resolve.anything(federation, words)
            async with call.db.read() as tx:
                account = await accounts.access.by_uri(tx, words)
                return account or await tx.one(status_queries.BY_URI, uri=words)
        if "@" in words.removeprefix("@"):
            if asking:
                return await resolve.by_handle(federation, words.removeprefix("@"))
            async with call.db.read() as tx:
                return await accounts.access.by_handle(tx, words.removeprefix("@").lower())
    except (FetchError, Ignored, Problem):
        return None
    return None


def _is_address(words: str) -> bool:
    return words.startswith(("https://", "http://")) and " " not in words


async def _accounts(call: Call, tx: Tx, words: str, here: Any, limit: int, offset: int) -> list[Raw]:
    ids = [here.id] if isinstance(here, Account) and here.deleted_at is None else []
    if not _is_address(words):
        others = await accounts.access.search(tx, words.removeprefix("@"), limit=limit, offset=offset)
        ids += [account.id for account in others if account.id not in ids]
    found = await call.show.accounts(tx, ids[:limit])
    return [found[id_] for id_ in ids[:limit] if id_ in found]


async def _hashtags(call: Call, tx: Tx, words: str, limit: int, offset: int) -> list[Tag]:
    rows = await tags.beginning_with(tx, compose.fold(words.removeprefix("#")), limit=limit, offset=offset)
    return [
        Tag(str(row["id"]), row["display_name"], f"{call.config.base_url}/tags/{quote(row['name'])}", [])
        for row in rows
    ]
