"""Drafts that compete with each other: who may file one, that all are voted on together, which of those that pass
is carried out, and that a forged choice between them is found by the files alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from fedcoop.db import Database
from fedcoop.errors import Invalid, NotFound
from moderation import proposals
from moderation.prevailing import prevailing
from moderation.proposals.types import ProposalEntity
from tests.moderation.test_amending import amend
from tests.moderation.test_verify import Entries, changed, check, entries_of, signed, signer, where, without
from tests.moderation.world import RULES, SUSPEND, Coop, of

TALKED = RULES.replace('moderation = "slow"', 'moderation = "talked"').replace(
    "[kinds]",
    """[rules.talked]
passes = "agree > disagree"
window = { minimum = "5 minutes", maximum = "1 day" }
gates = { discussion = "2 minutes" }
[kinds]""",
)
WEEKLY = {"type": "resolve", "text": "We meet every week."}
DAILY = {"type": "resolve", "text": "We meet every day."}


@pytest.fixture
async def coop(db: Database) -> Coop:
    coop = await Coop(db).found(TALKED)
    await coop.join("ann", "bob", "cem", "dee")
    return coop


async def two(coop: Coop) -> tuple[ProposalEntity, ProposalEntity]:
    first = await coop.propose("ann", "Weekly", kind="moderation", acts=[WEEKLY])
    second = await coop.propose("bob", "Daily", acts=[DAILY], instead_of=of(first))
    return first, second


async def states(coop: Coop, *asked: ProposalEntity) -> list[str]:
    return [(await coop.see(each)).state for each in asked]


async def test_of_two_that_pass_the_one_with_which_most_agree_is_carried_out(coop: Coop) -> None:
    first, second = await two(coop)
    assert (second.kind, second.instead_of) == ("moderation", first.id)
    assert [each.id for each in (await coop.see(first)).competing] == [second.id]
    await coop.pass_time(minutes=3)
    assert await states(coop, first, second) == ["open", "open"], "on both at once"
    for name in ("ann", "bob", "cem"):
        await coop.vote(name, first, "agree")
    for name in ("ann", "bob"):
        await coop.vote(name, second, "agree")
    async with coop.db.write() as tx:
        await proposals.changes.extend(tx, coop.people["ann"], of(first), "1 hour", config=coop.config)
    await coop.pass_time(minutes=6)
    assert await states(coop, first, second) == ["open", "passed"], "it waits for what competes with it"
    assert (await coop.verified()).problems == []
    await coop.pass_time(minutes=60)
    assert await states(coop, first, second) == ["enacted", "failed"]
    told = await coop.result(second)
    assert (told.passed, "yields to proposal 1" in told.verdict) == (False, True)
    assert any("yields to proposal 1" in said.text for said in await coop.said_by_the_assembly())
    assert (await coop.verified()).problems == []


async def test_a_tie_carries_out_neither_and_one_that_fails_is_no_rival(coop: Coop) -> None:
    first, second = await two(coop)
    third = await coop.propose("cem", "Never", instead_of=of(second), acts=[WEEKLY | {"text": "Never."}])
    assert third.instead_of == first.id, "all compete with the first"
    await coop.pass_time(minutes=3)
    for each in (first, second, third):
        await coop.vote("ann", each, "disagree" if each is third else "agree")
    await coop.pass_time(minutes=6)
    assert await states(coop, first, second, third) == ["failed", "failed", "failed"]
    assert "tied with proposal 2" in (await coop.result(first)).verdict
    assert (await coop.verified()).problems == []


async def test_one_that_is_withdrawn_lets_the_other_go_on(coop: Coop) -> None:
    first, second = await two(coop)
    await coop.pass_time(minutes=3)
    await coop.vote("cem", second, "agree")
    async with coop.db.write() as tx:
        await proposals.changes.extend(tx, coop.people["ann"], of(first), "1 hour", config=coop.config)
    await coop.pass_time(minutes=6)
    async with coop.db.write(durable=True) as tx:
        await proposals.actions.withdraw(tx, coop.people["ann"], of(first))
    await coop.pass_time()
    assert await states(coop, first, second) == ["withdrawn", "enacted"]
    assert (await coop.verified()).problems == []


async def test_one_waits_for_the_discussion_of_the_other_and_not_for_ever(coop: Coop) -> None:
    first, second = await two(coop)
    await coop.pass_time(seconds=100)
    await amend(coop, "bob", second, acts=[DAILY | {"text": "Daily, at noon."}])
    await coop.pass_time(seconds=60)
    assert await states(coop, first, second) == ["discussion", "discussion"]
    with pytest.raises(Invalid, match="voted on together with proposal 2"):
        async with coop.db.write() as tx:
            await proposals.actions.open_now(tx, coop.people["ann"], of(first), config=coop.config)
    await coop.pass_time(minutes=3)
    assert await states(coop, first, second) == ["open", "open"]
    later = await coop.propose("ann", "Slow", kind="moderation", discussion="20 days")
    slower = await coop.propose(
        "bob", "Slower", kind="moderation", instead_of=of(later), discussion="60 days"
    )
    await coop.pass_time(days=20, seconds=1)
    assert await states(coop, later, slower) == ["open", "open"], "longer than a fortnight none waits"
    assert (await coop.verified()).problems == []


async def test_what_was_no_draft_in_time_is_voted_on_afterwards(coop: Coop) -> None:
    first, second = await two(coop)
    late = await coop.propose("cem", "Late", instead_of=of(first), hold=True)
    await coop.pass_time(minutes=3)
    async with coop.db.write() as tx:
        await proposals.actions.open_now(tx, coop.people["cem"], of(late), config=coop.config)
    await coop.pass_time(minutes=3)
    assert await states(coop, first, second, late) == ["open", "open", "discussion"]
    await coop.pass_time(minutes=4)
    assert await states(coop, first, second, late) == ["failed", "failed", "open"]
    assert (await coop.verified()).problems == []


@pytest.mark.parametrize(
    ("draft", "message"),
    [
        ({"kind": "federation", "acts": [SUSPEND]}, "decided as “moderation”"),
        ({"ballot": {"kind": "approval", "options": ["A", "B"]}}, "Options compete"),
    ],
)
async def test_only_another_answer_to_the_same_question_competes(
    coop: Coop, draft: dict[str, Any], message: str
) -> None:
    import msgspec

    from moderation.questions.types import QuestionDraft

    if "ballot" in draft:
        draft = {"ballot": msgspec.convert(draft["ballot"], QuestionDraft)}
    first = await coop.propose("ann", "Weekly", kind="moderation")
    with pytest.raises(Invalid, match=message):
        await coop.propose("bob", "Other", instead_of=of(first), **draft)
    assert (await coop.see(first)).competing == []


async def test_nothing_competes_with_what_is_voted_on_or_unseen(coop: Coop) -> None:
    running = await coop.propose("ann", "Now", kind="policy")
    with pytest.raises(Invalid, match="is open"):
        await coop.propose("bob", "Other", instead_of=of(running))
    with pytest.raises(NotFound):
        await coop.propose("bob", "Other", instead_of=12345)
    held = await coop.propose("ann", "Held", kind="moderation", hold=True)
    beside = await coop.propose("bob", "Beside", instead_of=of(held))
    assert [each.title for each in (await coop.see(beside, "cem")).competing] == ["Held"]
    assert (await coop.see(beside)).competing == [], "drafts are for members"


async def test_words_to_the_assembly_file_one(coop: Coop) -> None:
    first = await coop.propose("ann", "Weekly", kind="moderation")
    said = await coop.told("bob", "propose instead of 1 resolve We meet every day.")
    assert "This is proposal 2 now" in said
    assert [each.title for each in (await coop.see(first)).competing] == ["We meet every day."]
    assert "Instead of which" in await coop.told("bob", "propose instead of it resolve Never.")


def test_equals_are_decided_by_who_is_against_and_then_by_nobody() -> None:
    counts = {"agree": 3, "disagree": 1, "block": 0}
    assert prevailing({"a": counts, "b": counts | {"disagree": 0}}) == "b"
    assert prevailing({"a": counts, "b": counts | {"agree": 4, "block": 2}}) == "b"
    assert prevailing({"a": counts, "b": counts}) is None


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        (lambda e: changed(e, where(e, "rivals_decided"), prevails=None), "another prevail"),
        (lambda e: without(e, where(e, "rivals_decided")), "without saying which"),
        (lambda e: changed(e, where(e, "proposal_opened", 1), beside=[]), "while another is open"),
        (lambda e: changed(e, where(e, "proposal", 1), kind="policy"), "another kind of question"),
        (lambda e: without(e, where(e, "tally", 1)), "before what competes with it was counted|too early"),
    ],
)
async def test_a_forged_choice_is_found(
    coop: Coop, forge: Callable[[Entries], Entries], message: str
) -> None:
    first, second = await two(coop)
    await coop.pass_time(minutes=3)
    for name, each in (("ann", first), ("bob", first), ("cem", second)):
        await coop.vote(name, each, "agree")
    await coop.pass_time(minutes=6)
    assert await states(coop, first, second) == ["enacted", "failed"]
    report = await check(signed(forge(entries_of(await coop.files())), await signer(coop)))
    assert any(re.search(message, problem) for problem in report.problems), report.problems
