"""Letters leave through the configured mail server, once, and say so where they cannot."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from fedcoop import clock, mail
from fedcoop.config import Config
from fedcoop.jobs import queries as job_queries
from fedcoop.jobs.types import GiveUp, SendMail
from fedcoop.mail import letters, smtp
from tests.mail.post_office import PostOffice, html_of, post_office, settings, text_of
from tests.words import Server, running

TITLE = "Harbour <Commons>"


@pytest.fixture
async def office() -> AsyncIterator[PostOffice]:
    async with post_office() as made:
        yield made


@pytest.fixture
async def server(database_url: str, tmp_path: Path, office: PostOffice) -> AsyncIterator[Server]:
    async with running(database_url, str(tmp_path), title=TITLE, **settings(office)) as made:
        yield made


async def _reset(server: Server, to: str = "alice@example.test") -> None:
    async with server.db.write() as tx:
        url = "https://coop.test/x?token=abc"
        assert await mail.actions.send(tx, server.config, to, "reset", username="alice", url=url)


async def test_a_letter_has_the_name_of_the_instance_in_text_and_html(
    server: Server, office: PostOffice
) -> None:
    await _reset(server)
    await server.settle()
    (letter,) = office.letters
    assert letter["Subject"] == f"A new password for {TITLE}"
    assert letter["From"].addresses[0].addr_spec == server.config.sender
    assert letter["Auto-Submitted"] == "auto-generated"
    assert TITLE in text_of(letter)
    assert "Harbour &lt;Commons&gt;" in html_of(letter)
    assert office.link("alice@example.test") == "/x?token=abc"


async def test_a_mail_server_that_is_away_gets_the_letter_later(server: Server, office: PostOffice) -> None:
    office.refuses = "451 try later"
    await _reset(server)
    await server.settle()
    assert not office.letters
    office.refuses = ""
    clock.advance(seconds=3600)
    await server.settle()
    assert len(office.letters) == 1


async def test_a_refusal_for_good_is_kept_to_be_seen(server: Server, office: PostOffice) -> None:
    office.refuses = "550 nobody here"
    await _reset(server)
    await server.settle()
    clock.advance(seconds=86400)
    await server.settle()
    assert office.tries == 1
    async with server.db.read() as tx:
        lanes = await tx.all(job_queries.COUNTS, now=clock.now())
    assert {row["lane"]: row["dead"] for row in lanes if row["dead"]} == {"default": 1}


async def test_a_letter_whose_link_is_too_old_is_not_sent(server: Server, office: PostOffice) -> None:
    job = SendMail(to="alice@example.test", letter="reset", values={}, until=clock.now() - 1)
    with pytest.raises(GiveUp, match="in time"):
        await smtp.send(server.config, job)
    assert not office.tries


async def test_without_a_mail_server_nothing_is_queued(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path)) as server, server.db.write() as tx:
        assert not await mail.actions.send(tx, server.config, "a@b.test", "reset", username="a", url="")
    with pytest.raises(GiveUp, match="smtp_host"):
        await smtp.send(Config(), SendMail(to="a@b.test", letter="reset", values={}, until=clock.now() + 1))


def test_every_letter_can_be_written_in_both_forms() -> None:
    values = {
        "username": "eve",
        "url": "https://a.test/?x=1",
        "new_email": "e@a.test",
        "what": "It changed",
        "why": "",
        "text": "",
        "number": "7",
        "proposal": "Meet once a year",
        "closes": "on Sunday",
        "verdict": "It passes: 9 agree.",
        "unsubscribe_url": "https://a.test/quiet",
    }
    names = sorted(path.stem for path in letters.FOLDER.glob("*.txt"))
    assert names
    for name in names:
        job = SendMail(to="eve@a.test", letter=name, values=values, until=0)
        letter = letters.written(Config(title="A\r\nBcc: x@y.test"), job, 1)
        assert "Bcc" not in letter, name
        assert len(str(letter["Subject"]).splitlines()) == 1, name
        assert "@eve@" in text_of(letter).replace("Hello eve", ""), name
        assert "eve" in html_of(letter), name
