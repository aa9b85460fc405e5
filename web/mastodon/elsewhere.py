"""Reaching what is not known here yet: accounts by handle, things by address. All of it happens before a
transaction is opened, and for a search every failure means that nothing was found."""

from __future__ import annotations

import asyncio
import logging

from activitypub import resolve
from activitypub.errors import FetchError, Ignored
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.errors import Problem
from fedcoop.statuses.types import Status
from fedcoop.text import compose
from web.call import Call

log = logging.getLogger(__name__)

MOST_MENTIONS = 20
PATIENCE_SECONDS = 10


async def account_called(call: Call, handle: str, *, fetch: bool = True) -> Account | None:
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


async def thing_at(call: Call, url: str) -> Account | Status | None:
    """What this address leads to, if it is an account or a status."""
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await resolve.anything(call.services.federation, url)
    except (FetchError, Ignored, Problem, TimeoutError) as problem:
        log.info("%s was not found: %s", url, problem)
        return None


async def meet_mentioned(call: Call, text: str) -> None:
    """Fetch the accounts that a text mentions and that are not known here, so that they can be told."""
    handles = [handle for handle in compose.find_mentions(text) if "@" in handle][:MOST_MENTIONS]
    await asyncio.gather(*(account_called(call, handle) for handle in dict.fromkeys(handles)))
