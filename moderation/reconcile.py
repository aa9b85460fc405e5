"""Comparing the record with what is in force: what the database does without the ledger knowing. Checking
the record itself is `moderation.ledger.verify`."""

from fedcoop import domains
from fedcoop.db import Tx
from moderation.ledger import serve
from moderation.ledger.verify import Report, verify


async def verify_local(tx: Tx) -> Report:
    """Check this server's own ledger as a stranger would, from the files it serves."""

    async def get(path: str) -> bytes:
        return await serve.file(tx, path)

    return await verify(get, vkey=await serve.verifier_key(tx))


async def drift(tx: Tx, report: Report) -> list[str]:
    """Where the restricted servers differ from what the recorded acts amount to; a sentence for each."""
    live = {each.domain: each.severity for each in await domains.all_restrictions(tx)}
    found = [
        f"{domain} is restricted ({severity}), but no act in the ledger says so."
        for domain, severity in sorted(live.items())
        if domain not in report.restrictions
    ]
    for domain, severity in sorted(report.restrictions.items()):
        if live.get(domain) != severity:
            now = live.get(domain, "not restricted")
            found.append(f"The ledger says {severity} for {domain}, but it is {now}.")
    return found
