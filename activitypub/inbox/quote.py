"""QuoteRequest, and the answers to our own: who may quote whom, and whether that still holds (FEP-044f)."""

from __future__ import annotations

from activitypub import posts, quoting, resolve
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.create import is_own
from activitypub.inbox.once import once
from activitypub.vocabulary import Accept, Activity, Post, QuoteRequest, Reject
from fedcoop import jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.jobs.types import Federate
from fedcoop.statuses import access as status_access
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.quotes import access as quote_access
from fedcoop.statuses.quotes import actions as quotes
from fedcoop.statuses.types import Status


async def on_quote_request(fed: Federation, actor: Account, request: QuoteRequest) -> None:
    """Yes where the author of our status lets the actor quote it, with a stamp that binds both; else no."""
    async with fed.db.read() as tx:
        quoted = await tx.one(status_queries.BY_URI, uri=request.object_id)
    if quoted is None or not quoted.local or quoted.reblog_of_id is not None:
        raise Ignored("a request to quote nothing of ours")
    post = await _quoting_post(fed, actor, request)
    if post.quote != quoted.uri:
        raise Ignored("a request to quote what it does not quote")
    async with fed.db.write() as tx:
        await once(tx, request)
        status = await _consented(tx, actor, quoted, post)
        if status is not None:
            told = Federate(
                activity="accept_quote", account_id=quoted.account_id, object_id=status.id, uri=request.id
            )
        else:
            told = Federate(
                activity="reject_quote",
                account_id=quoted.account_id,
                object_id=actor.id,
                uri=request.id,
                detail={"quoted": quoted.uri, "quoting": post.id},
            )
        await jobs.add(tx, told)


async def _quoting_post(fed: Federation, actor: Account, request: QuoteRequest) -> Post:
    """The actor's post that wants to quote: embedded, or fetched from where it lives. Raises `Ignored`."""
    found = request.instrument
    if isinstance(found, Post) and found.id and is_own(actor, found):
        return found
    uri = found if isinstance(found, str) else found.id
    if not uri:
        raise Ignored("a request to quote by nothing")
    thing, identity = await resolve.fetch(fed, uri)
    post = posts.own(thing, identity)
    if not is_own(actor, post):
        raise Ignored("a request for a post of somebody else")
    return post


async def _consented(tx: Tx, actor: Account, quoted: Status, post: Post) -> Status | None:
    """The quoting status, with its stamp; None where the actor may not."""
    try:
        await status_access.visible_by_uri(tx, actor, quoted.uri)
    except NotFound:
        return None
    if await quote_access.may_quote(tx, actor, quoted) != "automatic":
        return None
    status = await tx.one(status_queries.BY_URI, uri=post.id)
    if status is None:
        await posts.receive(tx, actor, post, wanted=True)
        status = await tx.one(status_queries.BY_URI, uri=post.id)
    if status is None or status.account_id != actor.id or status.quote_state in ("rejected", "revoked"):
        return None
    if status.quote_state is None:
        # An edit that the request came before.
        await quotes.begin_elsewhere(tx, status, quoted.uri)
    quote = await quotes.quote_of(tx, status)
    author = await tx.one(account_queries.BY_ID, id=quoted.account_id)
    if quote is None or quote.quoted_uri != quoted.uri or author is None:
        return None
    await quotes.accept(tx, status, quoted, quotes.stamp_uri(author.uri, status.id))
    return status


def answers_quote(answer: Activity) -> bool:
    """Is this an answer to a QuoteRequest, rather than to a Follow?"""
    return isinstance(answer.object, QuoteRequest) or "#quote_requests/" in answer.object_id


async def on_accept(fed: Federation, actor: Account, accept: Accept) -> None:
    """Consent counts when the stamp that it names says so as well (A23)."""
    async with fed.db.read() as tx:
        status, quoted = await _asked_for(tx, fed, actor, accept)
    if not await quoting.stamped(fed, accept.result, status, quoted):
        raise Ignored("consent to a quote without a stamp that fits")
    async with fed.db.write() as tx:
        await once(tx, accept)
        status, quoted = await _asked_for(tx, fed, actor, accept)
        await quotes.accept(tx, status, quoted, accept.result)


async def on_reject(fed: Federation, actor: Account, reject: Reject) -> None:
    """No, or no longer."""
    async with fed.db.write() as tx:
        await once(tx, reject)
        status, _ = await _asked_for(tx, fed, actor, reject)
        await quotes.end(tx, status, "revoked" if status.quote_state == "accepted" else "rejected")


async def _asked_for(tx: Tx, fed: Federation, actor: Account, answer: Activity) -> tuple[Status, Status]:
    """Our status that is meant, and the actor's that it quotes. Raises `Ignored`."""
    request = answer.object
    if isinstance(request, QuoteRequest):
        instrument = request.instrument
        uri = instrument if isinstance(instrument, str) else instrument.id
        status = await tx.one(status_queries.BY_URI, uri=uri)
    else:
        number = answer.object_id.rpartition("#quote_requests/")[2]
        known = fed.is_local(answer.object_id) and number.isascii() and number.isdigit() and len(number) < 20
        status = await tx.one(status_queries.BY_ID, id=int(number)) if known else None
    quoted = await tx.one(status_queries.BY_ID, id=status.quoted_id) if status and status.quoted_id else None
    if status is None or not status.local or quoted is None or quoted.account_id != actor.id:
        raise Ignored("an answer to nothing that we asked")
    return status, quoted


async def stamp_deleted(tx: Tx, actor: Account, uri: str) -> bool:
    """Consent is taken back by whoever gave it. False where no quote here has this stamp."""
    status = await quotes.by_stamp(tx, uri)
    quoted = await tx.one(status_queries.BY_ID, id=status.quoted_id) if status and status.quoted_id else None
    if status is None or quoted is None or quoted.account_id != actor.id:
        return False
    await quotes.end(tx, status, "revoked")
    return True
