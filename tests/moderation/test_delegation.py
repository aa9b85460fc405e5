"""Members let others vote for them: own ballots come first, circles abstain, and a stranger counts the same."""

import base64
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.db import Database
from fedcoop.errors import Invalid, NotAllowed, NotFound
from moderation.delegations import actions
from moderation.delegations.resolve import resolve
from moderation.delegations.types import Delegations
from tests.keys import VAULT
from tests.moderation.test_verify import changed, check, entries_of, signed, signer, where, without
from tests.moderation.world import RULES, Coop

NAMES = ("ann", "bob", "cem", "dee", "eve")


async def give(coop: Coop, name: str, to: str, kind: str = "federation") -> None:
    async with coop.db.write(durable=True) as tx:
        await actions.delegate(tx, coop.people[name], kind, coop.people[to].id)


async def take_back(coop: Coop, name: str, kind: str = "federation") -> None:
    async with coop.db.write(durable=True) as tx:
        await actions.take_back(tx, coop.people[name], kind)


async def held(coop: Coop, name: str) -> Delegations:
    async with coop.db.read() as tx:
        return await actions.shown(tx, coop.people[name])


async def counted(coop: Coop, **votes: str) -> dict[str, int]:
    proposal = await coop.suspend_spam("ann")
    for name, choice in votes.items():
        await coop.vote(name, proposal, choice, "So.")
    await coop.pass_time(minutes=6)
    report = await coop.verified()
    assert report.problems == []
    result = await coop.result(proposal)
    assert result.counts is not None
    return {choice: number for choice, number in result.counts.items() if number and choice != "active"}


def test_trust_is_followed_to_the_end() -> None:
    trust = {"ann": "bob", "bob": "cem", "dee": "eve"}
    assert resolve({"cem": "agree"}, trust) == {"ann": "agree", "bob": "agree"}
    assert resolve({"cem": "agree", "bob": "block"}, trust) == {"ann": "block"}
    assert resolve({}, {"ann": "bob", "bob": "cem", "cem": "bob"}) == dict.fromkeys(
        ("ann", "bob", "cem"), "abstain"
    )
    assert resolve({"cem": "agree"}, {"ann": "ann"}) == {"ann": "abstain"}


@given(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(("agree", "disagree"))),
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NAMES)),
)
def test_the_order_does_not_matter_and_nobody_counts_twice(
    answers: dict[str, str], trust: dict[str, str]
) -> None:
    found = resolve(answers, trust)
    assert not found.keys() & answers.keys()
    for order in list(permutations(trust))[:12]:
        assert resolve(answers, {name: trust[name] for name in order}) == found


def test_a_long_chain_is_no_problem() -> None:
    trust = {str(number): str(number + 1) for number in range(100_000)}
    assert resolve({"100000": "agree"}, trust)["0"] == "agree"


