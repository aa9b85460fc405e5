"""Comparing the record with what is in force: what the database does without the ledger knowing. Checking
the record itself is `moderation.ledger.verify`."""

from fedcoop import domains
from fedcoop.db import Tx
from moderation.acts.types import LiftDomain, LimitDomain, SuspendDomain, act_from
from moderation.ledger import actions as ledger
from moderation.ledger import serve
from moderation.ledger.verify import Report, verify

MOST_ACTS = 100_000
MOST_TOLD = 20
"""How many differences an entry of the ledger names."""


async def verify_local(tx: Tx) -> Report:
    """Check this server's own ledger as a stranger would, from the files it serves."""

    async def get(path: str) -> bytes:
        return await serve.file(tx, path)

    return await verify(get, vkey=await serve.verifier_key(tx))


async def drift(tx: Tx, report: Report) -> list[str]:
    """Where the restricted servers differ from what the recorded acts amount to; a sentence for each."""
    return await _differences(tx, report.restrictions)


async def drift_now(tx: Tx) -> list[str]:
    """The same without checking the record itself: only its acts are read, so that a page may ask."""
    recorded: dict[str, str] = {}
    for entry in reversed(await serve.entries(tx, types=("act",), limit=MOST_ACTS)):
        match act_from(entry.body["act"]):
            case SuspendDomain(domain=domain):
                recorded[domain] = "suspend"
            case LimitDomain(domain=domain):
                recorded[domain] = "limit"
            case LiftDomain(domain=domain):
                recorded.pop(domain, None)
    return await _differences(tx, recorded)


async def record_drift(tx: Tx) -> list[str]:
    """Write into the ledger what differs, once for each change of it, so that whoever keeps copies learns of
    it too."""
    found = await drift_now(tx)
    told = await serve.entries(tx, types=("drift",), limit=1)
    body = {"found": found[:MOST_TOLD], "more": max(0, len(found) - MOST_TOLD)}
    if body != (told[0].body if told else {"found": [], "more": 0}):
        await ledger.append(tx, "drift", body=body)
    return found


async def _differences(tx: Tx, recorded: dict[str, str]) -> list[str]:
    live = {each.domain: each.severity for each in await domains.all_restrictions(tx)}
    found = [
        f"{domain} is restricted ({severity}), but no act in the ledger says so."
        for domain, severity in sorted(live.items())
        if domain not in recorded
    ]
    for domain, severity in sorted(recorded.items()):
        if live.get(domain) != severity:
            now = live.get(domain, "not restricted")
            found.append(f"The ledger says {severity} for {domain}, but it is {now}.")
    return found
