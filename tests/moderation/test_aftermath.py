"""What follows a decision: who carries it out, when it is looked at again, when it ends, how it is repealed; and
who is reminded before."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import domains
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.notifications.access import page
from fedcoop.paging import Page
from moderation import aftermath, enact, reminding
from moderation.ledger import serve
from moderation.proposals.types import ProposalEntity
from tests.moderation.deciding import EASY, agreed, decide
from tests.moderation.world import SUSPEND, Coop, of


def rules(after: str) -> str:
    """The trial's constitution with something that follows decisions about other servers."""
    return EASY.replace('federation = "quick"', 'federation = "later"').replace(
        "[kinds]",
        f"""[rules.later]
passes = "agree > disagree"
window = {{ minimum = "5 minutes", maximum = "1 day" }}
after = {{ {after} }}
[kinds]""",
    )


async def founded(db: Any, after: str) -> Coop:
    coop = await Coop(db).found(rules(after))
    await coop.join("ann", "bob", "cem")
    return coop


async def passed(coop: Coop, act: dict[str, Any]) -> ProposalEntity:
    proposal = await coop.propose("ann", acts=[act])
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    return await coop.see(proposal)


async def suspended(coop: Coop) -> bool:
    async with coop.db.read() as tx:
        return await domains.gate(tx, "spam.example") is not None


async def test_an_office_carries_out_what_the_rule_leaves_to_it(db: Any) -> None:
    coop = await founded(db, 'executor = "techworker"')
    office = {"type": "grant_mandate", "account": "cem", "office": "techworker", "term": "90 days"}
    await decide(coop, office)
    proposal = await passed(coop, SUSPEND)
    assert proposal.state == "passed"
    assert not await suspended(coop)
    async with coop.db.write(durable=True) as tx:
        with pytest.raises(NotAllowed):
            await enact.enact_by_hand(tx, coop.people["ann"], of(proposal), config=coop.config)
        await enact.enact_by_hand(tx, coop.people["cem"], of(proposal), config=coop.config)
    assert await suspended(coop)
    assert (await coop.see(proposal)).state == "enacted"
    async with coop.db.write(durable=True) as tx:
        with pytest.raises(Invalid):
            await enact.enact_by_hand(tx, coop.people["cem"], of(proposal), config=coop.config)
    await agreed(coop)


async def test_a_decision_is_looked_at_again_on_its_day(db: Any) -> None:
    coop = await founded(db, 'review = "30 days"')
    proposal = await passed(coop, SUSPEND)
    await coop.pass_time(days=31)
    again = await coop.see(await newest(coop))
    assert again.title.startswith(f"Review of {proposal.number}: repeal")
    assert again.acts[0].act == {"type": "lift_domain", "domain": "spam.example"}
    await coop.pass_time(days=1)
    assert await suspended(coop), "what nobody repeals goes on"
    async with coop.db.read() as tx:
        made = await serve.entries(tx, types=("proposal",))
    assert len(made) == 2
    await agreed(coop)


async def newest(coop: Coop) -> int:
    async with coop.db.read() as tx:
        [entry] = await serve.entries(tx, types=("proposal",), limit=1)
    return int(entry.body["proposal"])


async def test_a_decision_for_some_time_undoes_itself(db: Any) -> None:
    coop = await founded(db, 'expiry = "30 days"')
    proposal = await passed(coop, SUSPEND)
    assert await suspended(coop)
    await coop.pass_time(days=31)
    assert not await suspended(coop)
    assert (await coop.see(proposal)).state == "expired"
    await agreed(coop)


async def test_what_was_decided_since_does_not_expire_with_what_was_before(db: Any) -> None:
    coop = await founded(db, 'expiry = "30 days"')
    await passed(coop, SUSPEND)
    await coop.pass_time(days=20)
    await passed(coop, {"type": "limit_domain", "domain": "spam.example"})
    await coop.pass_time(days=11)
    assert await suspended(coop), "it is limited for some days more"
    await coop.pass_time(days=20)
    async with coop.db.read() as tx:
        assert await domains.gate(tx, "spam.example") is not None, "and then it is as it was before that"
    await agreed(coop)


