"""A vote ends early when nobody could turn it, later when it turns at the last moment or the proposer asks, and a
stranger sees from the ledger that it was right."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop import clock
from fedcoop.db import Database
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.polls import queries as polls
from moderation import proposals
from moderation.constitution import CHOICES, parse, rule_from, say_rule
from moderation.constitution.certainty import certain
from moderation.ledger import serve
from moderation.proposals import changes
from moderation.proposals.types import ProposalEntity
from moderation.tally import Electorate, numbers
from tests.keys import VAULT
from tests.moderation.test_verify import changed, check, entries_of, signed, signer, where, without
from tests.moderation.world import RULES, Coop, of

QUICK = 'window = { minimum = "5 minutes", maximum = "1 day", urgent = "1 minute" }'
EARLY = RULES.replace(QUICK, 'window = { minimum = "5 minutes", early_close = true }')
QUIET = RULES.replace(
    QUICK, 'window = { minimum = "5 minutes", maximum = "8 minutes", quiet_ending = "2 minutes" }'
)
PREDICATES = (
    "agree > disagree; agree >= 9 * (disagree + block) if block",
    "agree > 1/2 of eligible",
    "agree > 0 and agree >= 3/4 of votes",
    "cast >= 50% of eligible and not block",
    "disagree + block < 1",
    "agree == 2 or abstain != 1",
    "agree * block > 2",
    "true",
)


def counted(answers: tuple[int, ...], eligible: int) -> dict[str, int]:
    return numbers(dict(zip(CHOICES, answers, strict=True)), Electorate(eligible, 0))


@given(
    st.sampled_from(PREDICATES),
    st.tuples(*[st.integers(0, 4)] * 4),
    st.integers(0, 3),
)
def test_what_is_certain_is_so_however_the_others_answer(
    text: str, answers: tuple[int, ...], left: int
) -> None:
    predicate, eligible = parse(text), sum(answers) + left
    futures = [
        predicate.holds(counted(tuple(a + b for a, b in zip(answers, more, strict=True)), eligible))
        for more in product(range(left + 1), repeat=4)
        if sum(more) <= left
    ]
    found = certain(predicate, counted(answers, eligible), left, CHOICES)
    if found is not None:
        assert set(futures) == {found}
    if text in PREDICATES[1:2] + PREDICATES[4:5] and len(set(futures)) == 1:
        assert found is futures[0], "a single comparison is known exactly"
    if not left and text != PREDICATES[6]:
        assert found is futures[0], "when everybody has answered, all is certain"


def test_answers_that_are_no_option_turn_nothing() -> None:
    predicate = parse("not block; agree > disagree")
    counts = counted((3, 0, 0, 0), 5)
    assert certain(predicate, counts, 2, CHOICES) is None
    assert certain(predicate, counts, 2, ("agree", "disagree")) is True


async def test_a_vote_that_nobody_can_turn_ends_early(db: Database) -> None:
    coop = await Coop(db).found(EARLY)
    await coop.join("ann", "bob", "cem")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(seconds=1)
    assert (await coop.see(proposal)).state == "open", "two more could turn it"
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(seconds=1)
    assert (await coop.see(proposal)).state == "open", "a block raises the bar"
    await coop.vote("cem", proposal, "abstain")
    await coop.pass_time(seconds=1)
    assert (await coop.see(proposal)).state == "enacted"
    with pytest.raises(Invalid, match="has closed"):
        await coop.vote("cem", proposal, "block", "Wait!")
    await coop.pass_time(minutes=10)
    report = await coop.verified()
    assert report.problems == []
    assert report.entries["tally"] == 1
    async with db.read() as tx:
        poll = await tx.one(polls.BY_ID, poll_id=int(proposal.poll_id or 0))
        [entry] = await serve.entries(tx, types=("tally",))
    assert poll is not None
    assert poll.closed
    assert entry.body["early"] is True


async def test_without_the_rule_saying_so_nothing_ends_early(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=4)
    assert (await coop.see(proposal)).state == "open"


async def test_a_vote_changed_before_it_is_counted_early_goes_on(db: Database) -> None:
    coop = await Coop(db).found(
        EARLY.replace("agree > disagree; agree >= 9 * (disagree + block) if block", "agree > 1/2 of eligible")
    )
    await coop.join("ann", "bob", "cem")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.vote("bob", proposal, "agree")
    await coop.vote("bob", proposal, "abstain")
    await coop.pass_time(seconds=1)
    assert (await coop.see(proposal)).state == "open"
    await coop.pass_time(minutes=6)
    assert (await coop.see(proposal)).state == "failed"
    assert (await coop.verified()).problems == []


async def turned(coop: Coop) -> ProposalEntity:
    """A vote that turned half a minute before its end, and so goes on."""
    await coop.join("ann", "bob", "cem", "dee")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=4, seconds=30)
    await coop.vote("bob", proposal, "disagree")
    return proposal


async def test_a_vote_that_turns_at_the_last_moment_goes_on_once(db: Database) -> None:
    coop = await Coop(db).found(QUIET)
    proposal = await turned(coop)
    assert proposal.closes_at is not None
    after = await coop.see(proposal)
    assert after.closes_at is not None
    assert clock.parse(after.closes_at) - clock.parse(proposal.closes_at) >= 89_000
    await coop.pass_time(seconds=45)
    assert (await coop.see(proposal)).state == "open"
    await coop.vote("cem", proposal, "agree")
    assert (await coop.see(proposal)).closes_at == after.closes_at, "once is enough"
    async with db.read() as tx:
        poll = await tx.one(polls.BY_ID, poll_id=int(proposal.poll_id or 0))
        steps = await proposals.timeline.timeline(tx, None, of(proposal))
    assert poll is not None
    assert clock.iso(poll.expires_at or 0) == after.closes_at
    assert [step.words for step in steps][2] == "The result turned late, so voting goes on"
    await coop.pass_time(minutes=2)
    assert (await coop.see(proposal)).state == "enacted"
    assert (await coop.verified()).problems == []


async def test_a_vote_that_turns_in_time_ends_as_announced(db: Database) -> None:
    coop = await Coop(db).found(QUIET)
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    await coop.pass_time(minutes=2)
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=2)
    await coop.vote("bob", proposal, "abstain")
    assert (await coop.see(proposal)).closes_at == proposal.closes_at, "late, but it turned nothing"


async def extend(coop: Coop, name: str, proposal: ProposalEntity, by: str | int) -> ProposalEntity:
    async with coop.db.write(durable=True) as tx:
        await changes.extend(tx, coop.people[name], of(proposal), by, config=coop.config)
    return await coop.see(proposal, name)


async def test_the_proposer_keeps_a_vote_open_within_the_rule(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.suspend_spam("ann")
    with pytest.raises(NotAllowed):
        await extend(coop, "bob", proposal, "1 hour")
    for nonsense in ("soon", "0 seconds", "", "-5", 10**30):
        with pytest.raises(Invalid):
            await extend(coop, "ann", proposal, nonsense)
    with pytest.raises(Invalid, match="1 day at most"):
        await extend(coop, "ann", proposal, "1 day")
    longer = await extend(coop, "ann", proposal, "10 minutes")
    assert clock.parse(longer.closes_at or "") - clock.parse(proposal.closes_at or "") == 600_000
    await coop.pass_time(minutes=6)
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=10)
    assert (await coop.see(proposal)).state == "enacted"
    with pytest.raises(Invalid, match="has closed"):
        await extend(coop, "ann", proposal, 60)
    report = await coop.verified()
    assert report.problems == []
    assert report.entries["vote_extended"] == 1


async def test_the_rule_says_it_in_words() -> None:
    data = {
        "passes": "agree > disagree",
        "window": {"minimum": "5 days", "early_close": True, "quiet_ending": "1 day"},
    }
    said = say_rule(rule_from(data))
    assert "ends early once those who have not voted could not turn the result" in said
    assert "If the result turns in the last 1 day, voting goes on for 1 day, once." in said


async def test_a_window_that_was_bent_is_found(sqlite_url: str) -> None:
    database = Database(sqlite_url, vault=VAULT)
    await database.open()
    try:
        coop = await Coop(database).found(QUIET)
        proposal = await turned(coop)
        await coop.pass_time(minutes=2)
        await coop.vote("ann", await coop.suspend_spam("ann"), "agree")
        assert (await coop.see(proposal)).state == "failed"
        key, entries = await signer(coop), entries_of(await coop.files())
    finally:
        await database.close()
    assert (await check(signed(entries, key))).problems == []
    at = where(entries, "vote_extended")
    tally = where(entries, "tally")
    forgeries = [
        (without(entries, at), "turned late and voting had to go on"),
        (changed(entries, tally, early=True), "before the closing time"),
        (changed(entries, at, closes_at="2030-01-01T00:00:00.000Z"), "beyond what its rule allows"),
        (changed(entries, at, closes_at="2020-01-01T00:00:00.000Z"), "too late, or not at all"),
        (changed(entries, at, because="proposer"), "somebody else's vote"),
        ([*entries[: at + 1], entries[at], *entries[at + 1 :]], "too late, or not at all"),
        ([*entries[: at + 1], entries[tally] | {"time": entries[at]["time"]}], "before the closing time"),
    ]
    for forged, message in forgeries:
        report = await check(signed(forged, key))
        assert any(message in problem for problem in report.problems), (message, report.problems)
