"""Who belongs to the co-operative, and how a proposal came to its vote, follows from the ledger: what somebody
with the key writes into it past the rules is found by the files alone."""

from __future__ import annotations

import re
from functools import partial

import pytest

from fedcoop import clock
from fedcoop.accounts import actions as accounts
from fedcoop.db import Database
from fedcoop.errors import NotAllowed
from fedcoop.jobs.deciding import TendLedger
from moderation import jobs, proposals, reconcile
from moderation.constitution import read
from moderation.constitution.force import adopt
from moderation.constitution.types import Gates
from moderation.ledger import actions as ledger
from moderation.members import actions as members
from moderation.members.access import member
from tests.keys import VAULT
from tests.moderation.test_verify import (
    Entries,
    Forgery,
    changed,
    check,
    entries_of,
    signed,
    signer,
    where,
    without,
)
from tests.moderation.world import RULES, Coop, of

GATED = (
    RULES.replace('role = "secret"', 'role = "choosy"')
    .replace(
        "[kinds]",
        """[rules.choosy]
passes = "agree > disagree"
window = { minimum = "5 minutes" }
gates = { endorsements = 2, discussion = "10 minutes" }
[rules.reserved]
passes = "agree > disagree"
window = { minimum = "5 minutes" }
gates = { proposer = "moderators" }
[kinds]""",
    )
    .replace('budget = "quick"', 'budget = "reserved"')
    .replace('membership = "shy"', 'membership = "quick"')
)


@pytest.fixture
async def db(sqlite_url: str) -> object:
    """The files are the same from both databases; one will do here."""
    database = Database(sqlite_url, vault=VAULT)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def history(db: Database) -> Coop:
    """Somebody was admitted and expelled by vote, somebody rested, and a proposal was endorsed and discussed."""
    coop = await Coop(db).found(GATED)
    await coop.join("ann", "bob", "cem", "dee")
    await coop.account("zoe")
    for act in ("admit_member", "expel_member"):
        made = await coop.propose("ann", "Zoe", acts=[{"type": act, "account": "zoe"}])
        await coop.vote("bob", made, "agree")
        await coop.pass_time(minutes=6)
    async with db.write() as tx:
        await members.pause(tx, coop.people["dee"], paused=True)
    made = await coop.propose("ann", "An office", kind="role")
    await endorsed(coop, made.id, "bob", "cem")
    await coop.pass_time(minutes=11)
    assert (await coop.see(made)).state == "open"
    return coop


async def endorsed(coop: Coop, proposal: str, *names: str) -> None:
    for name in names:
        async with coop.db.write() as tx:
            await proposals.actions.endorse(tx, coop.people[name], of(int(proposal)), config=coop.config)


def added(entries: Entries, like: int, body: dict[str, object], refs: list[int], **more: object) -> Entries:
    return [*entries, entries[like] | {"body": body, "refs": refs, "time": entries[-1]["time"]} | more]


def admitted(entries: Entries, because: str, refs: list[int]) -> Entries:
    body: dict[str, object] = {"member": "member:0123456789abcdef", "standing": "good", "because": because}
    return added(entries, where(entries, "member"), body, refs)


def last_standing(entries: Entries, **body: object) -> Entries:
    nth = sum(entry["type"] == "member" for entry in entries) - 1
    return changed(entries, where(entries, "member", nth), **body)


def opened_early(entries: Entries) -> Entries:
    """The last vote opens a minute after it was proposed, with all its times."""
    index = where(entries, "proposal_opened", 2)
    early = clock.parse(str(entries[index - 1]["time"])) + clock.MINUTE
    copy = changed(entries, index, closes_at=clock.iso(early + 5 * clock.MINUTE))
    copy[index]["time"] = clock.iso(early)
    return copy


async def test_an_honest_record_is_sound(history: Coop) -> None:
    report = await history.verified()
    assert report.problems == []
    assert report.by_operator == 4, "those who were there from the beginning"


async def test_where_only_a_vote_admits_no_admin_does(db: Database) -> None:
    coop = await Coop(db).found(f'admission = "vote"\n{GATED}')
    await coop.join("ann", "bob")
    await coop.propose("ann", "Words", kind="advisory")
    await coop.account("zoe")
    with pytest.raises(NotAllowed, match="only a vote admits"):
        await coop.join("zoe")
    report = await coop.verified()
    assert (report.problems, report.by_operator) == ([], 2)
    forged = admitted(entries_of(await coop.files()), "admin:command line", [])
    report = await check(signed(forged, await signer(coop)))
    assert any("only a vote gives" in problem for problem in report.problems)


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        (lambda e: admitted(e, "proposal:1", []), "no act gave"),
        (lambda e: admitted(e, "proposal:1", [where(e, "act")]), "no act gave"),
        (lambda e: admitted(e, "power:1", [where(e, "act")]), "no act gave"),
        (lambda e: admitted(e, "own wish", []), "not a member's own to choose"),
        (lambda e: admitted(e, "founding", []), "after the first proposal"),
        (lambda e: admitted(e, "because", []), "no known reason"),
        (lambda e: admitted(e, "account deleted", []), "does not give"),
        (lambda e: changed(e, where(e, "member", 4), standing="paused"), "no act gave"),
        (lambda e: changed(e, where(e, "member", 4), member="member:0123456789abcdef"), "no act gave"),
        (lambda e: last_standing(e, standing="lapsed"), "not a member's own to choose"),
        (lambda e: last_standing(e, member="member:0123456789abcdef"), "not a member's own to choose"),
        (lambda e: without(e, where(e, "endorsement")), "fewer members have endorsed"),
        (lambda e: added(e, where(e, "endorsement"), *copied(e, "endorsement")), "no draft"),
        (opened_early, "before it could be discussed"),
    ],
)
async def test_what_does_not_follow_is_found(history: Coop, forge: Forgery, message: str) -> None:
    report = await check(signed(forge(entries_of(await history.files())), await signer(history)))
    assert any(re.search(message, problem) for problem in report.problems), report.problems


