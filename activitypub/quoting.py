"""What statuses from elsewhere quote: fetched, and shown as quoted only with consent that both ends can be held to
(FEP-044f). What is done with consent is `fedcoop.statuses.quotes`."""

from __future__ import annotations

import msgspec

from activitypub import resolve, stamps
from activitypub.errors import FetchError, Gone, Ignored, Refused
from activitypub.federation import Federation
from fedcoop.accounts import queries as account_queries
from fedcoop.errors import Problem
from fedcoop.jobs.types import FetchQuote
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.quotes import actions as quotes
from fedcoop.statuses.quotes import queries
from fedcoop.statuses.types import Status


async def fetch(fed: Federation, job: FetchQuote) -> None:
    """Job: have what a status quotes, and look at the consent that it names. Without any it stays pending. Raises
    what is worth another try: a server not answering."""
    async with fed.db.read() as tx:
        status = await tx.one(status_queries.BY_ID, id=job.status_id)
        quote = await quotes.quote_of(tx, status) if status is not None else None
        if status is None or quote is None or status.quote_state != "pending":
            return
        # Nobody is shown more than a quote in a quote, so that a chain of them ends here.
        if await tx.one(queries.IS_NESTED, uri=status.uri) is not None:
            return
    try:
        quoted = await resolve.status(fed, quote.quoted_uri)
        if quoted is None or quoted.reblog_of_id is not None:
            return
        own = quoted.account_id == status.account_id
        consent = own or (not quoted.local and await stamped(fed, job.stamp, status, quoted))
    except (Ignored, Problem, Gone, Refused):
        return
    async with fed.db.write() as tx:
        now = await tx.one(status_queries.BY_ID, id=status.id)
        if now is None:
            return
        await quotes.found(tx, now, quoted)
        if consent:
            now = msgspec.structs.replace(now, quoted_id=quoted.id)
            await quotes.accept(tx, now, quoted, "" if own else job.stamp)


async def stamped(fed: Federation, stamp: str, status: Status, quoted: Status) -> bool:
    """Does the author of `quoted` say at `stamp`, on their own server, that this very status may quote it?
    Raises `FetchError`, `Ignored`."""
    async with fed.db.read() as tx:
        author = await tx.one(account_queries.BY_ID, id=quoted.account_id)
    if author is None:
        return False
    return await stamps.binds(
        fed,
        "QuoteAuthorization",
        stamp,
        author=author.uri,
        interacting=status.uri,
        target=quoted.uri,
    )


__all__ = ["FetchError", "fetch", "stamped"]
