"""I: accounts and access."""

from __future__ import annotations

from fedcoop.accounts import access
from moderation.members.access import find
from tests.words import Server


async def test_i12_nobody_confirms_or_promotes_themselves_with_another_field(server: Server) -> None:
    app = await server.anybody.post(
        "/api/v1/apps", client_name="x", redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes="read write"
    )
    granted = await server.anybody.post(
        "/oauth/token",
        grant_type="client_credentials",
        client_id=app["client_id"],
        client_secret=app["client_secret"],
        scope="read write",
    )
    await server.anybody.ask(
        "POST",
        "/api/v1/accounts",
        expect=None,
        headers={"Authorization": f"Bearer {granted['access_token']}"},
        json={
            "username": "eve",
            "email": "eve@example.test",
            "password": "a long enough password",
            "agreement": True,
            "locale": "en",
            "role": "admin",
            "confirmed": True,
            "confirmed_at": 1,
            "approved": True,
            "member": True,
        },
    )
    async with server.db.read() as tx:
        eve = await access.by_handle(tx, "eve")
        assert eve is not None
        assert (await access.user(tx, eve.id)).role == "user"
        assert await find(tx, eve.id) is None
