"""Whoever changes the record is found out: by the files alone, even when the forger has the key and signs
anew."""

import base64
from collections.abc import Callable

import pytest
from sqlalchemy import text

from fedcoop import domains
from fedcoop.db import Database, statement
from moderation import reconcile
from moderation.ledger import merkle, queries, tiles
from moderation.ledger.canonical import canonical, read_canonical
from moderation.ledger.notes import Checkpoint, Signer, open_checkpoint
from moderation.ledger.verify import Report, verify
from tests.keys import VAULT
from tests.moderation.world import Coop

Files = dict[str, bytes]
Entries = list[dict[str, object]]


@pytest.fixture
async def db(sqlite_url: str) -> object:
    """The files are the same from both databases; one will do here."""
    database = Database(sqlite_url, vault=VAULT)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def history(coop: Coop) -> Coop:
    """A co-operative with one decided vote, one failed, one open."""
    await coop.join("ann", "bob", "cem", "dee")
    first = await coop.suspend_spam("ann")
    await coop.vote("ann", first, "disagree")
    await coop.vote("bob", first, "agree")
    await coop.vote("ann", first, "agree")
    await coop.vote("cem", first, "agree", "Enough.")
    await coop.pass_time(minutes=6)
    failed = await coop.propose("bob", "Nothing")
    await coop.vote("dee", failed, "block", "No.")
    await coop.pass_time(minutes=6)
    running = await coop.propose("bob", "Anything")
    await coop.vote("dee", running, "agree")
    return coop


async def check(files: Files, **more: object) -> Report:
    async def get(path: str) -> bytes:
        return files[path]

    return await verify(get, **more)  # type: ignore[arg-type]


async def signer(coop: Coop) -> Signer:
    async with coop.db.read() as tx:
        log = await tx.one(queries.LOG)
    assert log is not None
    return log.signer(coop.db.vault)


def entries_of(files: Files) -> Entries:
    texts = [text for path in sorted(files) if "entries" in path for text in tiles.unpack(files[path])]
    return [read_canonical(text) for text in texts]


def signed(entries: Entries, key: Signer) -> Files:
    """A whole log made anew from entries, as a forger with the key would."""
    texts = [canonical(entry) for entry in entries]
    leaves = [merkle.leaf_hash(text) for text in texts]
    files = {
        bundle.path: tiles.pack(texts[bundle.start : bundle.start + bundle.width])
        for bundle in tiles.bundles_of(len(texts))
    }
    for tile in tiles.tiles_of(len(texts)):
        assert tile.level == 0, "the test's logs are short"
        files[tile.path] = b"".join(leaves[tile.start : tile.start + tile.width])
    checkpoint = Checkpoint(key.name, len(texts), merkle.root(leaves))
    return files | {"checkpoint": key.sign(checkpoint.text).encode()}


def where(entries: Entries, type: str, nth: int = 0) -> int:
    return [index for index, entry in enumerate(entries) if entry["type"] == type][nth]


def without(entries: Entries, index: int) -> Entries:
    """The entries but one, with the places that others refer to moved along."""
    kept = [dict(entry) for at, entry in enumerate(entries) if at != index]
    for entry in kept:
        refs = entry["refs"]
        assert isinstance(refs, list)
        entry["refs"] = [ref - (ref > index) for ref in refs if ref != index]
        body = entry["body"]
        if entry["type"] == "tally" and isinstance(body, dict):
            entry["body"] = body | {"from": body["from"] - (body["from"] > index)}
    return kept


async def test_an_honest_record_is_sound(history: Coop) -> None:
    files = await history.files()
    report = await check(files)
    assert report.problems == []
    assert report.sound
    assert report.entries["ballot"] == 6
    assert [(recount.number, recount.agrees) for recount in report.recounts] == [(1, True), (2, True)]
    assert report.restrictions == {"spam.example": "suspend"}
    again = await check(signed(entries_of(files), await signer(history)))
    assert again.problems == []


