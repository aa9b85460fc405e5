"""How far the server is with what a request set off. https://docs.joinmastodon.org/methods/async_refreshes/"""

from __future__ import annotations

from typing import Literal, NewType

import msgspec

from fedcoop.refreshes import access
from fedcoop.refreshes.types import Refresh
from web.api import api
from web.call import Call

RefreshId = NewType("RefreshId", int)
RETRY_AFTER = 3
"""Seconds after which a client asks again."""


class RefreshParams(msgspec.Struct, kw_only=True):
    id: RefreshId


class AsyncRefresh(msgspec.Struct):
    """https://docs.joinmastodon.org/entities/AsyncRefresh/"""

    id: str
    status: Literal["running", "finished"]
    result_count: int


class AsyncRefreshAnswer(msgspec.Struct):
    async_refresh: AsyncRefresh


@api.get("/api/v1_alpha/async_refreshes/{id}", scope="read")
async def show(call: Call, params: RefreshParams) -> AsyncRefreshAnswer:
    async with call.db.read() as tx:
        found = await access.find(tx, params.id)
    state: Literal["running", "finished"] = "running" if found.running else "finished"
    return AsyncRefreshAnswer(AsyncRefresh(str(found.id), state, found.found))


def announce(call: Call, refresh: Refresh) -> None:
    """Tell the client that more may come, and where to ask how far it is."""
    if refresh.running:
        said = f'id="{refresh.id}", retry={RETRY_AFTER}, result_count={refresh.found}'
        call.set_header("Mastodon-Async-Refresh", said)
