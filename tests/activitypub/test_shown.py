"""What a member sees, through the API, of posts that other programs wrote."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

import pytest

from activitypub.parse.posts import read_author
from fedcoop.text import plain
from tests.activitypub.coop import Coop
from tests.activitypub.remote import AS, PUBLIC, Remote
from tests.activitypub.samples import SAMPLES, needs_samples
from tests.words import Server


def brought(remote: Remote, name: str, **changes: Any) -> dict[str, Any]:
    """The post of a sample, with its author, served as if `remote` were the server that wrote it."""
    document = json.loads((SAMPLES / f"{name}.json").read_text())
    while isinstance(document.get("object"), dict):
        document = document["object"]
    document |= {
        "@context": AS,
        "to": [PUBLIC],
        "attributedTo": f"{document['id']}/author",
        **document,
        **changes,
    }
    text = json.dumps(document)
    for uri in (document["id"], read_author(document["attributedTo"])):
        home = urlsplit(uri)
        text = text.replace(f"{home.scheme}://{home.netloc}", remote.base)
    found: dict[str, Any] = json.loads(text)
    author = read_author(found["attributedTo"])
    remote.documents[urlsplit(author).path] = {**remote.add_actor("author"), "id": author, "publicKey": None}
    return remote.serve(found)


async def shown(server: Server, remote: Remote, name: str, **changes: Any) -> Any:
    """The sample as a member finds it by its address."""
    alice = await server.joins("alice")
    document = brought(remote, name, **changes)
    return await alice.sees(document["id"])


@needs_samples
@pytest.mark.parametrize(
    ("name", "title", "words"),
    [
        ("lemmy/objects-page", "", ""),
        ("ghost/create-article", "Post title", "Post content"),
        ("plume/article", "", "It has been one month"),
        ("discourse/objects-page", "Our next meeting", "Last Meeting"),
        ("gancio/gancio-v1.22", "Picture Show", "Fediverse TV, C/ Falsa 123"),
        ("peertube/objects-video", "Mesa, Wayland & X.org in trouble", "Head to"),
        ("funkwhale/funkwhale-create-audio", "Compositions - Test Audio for Pleroma", "This is a test Audio"),
        ("lotide/create-page-image", "image", ""),
    ],
)
async def test_a_long_form_is_shown_with_its_title_its_beginning_and_a_link(
    server: Server, remote: Remote, name: str, title: str, words: str
) -> None:
    found = await shown(server, remote, name)
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    sample = sample["object"] if isinstance(sample.get("object"), dict) else sample
    said = plain(found["content"])
    assert said.startswith(title or sample["name"])
    assert words in said
    assert f'<a href="{found["url"]}"' in found["content"]
    assert found["spoiler_text"] == ""
    assert len(said) < 3_000


@needs_samples
@pytest.mark.parametrize(
    ("name", "kind", "preview"),
    [
        ("peertube/objects-video", "video", True),
        ("funkwhale/funkwhale-create-audio", "audio", False),
        ("pixelfed/note-image", "image", False),
        ("vernissage/note-photo-exif", "image", False),
        ("gancio/gancio-v1.22", "image", False),
        ("lotide/create-page-image", "image", False),
        ("pleroma/question-with-attachment", "image", False),
    ],
)
async def test_files_are_attachments_wherever_they_stand(
    server: Server, remote: Remote, name: str, kind: str, preview: bool
) -> None:
    found = await shown(server, remote, name)
    first = found["media_attachments"][0]
    assert first["type"] == kind
    assert first["remote_url"]
    assert bool(first["preview_url"] and first["preview_url"] != first["url"]) or not preview


async def test_a_long_article_is_shown_by_its_summary_or_by_how_it_begins(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    body = "".join(f"<p>Paragraph {number} {'of many words ' * 20}</p>" for number in range(60))
    article = {"type": "Article", "name": "Beans", "content": body, "url": f"{remote.base}/beans"}
    forms: list[tuple[dict[str, Any], str, bool]] = [
        ({}, "Paragraph 0", True),
        ({"summary": "<p>All about beans</p>"}, "All about beans", True),
        (
            {"preview": {"type": "Note", "content": "<p>A preview</p>"}, "summary": "Summary"},
            "A preview",
            True,
        ),
        ({"content": f"<p>{'words ' * 2000}</p>"}, "words words", True),
        ({"content": "<p>Short</p>", "summary": "<p>Shorter</p>"}, "Short", False),
        ({"content": "", "summary": "<p>Only a summary</p>"}, "Only a summary", False),
    ]
    for number, (changes, words, onward) in enumerate(forms):
        posted = remote.serve(remote.note("bob", number, **{**article, **changes}))
        found = await alice.sees(posted["id"])
        said = plain(found["content"])
        assert said.startswith("Beans"), changes
        assert words in said
        assert ("[…] 127.0.0.1" in said) is onward
        assert len(said) < 2_000
        assert found["content"].count("<p>") == found["content"].count("</p>")


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [
        (
            "2026-03-14T18:00:00+01:00",
            "2026-03-14T19:30:00+01:00",
            "Saturday 14 March 2026, 18:00–19:30 UTC+01:00",
        ),
        ("2026-03-14T18:00:00Z", None, "Saturday 14 March 2026, 18:00 UTC"),
        ("2026-03-14T18:00:00Z", "2026-03-16T12:00:00Z", "18:00 – Monday 16 March 2026, 12:00 UTC"),
        ("2026-03-14T18:00:00Z", "2026-03-13T12:00:00Z", "Saturday 14 March 2026, 18:00 UTC"),
        ("soon", "later", "The Old Mill, Mill Lane 1"),
    ],
)
async def test_an_event_says_when_and_where_it_is(
    server: Server, remote: Remote, start: str, end: str | None, words: str
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    place = {"type": "Place", "name": "The Old Mill", "address": {"streetAddress": "Mill Lane 1", "x": 7}}
    event = remote.note("bob", type="Event", name="Harvest", startTime=start, endTime=end, location=place)
    said = plain((await alice.sees(remote.serve(event)["id"]))["content"])
    assert said.startswith("Harvest")
    assert words in said
    assert "The Old Mill, Mill Lane 1" in said


@needs_samples
async def test_the_quirks_of_other_programs_are_not_seen(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")

    async def found(name: str, **changes: Any) -> Any:
        return await alice.sees(brought(remote, name, **changes)["id"])

    mbin = await found(
        "mbin/snapshot-create-page-image", id="https://kbin.test/p/1", published="2026-01-01T00:00:00Z"
    )
    assert plain(mbin["content"]).startswith("test")
    assert mbin["tags"][0]["name"] == "test"
    emoji = await found("pleroma/note-emoji-in-summary")
    assert ":" in emoji["spoiler_text"]
    assert emoji["emojis"]
    question = await found("mastodon/question-multiple-choice")
    assert question["poll"]["multiple"] is True
    tagged = await found("funkwhale/funkwhale-create-audio")
    assert [one["name"] for one in tagged["tags"]] == ["funkwhale", "test", "tests"]
    language = await found("mastodon/note-with-language")
    assert language["language"]
    akkoma = await found("akkoma/note-source")
    assert akkoma["content"] == "Look at that!"


async def test_one_sensitive_file_hides_all_and_a_sound_says_how_long_it_is(
    server: Server, remote: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    sound = {"type": "Audio", "mediaType": "audio/ogg", "url": f"{remote.base}/a.ogg", "duration": "PT1M5.5S"}
    for number, hidden in enumerate((True, False)):
        note = remote.serve(remote.note("bob", number, attachment=[{**sound, "sensitive": hidden}]))
        seen = await alice.sees(note["id"])
        assert seen["sensitive"] is hidden
        assert seen["media_attachments"][0]["meta"]["original"]["duration"] == 65.5


@needs_samples
@pytest.mark.parametrize("name", ["pleroma/create-chat-message", "mobilizon/mobilizon-invite-activity"])
async def test_what_is_no_post_is_refused_with_a_reason_and_not_kept(
    coop: Coop, remote: Remote, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    caplog.set_level("INFO")
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    sent = {**sample, "id": f"{remote.actor_id('bob')}#1", "actor": remote.actor_id("bob")}
    if isinstance(sent["object"], dict):
        sent["object"] |= {"id": f"{remote.actor_id('bob')}/1", "attributedTo": remote.actor_id("bob")}
    caplog.clear()
    verdict = await coop.receives(remote, "bob", sent)
    assert verdict.outcome.value == 202
    assert any("ignored, from" in record.message for record in caplog.records)
    assert await coop.status(f"{remote.actor_id('bob')}/1") is None


async def test_a_create_elsewhere_says_nothing_about_posts_of_others(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await server.joins("alice")
    remote.add_actor("mallory")
    other.add_actor("bob")
    forged = other.note("bob", content="<p>I never said this</p>")
    create = remote.activity("Create", "mallory", forged, id=f"{remote.base}/creates/1")
    remote.serve(create)
    share = remote.activity("Announce", "mallory", create["id"], to=["as:Public"])
    await remote.is_followed(server, alice, "mallory")
    await remote.tells(server, "mallory", share)
    assert await alice.home() == []
    assert (await alice.get("/api/v2/search", q=forged["id"], resolve="true"))["statuses"] == []
