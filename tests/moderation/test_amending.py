"""A proposal is amended before it is voted on: all versions stay, other acts are another question."""

from typing import Any

import pytest

from fedcoop import clock
from fedcoop.db import Database
from fedcoop.errors import Invalid, NotAllowed, NotFound
from moderation import proposals
from moderation.proposals import changes
from moderation.proposals.types import Amendment, ProposalEntity, VersionEntity
from tests.keys import VAULT
from tests.moderation.test_verify import changed, check, entries_of, signed, signer, where
from tests.moderation.world import Coop, of

OTHER = {"type": "resolve", "text": "We meet on Tuesdays."}


async def amend(coop: Coop, name: str, proposal: ProposalEntity, **change: Any) -> ProposalEntity:
    async with coop.db.write(durable=True) as tx:
        await changes.amend(tx, coop.people[name], of(proposal), Amendment(**change), config=coop.config)
    return await coop.see(proposal, name)


async def versions(coop: Coop, proposal: ProposalEntity, name: str | None = None) -> list[VersionEntity]:
    async with coop.db.read() as tx:
        return await changes.versions(tx, coop.people[name].id if name else None, of(proposal))


async def test_what_is_voted_on_is_the_latest_version_and_all_stay_readable(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", "Meet", body="Often.", kind="moderation")
    assert proposal.state == "discussion"
    await amend(coop, "ann", proposal, title="Meet  more", body="Very **often**.")
    again = await amend(coop, "ann", proposal, acts=[OTHER])
    assert (again.title, again.body) == ("Meet more", "Very **often**.")
    assert "<strong>" in again.html
    assert [act.sentence for act in again.acts] == ["We meet on Tuesdays."]
    kept = await versions(coop, proposal)
    assert [(each.number, each.title, each.body) for each in kept] == [
        (1, "Meet", "Often."),
        (2, "Meet more", "Very **often**."),
        (3, "Meet more", "Very **often**."),
    ]
    assert kept[2].sentences == ["We meet on Tuesdays."]
    async with coop.db.read() as tx:
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
    assert [step.words for step in steps][:3] == ["Proposed", "Amended: version 2", "Amended: version 3"]
    assert [step.ledger_index for step in steps][:3] == [each.ledger_index for each in kept]
    await coop.pass_time(minutes=3)
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=11)
    await coop.pass_time(minutes=61)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []


async def test_the_same_words_change_nothing(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.propose("ann", "Meet", kind="moderation")
    assert (await amend(coop, "ann", proposal, title="Meet", body="", acts=[])).title == "Meet"
    assert len(await versions(coop, proposal)) == 1


async def test_other_acts_are_discussed_anew(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.propose("ann", "Meet", kind="moderation", acts=[OTHER])
    await coop.pass_time(seconds=90)
    assert (await amend(coop, "ann", proposal, body="Please.")).opens_at == proposal.opens_at
    later = await amend(coop, "ann", proposal, acts=[OTHER | {"text": "Never."}])
    assert clock.parse(later.opens_at or "") > clock.parse(proposal.opens_at or "") + 80_000
    await coop.pass_time(seconds=40)
    assert (await coop.see(proposal)).state == "discussion"
    with pytest.raises(Invalid, match="discussion lasts until"):
        async with coop.db.write() as tx:
            await proposals.actions.open_now(tx, coop.people["ann"], of(proposal), config=coop.config)
    await coop.pass_time(seconds=90)
    assert (await coop.see(proposal)).state == "open"


async def test_endorsements_stand_for_the_acts_they_were_given_to(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem", "dee")
    await coop.pass_time(days=2)
    draft = await coop.propose("ann", "By-laws", kind="bylaw", acts=[OTHER])
    async with coop.db.write() as tx:
        await proposals.actions.endorse(tx, coop.people["bob"], of(draft), config=coop.config)
    assert (await amend(coop, "ann", draft, title="Better by-laws")).endorsements == 1
    assert (await amend(coop, "ann", draft, acts=[OTHER | {"text": "Never."}])).endorsements == 0
    for name in ("bob", "cem"):
        async with coop.db.write() as tx:
            await proposals.actions.endorse(tx, coop.people[name], of(draft), config=coop.config)
    assert (await coop.see(draft)).state == "open"
    assert (await coop.verified()).problems == []


async def test_what_cannot_be_amended_is_told_and_stays(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", "Meet", kind="moderation")
    with pytest.raises(NotAllowed):
        await amend(coop, "bob", proposal, title="Mine")
    with pytest.raises(NotFound):
        async with coop.db.read() as tx:
            await changes.versions(tx, None, of(5))
    for wrong in ({"title": " "}, {"title": "x" * 201}, {"body": "\x00"}, {"acts": [{"type": "coup"}]}):
        with pytest.raises(Invalid):
            await amend(coop, "ann", proposal, **wrong)
    with pytest.raises(Invalid, match="decided as “federation”"):
        await amend(coop, "ann", proposal, acts=[{"type": "lift_domain", "domain": "a.example"}])
    await coop.pass_time(minutes=3)
    with pytest.raises(Invalid, match="is open; only what is not yet voted on"):
        await amend(coop, "ann", proposal, title="Something else")
    assert (await coop.see(proposal)).title == "Meet"
    assert (await coop.verified()).problems == []


async def test_an_amendment_that_does_not_follow_is_found(sqlite_url: str) -> None:
    database = Database(sqlite_url, vault=VAULT)
    await database.open()
    try:
        coop = await Coop(database).found()
        await coop.join("ann", "bob")
        proposal = await coop.propose("ann", "Meet", kind="moderation", acts=[OTHER])
        await amend(coop, "ann", proposal, title="Meet more")
        await coop.pass_time(minutes=3)
        key, entries = await signer(coop), entries_of(await coop.files())
    finally:
        await database.close()
    assert (await check(signed(entries, key))).problems == []
    at = where(entries, "proposal_amended")
    time = entries[-1]["time"]
    for forged, message in (
        (changed(entries, at, version=5), "out of order"),
        ([*entries[:at], entries[at] | {"actor": "member:other"}, *entries[at + 1 :]], "somebody else's"),
        ([*entries, entries[at] | {"time": time}], "voted on already"),
    ):
        report = await check(signed(forged, key))
        assert any(message in problem for problem in report.problems), (message, report.problems)
