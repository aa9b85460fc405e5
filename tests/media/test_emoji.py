"""Custom emoji: made on the command line, written by members, seen here and elsewhere."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from fedcoop import announcements, clock
from fedcoop.cli import _parser
from fedcoop.errors import Problem
from tests.media.drawing import animation, fetched, on_disk, picture, seen
from tests.words import Server


async def _types(server: Server, *words: str) -> int:
    """What whoever runs this server types after `fedcoop emoji`."""
    args = _parser().parse_args(["emoji", *words, "--data", server.config.data])
    return await args.run(server.config, args) or 0


def _file(folder: Path, name: str, data: bytes) -> str:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data)
    return str(folder / name)


async def _adds(server: Server, tmp_path: Path, name: str, data: bytes, *more: str) -> None:
    assert await _types(server, "add", name, _file(tmp_path / "drawn", "e.png", data), *more) == 0


async def test_members_choose_from_what_was_added(server: Server, tmp_path: Path) -> None:
    await _adds(server, tmp_path, "cat", picture("PNG", (300, 200), "RGBA"), "--category", "Animals")
    await _adds(server, tmp_path, "secret", picture("PNG"), "--hidden")
    await _adds(server, tmp_path, "wave", animation("GIF"))
    found = {each["shortcode"]: each for each in await server.anybody.get("/api/v1/custom_emojis")}
    assert list(found) == ["secret", "wave", "cat"]
    assert (found["cat"]["category"], found["cat"]["visible_in_picker"]) == ("Animals", True)
    assert (found["secret"]["category"], found["secret"]["visible_in_picker"]) == (None, False)
    shown = seen((await fetched(server, found["cat"]["url"]))[0])
    assert (shown.format, shown.size) == ("PNG", (128, 85))
    moving, still = [seen((await fetched(server, found["wave"][name]))[0]) for name in ("url", "static_url")]
    assert (getattr(moving, "n_frames", 1), getattr(still, "n_frames", 1)) == (3, 1)


async def test_texts_show_the_emoji_they_name(server: Server, tmp_path: Path) -> None:
    for name in ("cat", "dog", "owl"):
        await _adds(server, tmp_path, name, picture("PNG"))
    alice = await server.joins("alice")
    status = await alice.says(
        "meow :cat: :none: a:dog:b https://b.test/:dog:x",
        spoiler_text=":owl: warning",
        poll={"options": ["yes :dog:", "no"], "expires_in": 3600},
    )
    assert {each["shortcode"] for each in status["emojis"]} == {"cat", "owl", "dog"}
    assert [each["shortcode"] for each in status["poll"]["emojis"]] == ["dog"]
    await fetched(server, status["emojis"][0]["url"])
    edited = await alice.put(f"/api/v1/statuses/{status['id']}", status="only :owl:")
    assert [each["shortcode"] for each in edited["emojis"]] == ["owl"]
    form = aiohttp.FormData()
    form.add_field("display_name", "Alice :cat:")
    form.add_field("note", "I like :owl:")
    form.add_field("fields_attributes[0][name]", "pet")
    form.add_field("fields_attributes[0][value]", ":dog:")
    own = (await alice.ask("PATCH", "/api/v1/accounts/update_credentials", data=form)).body
    assert {each["shortcode"] for each in own["emojis"]} == {"cat", "owl", "dog"}
    assert [each["emojis"] for each in await server.anybody.get(f"/api/v1/accounts/{alice.id}/statuses")]


async def test_on_pages_emoji_are_pictures_in_words_and_never_in_addresses(
    server: Server, tmp_path: Path
) -> None:
    await _adds(server, tmp_path, "cat", picture("PNG"))
    alice = await server.joins("alice", display_name="<b> :cat:")
    status = await alice.says(
        "look :cat: https://b.test/:cat:/x",
        spoiler_text="<i> :cat:",
        poll={"options": ["<u> :cat:", "no"], "expires_in": 3600},
    )
    page = (await fetched(server, status["url"], Accept="text/html"))[0].decode()
    picture_of_cat = f'<img class="emoji" src="{status["emojis"][0]["url"]}" alt=":cat:"'
    for words in ("&lt;b&gt; ", "&lt;i&gt; ", "&lt;u&gt; ", "look "):
        assert words + picture_of_cat in page
    assert 'href="https://b.test/:cat:/x"' in page


async def test_emoji_are_seen_on_other_servers(server: Server, other: Server, tmp_path: Path) -> None:
    await _adds(server, tmp_path, "cat", picture("PNG"))
    alice, bob = await server.joins("alice", display_name="Alice :cat:"), await other.joins("bob")
    status = await alice.says("meow :cat:", poll={"options": [":cat:", "no"], "expires_in": 3600})
    note = (
        await server.anybody.ask("GET", status["uri"], headers={"Accept": "application/activity+json"})
    ).body
    tag = next(each for each in note["tag"] if each["type"] == "Emoji")
    assert (tag["name"], tag["icon"]["type"], tag["icon"]["mediaType"]) == (":cat:", "Image", "image/png")
    shown = await bob.sees(status["uri"])
    for emojis in (shown["emojis"], shown["account"]["emojis"], shown["poll"]["emojis"]):
        assert [each["shortcode"] for each in emojis] == ["cat"]
        _, said = await fetched(other, emojis[0]["url"])
        assert said["Content-Type"] == "image/png"
        assert emojis[0]["url"].startswith(other.config.base_url)


async def test_an_emoji_that_was_removed_stays_where_it_was_used(server: Server, tmp_path: Path) -> None:
    await _adds(server, tmp_path, "cat", picture("PNG"))
    alice = await server.joins("alice")
    status = await alice.says("meow :cat:")
    assert await _types(server, "remove", ":cat:") == 0
    clock.advance(seconds=11)
    assert await server.anybody.get("/api/v1/custom_emojis") == []
    await fetched(server, (await alice.get(f"/api/v1/statuses/{status['id']}"))["emojis"][0]["url"])
    assert (await alice.says("again :cat:"))["emojis"] == []
    with pytest.raises(Problem, match="no emoji called :cat:"):
        await _types(server, "remove", "cat")


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a", picture("PNG"), "cannot be an emoji's name"),
        ("a-b", picture("PNG"), "cannot be an emoji's name"),
        ("ünder", picture("PNG"), "cannot be an emoji's name"),
        ("taken", picture("PNG"), "already"),
        ("cat", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "must be a picture"),
        ("cat", picture("PNG") + b"\0" * 300_000, "too large for an emoji"),
        ("cat", picture("PNG")[:60], "broken"),
    ],
)
async def test_what_is_no_emoji_is_refused(
    small: Server, tmp_path: Path, name: str, data: bytes, why: str
) -> None:
    await _adds(small, tmp_path, "taken", picture("PNG"))
    before = on_disk(small)
    with pytest.raises(Problem, match=why):
        await _types(small, "add", name, _file(tmp_path / "drawn", "e.png", data))
    assert on_disk(small) == before


async def test_a_folder_is_imported_as_far_as_it_can_be(
    small: Server, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "pack"
    for name, data in (
        ("cat.png", picture("PNG")),
        ("bad-name.png", picture("PNG")),
        ("notes.txt", b"hello"),
    ):
        _file(folder, name, data)
    assert await _types(small, "import", str(folder), "--category", "Pack") == 1
    said = capsys.readouterr().out
    assert "bad-name.png: " in said
    assert "1 of 2 emoji were added" in said
    assert await _types(small, "list") == 0
    assert ":cat:\tPack\t/media/" in capsys.readouterr().out


async def test_announcements_show_emoji_and_take_them_as_reactions(server: Server, tmp_path: Path) -> None:
    await _adds(server, tmp_path, "cat", picture("PNG"))
    alice = await server.joins("alice")
    async with server.db.write() as tx:
        made = await announcements.announce(tx, server.config, "Welcome :cat: :none:")
    path = "/api/v1/announcements"
    await alice.put(f"{path}/{made.id}/reactions/cat")
    await alice.put(f"{path}/{made.id}/reactions/none", expect=422)
    (shown,) = await alice.get(path)
    assert [each["shortcode"] for each in shown["emojis"]] == ["cat"]
    (reaction,) = shown["reactions"]
    assert (reaction["name"], reaction["url"]) == ("cat", shown["emojis"][0]["url"])
    await fetched(server, reaction["static_url"])
