"""A co-op that decides any act in five minutes, and undoes it."""

from __future__ import annotations

import re
from typing import Any

from fedcoop.accounts.remote import save_remote
from fedcoop.accounts.types import RemoteAccount
from fedcoop.db import Database, Tx
from moderation import reconcile
from moderation.proposals.types import ProposalEntity
from tests.moderation.world import RULES, Coop

EASY = re.sub(r'= "(gated|slow|shy|secret)"', '= "quick"', RULES)


async def three(db: Database) -> Coop:
    """Three members who decide everything in five minutes, and a stranger."""
    coop = await Coop(db).found(EASY)
    await coop.join("ann", "bob", "cem")
    await coop.account("zoe")
    return coop


async def decide(coop: Coop, act: dict[str, Any]) -> ProposalEntity:
    """The members decide an act."""
    proposal = await coop.propose("ann", f"Do {act['type']}", acts=[act])
    for name in ("ann", "bob"):
        await coop.vote(name, proposal, "agree")
    await coop.pass_time(minutes=6)
    decided = await coop.see(proposal)
    assert decided.state == "enacted"
    return decided


async def undo(coop: Coop, decided: ProposalEntity) -> ProposalEntity:
    """The members repeal what they decided."""
    inverse = decided.acts[0].inverse
    assert inverse is not None
    return await decide(coop, inverse)


async def agreed(coop: Coop) -> None:
    """Record and server say the same."""
    report = await coop.verified()
    assert report.problems == []
    async with coop.db.read() as tx:
        assert await reconcile.drift(tx, report) == []
        assert await reconcile.drift_now(tx) == []


async def far_away(tx: Tx, name: str, domain: str) -> Any:
    remote = RemoteAccount(
        uri=f"https://{domain}/u/{name}",
        username=name,
        domain=domain,
        public_key="x",
        inbox=f"https://{domain}/inbox",
    )
    return await save_remote(tx, remote)
