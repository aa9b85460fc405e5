"""Writing down what became of deliveries, many at once; a delivery is done only when this is committed."""

from __future__ import annotations

from collections.abc import Sequence

from activitypub.delivery import queries
from activitypub.delivery.policy import GIVE_UP_MS, wait_ms
from activitypub.delivery.types import HostRow, Result
from fedcoop import clock
from fedcoop.db import Tx

SUCCESS_NOTED_EVERY_MS = 10 * clock.MINUTE


async def record(tx: Tx, results: Sequence[Result], known: dict[str, HostRow]) -> dict[str, HostRow]:
    """Write `results`; `known` are the hosts as remembered. Returns the hosts that changed."""
    changed: dict[str, HostRow] = {}
    done = [result.delivery.id for result in results if result.fate == "done"]
    if done:
        await tx.execute(queries.DONE, ids=done)
    for result in results:
        host = result.delivery.host
        state = changed.get(host) or known.get(host) or HostRow(host, 0, None, None, None)
        if result.fate == "done":
            fresh = await _works(tx, state)
        elif result.fate == "host_down":
            fresh = await _fails(tx, state, result, again=host in changed and changed[host].failures > 0)
        else:
            fresh = state
            await _ends(tx, result)
        if fresh is not state:
            changed[host] = fresh
    finished = {result.delivery.activity_id for result in results if result.fate in ("done", "inbox_gone")}
    if finished:
        await tx.execute(queries.DROP_BODIES, ids=list(finished))
    return changed


async def _works(tx: Tx, state: HostRow) -> HostRow:
    now = clock.now()
    noted = state.last_success_at
    if state.failures == 0 and noted is not None and noted > now - SUCCESS_NOTED_EVERY_MS:
        return state
    await tx.execute(queries.HOST_WORKS, **_row(state.domain, last_success_at=now))
    return HostRow(state.domain, 0, None, None, now)


async def _fails(tx: Tx, state: HostRow, result: Result, *, again: bool) -> HostRow:
    """The host is left alone for a while, and with it everything that waits for it. Several failures at the same
    time (`again`) count as one."""
    now = clock.now()
    failures = state.failures if again else state.failures + 1
    if again and state.retry_at is not None:
        retry_at = state.retry_at
    else:
        retry_at = now + wait_ms(failures, result.retry_after)
    delivery = result.delivery
    if delivery.created_at < now - GIVE_UP_MS:
        await tx.execute(
            queries.ENDED, delivery_id=delivery.id, new_state="failed", error=result.error or "given up"
        )
    else:
        await tx.execute(queries.LATER, delivery_id=delivery.id, at=retry_at, tried=1, error=result.error)
    if again:
        return state
    fresh = HostRow(state.domain, failures, state.first_failure_at or now, retry_at, state.last_success_at)
    await tx.batch(
        queries.HOST_FAILS.bind(
            **_row(
                state.domain,
                failures=failures,
                first_failure_at=fresh.first_failure_at,
                retry_at=retry_at,
                last_failure_at=now,
                last_error=result.error,
            )
        ),
        queries.EXPIRE_HOST.bind(to_host=state.domain, before=now - GIVE_UP_MS, error=result.error),
        queries.POSTPONE_HOST.bind(to_host=state.domain, until=retry_at),
    )
    return fresh


async def _ends(tx: Tx, result: Result) -> None:
    delivery = result.delivery
    match result.fate:
        case "again":
            at = clock.now() + wait_ms(delivery.attempts + 2, result.retry_after)
            await tx.execute(queries.LATER, delivery_id=delivery.id, at=at, tried=1, error=result.error)
        case "inbox_gone":
            await tx.execute(queries.ENDED, delivery_id=delivery.id, new_state="gone", error=result.error)
            await tx.execute(
                queries.END_INBOX, to_host=delivery.host, to_inbox=delivery.inbox, error=result.error
            )
        case _:
            await tx.execute(queries.ENDED, delivery_id=delivery.id, new_state="failed", error=result.error)


def _row(domain: str, **columns: object) -> dict[str, object]:
    """A whole row of `hosts`, for an upsert."""
    empty: dict[str, object] = {
        "domain": domain,
        "software": "",
        "failures": 0,
        "first_failure_at": None,
        "retry_at": None,
        "last_success_at": None,
        "last_failure_at": None,
        "last_error": "",
        "inbound_at": None,
    }
    return {**empty, **columns}
