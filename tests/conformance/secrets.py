"""A private and a direct status with everything that can hang on one, and every way there is to ask for them: the
addresses of all routes, whatever they are, with whatever could stand in them."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec

from fedcoop import clock
from tests.media.drawing import picture, upload
from tests.words import Person, Server
from web.api import api
from web.routes import load
from web.visit import pages

MARKS = ("xyzzytext", "xyzzywarning", "xyzzyoption", "xyzzypicture", "xyzzytag", "xyzzyedit")
"""Words that stand nowhere but in the secrets."""
PARAMETERS = (
    "id",
    "id[]",
    "status_id",
    "account_id",
    "q",
    "url",
    "uri",
    "acct",
    "resource",
    "tag",
    "timeline[]",
)
STATUS_FIELDS = ("id", "status_id", "status_ids", "in_reply_to_id", "quoted_status_id")
# They change what somebody sees next, but nothing of anybody else's: asked last they would hide what leaks.
ENDS = ("/oauth/revoke", "/logout", "/settings/delete")


@dataclass
class Secrets:
    """What Alice said to some, and everything that refers to it."""

    author: Person
    statuses: list[Any]
    others: list[str]

    @property
    def ids(self) -> list[str]:
        return [status["id"] for status in self.statuses]

    @property
    def references(self) -> list[str]:
        """What may stand in an address in place of an id."""
        return [*self.ids, *self.others]


async def told(server: Server, author: Person, friend: Person) -> Secrets:
    """Alice tells her followers, and one of them alone; her friend marks both."""
    made, others = [], [author.id, "xyzzytag"]
    for visibility, mention in (("private", ""), ("direct", f"@{friend.handle.partition('@')[0]} ")):
        media = await upload(author, picture(), description="xyzzypicture")
        fields: dict[str, Any] = {"visibility": visibility, "spoiler_text": "xyzzywarning"}
        asked = await author.says(
            f"{mention}xyzzytext #xyzzytag",
            poll={"options": ["xyzzyoption", "b"], "expires_in": 600},
            **fields,
        )
        shown = await author.says(f"{mention}xyzzytext #xyzzytag", media_ids=[media["id"]], **fields)
        await author.put(
            f"/api/v1/statuses/{shown['id']}", status=f"{mention}xyzzyedit", media_ids=[media["id"]]
        )
        for status in (asked, shown):
            for verb in ("favourite", "bookmark"):
                await friend.post(f"/api/v1/statuses/{status['id']}/{verb}")
        await friend.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[0])
        await friend.says("@alice xyzzytext", in_reply_to_id=shown["id"], visibility=visibility)
        made += [asked, shown]
        others += [media["id"], asked["poll"]["id"]]
    await author.post(f"/api/v1/statuses/{made[1]['id']}/pin")
    await author.post(f"/api/v1/statuses/{made[1]['id']}/reblog", visibility="private")
    quote = await author.says("xyzzytext", quoted_status_id=made[1]["id"], visibility="private")
    later = await author.says("xyzzytext", scheduled_at=clock.iso(clock.now() + clock.DAY))
    rule = await author.post("/api/v2/filters", title="xyzzytext", context=["home"])
    kept = await author.post(f"/api/v2/filters/{rule['id']}/statuses", status_id=made[0]["id"])
    (notice, *_) = await author.notifications()
    (talk, *_) = await author.get("/api/v1/conversations")
    others += [later["id"], rule["id"], kept["id"], notice["id"], notice["group_key"], talk["id"]]
    await server.settle()
    return Secrets(author, [*made, quote], others)


def reads(secrets: Secrets) -> Iterator[tuple[str, dict[str, str], str]]:
    """Every address that can be read, with what could stand in it: path, parameters, and what to accept."""
    load()
    for route in (*api, *pages):
        if route.method != "GET" or route.path.startswith("/api/v1/streaming"):
            continue
        accepted: tuple[str, ...] = ("application/json",)
        if not route.path.startswith("/api/"):
            accepted = ("text/html", "application/activity+json")
        for path, accept in itertools.product(filled(route.path, secrets), accepted):
            yield path, {}, accept
            if "{" not in route.path:
                for asked in _asked(secrets, apart=route.path.startswith("/api/")):
                    yield path, asked, accept
        if "search" in route.path:
            for mark in MARKS:
                yield route.path, {"q": mark}, accepted[0]


def _asked(secrets: Secrets, *, apart: bool) -> Iterator[dict[str, str]]:
    """Parameters that name one of the two: each by itself, or all at once."""
    for status in (secrets.statuses[0], secrets.statuses[3]):
        named = {
            name: status["url"] if name in ("url", "uri", "q", "resource") else status["id"]
            for name in PARAMETERS
        }
        for each in ({name: value} for name, value in named.items()) if apart else (named,):
            yield {**each, "resolve": "true"}


def filled(pattern: str, secrets: Secrets) -> Iterator[str]:
    """A route's path with each reference in each of its places."""
    parts = re.split(r"(\{[^{}]*(?:\{[^{}]*\})?[^{}]*\})", pattern)
    places = parts[1::2]
    for values in itertools.product(*(_fitting(place, pattern, secrets) for place in places)):
        yield "".join(itertools.chain(*itertools.zip_longest(parts[::2], values, fillvalue="")))


def _fitting(place: str, pattern: str, secrets: Secrets) -> list[str]:
    name = place.strip("{}").partition(":")[0]
    if name == "name" and pattern.startswith(("/@", "/users")):
        return ["alice"]
    if name in ("name", "hashtag"):
        return ["xyzzytag"]
    if pattern.startswith("/ap/users/") and name == "id":
        return [secrets.author.id]
    return secrets.references


def acts(secrets: Secrets) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every act with every reference: method, path, body."""
    load()
    for route in api:
        if route.method == "GET" or route.path in ENDS:
            continue
        if "{" in route.path:
            for path in filled(route.path, secrets):
                yield (
                    route.method,
                    path,
                    {"status": "x", "choices": [0], "status_id": secrets.ids[0], "comment": "x"},
                )
            continue
        for name, id_ in itertools.product(STATUS_FIELDS, secrets.ids):
            value = [id_] if name == "status_ids" else id_
            yield route.method, route.path, {name: value, "account_id": secrets.author.id, "status": "x"}


def given_away(body: Any, secrets: Secrets, *asked: Any) -> list[str]:
    """Which marks and ids an answer holds that were not in the question."""
    said = body if isinstance(body, str) else msgspec.json.encode(body).decode()
    known = str(asked)
    return [mark for mark in (*MARKS, *secrets.ids) if mark in said and mark not in known]
