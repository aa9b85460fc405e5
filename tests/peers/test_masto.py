"""masto.js, the library under Elk and Phanpy, as it is: two people use every area of the API with it."""

from __future__ import annotations

from fedcoop import announcements
from tests.peers.node import installed, run
from tests.words import Server

AREAS = ("instance", "accounts", "statuses", "timelines", "lists", "filters", "tags", "search", "notifications",
         "push", "announcements", "streaming", "ending")  # fmt: skip


@installed
async def test_masto_js_finds_everything_it_looks_for(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    assert alice.token
    assert bob.token
    async with server.db.write() as tx:
        await announcements.announce(tx, server.config, "We meet on Friday")
    code, printed = await run("masto.mjs", server.config.base_url, alice.token, bob.token)
    assert code == 0, printed
    assert [line for line in printed.splitlines() if line.startswith("ok ")] == [
        f"ok {area}" for area in AREAS
    ]
