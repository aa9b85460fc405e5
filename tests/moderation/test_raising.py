"""Any member may say that a matter is larger than it was taken for: the larger rule then decides, and a stranger
finds that in the ledger."""

from __future__ import annotations

import pytest

from fedcoop.db import Database
from fedcoop.errors import Invalid, NotAllowed
from moderation.proposals import raising
from moderation.proposals.types import ProposalEntity
from tests.moderation.world import RULES, Coop, of

MEDIUM = RULES.replace(
    "[kinds]",
    """[rules.medium]
passes = "disagree + block < 1"
window = { minimum = "10 minutes" }
raise_to = "large"
[rules.large]
passes = "agree > disagree + 1"
window = { minimum = "20 minutes" }
[kinds]""",
).replace('policy = "quick"', 'policy = "medium"')


@pytest.fixture
async def coop(db: Database) -> Coop:
    coop = await Coop(db).found(MEDIUM)
    await coop.join("ann", "bob", "cem")
    return coop


async def raised(coop: Coop, name: str, proposal: ProposalEntity) -> None:
    account = await coop.account(name)
    async with coop.db.write(durable=True) as tx:
        await raising.raise_(tx, account, of(proposal), config=coop.config)


async def test_a_raised_matter_is_decided_by_the_larger_rule(coop: Coop) -> None:
    proposal = await coop.propose("ann", "Paint the door")
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=8)
    await raised(coop, "cem", proposal)
    await coop.pass_time(minutes=3)
    assert (await coop.see(proposal)).state == "open", "voting goes on as long as the larger rule asks"
    assert "raised this" in (await coop.said_by_the_assembly())[-1].text
    await coop.pass_time(minutes=18)
    ended = await coop.see(proposal)
    assert (ended.state, ended.counts and ended.counts["agree"]) == ("failed", 1), "silence consents no more"
    assert (await coop.verified()).problems == []


async def test_by_words(coop: Coop) -> None:
    proposal = await coop.propose("ann", "Paint the door")
    assert "You have raised" in await coop.told("bob", f"raise {proposal.number}")
    assert "no larger way" in await coop.told("bob", f"raise {proposal.number}")
    assert (await coop.verified()).problems == []


async def test_what_cannot_be_raised_is_told(coop: Coop) -> None:
    quick = await coop.propose("ann", "Anything", kind="advisory")
    proposal = await coop.propose("ann", "Paint the door")
    with pytest.raises(Invalid, match="no larger way"):
        await raised(coop, "bob", quick)
    with pytest.raises(NotAllowed):
        await raised(coop, "zoe", proposal)
    await coop.set_standing("cem", "paused")
    with pytest.raises(NotAllowed, match="paused"):
        await raised(coop, "cem", proposal)
    await coop.pass_time(minutes=11)
    with pytest.raises(Invalid, match="closed"):
        await raised(coop, "bob", proposal)
    assert (await coop.see(proposal)).state == "passed"
    assert (await coop.verified()).problems == []


async def test_the_discussion_of_the_larger_rule_is_had_while_it_is_open(db: Database) -> None:
    talked = MEDIUM.replace('"20 minutes" }', '"20 minutes" }\ngates = { discussion = "30 minutes" }')
    coop = await Coop(db).found(talked)
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", "Paint the door")
    await raised(coop, "bob", proposal)
    await coop.pass_time(minutes=49)
    assert (await coop.see(proposal)).state == "open"
    await coop.pass_time(minutes=2)
    assert (await coop.see(proposal)).state == "failed"
    assert (await coop.verified()).problems == []


@pytest.mark.parametrize(
    "asks",
    [
        'electorate = { member_for = "1 day" }',
        'electorate = { mandate = "moderator" }',
        "gates = { endorsements = 2 }",
        'gates = { endorsement_share = "50%" }',
    ],
)
async def test_a_larger_rule_that_asks_others_or_for_endorsements_takes_over_no_open_vote(
    db: Database, asks: str
) -> None:
    coop = await Coop(db).found(MEDIUM.replace('"20 minutes" }', f'"20 minutes" }}\n{asks}'))
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", "Paint the door")
    with pytest.raises(Invalid, match="no larger way"):
        await raised(coop, "bob", proposal)
    assert (await coop.verified()).entries.get("proposal_raised", 0) == 0
