"""The words that tests are told in: a `Server`, and the people on it, who act through HTTP as clients do.

Two servers in one process federate over loopback. `await server.settle(other)` lets everything happen that was
set off: jobs, deliveries, and what they cause on the other side.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import msgspec
from aiohttp import web

from fedcoop import accounts, wiring
from fedcoop.accounts.types import Account, KeyPair, NewAccount, UserRole
from fedcoop.cli.founding import establish
from fedcoop.config import Config
from fedcoop.db import Database
from fedcoop.oauth import actions as oauth
from fedcoop.vault import Vault
from moderation import constitution as constitutions
from moderation.members import actions as members
from tests.keys import spare_keys
from tests.ports import free_port
from web.app import serve

PASSWORD = "a long enough password"
ALL_SCOPES = "read write follow push read:governance write:governance"


@dataclass
class Answer:
    """What the server said."""

    status: int
    headers: Any
    body: Any

    def __getitem__(self, key: Any) -> Any:
        return self.body[key]


@dataclass
class Person:
    """Somebody with a token, or nobody in particular without one."""

    server: Server
    token: str | None = None
    account: Account | None = None

    @property
    def id(self) -> str:
        assert self.account is not None
        return str(self.account.id)

    @property
    def handle(self) -> str:
        """`alice@127.0.0.1:4711`, as others call them."""
        assert self.account is not None
        return f"{self.account.username}@{self.server.config.domain}"

    async def ask(self, method: str, path: str, *, expect: int | None = 200, **options: Any) -> Answer:
        """One request. `json`, `data`, `params` and `headers` are aiohttp's."""
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        url = path if "://" in path else self.server.config.base_url + path
        async with self.server.http.request(
            method, url, headers=headers, allow_redirects=False, **options
        ) as response:
            raw = await response.read()
            kind = response.headers.get("Content-Type", "")
            body = msgspec.json.decode(raw) if "json" in kind and raw else raw.decode(errors="replace")
            if expect is not None:
                assert response.status == expect, f"{method} {path}: {response.status} {raw[:500]!r}"
            return Answer(response.status, response.headers, body)

    async def get(self, path: str, *, expect: int | None = 200, **params: Any) -> Any:
        return (await self.ask("GET", path, expect=expect, params=params)).body

    async def post(self, path: str, *, expect: int | None = 200, **json: Any) -> Any:
        return (await self.ask("POST", path, expect=expect, json=json)).body

    async def put(self, path: str, *, expect: int | None = 200, **json: Any) -> Any:
        return (await self.ask("PUT", path, expect=expect, json=json)).body

    async def delete(self, path: str, *, expect: int | None = 200, **params: Any) -> Any:
        return (await self.ask("DELETE", path, expect=expect, params=params)).body

    # What people do

    async def says(self, text: str, **fields: Any) -> Any:
        """Post a status; returns it as the API shows it."""
        return await self.post("/api/v1/statuses", status=text, **fields)

    async def home(self, **params: Any) -> list[Any]:
        return list(await self.get("/api/v1/timelines/home", **params))

    async def notifications(self, **params: Any) -> list[Any]:
        return list(await self.get("/api/v1/notifications", **params))

    async def finds(self, handle: str) -> Any:
        """The account with this handle, asking its server if need be."""
        found = await self.get("/api/v2/search", q=f"@{handle}", resolve="true", type="accounts")
        assert found["accounts"], f"{handle} was not found"
        return found["accounts"][0]

    async def follows(self, other: Person) -> Any:
        """Follow somebody, wherever they are; returns the relationship."""
        if other.server is self.server:
            return await self.post(f"/api/v1/accounts/{other.id}/follow")
        account = await self.finds(other.handle)
        return await self.post(f"/api/v1/accounts/{account['id']}/follow")

    async def sees(self, uri: str) -> Any:
        """The status with this address as this person's server shows it."""
        found = await self.get("/api/v2/search", q=uri, resolve="true", type="statuses")
        assert found["statuses"], f"{uri} was not found"
        return found["statuses"][0]


@dataclass
class Server:
    """A whole server on a loopback port, with its database."""

    config: Config
    db: Database
    instance: wiring.Instance
    http: aiohttp.ClientSession
    people: dict[str, Person] = field(default_factory=dict)
    answers_at: str = ""
    """Where to ask it, if not at the address by which others call it."""
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    @property
    def anybody(self) -> Person:
        """Somebody without a token."""
        return Person(self)

    async def joins(
        self,
        name: str,
        *,
        member: bool = False,
        role: UserRole = "user",
        scopes: str = ALL_SCOPES,
        **profile: Any,
    ) -> Person:
        """A new account with a token."""
        keys: KeyPair = spare_keys(next(self._numbers))
        async with self.db.write() as tx:
            account = await accounts.actions.create(
                tx,
                self.config,
                NewAccount(
                    username=name,
                    email=f"{name}@example.test",
                    password_hash="",
                    role=role,
                    keys=keys,
                ),
            )
            if member:
                await members.admit(tx, account, because="admin:test")
            token = await oauth.issue(tx, account.id, scopes, "tests")
        person = Person(self, token, account)
        if profile:
            await person.ask("PATCH", "/api/v1/accounts/update_credentials", json=profile)
        self.people[name] = person
        return person

    async def settle(self, *others: Server) -> None:
        """Run everything that is due here and on the others until nobody has anything left to do."""
        everybody = (self, *others)
        while any([await server.instance.work_until_idle() for server in everybody]):
            pass


@asynccontextmanager
async def beside(server: Server) -> AsyncIterator[Server]:
    """A second process of the same server, as far as what is kept in memory: asked under the same address, it
    answers at a port of its own."""
    port = free_port()
    db = Database(server.db.url, vault=server.db.vault)
    await db.open()
    try:
        async with wiring.assembled_on(db, server.config) as instance:
            runner: web.AppRunner = await serve(instance.services, host="127.0.0.1", port=port)
            try:
                yield Server(server.config, db, instance, server.http, answers_at=f"http://127.0.0.1:{port}")
            finally:
                await runner.cleanup()
    finally:
        await db.close()


@asynccontextmanager
async def running(
    database_url: str,
    data: str,
    *,
    constitution: str = "social-coop",
    host: str = "127.0.0.1",
    **settings: Any,
) -> AsyncIterator[Server]:
    """A founded server on a free loopback port, closed at the end. Its work is done by `settle` only. `host` is
    what others call it: security keys want a name, such as localhost."""
    port = free_port()
    config = Config(
        **{
            "domain": f"{host}:{port}",
            "scheme": "http",
            "port": port,
            "data": data,
            "database_url": database_url,
            "allow_private_peers": True,
            "rate_limits": False,
            "registrations": "open",
            **settings,
        }
    )
    vault = Vault(config.key_path)
    config.data_dir.mkdir(parents=True, exist_ok=True)
    vault.make()
    db = Database(database_url, readers=1, vault=vault)
    await db.open()
    try:
        await establish(db, config, constitutions.load(constitution))
        async with wiring.assembled_on(db, config) as instance, aiohttp.ClientSession() as http:
            runner: web.AppRunner = await serve(instance.services, host="127.0.0.1", port=port)
            try:
                yield Server(config, db, instance, http)
            finally:
                await runner.cleanup()
                await asyncio.sleep(0)
    finally:
        await db.close()