def copied(entries: Entries, type: str) -> tuple[dict[str, object], list[int]]:
    entry = entries[where(entries, type)]
    body, refs = entry["body"], entry["refs"]
    assert isinstance(body, dict)
    assert isinstance(refs, list)
    return body, refs


async def test_a_member_written_in_by_the_server_alone_is_found(history: Coop) -> None:
    async with history.db.write() as tx:
        body = {"member": "member:0123456789abcdef", "standing": "good", "because": "proposal:1"}
        await ledger.append(tx, "member", body=body)
    [problem] = (await history.verified()).problems
    assert "a standing that no act gave" in problem


async def test_a_rule_that_changed_meanwhile_has_its_gates_kept(history: Coop) -> None:
    """The vote waits for what the rule of the day asks, not the rule of the day on which it was proposed."""
    made = await history.propose("ann", "Another office", kind="role")
    await endorsed(history, made.id, "bob", "cem")
    stricter = GATED.replace("endorsements = 2", "endorsements = 3").replace(
        '"10 minutes" }\n[rules.r', '"20 minutes" }\n[rules.r'
    )
    async with history.db.write() as tx:
        await adopt(tx, read(stricter), because="proposal:1")
    await history.pass_time(minutes=11)
    assert (await history.see(made, "ann")).state == "draft", "one more has to endorse it"
    await endorsed(history, made.id, "ann")
    assert (await history.see(made, "ann")).state == "discussion"
    await history.pass_time(minutes=19)
    assert (await history.see(made, "ann")).state == "discussion"
    await history.pass_time(minutes=2)
    assert (await history.see(made)).state == "open"


async def test_what_only_moderators_propose_needs_the_mandate(history: Coop) -> None:
    async with history.db.write() as tx:
        await accounts.set_role(tx, history.people["ann"].id, "admin")
    with pytest.raises(NotAllowed, match="only moderators"):
        await history.propose("ann", "Money", kind="budget")
    act = {"type": "grant_mandate", "account": "bob", "office": "moderator", "term": "9 days"}
    granted = await history.propose("ann", "Bob", acts=[act])
    await endorsed(history, granted.id, "bob", "cem")
    await history.pass_time(minutes=11)
    await history.vote("ann", granted, "agree")
    await history.pass_time(minutes=6)
    assert (await history.propose("bob", "Money", kind="budget")).state == "open"
    entries = entries_of(await history.files())
    nth = sum(entry["type"] == "proposal" for entry in entries) - 1
    entries[where(entries, "proposal", nth)] |= {"actor": entries[where(entries, "proposal")]["actor"]}
    problems = (await check(signed(entries, await signer(history)))).problems
    assert any("only moderators propose" in problem for problem in problems), problems


@pytest.mark.parametrize(
    ("share", "eligible", "needed"), [("50%", 5, 3), ("1/20", 1400, 70), ("5%", 0, 0), ("", 9, 2)]
)
def test_a_share_is_rounded_up(share: str, eligible: int, needed: int) -> None:
    assert Gates(endorsements=0 if share else 2, endorsement_share=share).endorsements_of(eligible) == needed


async def test_a_probation_ends_by_itself_when_its_time_is_over(db: Database) -> None:
    coop = await Coop(db).found(
        GATED.replace('summary = "For tests."', 'summary = "."\nprobation = "30 days"')
    )
    await coop.join("ann")
    await coop.join("zoe", standing="probation")
    tend = partial(jobs.tend_ledger, jobs.Governance(db, coop.config), TendLedger())

    async def standing() -> str:
        async with db.read() as tx:
            return (await member(tx, coop.people["zoe"].id)).standing

    clock.advance(seconds=29 * 86_400)
    await tend()
    assert await standing() == "probation"
    early = entries_of(await coop.files())
    clock.advance(seconds=86_400)
    for _ in range(2):
        await tend()
        assert await standing() == "good"
    report = await coop.verified()
    assert (report.problems, report.entries["member"]) == ([], 3), "once"
    files = await coop.files()
    async with db.read() as tx:
        assert await reconcile.drift(tx, report) == []
    told = entries_of(files)[where(entries_of(files), "member", 2)]
    problems = (
        await check(signed([*early, told | {"time": early[-1]["time"]}], await signer(coop)))
    ).problems
    assert any("before its time" in problem for problem in problems), problems


async def test_without_a_time_a_probation_lasts(history: Coop) -> None:
    await history.join("eve", standing="probation")
    clock.advance(seconds=999 * 86_400)
    async with history.db.write() as tx:
        assert await members.end_probations(tx) == 0