async def test_every_changed_byte_is_found(history: Coop) -> None:
    files = await history.files()
    vkey = (await signer(history)).verifier.vkey
    for path, content in files.items():
        for at in range(0, len(content), max(1, len(content) // 200)):
            changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
            report = await check(files | {path: changed}, vkey=vkey)
            assert report.problems, f"byte {at} of {path}"


async def test_a_changed_entry_in_the_database_is_found(history: Coop) -> None:
    report = await history.verified()
    assert report.problems == []
    async with history.db.write() as tx:
        index = await tx.scalar(queries.LATEST_OF_TYPE, type="ballot")
        entry = bytes(await tx.scalar(queries.ENTRY, position=index))
        await tx.execute(
            statement(text("UPDATE ledger_entries SET entry = :entry WHERE position = :at")),
            entry=entry.replace(b'"choice":"agree"', b'"choice":"block"'),
            at=index,
        )
    async with history.db.read() as tx:
        report = await reconcile.verify_local(tx)
    assert any(f"Entry {index} is not what its hash" in problem for problem in report.problems)


async def test_a_dropped_ballot_is_found_even_when_all_is_signed_anew(history: Coop) -> None:
    files = await history.files()
    key = await signer(history)
    entries = entries_of(files)
    for nth in range(4):
        index = where(entries, "ballot", nth)
        report = await check(signed(without(entries, index), key))
        assert any("tally" in problem or "ballot" in problem for problem in report.problems), nth
    first = open_checkpoint(files["checkpoint"].decode(), key.verifier)
    report = await check(signed(without(entries, where(entries, "ballot", 5)), key), known=[first])
    assert any("lost entries" in problem for problem in report.problems)


async def test_a_ballot_dropped_from_the_database_before_the_count_is_found(history: Coop) -> None:
    async with history.db.write() as tx:
        await tx.execute(
            statement(
                text("DELETE FROM ballots WHERE ledger_index = (SELECT max(ledger_index) FROM ballots)")
            )
        )
    await history.pass_time(minutes=6)
    report = await history.verified()
    assert len(report.problems) == 1
    assert "says “Failed: nobody voted.”, but its ballots give “Passed: 1 agree" in report.problems[0]
    assert [recount.agrees for recount in report.recounts] == [True, True, False]


async def test_a_reordered_entry_is_found_even_when_all_is_signed_anew(history: Coop) -> None:
    files = await history.files()
    key = await signer(history)
    entries = entries_of(files)
    for one in range(1, len(entries) - 1):
        swapped = list(entries)
        swapped[one], swapped[one + 1] = swapped[one + 1], swapped[one]
        report = await check(
            signed(swapped, key), known=[open_checkpoint(files["checkpoint"].decode(), key.verifier)]
        )
        assert report.problems, f"entries {one} and {one + 1}"
    # The changed ballot before the one it replaces: no earlier checkpoint is needed to see that.
    early, late = where(entries, "ballot", 0), where(entries, "ballot", 2)
    swapped = list(entries)
    swapped[early], swapped[late] = entries[late], entries[early]
    report = await check(signed(swapped, key))
    assert any("a ballot out of order" in problem or "older than" in problem for problem in report.problems)


async def test_an_act_without_a_passed_proposal_is_found(history: Coop) -> None:
    key = await signer(history)
    entries = entries_of(await history.files())
    failed = entries[where(entries, "tally", 1)]
    act = entries[where(entries, "act")]
    assert isinstance(failed["body"], dict)
    assert isinstance(act["body"], dict)
    body = act["body"] | {"proposal": failed["body"]["proposal"]}
    time = entries[-1]["time"]
    for refs in ([where(entries, "tally", 1)], [where(entries, "tally", 0)], []):
        forged = [*entries, act | {"body": body, "refs": refs, "time": time}]
        report = await check(signed(forged, key))
        assert any("an act without a passed proposal" in problem for problem in report.problems)
    forged = [*entries, act | {"time": time}]
    report = await check(signed(forged, key))
    assert any("carried out twice" in problem for problem in report.problems)


async def test_an_act_in_the_database_alone_is_drift(history: Coop) -> None:
    async with history.db.write() as tx:
        await domains.restrict(tx, "rival.example", severity="suspend", because="admin")
        await domains.lift(tx, "spam.example", because="admin")
    report = await history.verified()
    assert report.problems == []
    async with history.db.read() as tx:
        assert await reconcile.drift(tx, report) == [
            "rival.example is restricted (suspend), but no act in the ledger says so.",
            "The ledger says suspend for spam.example, but it is not restricted.",
        ]


Forgery = Callable[[Entries], Entries]


def changed(entries: Entries, index: int, **body: object) -> Entries:
    copy = list(entries)
    before = copy[index]["body"]
    assert isinstance(before, dict)
    copy[index] = copy[index] | {"body": before | body}
    return copy


@pytest.mark.parametrize(
    ("forge", "message"),
    [
        (lambda e: changed(e, where(e, "ballot", 1), choice="perhaps"), "is no option"),
        (lambda e: changed(e, where(e, "ballot", 1), position=0, path=[]), "outside the electorate"),
        (lambda e: changed(e, where(e, "ballot", 3), choice="abstain"), "but its ballots give"),
        (lambda e: changed(e, where(e, "tally", 1), passed=True), "but its ballots give"),
        (
            lambda e: changed(e, where(e, "proposal_opened"), closes_at="2020-01-01T00:00:00.000Z"),
            "the window",
        ),
        (lambda e: changed(e, where(e, "act"), inverse=None), "another state"),
        (lambda e: changed(e, where(e, "proposal"), acts=[]), "carried out twice|cannot be read"),
        (lambda e: changed(e, where(e, "constitution"), rules={}), "cannot be read"),
        (lambda e: without(e, where(e, "act")), "1 of its acts were not carried out"),
        (lambda e: [*e, e[where(e, "constitution")] | {"time": e[-1]["time"]}], "no act put"),
        (lambda e: [*e, e[-1] | {"type": "coup"}], "does not know"),
        (lambda e: [*e, e[0] | {"time": e[-1]["time"]}], "only once"),
        (lambda e: [*e, e[-1] | {"refs": [len(e) + 5]}], "not before it"),
        (lambda e: [*e, e[-1] | {"time": "2020-01-01T00:00:00.000Z"}], "older than"),
        (lambda e: [*e, e[-1] | {"body": {}}], "cannot be read"),
        (lambda e: [*e, {"hello": "world"}], "is no entry"),
        (lambda e: [*e, e[-1] | {"v": 2}], "is no entry"),
    ],
)
async def test_what_does_not_follow_is_said_with_its_place(
    history: Coop, forge: Forgery, message: str
) -> None:
    import re

    report = await check(signed(forge(entries_of(await history.files())), await signer(history)))
    assert any(re.search(message, problem) for problem in report.problems), report.problems


async def test_a_rule_that_is_not_the_constitutions_is_found(history: Coop) -> None:
    entries = entries_of(await history.files())
    index = where(entries, "proposal_opened")
    body = entries[index]["body"]
    assert isinstance(body, dict)
    report = await check(
        signed(changed(entries, index, rule=body["rule"] | {"passes": "true"}), await signer(history))
    )
    assert any("the rule is not the constitution's for federation" in problem for problem in report.problems)


async def test_a_fork_shown_to_two_auditors_is_found_when_they_compare(history: Coop) -> None:
    key = await signer(history)
    files = await history.files()
    seen = open_checkpoint(files["checkpoint"].decode(), key.verifier)
    entries = entries_of(files)
    fork = signed(changed(entries, len(entries) - 1, choice="abstain"), key)
    assert (await check(fork)).problems == [], "alone, the fork looks right"
    report = await check(fork, known=[seen])
    assert any("a fork" in problem for problem in report.problems)


async def test_growing_is_no_fork(history: Coop) -> None:
    key = await signer(history)
    seen = open_checkpoint((await history.files())["checkpoint"].decode(), key.verifier)
    await history.pass_time(minutes=6)
    assert (await check(await history.files(), known=[seen])).problems == []


async def test_another_key_is_found(history: Coop) -> None:
    files = await history.files()
    stranger = Signer("coop.example/ledger", bytes(32))
    report = await check(signed(entries_of(files), stranger), vkey=stranger.verifier.vkey)
    assert any("names another key" in problem for problem in report.problems)
    report = await check(files, vkey=stranger.verifier.vkey)
    assert any("not signed as it should be" in problem for problem in report.problems)
    report = await check(signed(entries_of(files), stranger))
    assert any("not signed as it should be" in problem for problem in report.problems)


async def test_missing_and_broken_files_are_said(history: Coop) -> None:
    files = await history.files()
    tile = next(path for path in files if path.startswith("tile/0"))
    bundle = next(path for path in files if "entries" in path)
    for broken in (
        {tile: files[tile][:-1]},
        {tile: files[tile][:-32]},
        {bundle: files[bundle][:-1]},
        {bundle: b""},
        {tile: b""},
        {"checkpoint": b""},
        {"checkpoint": b"coop.example/ledger\n3\nAAAA\n"},
    ):
        assert (await check(files | broken)).problems
    for path in files:
        kept = {each: content for each, content in files.items() if each != path}
        assert f"{path} is missing." in (await check(kept)).problems
    assert base64.b64decode((await check(files)).root)
