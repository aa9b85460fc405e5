"""What members have to know: ties that were cut, warnings, joining and reports; each with its details."""

import msgspec

from fedcoop.notifications import notices
from tests.conformance.description import DESCRIPTION, complaints
from tests.words import Server


async def test_who_signs_up_is_told_to_staff_alone(server: Server) -> None:
    admin, mod, alice = (
        await server.joins("ada", role="admin"),
        await server.joins("mira", role="moderator"),
        await server.joins("alice"),
    )
    app = await server.anybody.post(
        "/api/v1/apps", client_name="x", redirect_uris=["urn:ietf:wg:oauth:2.0:oob"], scopes="read write"
    )
    token = await server.anybody.post(
        "/oauth/token",
        grant_type="client_credentials",
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        redirect_uri="urn:ietf:wg:oauth:2.0:oob",
        scope="read write",
    )
    for name in ("newone", "newtwo"):
        await server.anybody.ask(
            "POST",
            "/api/v1/accounts",
            headers={"Authorization": f"Bearer {token['access_token']}"},
            json={
                "username": name,
                "email": f"{name}@mail.example",
                "password": "a long enough password",
                "agreement": True,
                "locale": "en",
            },
        )
    for person in (admin, mod):
        (group,) = (await person.get("/api/v2/notifications"))["notification_groups"]
        assert (group["type"], group["notifications_count"]) == ("admin.sign_up", 2)
    assert await alice.notifications() == []


async def test_every_report_is_told_to_staff_with_its_words(server: Server) -> None:
    admin, alice = await server.joins("ada", role="admin"), await server.joins("alice")
    assert alice.account
    async with server.db.write() as tx:
        for number in ("1", "2"):
            detail = msgspec.json.encode({"id": number, "comment": "spam"}).decode()
            await notices.tell_staff(tx, "admin.report", alice.account.id, detail)
            await notices.tell_staff(tx, "admin.report", alice.account.id, detail)
    assert [each["report"]["id"] for each in await admin.notifications()] == ["2", "1"]
    assert await alice.notifications() == []


async def test_a_warning_is_its_owners_and_says_what_was_done(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    assert alice.account
    async with server.db.write() as tx:
        await notices.warn(tx, alice.account.id, "silence", "Members found this too loud.", [5])
    (told,) = await alice.notifications()
    warning = told["moderation_warning"]
    assert (warning["action"], warning["text"], warning["status_ids"]) == (
        "silence",
        "Members found this too loud.",
        ["5"],
    )
    assert warning["target_account"]["id"] == alice.id == told["account"]["id"]
    grouped = await alice.get("/api/v2/notifications")
    assert grouped["notification_groups"][0]["moderation_warning"] == warning
    assert not DESCRIPTION.exists() or complaints("GET /api/v1/notifications", [told]) == []
    assert not DESCRIPTION.exists() or complaints("GET /api/v2/notifications", grouped) == []
    assert await bob.notifications() == []


async def test_cut_ties_are_told_with_their_numbers_whatever_the_policy(server: Server) -> None:
    alice = await server.joins("alice")
    await alice.put("/api/v2/notifications/policy", for_not_following="drop", for_new_accounts="drop")
    assert alice.account
    async with server.db.write() as tx:
        await notices.severed(tx, "account_suspension", "bad@b.test", [(alice.account.id, 1, 2)])
        await notices.severed(tx, "domain_block", "c.test", [(alice.account.id, 3, 0)])
    second, first = await alice.notifications()
    assert first["event"] | {"id": "", "created_at": ""} == {
        "id": "",
        "type": "account_suspension",
        "purged": False,
        "target_name": "bad@b.test",
        "followers_count": 2,
        "following_count": 1,
        "created_at": "",
    }
    assert second["event"]["target_name"] == "c.test"
    assert not DESCRIPTION.exists() or complaints("GET /api/v1/notifications", [second, first]) == []
