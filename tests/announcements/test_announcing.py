"""What the server says to all members: who sees it, for how long, what they put on it, and live."""

from pathlib import Path
from typing import Any

import pytest

from fedcoop import announcements, clock
from fedcoop.announcements.emoji import is_emoji
from fedcoop.cli import main
from fedcoop.errors import Invalid
from tests.streaming.listening import events
from tests.words import Person, Server

PATH = "/api/v1/announcements"


async def say(server: Server, text: str, **more: Any) -> str:
    async with server.db.write() as tx:
        made = await announcements.announce(tx, server.config, text, **more)
    await server.settle()
    return str(made.id)


async def seen(person: Person, **params: Any) -> list[str]:
    return [each["id"] for each in await person.get(PATH, **params)]


async def test_members_see_it_and_strangers_do_not(server: Server) -> None:
    alice = await server.joins("alice")
    id_ = await say(server, "We meet on Friday. @alice brings #cake, see https://coop.example/agenda")
    (shown,) = await alice.get(PATH)
    assert shown["id"] == id_
    assert (shown["read"], shown["reactions"], shown["all_day"]) == (False, [], False)
    assert 'href="https://coop.example/agenda"' in shown["content"]
    assert [each["id"] for each in shown["mentions"]] == [alice.id]
    assert [each["name"] for each in shown["tags"]] == ["cake"]
    await server.anybody.get(PATH, expect=401)


async def test_what_is_dismissed_is_shown_only_when_asked_for(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    id_ = await say(server, "hello")
    await alice.post(f"{PATH}/{id_}/dismiss")
    await alice.post(f"{PATH}/{id_}/dismiss")
    assert await seen(alice) == []
    (shown,) = await alice.get(PATH, with_dismissed="true")
    assert shown["read"] is True
    assert await seen(bob) == [id_]
    await alice.post(f"{PATH}/1/dismiss", expect=404)
    reader = await server.joins("reader", scopes="read")
    await reader.post(f"{PATH}/{id_}/dismiss", expect=403)


async def test_it_ends_when_it_is_over_and_when_it_is_withdrawn(server: Server) -> None:
    alice = await server.joins("alice")
    soon = clock.now() + clock.HOUR
    over = await say(server, "today", starts_at=clock.now(), ends_at=soon, all_day=True)
    stays = await say(server, "always")
    assert await seen(alice) == [stays, over]
    shown = (await alice.get(PATH))[1]
    assert (shown["all_day"], shown["ends_at"]) == (True, clock.iso(soon))
    clock.advance(seconds=3601)
    assert await seen(alice, with_dismissed="true") == [stays]
    async with server.db.write() as tx:
        await announcements.withdraw(tx, int(stays))
    assert await seen(alice) == []


async def test_members_put_emoji_on_it(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    id_ = await say(server, "hello")
    await alice.put(f"{PATH}/{id_}/reactions/🎉")
    await alice.put(f"{PATH}/{id_}/reactions/🎉")
    await bob.put(f"{PATH}/{id_}/reactions/🎉")
    await bob.put(f"{PATH}/{id_}/reactions/👩‍🚀")
    assert (await alice.get(PATH))[0]["reactions"] == [
        {"name": "🎉", "count": 2, "me": True},
        {"name": "👩‍🚀", "count": 1, "me": False},
    ]
    await bob.delete(f"{PATH}/{id_}/reactions/👩‍🚀")
    await bob.delete(f"{PATH}/{id_}/reactions/👩‍🚀", expect=404)
    assert len((await bob.get(PATH))[0]["reactions"]) == 1
    for nonsense in ("hello", "🎉🎉", "a🎉", ":cat:"):
        await alice.put(f"{PATH}/{id_}/reactions/{nonsense}", expect=422)
    for emoji in "🍎🍏🍐🍊🍋🍌🍉":
        await alice.put(f"{PATH}/{id_}/reactions/{emoji}")
    await alice.put(f"{PATH}/{id_}/reactions/🍇", expect=422)
    await bob.put(f"{PATH}/{id_}/reactions/🍎")
    await alice.put(f"{PATH}/1/reactions/🎉", expect=404)


async def test_it_is_told_to_those_who_listen(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    async with events(alice, "user") as stream:
        id_ = await say(server, "hello")
        event, announced = await stream.next()
        assert (event, announced["id"]) == ("announcement", id_)
        assert "read" not in announced
        await bob.put(f"{PATH}/{id_}/reactions/🎉")
        reaction = {"name": "🎉", "count": 1, "announcement_id": id_}
        assert await stream.next() == ("announcement.reaction", reaction)
        async with server.db.write() as tx:
            await announcements.withdraw(tx, int(id_))
        await server.settle()
        event, gone = await stream.next()
        assert (event, str(gone)) == ("announcement.delete", id_)


async def test_nonsense_is_not_announced(server: Server) -> None:
    alice = await server.joins("alice")
    now = clock.now()
    nonsense: list[tuple[str, dict[str, int]]] = [
        ("  ", {}),
        ("x" * 10_001, {}),
        ("x", {"ends_at": now - 1}),
        ("x", {"starts_at": now + 100_000, "ends_at": now + 50_000}),
    ]
    for text, more in nonsense:
        with pytest.raises(Invalid):
            await say(server, text, **more)
    assert await seen(alice) == []


async def test_a_page_costs_the_same_for_one_and_for_many(server: Server, statements: list[str]) -> None:
    alice = await server.joins("alice")

    async def cost() -> int:
        statements.clear()
        await alice.get(PATH)
        return len(statements)

    await alice.put(f"{PATH}/{await say(server, 'one')}/reactions/🎉")
    few = await cost()
    for number in range(9):
        await alice.put(f"{PATH}/{await say(server, str(number))}/reactions/🎉")
    assert await cost() == few


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("🎉", True), ("❤", True), ("❤️", True), ("👍🏽", True), ("🇫🇷", True), ("1️⃣", True), ("👩‍👩‍👧", True),
        ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", True), ("©", True), ("", False), ("a", False), ("1", False), ("🇫", False), ("🎉🎉", False),
        ("🎉a", False), ("\u200d", False), ("🎉\u200d", False), ("\ufe0f", False),
        ("🎉" * 30, False), ("<", False),
    ],
)  # fmt: skip
def test_what_is_one_emoji(text: str, expected: bool) -> None:
    assert is_emoji(text) is expected


def test_the_command_line_says_it_lists_it_and_takes_it_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main(["init", "--domain", "coop.test", *data]) == 0
    capsys.readouterr()
    assert main(["announcement", "create", "We meet", "--ends", "2100-01-01", *data]) == 0
    id_, _, words = capsys.readouterr().out.partition(":")
    assert "shown to all members until 2100-01-01" in words
    assert main(["announcement", "create", "x", "--ends", "tomorrow", *data]) == 1
    assert "is no time" in capsys.readouterr().err
    assert main(["announcement", "list", *data]) == 0
    assert f"{id_}  " in capsys.readouterr().out
    assert main(["announcement", "delete", id_, *data]) == 0
    assert main(["announcement", "delete", id_, *data]) == 1
    capsys.readouterr()
    assert main(["announcement", "list", *data]) == 0
    assert capsys.readouterr().out == "Nothing is announced.\n"
