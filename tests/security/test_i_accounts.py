"""I: accounts and access."""

from __future__ import annotations

from pathlib import Path

from fedcoop import clock
from fedcoop.accounts import access
from moderation.members.access import find
from tests.words import Server, running
from web.limits import SIGN_UP


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


async def test_i20_only_so_many_join_from_one_address(sqlite_url: str, tmp_path: Path) -> None:
    async with running(sqlite_url, str(tmp_path), rate_limits=True) as server:
        app = await server.anybody.post(
            "/api/v1/apps", client_name="x", redirect_uris="urn:ietf:wg:oauth:2.0:oob", scopes="write"
        )
        granted = await server.anybody.post(
            "/oauth/token",
            grant_type="client_credentials",
            client_id=app["client_id"],
            client_secret=app["client_secret"],
            scope="write",
        )

        async def joins(name: str) -> int:
            answer = await server.anybody.ask(
                "POST",
                "/api/v1/accounts",
                expect=None,
                headers={"Authorization": f"Bearer {granted['access_token']}", "X-Forwarded-For": name},
                json={
                    "username": name,
                    "email": f"{name}@example.test",
                    "password": "a long enough password",
                    "agreement": True,
                    "locale": "en",
                },
            )
            return answer.status

        tried = [await joins(f"puppet{number}") for number in range(SIGN_UP.most + 1)]
        assert tried == [200] * SIGN_UP.most + [429]
        async with server.db.read() as tx:
            assert await access.by_handle(tx, f"puppet{SIGN_UP.most}") is None
        clock.advance(seconds=SIGN_UP.seconds)
        assert await joins("later") == 200
