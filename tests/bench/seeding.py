"""A small town, written through the API as its people would: posts, replies, mentions, hashtags, favourites."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import msgspec

from tests.bench.instance import Instance

TREES = ["alder", "birch", "cedar", "dogwood", "elm", "fir", "ginkgo", "hazel", "ivy", "juniper"]
REPLIES = 20
READER = "reader"
STAR = "star"

T = TypeVar("T")


class Town(msgspec.Struct):
    """Who lives on the server, and what the scenarios need to know of what is there."""

    server: Instance
    tokens: dict[str, str]
    people: list[str]
    ids: dict[str, str] = {}
    posts: list[str] = []
    thread: str = ""
    """The first status of a thread of twenty replies."""
    connections: int = 8
    """How many seed at a time. With one, any two servers have the same pages."""

    @property
    def reader(self) -> str:
        """The token of the one who follows everybody."""
        return self.tokens[READER]

    def says(self, name: str, text: str, **more: str) -> str:
        """Post publicly; returns the id."""
        answer = self.server.caller.post(
            "/api/v1/statuses", self.tokens[name], status=text, visibility="public", **more
        )
        return str(answer["id"])


def populate(server: Instance, people: int) -> Town:
    """Accounts and tokens, on a server that need not run."""
    names = [f"u{number:02d}" for number in range(people)]
    return Town(server, server.tokens([READER, STAR, *names]), names)


def seed(town: Town, posts_each: int) -> None:
    """Fill the server: `posts_each` statuses of everybody, the reader following them all."""
    caller, chance = town.server.caller, random.Random(7)

    def introduce(name: str) -> None:
        town.ids[name] = caller.get("/api/v1/accounts/verify_credentials", town.tokens[name])["id"]

    _all(town, introduce, [READER, STAR, *town.people])
    _all(
        town, lambda name: caller.post(f"/api/v1/accounts/{town.ids[name]}/follow", town.reader), town.people
    )

    def post(job: tuple[int, str]) -> None:
        number, name = job
        text = f"post {number} of {name}: {' '.join(chance.choices(TREES, k=18))}"
        if number % 5 == 0:
            text += f" #{TREES[number % 10]} #bench"
        if number % 20 == 7:
            text = f"@{READER} {text}"
        parent = {"in_reply_to_id": chance.choice(town.posts)} if number % 10 == 3 and town.posts else {}
        town.posts.append(town.says(name, text, **parent))

    _all(town, post, [(number, name) for number in range(posts_each) for name in town.people])
    own = [town.says(READER, f"reader post {number}") for number in range(10)]
    _mark(town, chance, own)
    _converse(town)
    _check(town)


def _mark(town: Town, chance: random.Random, own: Sequence[str]) -> None:
    """Favourites and reblogs, none of them twice."""
    count = len(town.people)
    acts = {
        (status, "favourite", town.people[place % count])
        for place, status in enumerate(chance.sample(town.posts, min(400, len(town.posts))))
    }
    acts |= {
        (status, "reblog", town.people[(place + 1) % count])
        for place, status in enumerate(chance.sample(town.posts, min(100, len(town.posts) // 4)))
    }
    for place, name in enumerate(town.people):
        acts |= {(own[(place + step) % 10], "favourite", name) for step in (0, 3, 7)}
    caller = town.server.caller
    _all(
        town,
        lambda act: caller.post(f"/api/v1/statuses/{act[0]}/{act[1]}", town.tokens[act[2]]),
        sorted(acts),
    )


def _converse(town: Town) -> None:
    """One thread of twenty replies, partly to each other."""
    town.thread = last = town.says(town.people[0], "root of a thread")
    for number in range(REPLIES):
        parent = last if number % 3 else town.thread
        last = town.says(town.people[number % 7], f"reply {number}", in_reply_to_id=parent)


def _check(town: Town) -> None:
    """Raises `RuntimeError` unless the pages that will be read are full: reading empty ones measures nothing."""
    caller, token = town.server.caller, town.reader
    found = {
        "home": len(caller.get("/api/v1/timelines/home", token)),
        "public": len(caller.get("/api/v1/timelines/public", token, local="true")),
        "account": len(caller.get(f"/api/v1/accounts/{town.ids[town.people[1]]}/statuses", token)),
        "thread": len(caller.get(f"/api/v1/statuses/{town.thread}/context", token)["descendants"]),
        "notifications": len(caller.get("/api/v1/notifications", token, limit=20)),
    }
    if any(count != 20 for count in found.values()):
        raise RuntimeError(f"pages should have 20 entries each, but they have {found}")


def _all(town: Town, act: Callable[[T], Any], jobs: Sequence[T]) -> None:
    with ThreadPoolExecutor(town.connections) as pool:
        for _ in pool.map(act, jobs):
            pass
