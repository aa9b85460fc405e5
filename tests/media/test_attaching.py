"""Pictures on statuses: posted, edited, deleted, cleaned up, and seen elsewhere."""

from __future__ import annotations

from fedcoop import clock
from tests.media.drawing import fetched, on_disk, picture, upload
from tests.words import Person, Server


async def _picture(who: Person, description: str = "") -> str:
    return str((await upload(who, picture(), description=description))["id"])


async def test_a_status_shows_its_pictures_in_the_order_they_were_chosen(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    first, second = await _picture(alice, description="one"), await _picture(alice, description="two")
    status = await alice.says("", media_ids=[second, first])
    shown = await bob.get(f"/api/v1/statuses/{status['id']}")
    assert [each["description"] for each in shown["media_attachments"]] == ["two", "one"]
    await fetched(server, shown["media_attachments"][0]["url"])
    again = await alice.post("/api/v1/statuses", expect=422, status="again", media_ids=[first])
    assert "already attached" in again["error"]
    in_use = await alice.delete(f"/api/v1/media/{first}", expect=422)
    assert "currently used by a status" in in_use["error"]


async def test_an_edit_replaces_pictures_and_describes_them_anew(server: Server) -> None:
    alice = await server.joins("alice")
    first, second = await _picture(alice), await _picture(alice)
    status = await alice.says("look", media_ids=[first])
    edited = await alice.put(
        f"/api/v1/statuses/{status['id']}",
        status="look",
        media_ids=[first, second],
        media_attributes=[{"id": first, "description": "now with words", "focus": "0.5,0.5"}],
    )
    attached = edited["media_attachments"]
    assert [each["id"] for each in attached] == [first, second]
    assert (attached[0]["description"], attached[0]["meta"]["focus"]["x"]) == ("now with words", 0.5)
    edited = await alice.put(f"/api/v1/statuses/{status['id']}", status="look", media_ids=[second])
    assert [each["id"] for each in edited["media_attachments"]] == [second]
    await alice.says("", media_ids=[first])
    other = await _picture(await server.joins("mallory"))
    for elsewhere in (first, other):
        await alice.put(
            f"/api/v1/statuses/{status['id']}",
            expect=404,
            status="look",
            media_attributes=[{"id": elsewhere, "description": "not of this status"}],
        )


async def test_an_upload_can_be_thrown_away_before_it_is_posted(server: Server) -> None:
    alice = await server.joins("alice")
    media = await _picture(alice)
    assert await alice.delete(f"/api/v1/media/{media}") == {}
    await alice.get(f"/api/v1/media/{media}", expect=404)
    await server.settle()
    assert on_disk(server) == []


async def test_a_deleted_status_can_be_written_anew_with_its_pictures_for_a_day(server: Server) -> None:
    alice = await server.joins("alice")
    media = await _picture(alice, description="kept")
    clock.advance(seconds=3600)
    gone = await alice.delete(f"/api/v1/statuses/{(await alice.says('tpyo', media_ids=[media]))['id']}")
    assert [each["id"] for each in gone["media_attachments"]] == [media]
    again = await alice.says("typo", media_ids=[media])
    assert again["media_attachments"][0]["description"] == "kept"
    await alice.delete(f"/api/v1/statuses/{again['id']}", delete_media="true")
    await alice.get(f"/api/v1/media/{media}", expect=404)
    await server.settle()
    assert on_disk(server) == []


async def test_what_no_status_took_within_a_day_is_removed(server: Server) -> None:
    alice = await server.joins("alice")
    used, unused = await _picture(alice), await _picture(alice)
    await alice.says("", media_ids=[used])
    deleted = await alice.says("", media_ids=[await _picture(alice)])
    clock.advance(seconds=20 * 3600)
    await alice.delete(f"/api/v1/statuses/{deleted['id']}")
    clock.advance(seconds=5 * 3600)
    await server.settle()
    await alice.get(f"/api/v1/media/{unused}", expect=404)
    await alice.get(f"/api/v1/media/{used}")
    assert len(on_disk(server)) == 4
    clock.advance(seconds=25 * 3600)
    await server.settle()
    assert len(on_disk(server)) == 2


async def test_pictures_are_seen_on_other_servers(small: Server, other: Server) -> None:
    alice, bob = await small.joins("alice"), await other.joins("bob")
    media = (await upload(alice, picture(size=(400, 300)), description="Red", focus="0.1,-0.2")).body
    status = await alice.says("look", media_ids=[media["id"]])
    note = (
        await small.anybody.ask("GET", status["uri"], headers={"Accept": "application/activity+json"})
    ).body
    assert note["attachment"] == [
        {
            "type": "Document",
            "mediaType": "image/jpeg",
            "url": media["url"],
            "name": "Red",
            "blurhash": media["blurhash"],
            "width": 400,
            "height": 300,
            "focalPoint": [0.1, -0.2],
        }
    ]
    seen = (await bob.sees(status["uri"]))["media_attachments"][0]
    assert (seen["type"], seen["remote_url"]) == ("image", media["url"])
    assert (seen["description"], seen["blurhash"]) == ("Red", media["blurhash"])
    assert seen["meta"]["focus"] == {"x": 0.1, "y": -0.2}
