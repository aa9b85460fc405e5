"""What is fed: each target takes a source of chance, makes one damaged input from it, and hands that to the
code that strangers reach. What the code is meant to raise is caught here; anything else is a finding."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from html.parser import HTMLParser
from pathlib import Path
from random import Random
from typing import Any, get_args

from activitypub import signatures, webfinger
from activitypub.client import Fetched
from activitypub.dialects import Dialects
from activitypub.errors import BadAnswer, BadSignature, FetchError, Gone, Ignored, Unreachable
from activitypub.inbox import process
from activitypub.parse import parse
from activitypub.parse.document import LARGEST
from fedcoop import text
from fedcoop.cards import reading
from fedcoop.errors import Problem
from fedcoop.jobs.types import ReceiveActivity
from fedcoop.text.safe import TAGS, is_link
from fedcoop.transfers import files as transfers
from fedcoop.transfers.types import Kind
from moderation.lists import reading as lists
from tests.activitypub.coop import Coop, coop_on
from tests.activitypub.remote import key
from tests.fuzz import corpus, mutation
from tests.fuzz.database import fresh

NOW = 1_780_000_000
Target = Callable[[Random], Awaitable[object]]
"""One input; returns what it was, so that a finding can be told."""


def documents(random: Random) -> bytes:
    """A damaged document as bytes."""
    known = [
        *corpus.samples(),
        *corpus.activities("https://coop.test/users/1", "https://coop.test/users/1/statuses/2"),
    ]
    return mutation.encoded(mutation.damaged(random.choice(known), random, known), random)


async def parsing(random: Random) -> bytes:
    body = documents(random)
    with suppress(Ignored):
        parse(body)
    return body


async def html(random: Random) -> str:
    source = mutation.spoilt_text(random.choice(corpus.HTML), random)
    safe = text.sanitize(source)
    Shown().check(safe)
    text.plain(source)
    text.markdown(source[:20_000])
    return source


class Shown(HTMLParser):
    """Reads what is shown to people as a browser would, and raises AssertionError for whatever could act."""

    def check(self, shown: str) -> None:
        self.feed(shown)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS, f"<{tag}> is left"
        for name, value in attrs:
            assert name in {"class", "href", "rel", "target", "translate", "start", "reversed", "value"}, name
            assert name != "href" or is_link(value or ""), f"a link to {value}"

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment is left")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration is left")

    def handle_pi(self, data: str) -> None:
        raise AssertionError("an instruction is left")


async def fingers(random: Random) -> bytes:
    jrd = {
        "subject": "acct:bob@b.test",
        "aliases": [corpus.ACTOR],
        "links": [{"rel": "self", "type": "application/activity+json", "href": corpus.ACTOR}],
    }
    body = mutation.encoded(mutation.damaged(jrd, random, corpus.samples()), random)
    with suppress(BadAnswer):
        webfinger.read(body)
    handle = mutation.spoilt_text("@bob@b.test", random)
    with suppress(Problem):
        webfinger.split_handle(handle)
    return body


async def headers(random: Random) -> list[tuple[str, str]]:
    url, body = "https://coop.test/inbox?x=1", b'{"type":"Create"}'
    made = signatures.sign_cavage(key("fuzz"), f"{corpus.ACTOR}#main-key", "POST", url, NOW, body)
    if random.random() < 0.5:
        made = signatures.sign_rfc9421(key("fuzz"), f"{corpus.ACTOR}#main-key", "POST", url, NOW, body)
    pairs = list(made.items())
    for _ in range(random.randrange(1, 3)):
        at = random.randrange(len(pairs))
        name, value = pairs[at]
        match random.randrange(5):
            case 0:
                del pairs[at]
            case 1:
                pairs.append((name.upper(), value))
            case _:
                pairs[at] = (name, mutation.spoilt_text(value, random)[:10_000])
        if not pairs:
            break
    message = signatures.Message("POST", "/inbox?x=1", pairs, body, authority="coop.test")
    try:
        claim = signatures.read(message, NOW)
        claim.proven_by(key("fuzz").public_key())
    except BadSignature:
        pass
    return pairs


async def previews(random: Random) -> tuple[str, bytes]:
    """A page that somebody linked to, and what it says of itself by oEmbed."""
    url = mutation.spoilt_text("https://b.test/page", random)
    body = mutation.spoilt_text(corpus.PAGE, random).encode("utf-8", "surrogatepass")
    kind = random.choice(["text/html", "text/html; charset=utf-16", "text/html; charset=nonsense"])
    found = reading.read(url, body, kind) or reading.read(
        "https://b.test/page", corpus.PAGE.encode(), "text/html"
    )
    assert found is not None
    said = mutation.encoded(mutation.damaged(corpus.OEMBED, random, corpus.samples()), random)
    reading.add_oembed(found, said)
    return url, body + said


async def files(random: Random) -> str:
    """Lists of servers and of accounts, as Mastodon writes them."""
    source = mutation.spoilt_text(random.choice(corpus.LISTS), random)
    with suppress(Problem):
        lists.read(source)
    with suppress(Problem):
        transfers.read(random.choice(get_args(Kind)), source.encode("utf-8", "surrogatepass"))
    return source


class Elsewhere:
    """A client that reaches nobody: what it is asked for is made up, and mostly damaged."""

    dialects = Dialects()

    def __init__(self, random: Random) -> None:
        self.random = random
        self.signer = None
        self.allow_private = False
        self.left = 30

    async def start(self) -> None: ...

    async def close(self) -> None: ...

    async def document(self, url: str) -> Fetched:
        return await self.get(url, accept="", signed=True)

    async def get(self, url: str, *, accept: str, signed: bool = False, limit: int = LARGEST) -> Fetched:
        self.left -= 1
        chance = self.random.random()
        if chance < 0.1 or self.left < 0:
            raise Gone(f"{url} is gone", 404)
        if chance < 0.15:
            raise Unreachable(url)
        made: dict[str, Any] = corpus.note(url) if "status" in url or "/n/" in url else corpus.actor(url)
        if "webfinger" in url:
            made = {
                "subject": "acct:bob@b.test",
                "links": [{"rel": "self", "type": "application/activity+json", "href": corpus.ACTOR}],
            }
        if chance < 0.5:
            made = mutation.damaged(made, self.random, [*corpus.samples(), corpus.note()])
        return Fetched(url, "application/activity+json", mutation.encoded(made, self.random)[:limit])


@asynccontextmanager
async def inbox(folder: Path) -> AsyncIterator[Target]:
    """Activities from their arrival in the queue to the last row that they change, on a server with somebody
    in it."""
    async with fresh(folder) as db, coop_on(db) as coop:
        alice = await coop.joins("alice")
        status = await coop.says(alice, "What do you think? #question")
        known = corpus.activities(alice.uri, status.uri)
        await coop.fed.client.close()

        async def receive(random: Random) -> bytes:
            coop.fed.client = Elsewhere(random)  # type: ignore[assignment] # stands in for it whole
            # What was fetched for one input is not remembered for the next.
            coop.fed.actors, coop.fed.failed = signatures.KeyCache(256), signatures.KeyCache(256)
            activity = random.choice([*known, *corpus.samples()])
            if random.random() < 0.95:
                activity = mutation.damaged(activity, random, [*corpus.samples(), *known])
            body = mutation.encoded(activity, random)
            await _process(coop, body)
            return body

        yield receive


async def _process(coop: Coop, body: bytes) -> None:
    try:
        job = ReceiveActivity(actor_uri=_actor_of(body), body=body.decode())
    except UnicodeDecodeError:
        return  # The inbox refuses it before it is kept.
    with suppress(FetchError):  # It is tried again later.
        await process(coop.fed, job)


def _actor_of(body: bytes) -> str:
    """Whom the inbox would have found to have signed."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return corpus.ACTOR
    actor = found.get("actor") if isinstance(found, dict) else None
    if isinstance(actor, dict):
        actor = actor.get("id")
    return actor if isinstance(actor, str) and actor.startswith("http") else corpus.ACTOR


PURE: dict[str, Target] = {
    "parsing": parsing,
    "html": html,
    "webfinger": fingers,
    "signatures": headers,
    "previews": previews,
    "files": files,
}
"""Targets that need no server."""
