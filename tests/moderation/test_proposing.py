"""From a draft to an open vote: what may be proposed, when voting opens, what is foreseen, and what pages list."""

import pytest

from fedcoop import clock
from fedcoop.accounts.remote import save_remote
from fedcoop.accounts.types import RemoteAccount
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.paging import Page
from fedcoop.polls import queries as poll_queries
from fedcoop.relationships import actions as relationships
from moderation import proposals
from moderation.ledger import serve
from tests.moderation.world import SUSPEND, Coop, of


async def test_a_discussion_comes_first_where_the_rule_wants_one_and_a_delay_after(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.propose("ann", kind="moderation", acts=[{"type": "resolve", "text": "Be kind."}])
    assert proposal.state == "discussion"
    with pytest.raises(Invalid, match="has not opened yet"):
        await coop.vote("ann", proposal, "agree")
    async with coop.db.write() as tx:
        with pytest.raises(Invalid, match="discussion lasts until"):
            await proposals.actions.open_now(tx, coop.people["ann"], of(proposal), config=coop.config)
    await coop.pass_time(minutes=2)
    assert (await coop.see(proposal)).state == "open"
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=10)
    assert (await coop.see(proposal)).state == "passed"
    assert (await coop.verified()).problems == []
    await coop.pass_time(minutes=59)
    assert (await coop.see(proposal)).state == "passed"
    await coop.pass_time(minutes=2)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []


async def test_a_draft_opens_when_its_proposer_wants(coop: Coop) -> None:
    await coop.join("ann", "bob")
    await coop.account("zoe")
    draft = await coop.suspend_spam("ann", hold=True)
    assert draft.state == "draft"
    with pytest.raises(NotFound):
        await coop.see(draft, "zoe")
    assert (await coop.see(draft, "bob")).state == "draft"
    async with coop.db.write() as tx:
        with pytest.raises(NotAllowed):
            await proposals.actions.open_now(tx, coop.people["bob"], of(draft), config=coop.config)
        opened = await proposals.actions.open_now(tx, coop.people["ann"], of(draft), config=coop.config)
        assert opened.state == "open"
        again = await proposals.actions.open_now(tx, coop.people["ann"], of(draft), config=coop.config)
        assert again == opened


async def test_a_withdrawn_draft_stays_among_members(coop: Coop) -> None:
    await coop.join("ann", "bob")
    draft = await coop.suspend_spam("ann", hold=True)
    async with coop.db.write() as tx:
        await proposals.actions.withdraw(tx, coop.people["ann"], of(draft))
    assert (await coop.see(draft, "bob")).state == "withdrawn"
    with pytest.raises(NotFound):
        await coop.see(draft)
    async with coop.db.read() as tx:
        assert await proposals.hydrate.page(tx, None, Page()) == []


async def test_the_stations_of_a_proposal_lead_to_the_ledger(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    async with coop.db.read() as tx:
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
    assert [(step.words, step.done) for step in steps] == [
        ("Proposed", True),
        ("Voting opened", True),
        ("Voting closes", False),
        ("Carried out, if it passes", False),
    ]
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
        types = [(await serve.entry(tx, step.ledger_index or 0)).type for step in steps]
    assert [step.words for step in steps] == ["Proposed", "Voting opened", "Counted: passed", "Carried out"]
    assert types == ["proposal", "proposal_opened", "tally", "act"]


async def test_endorsements_open_a_gate(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    clock.advance(seconds=2 * 86_400)
    proposal = await coop.propose("ann", kind="bylaw")
    assert (proposal.state, proposal.endorsements_needed) == ("draft", 2)
    for name in ("bob", "cem"):
        async with coop.db.write() as tx:
            await proposals.actions.endorse(tx, coop.people[name], of(proposal), config=coop.config)
    assert (await coop.see(proposal)).state == "open"
    await coop.join("new")
    with pytest.raises(NotAllowed, match="vote 1 day after joining"):
        await coop.vote("new", proposal, "agree")
    await coop.pass_time(minutes=6)
    assert (await coop.verified()).problems == []


async def test_withdrawn_is_over(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("bob", proposal, "agree")
    async with coop.db.write() as tx:
        with pytest.raises(NotAllowed):
            await proposals.actions.withdraw(tx, coop.people["bob"], of(proposal))
        await proposals.actions.withdraw(tx, coop.people["ann"], of(proposal))
    with pytest.raises(Invalid, match="withdrawn"):
        await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).state == "withdrawn"
    async with coop.db.read() as tx:
        poll = await tx.one(poll_queries.BY_ID, poll_id=int(proposal.poll_id or 0))
        assert poll is not None
        assert poll.closed
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
    assert [step.words for step in steps] == ["Proposed", "Voting opened", "Withdrawn by the proposer"]
    assert (await coop.verified()).problems == []


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        ({"title": "  "}, "needs a title"),
        ({"title": "x" * 201}, "at most 200"),
        ({"kind": "beer"}, "no kind of proposal"),
        ({"body": "x" * 50_001}, "at most 50000"),
        ({"closes_in": "1 second"}, "open for 5 minutes at least"),
        ({"closes_in": 90 * 86_400}, "and 1 day at most"),
        ({"closes_in": "soon"}, "no duration"),
        ({"acts": [{"type": "nuke"}]}, "One of the acts"),
        ({"body": "no\x00thing"}, "cannot be kept"),
        ({"title": "half \ud83d"}, "cannot be kept"),
        ({"acts": [SUSPEND | {"public_comment": "x" * 1001}]}, "public comment has at most"),
        ({"acts": [{"type": "resolve", "text": "x" * 4001}]}, "resolution has at most"),
        ({"acts": [{"type": "suspend_domain"}]}, "One of the acts"),
        ({"acts": [{"type": "suspend_domain", "domain": "no domain"}]}, "not a domain"),
        ({"acts": [{"type": "suspend_domain", "domain": "Coop.Example"}]}, "this server"),
        ({"acts": [{"type": "resolve", "text": " "}]}, "needs words"),
        ({"acts": [SUSPEND] * 21}, "at most 20"),
        ({"acts": [{"type": "resolve", "text": "x" * 4000}] * 3}, "too long for the ledger"),
        ({"kind": "moderation", "urgent": "Now!"}, "no urgent vote"),
        ({"kind": "moderation", "discussion": "1 minute"}, "discussed for 2 minutes"),
    ],
)
async def test_a_proposal_that_makes_no_sense_is_refused(
    coop: Coop, draft: dict[str, object], message: str
) -> None:
    await coop.join("ann")
    with pytest.raises(Invalid, match=message):
        await coop.propose("ann", **draft)  # type: ignore[arg-type]
    report = await coop.verified()
    assert "proposal" not in report.entries


