"""The one way out: every request that this server makes to another goes through this client.

It asks only addresses that `addresses` allows, each hop of a redirect anew; it signs every GET for a
document as the instance actor, in the way that the host understands; it bounds time, size after decompression and
connections per host, and waits where it was asked to wait. What arrives is bytes; reading them is
`activitypub.parse`.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from email.utils import parsedate_to_datetime
from typing import BinaryIO
from urllib.parse import urljoin, urlsplit

import aiohttp
import msgspec

from activitypub.addresses import Resolver, check_url
from activitypub.dialects import REFUSED, Dialect, Dialects, Signer
from activitypub.errors import BadAnswer, FetchError, Gone, Refused, TooLarge, Unreachable
from fedcoop import clock

DOCUMENT = 'application/activity+json, application/ld+json; profile="https://www.w3.org/ns/activitystreams"'
JRD = "application/jrd+json, application/json"
PROFILE = "https://www.w3.org/ns/activitystreams"
LARGEST = 1_000_000
MOST_HOPS = 3
DEADLINE = 20.0
CONNECTIONS = 256
CONNECTIONS_PER_HOST = 4
LONGEST_WAIT = 24 * 3600
Receive = Callable[[aiohttp.ClientResponse], Awaitable[bytes]]
_PROFILE_PARAMETER = re.compile(r';\s*profile\s*=\s*(?:"([^"]*)"|([^\s;]+))', re.IGNORECASE)


class Fetched(msgspec.Struct, frozen=True):
    """What was served: the address it finally came from, its media type in lower case, its bytes."""

    url: str
    content_type: str
    body: bytes


class Answer(msgspec.Struct, frozen=True):
    """What a POST was answered. `retry_after` in seconds, `words` the beginning of the body."""

    status: int
    retry_after: int | None = None
    words: str = ""


class Reply(msgspec.Struct, frozen=True):
    """What a POST was answered, where the answer itself is wanted."""

    status: int
    content_type: str
    body: bytes


class Client:
    """Open with `start`, close with `close`. `own_host` is never asked, we know our own documents."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        own_host: str = "",
        user_agent: str = "fedcoop",
        signer: Signer | None = None,
    ) -> None:
        self.allow_private = allow_private
        self.own_host = own_host.lower()
        self.user_agent = user_agent
        self.signer = signer
        self.dialects = Dialects()
        self._session: aiohttp.ClientSession | None = None
        self._not_before: dict[str, int] = {}

    async def start(self) -> None:
        """Open the pool of connections. Needs a running event loop."""
        if self._session is None:
            connector = aiohttp.TCPConnector(
                resolver=Resolver(allow_private=self.allow_private),
                limit=CONNECTIONS,
                limit_per_host=CONNECTIONS_PER_HOST,
                ttl_dns_cache=300,
                keepalive_timeout=20,
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=DEADLINE, sock_connect=5, sock_read=10),
                headers={"User-Agent": self.user_agent, "Accept-Encoding": "gzip, deflate"},
                max_line_size=8_190,
                max_field_size=16_380,
                raise_for_status=False,
            )

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def document(self, url: str) -> Fetched:
        """An ActivityPub document, asked for with a signature.

        Raises `Refused`, `Unreachable`, `Gone`, `BadAnswer`; the latter also for another media type than
        ActivityPub's two (docs/security.md D15, D16).
        """
        fetched = await self.get(url, accept=DOCUMENT, signed=True)
        if not is_document(fetched.content_type):
            raise BadAnswer(f"{url} is {fetched.content_type[:80] or 'of no type'}, not ActivityPub", 200)
        return fetched

    async def get(
        self, url: str, *, accept: str, signed: bool = False, limit: int = LARGEST, cut: bool = False
    ) -> Fetched:
        """Whatever is at `url`, within 20 seconds and three redirects; of more than `limit` bytes nothing, or with
        `cut` the beginning.

        Raises `Refused`, `Unreachable`, `Gone`, `BadAnswer`.
        """

        async def receive(response: aiohttp.ClientResponse) -> bytes:
            return await _limited(response, limit, cut=cut)

        return await self._followed(url, accept, signed, DEADLINE, receive)

    async def download(self, url: str, into: BinaryIO, *, accept: str, limit: int, seconds: float) -> None:
        """Write what is at `url` into a file, a part at a time; the same otherwise, with a deadline of one's own.

        Raises `TooLarge` past `limit` bytes, and `Refused`, `Unreachable`, `Gone`, `BadAnswer`.
        """

        async def receive(response: aiohttp.ClientResponse) -> bytes:
            size = 0
            async for part in response.content.iter_chunked(262_144):
                size += len(part)
                if size > limit:
                    response.close()
                    raise TooLarge(f"{url}: more than {limit} bytes")
                await asyncio.to_thread(into.write, part)
            return b""

        await self._followed(url, accept, False, seconds, receive)

    async def _followed(
        self, url: str, accept: str, signed: bool, seconds: float, receive: Receive
    ) -> Fetched:
        try:
            async with asyncio.timeout(seconds):
                for _ in range(MOST_HOPS + 1):
                    found = await self._hop(url, accept, signed, seconds, receive)
                    if isinstance(found, Fetched):
                        return found
                    url = urljoin(url, found)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise Unreachable(f"{url}: {error or type(error).__name__}") from None
        raise Refused(f"more than {MOST_HOPS} redirects")

    async def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Deliver `body` with signed `headers`. A redirect is an answer like any other, not followed.

        Raises `Refused` and `Unreachable`.
        """
        url = self.checked(url)
        try:
            async with (
                asyncio.timeout(DEADLINE),
                self._pool().post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                if response.status < 300:
                    return Answer(response.status)
                words = await _limited(response, 2_000, cut=True)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise Unreachable(f"{url}: {error or type(error).__name__}") from None
        wait = self._remember_wait(url, response)
        return Answer(response.status, wait, words.decode("utf-8", "replace")[:200])

    async def ask(self, url: str, body: bytes, content_type: str, *, limit: int = LARGEST) -> Reply:
        """Post `body` to something that is no inbox and answers with at most `limit` bytes; not signed, and
        no redirect followed.

        Raises `Refused` and `Unreachable`.
        """
        url = self.checked(url)
        headers = {"Content-Type": content_type}
        try:
            async with (
                asyncio.timeout(DEADLINE),
                self._pool().post(url, data=body, headers=headers, allow_redirects=False) as response,
            ):
                said = await _limited(response, limit)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
            raise Unreachable(f"{url}: {error or type(error).__name__}") from None
        self._remember_wait(url, response)
        return Reply(response.status, response.headers.get("Content-Type", "").lower(), said)

    def checked(self, url: str) -> str:
        """The address as we would ask it. Raises `Refused`, `Unreachable` while its host asked us to wait."""
        url = check_url(url, allow_private=self.allow_private)
        host = urlsplit(url).netloc.lower()
        if host == self.own_host:
            raise Refused("we do not ask ourselves")
        until = self._not_before.get(host)
        if until is not None:
            if until > clock.now():
                raise Unreachable(f"{host} asked us to wait")
            del self._not_before[host]
        return url

    async def _hop(
        self, url: str, accept: str, signed: bool, seconds: float, receive: Receive
    ) -> Fetched | str:
        """What is there, or where it is instead."""
        url = self.checked(url)
        if not signed or self.signer is None:
            return await self._asked(url, {"Accept": accept}, seconds, receive)
        host = urlsplit(url).netloc.lower()
        first, second = self.dialects.order(host)
        try:
            return await self._asked(url, await self._signed(first, url, accept), seconds, receive)
        except BadAnswer as problem:
            if problem.status not in REFUSED:
                raise
        found = await self._asked(url, await self._signed(second, url, accept), seconds, receive)
        self.dialects.found(host, second)
        return found

    async def _signed(self, dialect: Dialect, url: str, accept: str) -> dict[str, str]:
        """The headers of a GET by the instance actor."""
        if self.signer is None:
            raise RuntimeError("nobody signs")
        now = clock.now() // 1000
        return {"Accept": accept} | await asyncio.to_thread(self.signer.sign, dialect, "GET", url, now)

    async def _asked(
        self, url: str, headers: Mapping[str, str], seconds: float, receive: Receive
    ) -> Fetched | str:
        wait_for = aiohttp.ClientTimeout(total=seconds, sock_connect=5, sock_read=10)
        async with self._pool().get(
            url, headers=headers, allow_redirects=False, timeout=wait_for
        ) as response:
            location = response.headers.get("Location")
            if response.status in (301, 302, 303, 307, 308) and location:
                return location
            if response.status in (404, 410):
                raise Gone(f"{url} is gone", response.status)
            if response.status != 200:
                wait = self._remember_wait(url, response)
                raise BadAnswer(f"{url} answers {response.status}", response.status, wait)
            body = await receive(response)
            return Fetched(url, response.headers.get("Content-Type", "").lower(), body)

    def _remember_wait(self, url: str, response: aiohttp.ClientResponse) -> int | None:
        wait = retry_after(response.headers.get("Retry-After"))
        if wait is not None and response.status in (429, 503):
            if len(self._not_before) > 10_000:
                self._not_before.clear()
            self._not_before[urlsplit(url).netloc.lower()] = clock.now() + wait * 1000
        return wait

    def _pool(self) -> aiohttp.ClientSession:
        if self._session is None:
            raise RuntimeError("the client is not started")
        return self._session


def is_document(content_type: str) -> bool:
    """Is this media type ActivityPub's: `application/activity+json`, or `ld+json` with its profile?"""
    essence, _, _ = content_type.lower().partition(";")
    if essence.strip() == "application/activity+json":
        return True
    if essence.strip() != "application/ld+json":
        return False
    found = _PROFILE_PARAMETER.search(content_type)
    return found is not None and PROFILE in (found[1] or found[2] or "").split()


def retry_after(header: str | None) -> int | None:
    """Seconds to wait, from a number or a date, a day at most; None where the header says nothing useful."""
    if not header:
        return None
    if header.strip().isdigit():
        return min(int(header.strip()[:9]), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(header).timestamp()
    except (ValueError, TypeError, OverflowError):
        return None
    return max(0, min(int(until - clock.now() / 1000), LONGEST_WAIT))


async def _limited(response: aiohttp.ClientResponse, limit: int, *, cut: bool = False) -> bytes:
    """The decompressed body. Raises `Unreachable` past `limit` bytes, or cuts there."""
    parts, size = [], 0
    async for part in response.content.iter_chunked(65_536):
        parts.append(part)
        size += len(part)
        if size > limit:
            response.close()
            if not cut:
                raise Unreachable(f"an answer of more than {limit} bytes")
            break
    return b"".join(parts)[: limit + 1]


__all__ = [
    "DOCUMENT",
    "JRD",
    "Answer",
    "Client",
    "FetchError",
    "Fetched",
    "Reply",
    "Signer",
    "is_document",
    "retry_after",
]
