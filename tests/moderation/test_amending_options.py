"""The options of a proposal are amended before it is voted on, and the record follows."""

from __future__ import annotations

import pytest

from fedcoop.db import Database
from fedcoop.errors import Invalid
from moderation import proposals
from moderation.questions.types import OptionDraft, QuestionDraft
from tests.moderation.options import LOGOS, answer, five
from tests.moderation.test_amending import amend, versions
from tests.moderation.test_verify import changed, check, entries_of, signed, signer, where
from tests.moderation.world import Coop, of


@pytest.fixture
async def coop(db: Database) -> Coop:
    return await five(db)


async def test_other_options_are_another_question_and_other_words_are_not(coop: Coop) -> None:
    act = {"type": "resolve", "text": "And bees."}
    options: list[OptionDraft | str] = [OptionDraft("Bee", acts=[act]), "Fern"]
    draft = QuestionDraft(kind="approval", options=options)
    proposal = await coop.propose("ann", "Which?", kind="advisory", ballot=draft, hold=True)
    async with coop.db.write() as tx:
        await proposals.actions.endorse(tx, coop.people["bob"], of(proposal), config=coop.config)
    worded = await amend(coop, "ann", proposal, title="Which logo?")
    assert (worded.title, worded.endorsements) == ("Which logo?", 1), "other words keep endorsements"
    more = await amend(coop, "ann", proposal, acts=[act | {"text": "And more."}])
    assert [(each.sentence, each.option) for each in more.acts] == [("And more.", None), ("And bees.", "1")]
    ranked = QuestionDraft(kind="ranked", options=[*options, "Wheel"])
    asked = await amend(coop, "ann", proposal, ballot=ranked)
    assert (asked.ballot_kind, asked.options, asked.endorsements) == ("ranked", LOGOS, 0)
    assert [each.options for each in await versions(coop, proposal, "ann")] == [LOGOS[:2]] * 3 + [LOGOS]
    with pytest.raises(Invalid, match="2 to 100 options"):
        await amend(coop, "ann", proposal, ballot=QuestionDraft(kind="ranked", options=["Bee"]))
    async with coop.db.write() as tx:
        await proposals.actions.open_now(tx, coop.people["ann"], of(proposal), config=coop.config)
    for name in ("ann", "bob"):
        await answer(coop, name, proposal, ranking=["1"])
    await coop.pass_time(minutes=6)
    assert [bool(each.carried_out_at) for each in (await coop.see(proposal)).acts] == [True, True]
    assert (await coop.verified()).problems == []
    entries = entries_of(await coop.files())
    forged = changed(entries, where(entries, "proposal_amended", 2), ballot=None)
    report = await check(signed(forged, await signer(coop)))
    assert report.problems, "other options than were voted on"


async def test_options_can_be_taken_away_again(coop: Coop) -> None:
    draft = QuestionDraft(kind="approval", options=list(LOGOS))
    proposal = await coop.propose("ann", "A bee?", kind="advisory", ballot=draft, hold=True)
    plain = await amend(coop, "ann", proposal, ballot=QuestionDraft())
    assert (plain.ballot_kind, plain.options[0], plain.choices) == ("consent", "agree", [])
