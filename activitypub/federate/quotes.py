"""Quotes: asking for consent, giving it, refusing it, and taking it back."""

from __future__ import annotations

from activitypub import loading
from activitypub.builders.note import note
from activitypub.builders.stamps import answer, request, revoked
from activitypub.federate import recipients
from activitypub.federate.types import Told
from activitypub.federation import Federation
from fedcoop import ids
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.quotes import actions as quotes


def request_id(account: Account, status_id: int) -> str:
    """The id of the QuoteRequest for a member's status."""
    return f"{account.uri}#quote_requests/{status_id}"


async def ask(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """QuoteRequest, to the author of what is quoted, with the note as it will be published."""
    status = await tx.one(status_queries.BY_ID, id=job.object_id)
    quoted = await tx.one(status_queries.BY_ID, id=status.quoted_id) if status else None
    author = await tx.one(account_queries.BY_ID, id=quoted.account_id) if quoted else None
    if status is None or quoted is None or author is None or author.local:
        return None
    instrument = note(await loading.written(tx, fed.config, status))
    document = request(
        "QuoteRequest", request_id(account, status.id), account.uri, quoted.uri, instrument, author.uri
    )
    return Told([document], [author.inbox])


async def give(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Accept of a QuoteRequest, to whoever asked."""
    status = await tx.one(status_queries.BY_ID, id=job.object_id)
    quote = await quotes.quote_of(tx, status) if status else None
    asker = await tx.one(account_queries.BY_ID, id=status.account_id) if status else None
    if status is None or quote is None or asker is None or status.quote_state != "accepted":
        return None
    asked = _asked(job.uri, asker.uri, quote.quoted_uri, status.uri)
    identity = f"{account.uri}#accepts/{ids.new_id()}"
    return Told([answer(identity, account.uri, asked, quote.stamp_uri)], [asker.inbox])


async def refuse(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Reject of a QuoteRequest, to whoever asked."""
    asker = await tx.one(account_queries.BY_ID, id=job.object_id)
    if asker is None:
        return None
    asked = _asked(job.uri, asker.uri, str(job.detail["quoted"]), str(job.detail["quoting"]))
    return Told([answer(f"{account.uri}#rejects/{ids.new_id()}", account.uri, asked)], [asker.inbox])


async def take_back(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Delete of a stamp, to whoever quoted and to the followers, who may have seen the quote."""
    quoter = await tx.one(account_queries.BY_ID, id=int(job.detail["account_id"]))
    inboxes = await recipients.followers(tx, account)
    if quoter is not None:
        inboxes += await recipients.people(tx, [quoter.id])
    to = [quoter.uri] if quoter is not None else []
    return Told(
        [revoked(account.uri, job.uri, [*to, account.followers_uri or f"{account.uri}/followers"])], inboxes
    )


def _asked(identity: str, actor: str, quoted: str, quoting: str) -> dict[str, str]:
    return {"id": identity, "type": "QuoteRequest", "actor": actor, "object": quoted, "instrument": quoting}
