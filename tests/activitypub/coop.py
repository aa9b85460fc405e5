"""Our server as the protocol's tests see it: who is here, what arrives, what goes out."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy import Table, func, select

from activitypub import consenting, featured, featuring, federate, inbox, quoting, synchronising, threads
from activitypub.client import Client
from activitypub.delivery import Deliverer
from activitypub.federation import Federation
from activitypub.inbox import create, forwarded
from activitypub.receive import Verdict, receive
from fedcoop.accounts import access as account_access
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts.types import Account, NewAccount, ProfileEdit
from fedcoop.config import Config
from fedcoop.db import Database, statement
from fedcoop.jobs import types as kinds
from fedcoop.jobs.worker import Worker
from fedcoop.relationships import actions as relationship_actions
from fedcoop.statuses import actions as status_actions
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Draft, Status
from tests.activitypub.remote import Remote
from tests.keys import spare_keys

BASE = "http://coop.test"


@dataclass
class Coop:
    """`fed` with a worker for its jobs and a deliverer."""

    fed: Federation
    worker: Worker
    deliverer: Deliverer

    @property
    def db(self) -> Database:
        return self.fed.db

    async def joins(self, name: str, *, locked: bool = False) -> Account:
        """A new member."""
        async with self.db.write() as tx:
            account = await account_actions.create(
                tx,
                self.fed.config,
                NewAccount(
                    username=name, email=f"{name}@example.test", password_hash="-", keys=spare_keys(1)
                ),
            )
            if locked:
                edit = ProfileEdit(locked=True)
                account = await account_actions.edit_profile(tx, self.fed.config, account, edit)
        return account

    async def says(self, author: Account, text: str, **more: Any) -> Status:
        """A member posts."""
        async with self.db.write() as tx:
            return await status_actions.post(tx, author, Draft(text=text, **more), config=self.fed.config)

    async def receives(
        self,
        remote: Remote,
        actor: str,
        activity: dict[str, Any],
        *,
        path: str = "/inbox",
        signed_by: str = "",
    ) -> Verdict:
        """An activity arrives, signed by its actor (or by somebody else), and is processed."""
        body = json.dumps(activity).encode()
        headers = remote.sign(signed_by or actor, f"{BASE}{path}", body)
        verdict = await receive(self.fed, "POST", path, headers, body)
        await self.worker.run_until_idle()
        return verdict

    async def settle(self) -> None:
        """Do all jobs and deliveries that are due."""
        while any([await self.worker.run_until_idle(), await self.deliverer.run_until_idle()]):
            pass

    async def knows(self, remote: Remote, name: str) -> Account | None:
        """The account of somebody elsewhere, if it is known here."""
        async with self.db.read() as tx:
            return await account_access.by_uri(tx, remote.actor_id(name))

    async def status(self, uri: str) -> Status | None:
        """The status with this address, if it is here."""
        async with self.db.read() as tx:
            return await tx.one(status_queries.BY_URI, uri=uri)

    async def follows(self, member: Account, remote: Remote, name: str) -> Account:
        """A member follows somebody elsewhere, who accepts."""
        from activitypub import resolve

        target = await resolve.account(self.fed, remote.actor_id(name))
        async with self.db.write() as tx:
            await relationship_actions.follow(tx, member, target)
        await self.settle()
        follow = next(sent for _, sent in reversed(remote.received) if sent["type"] == "Follow")
        await self.receives(remote, name, remote.activity("Accept", name, follow, id_of(follow)))
        return target

    async def is_followed(self, member: Account, remote: Remote, name: str) -> Account:
        """Somebody elsewhere follows a member."""
        await self.receives(remote, name, remote.activity("Follow", name, member.uri, member.id))
        follower = await self.knows(remote, name)
        assert follower is not None
        await self.settle()
        remote.received.clear()
        return follower


async def count(coop: Coop, table: Table) -> int:
    """How many rows a table has."""
    async with coop.db.read() as tx:
        return int(await tx.scalar(statement(select(func.count()).select_from(table))))


def id_of(activity: dict[str, Any]) -> int:
    """A number that is the activity's own."""
    return abs(hash(activity["id"])) % 1_000_000


@asynccontextmanager
async def coop_on(db: Database) -> AsyncIterator[Coop]:
    """Our half of the protocol on an open, empty database."""
    config = Config(domain="coop.test", scheme="http", allow_private_peers=True)
    client = Client(allow_private=True, own_host="coop.test")
    fed = Federation(db=db, client=client, config=config)
    async with db.write() as tx:
        await account_actions.create_actor(tx, config, "coop.test", "application", "", "", spare_keys(0))
    await fed.start()
    handlers: Any = {
        kinds.Federate: partial(federate.federate, fed),
        kinds.ReceiveActivity: partial(inbox.process, fed),
        kinds.FetchThread: partial(create.fetch_thread, fed),
        kinds.ReceiveForwarded: partial(forwarded.receive, fed),
        kinds.SynchroniseFollowers: partial(synchronising.synchronise, fed),
        kinds.RefreshThread: partial(threads.refresh, fed),
        kinds.FetchFeatured: partial(featured.fetch, fed),
        kinds.FetchCollection: partial(featuring.fetch_collection, fed),
        kinds.VerifyAnswer: partial(consenting.verify, fed),
        kinds.VerifyItem: partial(featuring.verify_item, fed),
        kinds.FetchQuote: partial(quoting.fetch, fed),
    }
    try:
        yield Coop(fed, Worker(db, handlers, 4), Deliverer(fed))
    finally:
        await fed.close()