async def test_urgent_votes_are_short_and_say_why(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann", urgent="They spam right now.", closes_in="1 minute")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=1, seconds=1)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []


async def test_the_preview_counts_what_would_be_cut(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    async with coop.db.read() as tx:
        preview = await proposals.hydrate.preview(tx, None, of(proposal), coop.config)
    assert preview[0].sentence.startswith("Suspend spam.example")
    assert preview[0].impact == "Nobody from spam.example is known here; nothing changes for anybody today."
    assert preview[0].counts["accounts"] == 0


async def test_what_was_previewed_is_what_is_cut(coop: Coop) -> None:
    await coop.join("ann", "bob")
    ann, bob = coop.people["ann"], coop.people["bob"]
    async with coop.db.write() as tx:
        for name in ("one", "two"):
            uri = f"https://spam.example/u/{name}"
            far = await save_remote(
                tx, RemoteAccount(uri=uri, username=name, domain="spam.example", public_key="x")
            )
            await relationships.follow(tx, ann, far)
            await relationships.accepted(tx, ann, far)
        await relationships.follow(tx, far, bob, uri="https://spam.example/f/1")
    proposal = await coop.suspend_spam("ann")
    async with coop.db.read() as tx:
        preview = await proposals.hydrate.preview(tx, None, of(proposal), coop.config)
    assert preview[0].impact == (
        "Cuts 3 follows of 2 members with accounts there; 2 accounts and 0 posts from spam.example are known here."
    )
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        preview = await proposals.hydrate.preview(tx, None, of(proposal), coop.config)
    assert preview[0].counts["following"] == preview[0].counts["followers"] == 0


async def test_a_long_page_costs_no_more_statements_than_a_short_one(coop: Coop) -> None:
    await coop.join("ann")
    await coop.vote("ann", await coop.suspend_spam("ann"), "agree", "Yes.")
    await coop.propose("ann", "Draft", hold=True)

    async def cost() -> int:
        async with coop.db.read() as tx:
            counting = Counting(tx)
            await proposals.hydrate.page(counting, coop.people["ann"].id, Page())  # type: ignore[arg-type]
        return counting.asked

    short = await cost()
    for number in range(6):
        made = await coop.suspend_spam("ann")
        await coop.vote("ann", made, "block", "No.")
        await coop.propose("ann", f"Draft {number}", hold=True)
    assert await cost() == short


class Counting:
    """Counts the statements that go through it."""

    def __init__(self, tx: object) -> None:
        self.tx, self.asked = tx, 0

    def __getattr__(self, name: str) -> object:
        async def counted(*args: object, **params: object) -> object:
            self.asked += 1
            return await getattr(self.tx, name)(*args, **params)

        return counted


async def test_pages_list_proposals_newest_first(coop: Coop) -> None:
    await coop.join("ann")
    await coop.account("zoe")
    first = await coop.suspend_spam("ann")
    second = await coop.propose("ann", "Words", kind="advisory")
    draft = await coop.propose("ann", "Later", hold=True)
    async with coop.db.read() as tx:
        for viewer, expected in (("ann", [draft, second, first]), ("zoe", [second, first])):
            shown = await proposals.hydrate.page(tx, coop.people[viewer].id, Page())
            assert [each.id for each in shown] == [each.id for each in expected]
        by_kind = await proposals.hydrate.page(tx, None, Page(), states=["open"], kind="advisory")
        assert [each.title for each in by_kind] == ["Words"]
        assert (await proposals.hydrate.show_number(tx, None, 2)).id == second.id
        assert (await proposals.access.newest(tx, state="draft"))[0].title == "Later"


@pytest.mark.parametrize("kind", ["advisory", "policy", "moderation"])
async def test_an_act_cannot_be_decided_by_an_easier_rule(coop: Coop, kind: str) -> None:
    await coop.join("ann")
    with pytest.raises(Invalid, match="decided as “federation”"):
        await coop.propose("ann", kind=kind, acts=[SUSPEND])
    assert (await coop.propose("ann", kind="", acts=[SUSPEND])).kind == "federation"
