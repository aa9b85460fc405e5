"""Elections, from the call to the office: who may stand and until when, who wins, who accepts, who comes next; and
that a stranger finds all of it in the ledger alone."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop import accounts
from fedcoop.accounts.leaving import actions as deleting
from fedcoop.db import Database
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import ProposalId
from moderation.ballots import actions as ballots
from moderation.elections import actions, hydrate, seats
from moderation.elections.ballot import asking, next_in_count
from moderation.elections.types import NOBODY, Call, ElectionEntity
from moderation.ledger import serve
from moderation.mandates import access as mandates
from moderation.questions.answers import Marks
from moderation.questions.types import Question
from tests.moderation.options import five
from tests.moderation.world import RULES, Coop

DAY = 24 * 60


@pytest.fixture
async def coop(db: Database) -> Coop:
    """A co-operative with five members whose rules know every kind of ballot."""
    return await five(db)


async def called(coop: Coop, name: str = "ann", **more: Any) -> ElectionEntity:
    """An election for moderators, in which one can stand for two days."""
    wanted = msgspec.convert({"office": "moderator", "stand_for": "2 days", **more}, Call)
    async with coop.db.write(durable=True) as tx:
        proposal = await actions.call(tx, await coop.account(name), wanted, config=coop.config)
    return await seen(coop, proposal.id)


async def seen(coop: Coop, proposal_id: int | str, name: str | None = None) -> ElectionEntity:
    async with coop.db.read() as tx:
        viewer = None if name is None else coop.people[name].id
        return await hydrate.show(tx, viewer, ProposalId(int(proposal_id)))


async def stand(coop: Coop, election: ElectionEntity, *names: str, statement: str = "") -> None:
    for name in names:
        async with coop.db.write(durable=True) as tx:
            said = statement or f"I am *{name}*."
            await actions.stand(tx, await coop.account(name), ProposalId(int(election.id)), said)


async def stand_down(coop: Coop, election: ElectionEntity, name: str) -> None:
    async with coop.db.write(durable=True) as tx:
        await actions.stand_down(tx, coop.people[name], ProposalId(int(election.id)))


async def answer(coop: Coop, election: ElectionEntity, name: str, **marks: Any) -> None:
    async with coop.db.write(durable=True) as tx:
        sent = msgspec.convert(marks, Marks)
        await ballots.cast(tx, coop.people[name], ProposalId(int(election.id)), sent)


async def says(coop: Coop, election: ElectionEntity, name: str, verb: Any) -> None:
    """`seats.accept` or `seats.decline` by somebody."""
    async with coop.db.write(durable=True) as tx:
        await verb(tx, coop.people[name], ProposalId(int(election.id)), config=coop.config)


async def holders(coop: Coop, office: str = "moderator") -> list[str]:
    async with coop.db.read() as tx:
        return sorted(each.acct for each in await mandates.listed(tx, office=office))


async def states(coop: Coop, election: ElectionEntity) -> dict[str, str]:
    return {each.acct: each.state for each in (await seen(coop, election.id)).candidates}


async def whole(coop: Coop) -> None:
    """A stranger finds nothing wrong, and counts alike."""
    report = await coop.verified()
    assert report.problems == []
    assert all(each.agrees for each in report.recounts)


async def test_an_election_from_the_call_to_the_office(coop: Coop) -> None:
    election = await called(coop)
    assert (election.state, election.office, election.seats) == ("discussion", "moderator", 1)
    await stand(coop, election, "bob", "cas")
    await coop.pass_time(days=2, seconds=1)
    opened = await seen(coop, election.id)
    assert opened.state == "open"
    assert {each.acct for each in opened.candidates} == {"bob", "cas"}
    proposal = await coop.see(int(election.id), "ann")
    assert proposal.question is not None
    assert {*proposal.question.titles[:-1]} == {"bob", "cas"}
    assert proposal.question.titles[-1] == NOBODY
    for name in ("ann", "bob", "dee"):
        await answer(coop, election, name, approvals=["bob"])
    await answer(coop, election, "cas", approvals=["cas"])
    await coop.pass_time(minutes=6)
    assert await states(coop, election) == {"bob": "elected", "cas": "stands"}
    assert await holders(coop) == [], "the office begins with the acceptance"
    with pytest.raises(NotFound):
        await says(coop, election, "cas", seats.accept)
    await says(coop, election, "bob", seats.accept)
    assert await holders(coop) == ["bob"]
    assert (await seen(coop, election.id)).state == "enacted"
    with pytest.raises(NotFound):
        await says(coop, election, "bob", seats.accept)
    await whole(coop)
    await coop.pass_time(days=366)
    assert await holders(coop) == [], "a term ends by itself"
    await whole(coop)


async def test_the_ledger_names_nobody_who_stands(coop: Coop) -> None:
    election = await called(coop)
    await stand(coop, election, "bob", statement="Vote for Bob Bobson!")
    await coop.pass_time(days=2, seconds=1)
    await answer(coop, election, "ann", approvals=["bob"])
    await coop.pass_time(minutes=6)
    await says(coop, election, "bob", seats.accept)
    assert "“bob” won" in ((await seen(coop, election.id)).verdict or "")
    async with coop.db.read() as tx:
        entries = await serve.entries(tx, limit=200)
    told = msgspec.json.encode([each.body for each in entries]).decode()
    assert "bob" not in told.lower()
    assert "“member:" in told
    await whole(coop)


async def test_whoever_declines_or_stays_silent_makes_room_for_the_next_in_the_count(coop: Coop) -> None:
    election = await called(coop, ballot="ranked")
    await stand(coop, election, "bob", "cas", "dee")
    await coop.pass_time(days=2, seconds=1)
    await answer(coop, election, "ann", ranking=["bob", "dee"])
    await answer(coop, election, "bob", ranking=["bob", "dee", "cas"])
    await answer(coop, election, "eve", ranking=["cas", "dee"])
    await answer(coop, election, "dee", ranking=["dee", "cas"])
    await answer(coop, election, "cas", ranking=["bob", "cas"])
    await coop.pass_time(minutes=6)
    assert await states(coop, election) == {"bob": "elected", "cas": "stands", "dee": "stands"}
    await says(coop, election, "bob", seats.decline)
    assert await states(coop, election) == {"bob": "declined", "cas": "stands", "dee": "elected"}
    await coop.pass_time(days=7, seconds=1)
    assert await states(coop, election) == {"bob": "declined", "cas": "elected", "dee": "declined"}
    await says(coop, election, "cas", seats.accept)
    assert await holders(coop) == ["cas"]
    await whole(coop)


async def test_when_nobody_accepts_the_seat_stays_empty(coop: Coop) -> None:
    election = await called(coop)
    await stand(coop, election, "bob")
    await coop.pass_time(days=2, seconds=1)
    await answer(coop, election, "ann", approvals=["bob"])
    await coop.pass_time(minutes=6)
    await says(coop, election, "bob", seats.decline)
    assert (await seen(coop, election.id)).state == "expired"
    assert await holders(coop) == []
    await whole(coop)


async def test_several_seats_are_filled_each_by_their_own_acceptance(coop: Coop) -> None:
    election = await called(coop, seats=2, ballot="ranked", office="on call")
    await stand(coop, election, "bob", "cas", "dee")
    await coop.pass_time(days=2, seconds=1)
    for name, ranking in (
        ("ann", ["bob"]),
        ("bob", ["bob"]),
        ("dee", ["cas", "dee"]),
        ("eve", ["cas", "dee"]),
    ):
        await answer(coop, election, name, ranking=ranking)
    await coop.pass_time(minutes=6)
    await says(coop, election, "bob", seats.accept)
    assert (await seen(coop, election.id)).state == "passed", "one is still asked"
    await says(coop, election, "cas", seats.decline)
    await says(coop, election, "dee", seats.accept)
    assert await holders(coop, "on_call") == ["bob", "dee"]
    assert (await seen(coop, election.id)).state == "enacted"
    await whole(coop)


async def test_a_tie_is_shown_and_fills_no_seat(coop: Coop) -> None:
    election = await called(coop)
    await stand(coop, election, "bob", "cas")
    await coop.pass_time(days=2, seconds=1)
    await answer(coop, election, "ann", approvals=["bob"])
    await answer(coop, election, "dee", approvals=["cas"])
    await coop.pass_time(minutes=6)
    tied = await seen(coop, election.id)
    assert tied.state == "failed"
    assert "tie, and nobody won" in (tied.verdict or "")
    assert await holders(coop) == []
    await whole(coop)


async def test_where_nobody_stands_there_is_no_vote(coop: Coop) -> None:
    election = await called(coop)
    await stand(coop, election, "bob")
    await stand_down(coop, election, "bob")
    await coop.pass_time(days=2, seconds=1)
    ended = await seen(coop, election.id)
    assert (ended.state, ended.candidates) == ("withdrawn", [])
    assert "Nobody stood" in (await coop.said_by_the_assembly())[-1].text
    await whole(coop)


async def test_members_may_prefer_nobody_to_whoever_stands(coop: Coop) -> None:
    election = await called(coop)
    await stand(coop, election, "bob")
    await coop.pass_time(days=2, seconds=1)
    await answer(coop, election, "ann", approvals=["bob"])
    for name in ("cas", "dee"):
        await answer(coop, election, name, approvals=[NOBODY])
    await coop.pass_time(minutes=6)
    assert await states(coop, election) == {"bob": "stands"}
    assert (await seen(coop, election.id)).state == "expired"
    await whole(coop)


async def test_who_stands_is_settled_when_voting_opens(coop: Coop) -> None:
    election = await called(coop)
    await stand(coop, election, "bob", statement="First.")
    await stand(coop, election, "bob", statement="Second.")
    assert [each.statement for each in (await seen(coop, election.id)).candidates] == ["Second."]
    assert (await seen(coop, election.id, "cas")).may_stand
    await coop.pass_time(days=2, seconds=1)
    assert not (await seen(coop, election.id, "cas")).may_stand
    with pytest.raises(Invalid, match="settled when voting opens"):
        await stand(coop, election, "cas")
    with pytest.raises(Invalid, match="settled when voting opens"):
        await stand_down(coop, election, "bob")
    await whole(coop)


async def test_only_members_in_good_standing_stand(coop: Coop) -> None:
    election = await called(coop)
    await coop.account("zoe")
    await coop.set_standing("dee", "paused")
    for name in ("zoe", "dee"):
        with pytest.raises(NotAllowed):
            await stand(coop, election, name)
    with pytest.raises(NotFound):
        await stand_down(coop, election, "bob")
    with pytest.raises(NotAllowed):
        await called(coop, "zoe")


NONSENSE = [
    ({"seats": 0}, "seats"),
    ({"seats": 100}, "seats"),
    ({"term": "for ever"}, "term"),
    ({"term": "0 days"}, "term"),
    ({"stand_for": "0 days"}, "time to stand"),
    ({"office": "!"}, "office"),
    ({"ballot": "budget"}, "several people"),
    ({"ballot": "condorcet", "seats": 2}, "one seat"),
]


@pytest.mark.parametrize(("call", "sentence"), NONSENSE)
async def test_a_call_that_makes_no_sense_is_explained(
    coop: Coop, call: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Invalid, match=sentence):
        await called(coop, **call)


async def test_a_constitution_may_know_no_elections(db: Database) -> None:
    coop = await Coop(db).found(RULES)
    await coop.join("ann")
    with pytest.raises(Invalid, match="agreeing or not"):
        await called(coop)


async def test_whoever_leaves_stands_no_longer_and_cannot_accept(coop: Coop) -> None:
    election = await called(coop)
    await stand(coop, election, "bob", "cas", "dee")
    await coop.set_standing("dee", "expelled")
    assert set(await states(coop, election)) == {"bob", "cas"}
    await coop.pass_time(days=2, seconds=1)
    for name in ("ann", "eve"):
        await answer(coop, election, name, approvals=["bob"])
    await answer(coop, election, "cas", approvals=["cas"])
    await coop.pass_time(minutes=6)
    async with coop.db.write() as tx:
        await deleting.delete_local(tx, await accounts.access.find(tx, coop.people["bob"].id))
    await coop.pass_time()
    assert await states(coop, election) == {"bob": "declined", "cas": "elected"}
    await says(coop, election, "cas", seats.accept)
    assert await holders(coop) == ["cas"]
    await whole(coop)


async def test_by_words_to_the_assembly(coop: Coop) -> None:
    election = await called(coop)
    n = election.number
    assert "You stand in proposal" in await coop.told("bob", f"stand {n} because I was on call before.")
    assert [each.statement for each in (await seen(coop, election.id)).candidates] == [
        "I was on call before."
    ]
    assert "not stand" in await coop.told("bob", f"stand down {n}")
    assert "Stand where?" in await coop.told("bob", "stand proudly")
    await coop.told("bob", f"stand {n}")
    await coop.pass_time(days=2, seconds=1)
    assert "Counted" in await coop.told("ann", f"vote {n} bob")
    await coop.pass_time(minutes=6)
    assert "Nobody waits" in await coop.told("cas", f"accept {n}")
    assert "You have accepted" in await coop.told("bob", f"accept {n}")
    assert await holders(coop) == ["bob"]
    await whole(coop)


def question(kind: str, method: str, number: int, seats: int) -> Question:
    bare = Question(kind=kind, method=method, options=(), seats=seats)  # type: ignore[arg-type] # a known kind
    return asking(bare, [f"c{at}" for at in range(number)], seats)


@given(st.data())
def test_the_next_is_never_somebody_who_was_asked_or_who_declined(data: st.DataObject) -> None:
    number = data.draw(st.integers(1, 5))
    seats_ = data.draw(st.integers(1, 3))
    asked = question("ranked", "scottish-stv", number, seats_)
    order = st.permutations(range(number + 1)).map(lambda each: ">".join(str(at + 1) for at in each))
    answers = data.draw(st.lists(order, max_size=8))
    out = data.draw(st.sets(st.integers(0, number - 1), min_size=1))
    before = data.draw(st.sets(st.integers(0, number - 1)))
    found = next_in_count(asked, answers, "seed", out=out, asked=before)
    assert found is None or (found not in out | before and found < number)
    shuffled = data.draw(st.permutations(answers))
    assert next_in_count(asked, shuffled, "seed", out=out, asked=before) == found
