"""The pages on which staff reads and answers reports."""

from __future__ import annotations

from typing import Any

from fedcoop.sessions import actions as sessions
from tests.admin.staff import assert_sound, operator
from tests.words import Person, Server


async def browser(person: Person) -> dict[str, str]:
    """The cookie of somebody who is signed in."""
    assert person.account
    async with person.server.db.write() as tx:
        secret = await sessions.begin(tx, person.account.id, "tests")
    return {"Cookie": f"fedcoop_session={secret}"}


async def sends(server: Server, cookie: dict[str, str], page: str, to: str, **fields: Any) -> Any:
    shown = await server.anybody.ask("GET", page, headers=cookie)
    csrf = shown.body.split('name="csrf" value="')[1].split('"')[0]
    return await server.anybody.ask("POST", to, expect=None, headers=cookie, data=fields | {"csrf": csrf})


async def test_a_report_is_read_and_answered_on_pages(server: Server) -> None:
    ada, alice, bob = await operator(server), await server.joins("alice"), await server.joins("bob")
    post = await bob.says("Buy <b>pills</b>")
    made = (await bob.post("/api/v1/collections", name="Pill <b>sellers"))["collection"]
    wanted: dict[str, Any] = {"status_ids": [post["id"]], "collection_ids": [made["id"]], "comment": "<i>Ads"}
    report = await alice.post("/api/v1/reports", account_id=bob.id, **wanted)
    cookie = await browser(ada)
    listed = (await server.anybody.ask("GET", "/admin/reports", headers=cookie)).body
    assert f'href="/admin/reports/{report["id"]}"' in listed
    assert "&lt;i&gt;Ads" in listed
    at = f"/admin/reports/{report['id']}"
    page = (await server.anybody.ask("GET", at, headers=cookie)).body
    assert "@alice" in page
    assert f'<a href="/collections/{made["id"]}"><bdi>Pill &lt;b&gt;sellers' in page
    assert "The office may do this alone; it is recorded." in page
    assert "unless members ratify it within" in page
    assert (await sends(server, cookie, at, f"{at}/handle", verb="take")).status == 303
    assert "@ada</bdi> looks after it" in (await server.anybody.ask("GET", at, headers=cookie)).body
    assert (await sends(server, cookie, at, f"{at}/act", choice="0", reason="Only ads")).status == 303
    assert (await ada.get(f"/api/v1/admin/accounts/{bob.id}"))["silenced"]
    assert (await ada.get(f"/api/v1/admin/reports/{report['id']}"))["action_taken"]
    await assert_sound(server)


async def test_what_takes_a_vote_is_proposed_from_the_page(server: Server) -> None:
    ada, alice, bob = await operator(server), await server.joins("alice"), await server.joins("bob")
    report = await alice.post("/api/v1/reports", account_id=bob.id)
    cookie, at = await browser(ada), f"/admin/reports/{report['id']}"
    answer = await sends(server, cookie, at, f"{at}/act", choice="1", propose="1", reason="Only ads")
    (proposal,) = await ada.get("/api/fedcoop/v1/proposals")
    assert (answer.status, answer.headers["Location"]) == (303, f"/coop/{proposal['number']}")
    assert not (await ada.get(f"/api/v1/admin/accounts/{bob.id}"))["suspended"]
    assert (await sends(server, cookie, at, f"{at}/act", choice="99")).status == 403


async def test_the_pages_are_for_staff_alone(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    report = await alice.post("/api/v1/reports", account_id=bob.id, comment="Secret words")
    cookie = await browser(alice)
    for address in ("/admin/reports", f"/admin/reports/{report['id']}"):
        refused = await server.anybody.ask("GET", address, expect=403, headers=cookie)
        assert "Secret words" not in refused.body
        assert (await server.anybody.ask("GET", address, expect=None)).status == 303
