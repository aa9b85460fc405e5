"""Quoting: begun by whoever quotes, consented to or not by whoever is quoted, and ended."""

from __future__ import annotations

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.consent import Allowed, Standing
from fedcoop.accounts.types import Account
from fedcoop.db import Bound, Tx
from fedcoop.events import Edited
from fedcoop.jobs.types import Federate, FetchQuote
from fedcoop.notifications.actions import notify
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent.types import CLOSED
from fedcoop.statuses.quotes import queries
from fedcoop.statuses.quotes.types import Quote, read, written
from fedcoop.statuses.types import InteractionPolicy, QuoteState, Status


def stamp_uri(author_uri: str, quoting_id: int) -> str:
    """The address of a local author's consent to one quote."""
    return f"{author_uri}/quote_authorizations/{quoting_id}"


def first_state(author: Account, quoted: Status, standing: Standing) -> QuoteState:
    """How a member's quote begins: with consent where none has to be asked for."""
    at_once = quoted.account_id == author.id or (quoted.local and standing == "automatic")
    return "accepted" if at_once else "pending"


async def begin(tx: Tx, author: Account, status: Status, quoted: Status) -> None:
    """A member's new status quotes another; the caller has checked that it may, and stored the status with its
    state. Where consent is needed, it is asked for."""
    own = quoted.account_id == author.id
    stamp = ""
    if status.quote_state == "accepted" and not own:
        quoted_author = await tx.one(account_queries.BY_ID, id=quoted.account_id)
        stamp = stamp_uri(quoted_author.uri, status.id) if quoted_author else ""
    await tx.execute(
        queries.INSERT, status_id=status.id, quoted_uri=quoted.uri, stamp_uri=stamp, created_at=clock.now()
    )
    if status.quote_state == "accepted":
        await _count_and_tell(tx, status, quoted)
    else:
        await jobs.add(tx, Federate(activity="quote_request", account_id=author.id, object_id=status.id))


async def begin_elsewhere(tx: Tx, status: Status, quoted_uri: str, stamp: str = "") -> None:
    """A status from elsewhere says that it quotes. What it quotes is fetched, and the consent looked at."""
    added = await tx.execute(
        queries.INSERT, status_id=status.id, quoted_uri=quoted_uri, stamp_uri="", created_at=clock.now()
    )
    if added:
        await tx.execute(
            queries.SET,
            id=status.id,
            new_quoted_id=status.quoted_id,
            new_state=status.quote_state or "pending",
        )
    await jobs.add(tx, FetchQuote(status_id=status.id, stamp=stamp))


async def claim(tx: Tx, status: Status, quoted_uri: str, stamp: str) -> None:
    """The same of a status that is held: what it says is kept, and looked at by `look` once it is shown."""
    await tx.execute(
        queries.INSERT, status_id=status.id, quoted_uri=quoted_uri, stamp_uri=stamp, created_at=clock.now()
    )


async def look(tx: Tx, author: Account, status: Status) -> None:
    """A status that was held is shown: now the quoted one is asked, or looked for."""
    if not status.local:
        quote = await quote_of(tx, status)
        if quote is not None:
            await jobs.add(tx, FetchQuote(status_id=status.id, stamp=quote.stamp_uri))
        return
    quoted = await tx.one(status_queries.BY_ID, id=status.quoted_id) if status.quoted_id else None
    if quoted is not None:
        await begin(tx, author, status, quoted)


async def quote_of(tx: Tx, status: Status) -> Quote | None:
    """What a status quotes, and by which consent."""
    return await tx.one(queries.BY_STATUS, id=status.id)


async def found(tx: Tx, status: Status, quoted: Status) -> None:
    """What is quoted is known now; whether with consent is another question."""
    if status.quoted_id != quoted.id and status.quote_state not in ("accepted", "deleted"):
        await tx.execute(
            queries.SET, id=status.id, new_quoted_id=quoted.id, new_state=status.quote_state or "pending"
        )


