"""The operations about statuses, each called once and more: posting, media, polls, marks, later posts, reading."""

from __future__ import annotations

from typing import Any

from fedcoop import clock
from tests.conformance.journal import Journal
from tests.media.drawing import picture

MARKS = ("favourite", "unfavourite", "bookmark", "unbookmark", "reblog", "unreblog")
OWN_MARKS = ("mute", "unmute", "pin", "unpin")


async def media(j: Journal) -> None:
    for version in ("v1", "v2"):
        files = {"file": picture(), "thumbnail": picture(size=(20, 20))}
        made = await j.call(f"POST /api/{version}/media", files=files, description="hills", focus="0.5,-0.5")
        assert made["description"] == "hills"
        await j.call("GET /api/v1/media/{id}", made["id"])
        await j.call(
            "PUT /api/v1/media/{id}", made["id"], files={"thumbnail": picture()}, description="x", focus="0,0"
        )
        await j.call("DELETE /api/v1/media/{id}", made["id"])


async def posting(j: Journal) -> None:
    question: dict[str, Any] = {
        "options": ["tea", "coffee"],
        "expires_in": 3600,
        "multiple": True,
        "hide_totals": True,
    }
    first = await j.call(
        "POST /api/v1/statuses", status="What? #walnut", poll=question, spoiler_text="drinks", language="en",
        sensitive=True, visibility="public",
    )  # fmt: skip
    assert (first["poll"]["multiple"], first["spoiler_text"]) == (True, "drinks"), j.encoding
    await j.call("GET /api/v1/polls/{id}", first["poll"]["id"])
    voted = await j.call("POST /api/v1/polls/{id}/votes", first["poll"]["id"], who=j.bob, choices=[0, 1])
    assert voted["own_votes"] == [0, 1], j.encoding
    await j.call(
        "PUT /api/v1/statuses/{id}", first["id"], status="What now?", poll=question, spoiler_text="food",
        language="de", sensitive=False,
    )  # fmt: skip
    assert len(await j.call("GET /api/v1/statuses/{id}/history", first["id"])) == 2
    await j.call("GET /api/v1/statuses/{id}/source", first["id"])
    picture_ = await j.call("POST /api/v2/media", files={"file": picture()})
    second = await j.call(
        "POST /api/v1/statuses", status="look", media_ids=[picture_["id"]], in_reply_to_id=first["id"]
    )
    described = [{"id": picture_["id"], "description": "a hill", "focus": "0,0"}]
    edited = await j.call(
        "PUT /api/v1/statuses/{id}", second["id"], status="see", media_ids=[picture_["id"]],
        media_attributes=described,
    )  # fmt: skip
    assert edited["media_attachments"][0]["description"] == "a hill", j.encoding
    await j.call("GET /api/v1/statuses/{id}", second["id"])
    await j.call("GET /api/v1/statuses/{id}/context", first["id"])
    await j.call("GET /api/v1/statuses", id=[first["id"], second["id"]])
    await j.call("GET /api/oembed", who=j.server.anybody, url=first["url"], maxwidth=300, maxheight=200)
    filtered: dict[str, Any] = {
        "exclude_replies": True,
        "exclude_reblogs": True,
        "only_media": False,
        "pinned": False,
    }
    await j.call("GET /api/v1/accounts/{id}/statuses", j.alice.id, tagged="walnut", **filtered)
    await j.call("GET /api/v1/accounts/{id}/statuses", j.alice.id)
    await j.call("DELETE /api/v1/statuses/{id}", second["id"], query={"delete_media": True})


async def quoting(j: Journal) -> None:
    quoted = await j.call("POST /api/v1/statuses", status="quote me", quote_approval_policy="public")
    for text in ("hear, hear", "well said"):
        quote = await j.call("POST /api/v1/statuses", who=j.bob, status=text, quoted_status_id=quoted["id"])
        assert quote["quote"]["state"] == "accepted", j.encoding
    assert len(await j.call("GET /api/v1/statuses/{id}/quotes", quoted["id"])) == 2
    revoked = await j.call(
        "POST /api/v1/statuses/{id}/quotes/{quoting_status_id}/revoke", quoted["id"], quote["id"]
    )
    assert revoked["quote"]["state"] == "revoked", j.encoding
    await j.call("PUT /api/v1/statuses/{id}/interaction_policy", quoted["id"], quote_approval_policy="nobody")
    await j.call("PUT /api/v1/statuses/{id}", quoted["id"], status="me", quote_approval_policy="followers")