async def test_repealing_is_a_proposal_of_its_own(db: Any) -> None:
    coop = await founded(db, 'delay = "0 seconds"')
    proposal = await passed(coop, SUSPEND)
    async with coop.db.write(durable=True) as tx:
        made = await aftermath.repeal(
            tx, coop.people["bob"], of(proposal), "They changed.", config=coop.config
        )
    assert made.title == f"Repeal “{proposal.title}”"
    await coop.vote("cem", made.id, "agree")
    await coop.pass_time(minutes=6)
    assert not await suspended(coop)
    words = await coop.propose("ann", "Only words")
    async with coop.db.write(durable=True) as tx:
        with pytest.raises(Invalid):
            await aftermath.repeal(tx, coop.people["bob"], of(words), "", config=coop.config)
    await agreed(coop)


async def test_the_proposer_says_what_came_of_it(db: Any) -> None:
    coop = await founded(db, 'delay = "0 seconds"')
    proposal = await passed(coop, SUSPEND)
    running = await coop.propose("ann", "Running")
    async with coop.db.write() as tx:
        for name, which in (("bob", proposal), ("ann", running)):
            with pytest.raises((NotAllowed, Invalid)):
                await aftermath.state_outcome(tx, coop.people[name], of(which), "Done.", config=coop.config)
        after = await aftermath.state_outcome(
            tx, coop.people["ann"], of(proposal), "It is *quiet* now.", config=coop.config
        )
        assert (await aftermath.of(tx, of(proposal))).outcome == after.outcome == "It is *quiet* now."


async def test_those_who_have_not_voted_are_reminded_once_and_others_left_in_peace(db: Any) -> None:
    coop = await founded(db, 'delay = "0 seconds"')
    assert "no longer reminded" in await coop.told("cem", "no reminders")
    proposal = await coop.propose("ann", "Think about it", closes_in="10 hours")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=5 * 60 + 1)
    await coop.pass_time(minutes=60)
    assert await reminders(coop, "bob") == 1
    assert await reminders(coop, "ann") == 0
    assert await reminders(coop, "cem") == 0
    assert "You are reminded" in await coop.told("cem", "reminders")
    async with coop.db.read() as tx:
        assert not await reminding.is_quiet(tx, coop.people["cem"].id)


async def reminders(coop: Coop, name: str) -> int:
    """How often the assembly has written to somebody by itself; answers to their own words left out."""
    async with coop.db.read() as tx:
        told = await page(tx, coop.people[name].id, Page(limit=40))
        asked = [each for each in told if each.type == "mention" and each.status_id is not None]
        from fedcoop.statuses import access as statuses

        posts = [await statuses.visible(tx, coop.people[name].id, each.status_id or 0) for each in asked]
    return sum("You have not voted yet" in post.text for post in posts)


async def test_only_an_office_votes_where_the_rule_says_so(db: Any) -> None:
    text = EASY.replace('membership = "quick"', 'membership = "panel"').replace(
        "[kinds]",
        """[rules.panel]
passes = "agree > disagree"
window = { minimum = "5 minutes" }
electorate = { mandate = "juror" }
[kinds]""",
    )
    coop = await Coop(db).found(text)
    await coop.join("ann", "bob", "cem")
    await decide(coop, {"type": "grant_mandate", "account": "cem", "office": "juror", "term": "9 days"})
    proposal = await coop.propose("ann", kind="membership")
    assert proposal.electorate_size == 1
    assert "held the office “juror”" in (await coop.see(proposal, "ann")).why_not
    with pytest.raises(NotAllowed):
        await coop.vote("ann", proposal, "agree")
    await coop.vote("cem", proposal, "agree")
    await agreed(coop)