async def accept(tx: Tx, status: Status, quoted: Status, stamp: str) -> None:
    """The author of `quoted` consents, by the stamp at this address (none for quotes of oneself). What was taken
    back before stays so."""
    if status.quote_state in ("accepted", "revoked"):
        return
    await tx.batch(
        queries.SAVE_STAMP.bind(id=status.id, new_stamp_uri=stamp),
        queries.SET.bind(id=status.id, new_quoted_id=quoted.id, new_state="accepted"),
    )
    await _count_and_tell(tx, status, quoted)
    tx.events.append(Edited(status.id))
    if status.local:
        await jobs.add(tx, Federate(activity="edit", account_id=status.account_id, object_id=status.id))


async def end(tx: Tx, status: Status, state: QuoteState) -> None:
    """Consent is refused or taken back."""
    if status.quote_state == "accepted":
        await tx.execute(queries.COUNT, id=status.quoted_id, by=-1)
    await tx.execute(queries.SET, id=status.id, new_quoted_id=status.quoted_id, new_state=state)
    tx.events.append(Edited(status.id))


async def revoke(tx: Tx, author: Account, quoted: Status, status: Status) -> None:
    """A member takes consent to a quote of their own status back, and other servers hear of it."""
    quote = await quote_of(tx, status)
    await end(tx, status, "revoked")
    if quote is not None and quote.stamp_uri:
        await jobs.add(
            tx,
            Federate(
                activity="revoke_quote",
                account_id=author.id,
                object_id=status.id,
                uri=quote.stamp_uri,
                detail={"account_id": str(status.account_id)},
            ),
        )


async def set_policy(tx: Tx, status: Status, policy: str) -> None:
    """A member changes who may quote from now on. What was quoted stays quoted."""
    await write_policy(tx, status, policy)
    tx.events.append(Edited(status.id))
    await jobs.add(tx, Federate(activity="edit", account_id=status.account_id, object_id=status.id))


async def learn_policy(tx: Tx, status: Status, policy: InteractionPolicy) -> None:
    """What the author of a status elsewhere lets others do with it has changed."""
    await write_policy(tx, status, written(policy))


async def write_policy(tx: Tx, status: Status, policy: str) -> None:
    """Store what is said of who may do what, if it is news."""
    if policy != status.policy:
        await tx.execute(queries.SET_POLICY, id=status.id, new_policy=policy)


async def close(tx: Tx, status: Status, *, closed: bool) -> None:
    """Nobody answers a status elsewhere any more, or those may again whom nothing else hinders."""
    reply = Allowed(automatic=(CLOSED,)) if closed else None
    await learn_policy(tx, status, msgspec.structs.replace(read(status.policy), reply=reply))


def gone(status: Status) -> list[Bound[object]]:
    """Statements that follow when a status is removed: it is counted no more, and those that quote it let go."""
    calls: list[Bound[object]] = [queries.LET_GO.bind(id=status.id)]
    if status.quote_state == "accepted" and status.quoted_id:
        calls.append(queries.COUNT.bind(id=status.quoted_id, by=-1))
    return calls


async def tell_of_edit(tx: Tx, quoted: Status) -> None:
    """Notify the members who quote a status that it says something else now."""
    for row in await tx.all(queries.LOCAL_QUOTERS, id=quoted.id):
        await notify(tx, "quoted_update", row["account_id"], quoted.account_id, row["id"])


async def _count_and_tell(tx: Tx, status: Status, quoted: Status) -> None:
    await tx.execute(queries.COUNT, id=quoted.id, by=1)
    if quoted.local:
        await notify(tx, "quote", quoted.account_id, status.account_id, status.id)


async def by_stamp(tx: Tx, uri: str) -> Status | None:
    """The status that quotes by this consent."""
    quote = await tx.one(queries.BY_STAMP, uri=uri) if uri else None
    return None if quote is None else await tx.one(status_queries.BY_ID, id=quote.status_id)
