"""Home, public and hashtag timelines. https://docs.joinmastodon.org/methods/timelines/"""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Literal

import msgspec
from msgspec import Raw

from fedcoop.db import Tx
from fedcoop.text import compose
from fedcoop.timelines import pages
from fedcoop.timelines.refs import Ref
from web.api import api
from web.call import Call
from web.paging import Listing, PageParams

MOST_TAGS = 4
"""Of each kind that one page asks for together."""


class PublicParams(PageParams, kw_only=True):
    local: bool = False
    remote: bool = False
    only_media: bool = False

    @property
    def scope(self) -> Literal["all", "local", "remote"]:
        if self.local == self.remote:
            return "all"
        return "local" if self.local else "remote"

    def opened(self, call: Call) -> AbstractAsyncContextManager[Tx]:
        """Where few statuses fit, many are looked at for one page: that happens off the event loop."""
        return call.db.scan() if self.only_media or self.scope == "remote" else call.db.read()


class TagParams(PublicParams, kw_only=True):
    hashtag: str
    any: list[str] = msgspec.field(default_factory=list)
    all: list[str] = msgspec.field(default_factory=list)
    none: list[str] = msgspec.field(default_factory=list)


@api.get("/api/v1/timelines/home", scope="read:statuses")
async def home(call: Call, params: PageParams) -> Listing:
    async with call.db.read() as tx:
        refs = await pages.home(tx, call.account_id, params.page())
        return listed(refs, await call.show.statuses(tx, call.viewer, refs))


@api.get("/api/v1/timelines/public", scope="read:statuses", public=True, app_token=True)
async def public(call: Call, params: PublicParams) -> Listing:
    async with params.opened(call) as tx:
        refs = await pages.public(
            tx, call.viewer, params.page(), scope=params.scope, only_media=params.only_media
        )
        return listed(refs, await call.show.statuses(tx, call.viewer, refs))


@api.get("/api/v1/timelines/tag/{hashtag}", scope="read:statuses", public=True, app_token=True)
async def tagged(call: Call, params: TagParams) -> Listing:
    if params.any or params.all or params.none:
        return await _tagged_several(call, params)
    async with params.opened(call) as tx:
        refs = await pages.tagged(
            tx,
            call.viewer,
            compose.fold(params.hashtag),
            params.page(),
            scope=params.scope,
            only_media=params.only_media,
        )
        return listed(refs, await call.show.statuses(tx, call.viewer, refs))


async def _tagged_several(call: Call, params: TagParams) -> Listing:
    async with call.db.scan() as tx:
        refs = await pages.tagged_several(
            tx,
            call.viewer,
            params.page(),
            any_of=_folded([params.hashtag, *params.any[:MOST_TAGS]]),
            all_of=_folded(params.all[:MOST_TAGS]),
            none_of=_folded(params.none[:MOST_TAGS]),
            scope=params.scope,
            only_media=params.only_media,
        )
        return listed(refs, await call.show.statuses(tx, call.viewer, refs))


def _folded(names: list[str]) -> list[str]:
    return [folded for name in names if (folded := compose.fold(name))]


def listed(refs: list[Ref], shown: list[Raw]) -> Listing:
    """A page of statuses, bounded by the ids of what was read, shown or not."""
    return Listing(shown, refs[0].id, refs[-1].id) if refs else Listing([], None, None)