async def test_a_vote_given_away_counts_and_the_own_ballot_comes_first(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem", "dee")
    await give(coop, "bob", "ann")
    await give(coop, "cem", "bob")
    await give(coop, "dee", "ann", kind="policy")
    assert await counted(coop, ann="agree") == {"agree": 3, "cast": 3, "votes": 3, "eligible": 4}
    assert await counted(coop, ann="agree", bob="disagree") == {
        "agree": 1, "disagree": 2, "cast": 3, "votes": 3, "eligible": 4,
    }  # fmt: skip
    assert await counted(coop, dee="agree") == {"agree": 1, "cast": 1, "votes": 1, "eligible": 4}
    await take_back(coop, "bob")
    assert await counted(coop, ann="agree") == {"agree": 1, "cast": 1, "votes": 1, "eligible": 4}


async def test_the_result_says_how_many_were_given_away(coop: Coop) -> None:
    await coop.join("ann", "bob")
    await give(coop, "bob", "ann")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.pass_time(minutes=6)
    result = await coop.result(proposal)
    assert (
        result.verdict == "Passed: 2 agree (100 % of the votes), 0 disagree; 2 of 2 voted, 1 by delegation."
    )
    assert "1 of these by delegation." in result.steps


async def test_a_circle_abstains_and_is_shown(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    await give(coop, "ann", "bob")
    assert (await held(coop, "ann")).circular == []
    await give(coop, "bob", "ann")
    assert (await held(coop, "ann")).circular == ["federation"]
    assert await counted(coop, cem="agree") == {
        "agree": 1,
        "abstain": 2,
        "cast": 3,
        "votes": 1,
        "eligible": 3,
    }
    assert await counted(coop, ann="agree") == {"agree": 2, "cast": 2, "votes": 2, "eligible": 3}


async def test_both_sides_see_it(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    await give(coop, "ann", "bob")
    await give(coop, "ann", "cem")
    await give(coop, "ann", "cem")
    assert [(each.kind, each.acct) for each in (await held(coop, "ann")).given] == [("federation", "cem")]
    assert [(each.kind, each.acct) for each in (await held(coop, "cem")).received] == [("federation", "ann")]
    assert await held(coop, "bob") == Delegations([], [], [])
    assert (await coop.verified()).entries["delegation"] == 2


async def test_it_ends_when_either_leaves(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    await give(coop, "bob", "cem")
    await give(coop, "cem", "bob", kind="policy")
    await coop.set_standing("cem", "expelled")
    assert await held(coop, "bob") == Delegations([], [], [])
    with pytest.raises(Invalid, match="another member"):
        await give(coop, "bob", "cem")
    assert (await coop.verified()).problems == []


async def test_who_leaves_while_it_is_voted_on_votes_for_nobody(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    await give(coop, "bob", "cem")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("cem", proposal, "agree")
    await coop.set_standing("cem", "expelled")
    await coop.pass_time(minutes=6)
    counts = (await coop.result(proposal)).counts
    assert counts is not None
    assert counts["agree"] == 1
    assert (await coop.verified()).problems == []


async def test_what_makes_no_sense_is_told(coop: Coop) -> None:
    await coop.join("ann", "bob")
    guest = await coop.account("guest")
    with pytest.raises(Invalid, match="no kind"):
        await give(coop, "ann", "bob", kind="everything")
    with pytest.raises(Invalid, match="your own"):
        await give(coop, "ann", "ann")
    with pytest.raises(Invalid, match="another member"):
        await give(coop, "ann", "guest")
    with pytest.raises(NotAllowed):
        await give(coop, "guest", "ann")
    with pytest.raises(NotFound, match="given nobody"):
        await take_back(coop, "ann")
    assert guest.username == "guest"


async def test_words_give_it_and_take_it_back(coop: Coop) -> None:
    await coop.join("ann", "bob")
    said = await coop.told("ann", "Delegate “federation” to @bob, please")
    assert "bob votes for you on “federation” unless you vote yourself." in said
    assert "in a circle" in await coop.told("bob", "delegate federation to @ann@coop.example")
    assert "You vote on “federation” yourself again." in await coop.told("ann", "take back federation")
    assert "given nobody" in await coop.told("ann", "undelegate federation")
    assert "What, and to whom?" in await coop.told("ann", "delegate everything to @bob")
    assert "I know no" in await coop.told("ann", "delegate policy to @nobody")
    assert (await held(coop, "ann")).given == []


async def test_a_delegated_vote_that_was_forged_is_found(sqlite_url: str) -> None:
    database = Database(sqlite_url, vault=VAULT)
    await database.open()
    try:
        coop = await Coop(database).found(RULES)
        await coop.join("ann", "bob", "cem", "dee")
        await give(coop, "bob", "ann")
        proposal = await coop.suspend_spam("ann")
        await coop.vote("ann", proposal, "agree")
        await coop.vote("cem", proposal, "disagree")
        await coop.pass_time(minutes=6)
        key, entries = await signer(coop), entries_of(await coop.files())
    finally:
        await database.close()
    assert (await check(signed(entries, key))).problems == []
    at, ballot = where(entries, "delegated"), where(entries, "ballot", 1)
    other = entries[ballot]["body"]
    assert isinstance(other, dict)
    answered = {"position": other["position"], "path": other["path"]}
    for forged, message in (
        (without(entries, at), "leaves out 1 delegated vote"),
        (changed(entries, at, to=entries[ballot]["actor"]), "but its ballots give"),
        (changed(entries, at, path=[base64.b64encode(bytes(32)).decode()]), "outside the electorate"),
        ([*entries[: at + 1], entries[at], *entries[at + 1 :]], "a second one"),
        (without(entries, where(entries, "delegation")), "more delegated votes than"),
        (
            [
                *entries[:at],
                changed(entries, at, **answered)[at] | {"actor": entries[ballot]["actor"]},
                *entries[at + 1 :],
            ],
            "but its ballots give",
        ),
    ):
        report = await check(signed(forged, key))
        assert any(message in problem for problem in report.problems), (message, report.problems)


async def test_a_vote_left_out_is_found_though_nothing_else_is_wrong(coop: Coop) -> None:
    """A server that never writes one of the delegations down counts rightly what it has written."""
    await coop.join("ann", "bob", "cem", "dee")
    for name in ("bob", "dee"):
        await give(coop, name, "ann")
    proposal = await coop.suspend_spam("ann")
    await coop.vote("ann", proposal, "agree")
    await coop.vote("dee", proposal, "disagree")
    await coop.pass_time(minutes=6)
    assert (await coop.verified()).problems == []
    key, entries = await signer(coop), entries_of(await coop.files())
    kept = [entry["actor"] for entry in entries if entry["type"] == "delegated"]
    assert len(kept) == 2, "where ballots are open, also of somebody who answered"
    voted = {entry["actor"] for entry in entries if entry["type"] == "ballot"}
    at = next(
        at
        for at in range(len(entries))
        if entries[at]["type"] == "delegated" and entries[at]["actor"] in voted
    )
    # What dee gave away changes nothing in the count, since dee answered: only that it is missing shows.
    report = await check(signed(entries[:at] + entries[at + 1 : where(entries, "tally") + 1], key))
    [found, *_] = report.problems
    assert "leaves out 1 delegated vote" in found
    assert not any("but its ballots give" in problem for problem in report.problems)


async def test_secret_ballots_say_only_how_many_answered_themselves(coop: Coop) -> None:
    await coop.join("ann", "bob", "cem")
    await give(coop, "bob", "ann", kind="role")
    await give(coop, "cem", "ann", kind="role")
    proposal = await coop.propose("ann", "An office", kind="role")
    await coop.vote("ann", proposal, "agree")
    await coop.vote("bob", proposal, "disagree")
    await coop.pass_time(minutes=6)
    assert (await coop.verified()).problems == []
    key, entries = await signer(coop), entries_of(await coop.files())
    voted = {entry["actor"] for entry in entries if entry["type"] == "ballot"}
    assert not voted & {entry["actor"] for entry in entries if entry["type"] == "delegated"}
    for forged, message in (
        (changed(entries, where(entries, "tally"), overridden=0), "leaves out 1 delegated vote"),
        (changed(entries, where(entries, "tally"), overridden=2), "more delegated votes than"),
        (changed(entries, where(entries, "tally"), overridden=3), "more members answered themselves"),
        (without(entries, where(entries, "delegated")), "leaves out 1 delegated vote"),
    ):
        report = await check(signed(forged, key))
        assert any(message in problem for problem in report.problems), (message, report.problems)
