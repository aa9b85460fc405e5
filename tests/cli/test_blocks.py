"""Lists of restricted servers as files: what is written, and what a list from elsewhere becomes (J4)."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from fedcoop import domains
from fedcoop.cli import main
from fedcoop.config import Config, load
from fedcoop.db import opened
from fedcoop.domains.types import Severity

LIST = """\
#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate
bad.example,suspend,true,true,"spam, and more of it",true
loud.example,silence,true,false,,false
coop.example,suspend,false,false,that is us,false
example,suspend,false,false,everything,false
fine.example,noop,false,false,,false
"""


@pytest.fixture
def data(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> str:
    folder = str(tmp_path / "data")
    assert main(("init", "--data", folder, "--domain", "coop.example")) == 0
    capsys.readouterr()
    return folder


def restrict(config: Config, domain: str, severity: Severity) -> None:
    async def do() -> None:
        async with opened(config) as db, db.write() as tx:
            await domains.restrict(
                tx, domain, severity=severity, obfuscate=True, public_comment="spam, mostly"
            )

    asyncio.run(do())


def restricted(config: Config) -> list[str]:
    async def ask() -> list[str]:
        async with opened(config) as db, db.read() as tx:
            return [each.domain for each in await domains.all_restrictions(tx)]

    return asyncio.run(ask())


def blocks(*words: str, data: str) -> int:
    return main(("federation", "blocks", *words, "--data", data))


def test_a_list_is_proposed_and_restricts_nobody(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    assert blocks("import", str(path), "--preview", data=data) == 0
    assert "2 servers would be proposed; nothing was changed." in capsys.readouterr().out
    assert blocks("import", str(path), "--title", "Neighbours", data=data) == 0
    assert "2 servers stand in 1 proposal" in capsys.readouterr().out
    assert restricted(load(data)) == []
    main(("proposal", "list", "--data", data))
    told = capsys.readouterr().out
    assert told.count("\n") == 1
    assert "Restrict 2 servers, from the list “Neighbours”" in told


def test_what_holds_already_is_not_proposed_again(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    restrict(load(data), "bad.example", "suspend")
    restrict(load(data), "loud.example", "allow")
    path = tmp_path / "list.csv"
    path.write_text(LIST)
    assert blocks("import", str(path), data=data) == 0
    assert "holds here already" in capsys.readouterr().out


def test_what_was_written_can_be_read_again(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    restrict(load(data), "bad.example", "suspend")
    restrict(load(data), "loud.example", "limit")
    assert blocks("export", data=data) == 0
    assert capsys.readouterr().out.splitlines() == [
        "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate",
        'bad.example,suspend,false,false,"spam, mostly",true',
        'loud.example,silence,false,false,"spam, mostly",true',
    ]
    path = tmp_path / "out.csv"
    assert blocks("export", str(path), data=data) == 0
    capsys.readouterr()
    assert blocks("import", str(path), "--preview", data=data) == 0
    assert capsys.readouterr().out.startswith("0 servers would be proposed")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "There is no server"),
        (b"\xff\xfe", "cannot be read"),
        (b"nothing\nto\nsee\n", "There is no server"),
        (b"x" * 2_000_001, "a list of servers is smaller"),
        ("\n".join(f"s{n}.example" for n in range(1_001)).encode(), "at most 1000 can be proposed"),
    ],
)
def test_what_is_no_list_is_refused_in_a_sentence(
    data: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], text: bytes, words: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(text)
    assert blocks("import", str(path), data=data) == 1
    assert words in capsys.readouterr().err
    main(("proposal", "list", "--data", data))
    assert "There are no proposals" in capsys.readouterr().out