async def reporting(j: Journal) -> None:
    status = await j.bob.says("buy this")
    rule = (await j.alice.get("/api/v1/instance/rules"))[0]["id"]
    report: dict[str, Any] = {"category": "violation", "comment": "again", "forward": False}
    named = (await j.bob.post("/api/v1/collections", name="Sellers"))["collection"]["id"]
    report |= {"status_ids": [status["id"]], "rule_ids": [rule], "collection_ids": [named]}
    made = await j.call("POST /api/v1/reports", account_id=j.bob.id, **report)
    kept = (made["status_ids"], made["rule_ids"], made["collection_ids"])
    assert kept == ([status["id"]], [rule], [named]), j.encoding


async def marks(j: Journal) -> None:
    statuses = [await j.bob.says(f"number {number}") for number in range(3)]
    for status in statuses:
        for verb in MARKS[::2]:
            await j.call(f"POST /api/v1/statuses/{{id}}/{verb}", status["id"])
    for listed in ("favourites", "bookmarks"):
        assert len(await j.call(f"GET /api/v1/{listed}")) == 3
    carol = await j.server.joins(f"marking_{j.encoding}")
    for verb in ("favourite", "reblog"):
        await carol.post(f"/api/v1/statuses/{statuses[0]['id']}/{verb}")
    for people in ("favourited_by", "reblogged_by"):
        assert len(await j.call(f"GET /api/v1/statuses/{{id}}/{people}", statuses[0]["id"])) == 2
    for status in statuses:
        for verb in MARKS[1::2]:
            await j.call(f"POST /api/v1/statuses/{{id}}/{verb}", status["id"])
    shared = await j.call("POST /api/v1/statuses/{id}/reblog", statuses[0]["id"], visibility="private")
    assert shared["visibility"] == "private", j.encoding
    own = await j.alice.says("mine")
    for verb in OWN_MARKS:
        await j.call(f"POST /api/v1/statuses/{{id}}/{verb}", own["id"])
    translated = await j.call("POST /api/v1/statuses/{id}/translate", own["id"], lang="de")
    assert translated["content"] == "<p>MINE</p>", j.encoding


async def later(j: Journal) -> None:
    def at(hours: int) -> str:
        return clock.iso(clock.now() + hours * clock.HOUR)

    for hours in (2, 3):
        kept = await j.call("POST /api/v1/statuses", status="later", scheduled_at=at(hours))
    assert len(await j.call("GET /api/v1/scheduled_statuses")) == 2
    await j.call("GET /api/v1/scheduled_statuses/{id}", kept["id"])
    await j.call("PUT /api/v1/scheduled_statuses/{id}", kept["id"], scheduled_at=at(4))
    await j.call("DELETE /api/v1/scheduled_statuses/{id}", kept["id"])


async def reading(j: Journal) -> None:
    await j.alice.follows(j.bob)
    for number in range(3):
        await j.bob.says(f"news {number}")
        await j.bob.says(f"@alice between us {number}", visibility="direct")
    assert len(await j.call("GET /api/v1/timelines/home")) > 2
    await j.call("GET /api/v1/timelines/public", local=True, remote=False, only_media=False)
    assert len(await j.call("GET /api/v1/timelines/public")) > 2
    assert len(await j.call("GET /api/v1/timelines/direct")) > 2
    talk, *_ = await j.call("GET /api/v1/conversations")
    await j.call("POST /api/v1/conversations/{id}/read", talk["id"])
    await j.call("DELETE /api/v1/conversations/{id}", talk["id"])
    await j.server.settle()
    await j.call("GET /api/v2/search", q="news", type="statuses", account_id=j.bob.id, limit=2, offset=0)
    await j.call(
        "GET /api/v2/search", q="bob", resolve=False, following=False, exclude_unreviewed=False, max_id=10**17,
        min_id=0,
    )  # fmt: skip
    home = (await j.alice.home())[0]["id"]
    await j.call("POST /api/v1/markers", home={"last_read_id": home}, notifications={"last_read_id": home})
    assert (await j.call("GET /api/v1/markers", timeline=["home"]))["home"]["last_read_id"] == home, (
        j.encoding
    )


POSTS = (media, posting, quoting, marks, reporting, later, reading)
