"""Asking how far something is that goes on after an answer. https://docs.joinmastodon.org/methods/async_refreshes/

Answers here wait for nothing that is fetched later, so no answer has the header `Mastodon-Async-Refresh`, and
whatever id is asked about does not exist, which is what the documentation has 404 for."""

from __future__ import annotations

import msgspec

from fedcoop.errors import NotFound
from web.api import api
from web.call import Call


class RefreshParams(msgspec.Struct, kw_only=True):
    id: str


@api.get("/api/v1_alpha/async_refreshes/{id}", scope="read")
async def refresh(call: Call, params: RefreshParams) -> None:
    """Raises `NotFound`: no refresh was ever handed out."""
    raise NotFound
