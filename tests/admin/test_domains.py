"""Restrictions of servers over the admin API: acts of the co-operative, by an office or by vote."""

from __future__ import annotations

from tests.admin.staff import assert_sound, complaints, entries, operator
from tests.words import Server

BLOCKS, ALLOWS = "/api/v1/admin/domain_blocks", "/api/v1/admin/domain_allows"


async def test_a_server_is_limited_by_the_office_and_members_are_asked(server: Server) -> None:
    ada = await operator(server)
    block = await ada.post(
        BLOCKS,
        domain="Spam.Example",
        severity="silence",
        reject_media=True,
        private_comment="See the report of Monday",
        public_comment="Spam",
    )
    assert complaints("AdminDomainBlock", block) == []
    assert (block["domain"], block["severity"], block["reject_media"]) == ("spam.example", "silence", True)
    assert (block["private_comment"], block["public_comment"]) == ("See the report of Monday", "Spam")
    assert await ada.get(f"{BLOCKS}/{block['id']}") == block
    assert await ada.get(BLOCKS) == [block]
    (proposal,) = await ada.get("/api/fedcoop/v1/proposals")
    assert proposal["title"].startswith("Ratify: Limit spam.example")
    (public,) = await server.anybody.get("/api/v1/instance/domain_blocks")
    assert f"/coop/{proposal['number']}" in public["comment"]
    await ada.post(BLOCKS, domain="spam.example", expect=422)
    changed = await ada.put(f"{BLOCKS}/{block['id']}", severity="suspend", obfuscate=True)
    assert (changed["id"], changed["severity"]) == (block["id"], "suspend")
    assert (changed["reject_media"], changed["obfuscate"]) == (True, True)
    await ada.delete(f"{BLOCKS}/{block['id']}")
    assert await ada.get(BLOCKS) == []
    await assert_sound(server)


async def test_an_exception_takes_a_vote(server: Server) -> None:
    ada = await operator(server)
    before = await entries(server)
    refused = await ada.post(ALLOWS, domain="good.example", expect=403)
    assert "a proposal of the kind “federation”" in refused["error"]
    assert await entries(server) == before
    made = await ada.post(ALLOWS, domain="good.example", propose=True, expect=202)
    assert made["proposal"]["url"].endswith(f"/coop/{made['proposal']['number']}")
    assert await ada.get(ALLOWS) == []
    await ada.get(f"{ALLOWS}/1", expect=404)
    await ada.delete(f"{ALLOWS}/1", expect=404)
    await assert_sound(server)


async def test_what_makes_no_sense_restricts_nobody(server: Server) -> None:
    ada = await operator(server)
    before = await entries(server)
    for wish in ({"domain": "no domain"}, {"domain": server.config.domain}, {}):
        await ada.post(BLOCKS, expect=422, **wish)
    await ada.post(BLOCKS, domain="spam.example", severity="noop", expect=422)
    await ada.put(f"{BLOCKS}/1", severity="suspend", expect=404)
    assert await entries(server) == before
