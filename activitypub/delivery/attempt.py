"""One try: sign off the event loop, send, and say what became of it.

Signed as the host is known to understand it, else after draft-cavage; one that answers 400 or 401 is tried once
more in the other way, and what it took is remembered (`dialects`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor

import msgspec

from activitypub import synchronising
from activitypub.client import Answer
from activitypub.delivery.policy import MOST_REFUSALS, fate_of
from activitypub.delivery.types import Delivery, Result
from activitypub.dialects import REFUSED, Dialect, Signer
from activitypub.errors import FetchError, Refused
from activitypub.federation import Federation
from activitypub.origins import origin
from activitypub.signatures import KeyCache
from activitypub.signatures.digest import digest
from fedcoop import clock
from fedcoop.accounts import queries as account_queries
from fedcoop.errors import NotFound

ACTIVITY = "application/activity+json"


class Attempts:
    """Tries deliveries; remembers digests of bodies and who is told to be a follower."""

    def __init__(self, fed: Federation, signers: Executor) -> None:
        self.fed = fed
        self.signers = signers
        self.digests: KeyCache[str] = KeyCache(256)
        self.followers: KeyCache[dict[str, str]] = KeyCache(64)

    async def deliver(self, delivery: Delivery, body: bytes) -> Result:
        """Send once. Never raises for anything that the other server does."""
        try:
            signer = await self.fed.signer(delivery.account_id)
        except NotFound:
            return Result(delivery, "failed", "the account that signs is gone")
        dialects = self.fed.client.dialects
        first, second = dialects.order(delivery.host)
        more = await self._synchronisation(delivery, body)
        try:
            answer = await self._send(delivery, body, signer, first, more)
            if answer.status in REFUSED:
                again = await self._send(delivery, body, signer, second, more)
                if again.status < 300:
                    dialects.found(delivery.host, second)
                    answer = again
        except Refused as error:
            return Result(delivery, "failed", str(error))
        except FetchError as error:
            return Result(delivery, "host_down", str(error)[:500])
        fate = fate_of(answer)
        if fate == "again" and delivery.attempts + 1 >= MOST_REFUSALS:
            fate = "failed"
        error_text = "" if fate == "done" else f"{answer.status} {answer.words}".strip()
        return Result(delivery, fate, error_text[:500], answer.retry_after)

    async def _send(
        self, delivery: Delivery, body: bytes, signer: Signer, dialect: Dialect, more: Mapping[str, str]
    ) -> Answer:
        """Sign and post. Raises `FetchError`."""
        url = self.fed.client.checked(delivery.inbox)
        now = clock.now() // 1000
        known = ""
        if dialect == "cavage":
            name = str(delivery.activity_id)
            known = self.digests.get(name) or digest(body)
            self.digests.put(name, known)
        headers = await asyncio.get_running_loop().run_in_executor(
            self.signers, signer.sign, dialect, "POST", url, now, body, known, more
        )
        headers["Content-Type"] = ACTIVITY
        return await self.fed.client.post(url, body, headers)

    async def _synchronisation(self, delivery: Delivery, body: bytes) -> Mapping[str, str]:
        """With what is for followers alone, who they are on the receiver's server (FEP-8fcf). Worked out once
        for each activity, for all servers that it goes to."""
        name = str(delivery.activity_id)
        known = self.followers.get(name)
        if known is None:
            known = await self._follower_headers(delivery.account_id, body)
            self.followers.put(name, known)
        header = known.get(origin(delivery.inbox)) if known else None
        return {synchronising.HEADER: header} if header else {}

    async def _follower_headers(self, account_id: int, body: bytes) -> dict[str, str]:
        if b'"Create"' not in body and b'"Update"' not in body:
            return {}
        async with self.fed.db.read() as tx:
            account = await tx.one(account_queries.BY_ID, id=account_id)
            collection = "" if account is None else account.followers_uri or f"{account.uri}/followers"
            if account is None or not synchronising.is_for_followers(msgspec.json.decode(body), collection):
                return {}
            return await synchronising.headers_for(tx, account)
