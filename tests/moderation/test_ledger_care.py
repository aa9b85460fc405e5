"""Looking after the record: a new key, erased words, copies in a folder, and what is done without its knowing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fedcoop import domains
from fedcoop.cli import main
from fedcoop.db import Database
from moderation import reconcile
from moderation.ledger import actions, queries, serve
from moderation.ledger.notes import Signer
from tests.keys import VAULT
from tests.moderation import stranger
from tests.moderation.test_verify import check, entries_of, signed, signer
from tests.moderation.world import Coop


@pytest.fixture
async def db(sqlite_url: str) -> object:
    """The files are the same from both databases; one will do here."""
    database = Database(sqlite_url, vault=VAULT)
    await database.open()
    yield database
    await database.close()


async def rotated(coop: Coop) -> tuple[Signer, Signer]:
    old = await signer(coop)
    async with coop.db.write() as tx:
        await actions.rotate_key(tx)
    return old, await signer(coop)


async def test_a_new_key_is_endorsed_by_the_old_one(coop: Coop) -> None:
    await coop.join("ann")
    old, new = await rotated(coop)
    assert old.verifier.vkey != new.verifier.vkey
    files = await coop.files()
    for vkey in (None, old.verifier.vkey, new.verifier.vkey):
        report = await check(files, vkey=vkey)
        assert report.problems == []
        assert report.vkey == new.verifier.vkey
    # The checkpoint that has the change is signed by both, later ones by the new key alone.
    assert files["checkpoint"].decode().count(f"— {old.name} ") == 2
    await coop.join("bob")
    later = await coop.files()
    assert later["checkpoint"].decode().count(f"— {old.name} ") == 1
    for vkey in (None, old.verifier.vkey, new.verifier.vkey):
        assert (await check(later, vkey=vkey)).problems == []


async def test_a_key_that_the_old_one_does_not_endorse_is_found(coop: Coop) -> None:
    await coop.join("ann")
    _, new = await rotated(coop)
    thief = Signer(new.name, bytes(32))
    entries = entries_of(await coop.files())
    change = next(entry for entry in entries if entry["type"] == "key_changed")
    assert isinstance(change["body"], dict)
    change["body"]["key"] = thief.verifier.vkey
    for key in (thief, new):
        assert (await check(signed(entries, key))).problems, key
    # Nor does somebody who has the old key alone go on signing.
    old_key_again = signed(entries_of(await coop.files()), thief)
    assert any("not signed" in problem for problem in (await check(old_key_again)).problems)


async def test_go_believes_the_log_under_its_new_key(coop: Coop, tmp_path: Path, program: Path) -> None:
    await coop.join("ann")
    _, new = await rotated(coop)
    await coop.join("bob")
    files = await coop.files()
    for path, content in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_bytes(content)
    async with coop.db.read() as tx:
        (tmp_path / "entry").write_bytes(await serve.raw(tx, 2))
    believed, said = stranger.check(program, tmp_path, new.verifier.vkey, 2)
    assert believed, said


async def test_erasing_words_is_an_entry_and_leaves_the_log_whole(coop: Coop) -> None:
    await coop.join("ann", "bob")
    proposal = await coop.propose("ann", "A title", body="My neighbour at number 5 is a thief.")
    await coop.vote("bob", proposal, "agree", "I live at number 7.")
    async with coop.db.read() as tx:
        ballot = await tx.scalar(queries.LATEST_OF_TYPE, type="ballot")
        made = await tx.scalar(queries.LATEST_OF_TYPE, type="proposal")
    async with coop.db.write() as tx:
        for index in (ballot, made):
            await actions.erase_words(tx, index, because="personal data of a third person")
    shown = await coop.see(proposal, "ann")
    assert "number 5" not in shown.html + shown.body
    report = await coop.verified()
    assert report.problems == []
    assert report.entries["words_erased"] == 2
    async with coop.db.read() as tx:
        assert [words.words for words in await tx.all(queries.WORDS, positions=[ballot, made])] == [
            None,
            None,
        ]
        [entry, _] = await serve.entries(tx, types=("words_erased",))
    assert entry.refs == (made,)


async def test_what_the_server_does_without_the_ledger_is_written_into_it_once(coop: Coop) -> None:
    await coop.join("ann")
    async with coop.db.write() as tx:
        assert await reconcile.record_drift(tx) == []
        await domains.restrict(tx, "quiet.example", severity="suspend")
    for _ in range(2):
        async with coop.db.write() as tx:
            assert len(await reconcile.record_drift(tx)) == 1
    async with coop.db.write() as tx:
        [told] = await serve.entries(tx, types=("drift",))
        assert "quiet.example is restricted" in told.body["found"][0]
        await domains.lift(tx, "quiet.example", because="test")
        assert await reconcile.record_drift(tx) == []
        [now, before] = await serve.entries(tx, types=("drift",))
    assert (now.body["found"], before.index) == ([], told.index)
    assert (await coop.verified()).problems == []


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    code = main(words)
    said = capsys.readouterr()
    return code, said.out + said.err


def test_copies_in_a_folder_can_be_checked_and_remembered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, folder, kept = str(tmp_path / "data"), tmp_path / "copies", str(tmp_path / "checkpoint")
    assert run(capsys, "init", "--data", data, "--domain", "coop.example")[0] == 0
    assert run(capsys, "ledger", "export", str(folder), "--data", data)[0] == 0
    code, said = run(capsys, "ledger", "verify", str(folder), "--remember", kept)
    assert (code, "Everything fits." in said) == (0, True)
    first = Path(kept).read_text()
    assert run(capsys, "ledger", "rotate-key", "--data", data)[0] == 0
    assert run(capsys, "ledger", "export", str(folder), "--data", data)[0] == 0
    assert run(capsys, "ledger", "verify", str(folder), "--remember", kept)[0] == 0
    assert Path(kept).read_text() != first

    # Another history of the same log, however well it is signed.
    other = str(tmp_path / "other")
    assert run(capsys, "init", "--data", other, "--domain", "coop.example")[0] == 0
    code, said = run(capsys, "ledger", "verify", "--remember", kept, "--data", other)
    assert code == 1
    assert "lost entries" in said or "a fork" in said


def test_the_ledger_commands_refuse_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "data")
    assert run(capsys, "init", "--data", data, "--domain", "coop.example")[0] == 0
    for words in (
        ("erase", "0", "--because", "x"),
        ("erase", "999", "--because", "x"),
        ("witness", "https://a.example", "--key", "nonsense"),
        ("watch", "https://a.example", "--key", "nonsense"),
        ("dismiss", "nobody"),
        ("unwatch", "nobody"),
        ("verify", "--witness", "nonsense"),
    ):
        code, said = run(capsys, "ledger", *words, "--data", data)
        assert code == 1, words
        assert said.count("\n") == 1, said
    code, said = run(capsys, "ledger", "witnesses", "--data", data)
    assert code == 0
    assert "Nobody signs" in said
