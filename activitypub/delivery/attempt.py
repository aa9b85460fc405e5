"""One try: sign off the event loop, send, and say what became of it.

Signed after draft-cavage first; a host that answers 400 or 401 is asked once more after RFC 9421, and what it
understood is remembered ("double knock", docs/security.md B17).
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from concurrent.futures import Executor

import msgspec

from activitypub import synchronising
from activitypub.builders.actor import key_id
from activitypub.client import Answer
from activitypub.delivery.policy import MOST_REFUSALS, fate_of
from activitypub.delivery.types import Delivery, Result
from activitypub.errors import FetchError, Refused
from activitypub.federation import Federation
from activitypub.origins import origin
from activitypub.signatures import KeyCache, load_private, sign_cavage, sign_rfc9421
from activitypub.signatures.digest import digest
from fedcoop import clock
from fedcoop.accounts import queries as account_queries
from fedcoop.errors import NotFound

ACTIVITY = "application/activity+json"


class Attempts:
    """Tries deliveries; remembers keys, digests of bodies and the signatures that hosts understand."""

    def __init__(self, fed: Federation, signers: Executor) -> None:
        self.fed = fed
        self.signers = signers
        self.newer: KeyCache[bool] = KeyCache(4096)
        self.digests: KeyCache[str] = KeyCache(256)
        self.key_ids: KeyCache[str] = KeyCache(512)
        self.followers: KeyCache[dict[str, str]] = KeyCache(64)

    async def deliver(self, delivery: Delivery, body: bytes) -> Result:
        """Send once. Never raises for anything that the other server does."""
        try:
            pem = await self.fed.private_key(delivery.account_id)
            key = await self._key_id(delivery.account_id)
        except NotFound:
            return Result(delivery, "failed", "the account that signs is gone")
        newer = self.newer.get(delivery.host) is True
        more = await self._synchronisation(delivery, body)
        try:
            answer = await self._send(delivery, body, pem, key, newer, more)
            if answer.status in (400, 401):
                second = await self._send(delivery, body, pem, key, not newer, more)
                if second.status < 300:
                    self.newer.put(delivery.host, not newer)
                    answer = second
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
        self, delivery: Delivery, body: bytes, pem: str, key: str, newer: bool, more: Mapping[str, str]
    ) -> Answer:
        """Sign and post. Raises `FetchError`."""
        url = self.fed.client.checked(delivery.inbox)
        now = clock.now() // 1000
        loop = asyncio.get_running_loop()
        if newer:
            signing = loop.run_in_executor(
                self.signers, sign_rfc9421, load_private(pem), key, "POST", url, now, body, more
            )
        else:
            name = str(delivery.activity_id)
            known = self.digests.get(name) or digest(body)
            self.digests.put(name, known)
            signing = loop.run_in_executor(
                self.signers, sign_cavage, load_private(pem), key, "POST", url, now, body, known, more
            )
        headers = await signing
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

    async def _key_id(self, account_id: int) -> str:
        found = self.key_ids.get(str(account_id))
        if found is None:
            async with self.fed.db.read() as tx:
                account = await tx.one(account_queries.BY_ID, id=account_id)
            if account is None:
                raise NotFound
            found = key_id(account)
            self.key_ids.put(str(account_id), found)
        return found
