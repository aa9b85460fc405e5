"""The command line as an admin types it: what it says, what it leaves behind, and how it refuses."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from fedcoop.cli import main

LONG = "a long enough password"


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = main(words)
    said = capsys.readouterr()
    return code, said.out, said.err


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    folder = str(tmp_path / "data")
    code, _, _ = run(capsys, "init", "--data", folder, "--domain", "coop.example")
    assert code == 0
    return folder


def test_an_instance_is_for_its_owner_alone(data: str) -> None:
    for path in (Path(data), *Path(data).iterdir()):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_second_init_changes_nothing(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = (Path(data) / "config.toml").read_text()
    code, _, error = run(capsys, "init", "--data", data, "--domain", "other.example")
    assert code == 1
    assert "already" in error
    assert (Path(data) / "config.toml").read_text() == before


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--domain", "https://coop.example"), "not a domain name"),
        (("--constitution", "nonsense"), "cannot be read"),
        (("--constitution", "/does/not/exist.toml"), "cannot be read"),
    ],
)
def test_init_refuses_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], sentence: str
) -> None:
    code, _, error = run(capsys, "init", "--data", str(tmp_path / "data"), *words)
    assert code == 1
    assert sentence in error
    assert error.count("\n") == 1
    assert not (tmp_path / "data" / "fedcoop.sqlite3").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("account", "list"),
        ("proposal", "list"),
        ("ledger", "verify"),
        ("federation", "status"),
        ("migrate",),
        ("serve",),
    ],
)
def test_without_an_instance_every_command_says_so_and_makes_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    code, _, error = run(capsys, *words, "--data", str(tmp_path))
    assert code == 1
    assert "fedcoop init" in error
    assert list(tmp_path.iterdir()) == []


def test_an_account_is_made_admitted_and_given_a_new_password(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    create = ("account", "create", "alice", "--email", "alice@coop.example", "--password", LONG)
    assert run(capsys, *create, "--data", data)[0] == 0
    code, _, error = run(capsys, *create, "--data", data)
    assert (code, "taken" in error) == (1, True)
    code, said, _ = run(capsys, "account", "admit", "@alice", "--data", data)
    assert (code, said) == (0, "@alice is member 1.\n")
    assert "already" in run(capsys, "account", "admit", "alice", "--data", data)[2]
    token = run(capsys, "token", "create", "alice", "--data", data)[1].strip()
    assert len(token) > 30
    code, said, _ = run(capsys, "account", "password", "alice", "--password", LONG + "!", "--data", data)
    assert (code, "new password" in said) == (0, True)
    _, said, _ = run(capsys, "account", "list", "--data", data)
    assert said.split()[:2] == ["@alice", "alice@coop.example"]
    assert "good" in said


def test_a_password_that_is_too_short_makes_no_account(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("account", "create", "alice", "--email", "a@coop.example", "--password", "short", "--data", data)
    code, _, error = run(capsys, *words)
    assert (code, "assword" in error) == (1, True)
    assert run(capsys, "account", "list", "--data", data)[1] == ""


@pytest.mark.parametrize("command", ["approve", "admit", "password"])
def test_nobody_of_that_name_is_said(data: str, capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, _, error = run(capsys, "account", command, "nobody", "--data", data)
    assert (code, error) == (1, "fedcoop: There is no account @nobody on this server.\n")


def test_the_ledger_is_sound_from_the_first_moment(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "ledger", "verify", "--data", data)
    assert (code, "Everything fits." in said) == (0, True)


def test_a_row_forged_in_the_database_is_drift(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    import sqlite3

    with sqlite3.connect(Path(data) / "fedcoop.sqlite3") as connection:
        connection.execute(
            "INSERT INTO restricted_domains VALUES ('a.test', 1, 'suspend', 0, 0, 0, '', 'proposal:1', 1)"
        )
    connection.close()
    code, said, _ = run(capsys, "ledger", "verify", "--data", data)
    assert code == 1
    assert "a.test" in said


def test_routes_lists_operations_with_their_scopes(data: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "routes", "--data", data)
    assert code == 0
    assert any(
        line.split() == ["GET", "/api/v1/timelines/home", "read:statuses"] for line in said.splitlines()
    )


def test_an_unknown_setting_is_named(
    data: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FEDCOOP_COLOUR", "green")
    code, _, error = run(capsys, "account", "list", "--data", data)
    assert (code, "FEDCOOP_COLOUR" in error) == (1, True)


def test_the_demo_is_believable_to_an_auditor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "demo")
    assert run(capsys, "demo", "--data", folder, "--domain", "localhost:8080")[0] == 0
    _, said, _ = run(capsys, "proposal", "list", "--data", folder)
    assert [line.split()[1] for line in said.splitlines()] == [
        "discussion", "discussion", "open", "open", "enacted", "failed", "passed", "enacted", "enacted",
    ]  # fmt: skip
    code, said, _ = run(capsys, "ledger", "verify", "--data", folder)
    assert code == 0
    assert "suspend_domain spam.example" in said


def test_what_was_stored_before_there_was_a_search_is_indexed_as_far_as_it_is_not(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "account", "create", "alice", "--email", "a@b.test", "--password", LONG, "--data", data)
    database = sqlite3.connect(Path(data) / "fedcoop.sqlite3")
    kept = "SELECT count(*) FROM fulltext_account_words WHERE fulltext_account_words MATCH 'alice'"
    assert database.execute(kept).fetchone() == (1,)
    database.execute("DELETE FROM account_words")
    database.commit()
    assert database.execute(kept).fetchone() == (0,)
    for words in ((), ("--anew",), ()):
        code, said, _ = run(capsys, "search", "index", *words, "--data", data)
        assert (code, said) == (0, "0 statuses can be found by their words.\n")
        assert database.execute(kept).fetchone() == (1,)
    database.close()


def test_what_could_not_be_processed_is_shown_and_processed_again(
    data: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(capsys, "federation", "replay", "--data", data)[1] == "Everything was processed.\n"
    database = sqlite3.connect(Path(data) / "fedcoop.sqlite3")
    body = '{"kind":"receive_activity","actor_uri":"https://b.test/bob","body":"{\\"type\\":\\"Like\\"}"}'
    database.execute(
        "INSERT INTO jobs (id, kind, lane, body, run_at, attempts, claimed_until, dead_at, last_error, created_at)"
        " VALUES (7, 'receive_activity', 'inbox', ?, 1, 8, 0, 1000, 'broken', 1)",
        (body,),
    )
    database.commit()
    said = run(capsys, "federation", "replay", "--data", data)[1]
    assert "7  1970-01-01T00:00:01  Like from https://b.test/bob  broken" in said
    code, _, error = run(capsys, "federation", "replay", "8", "--data", data)
    assert (code, error) == (1, "fedcoop: No job 8 was given up.\n")
    assert run(capsys, "federation", "replay", "7", "--data", data)[0] == 0
    assert database.execute("SELECT dead_at, attempts FROM jobs WHERE id = 7").fetchone() == (None, 0)
    database.close()
