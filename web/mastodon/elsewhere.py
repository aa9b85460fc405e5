"""Reaching what is not known here yet: accounts by handle, things by address. All of it happens before a
transaction is opened, and for a search every failure means that nothing was found."""

from __future__ import annotations

import asyncio
import logging
import re
from typing import Protocol

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Database
from fedcoop.errors import Problem
from fedcoop.statuses import queries as statuses
from fedcoop.statuses.types import Status
from fedcoop.text import compose
from web.services import Services

log = logging.getLogger(__name__)

_OWN_PAGE = re.compile(r"/@(?P<name>[A-Za-z0-9_]{1,30})(?:/(?P<id>[0-9]{1,18}))?/?\Z")
MOST_MENTIONS = 20
PATIENCE_SECONDS = 10


class Asker(Protocol):
    """For whom something is reached: a member's `Call` or `Visit`."""

    config: Config
    db: Database
    services: Services


async def account_called(call: Asker, handle: str, *, fetch: bool = True) -> Account | None:
    """The account with this handle, from its own server if it is not known here."""
    handle = handle.strip().removeprefix("@")
    name, at, domain = handle.partition("@")
    if at and domain.lower() == call.config.domain:
        handle, at = name, ""
    async with call.db.read() as tx:
        known = await accounts.by_handle(tx, handle)
    if known is not None or not at or not fetch:
        return known
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await resolve.by_handle(call.services.federation, handle)
    except (FetchError, Ignored, Problem, TimeoutError) as problem:
        log.info("%s was not found: %s", handle, problem)
        return None


async def own_at(call: Asker, url: str) -> Account | Status | None:
    """What this address of ours shows: the page of an account or of a status, or the document behind it."""
    found = _OWN_PAGE.match(url.removeprefix(call.config.base_url))
    async with call.db.read() as tx:
        if found and found["id"]:
            return await tx.one(statuses.BY_ID, id=int(found["id"]))
        if found:
            return await accounts.by_handle(tx, found["name"])
        return await tx.one(statuses.BY_URI, uri=url) or await accounts.by_uri(tx, url)


async def thing_at(call: Asker, url: str) -> Account | Status | None:
    """What this address leads to, if it is an account or a status."""
    if url.startswith(f"{call.config.base_url}/"):
        return await own_at(call, url)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await resolve.anything(call.services.federation, url)
    except (FetchError, Ignored, Problem, TimeoutError) as problem:
        log.info("%s was not found: %s", url, problem)
        return None


async def meet_mentioned(call: Asker, text: str) -> None:
    """Fetch the accounts that a text mentions and that are not known here, so that they can be told."""
    handles = [handle for handle in compose.find_mentions(text) if "@" in handle][:MOST_MENTIONS]
    await asyncio.gather(*(account_called(call, handle) for handle in dict.fromkeys(handles)))
