"""Every operation, given nonsense: an error that says so, never a failure of ours, never a hang."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest

from tests.words import Server
from web.api import api, reader_of
from web.routes import load

WORDS: list[Any] = [
    "", "0", "-1", "abc", "9" * 18, "9" * 19, "9" * 60, "1e9", "NaN", "\0", "\ud800", "😀" * 50, "%00", "../..",
    "' OR 1=1 --", "<script>", "@", "#", "@@", "http://", "https://[", "https://127.0.0.1:1/x", "x" * 1_000,
    "public", "true", "2030-01-01", None, True, 0, -1, 10**17, 1.5, [], [[]], [None], ["1", "x"], {}, {"0": "1"},
    {"": ["1"]}, {"a": {"b": []}}, [{"name": 1}],
]  # fmt: skip
SAFE = [word for word in WORDS if isinstance(word, str) and word and word.isprintable() and len(word) < 100]
ROUNDS = 6


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_nonsense_never_breaks_an_operation(server: Server, method: str) -> None:
    load()
    chance = random.Random(method)
    alice = await server.joins("alice", member=True, scopes="read write follow push profile")
    status = await alice.says("hello", poll={"options": ["a", "b"], "expires_in": 600})
    real = [status["id"], alice.id, status["poll"]["id"]]
    broken: list[str] = []
    for route in api:
        # Streams have no end; `tests/streaming` listens to them.
        if route.method != method or route.path.startswith("/api/v1/streaming"):
            continue
        reader = reader_of(route.handler)
        names = reader.names if reader else ("x",)
        for round_ in range(ROUNDS):
            parts = [
                chance.choice(SAFE if round_ % 2 else real)
                .replace("/", "%2F")
                .replace("#", "%23")
                .replace("?", "")
                if part.startswith("{")
                else part
                for part in route.path.split("/")
            ]
            values = {name: chance.choice(WORDS) for name in names}
            options: dict[str, Any] = {}
            if method == "GET":
                options["params"] = [
                    (name, str(value).encode("utf-8", "replace").decode()) for name, value in values.items()
                ]
            elif round_ % 3 == 0:
                pairs = [
                    (f"{name}[]", str(value).encode("utf-8", "replace").decode())
                    for name, value in values.items()
                ]
                options["data"] = pairs
            else:
                options["data"] = io.BytesIO(json.dumps(values).encode())
                options["headers"] = {"Content-Type": "application/json"}
            answer = await alice.ask(method, "/".join(parts), expect=None, **options)
            if answer.status >= 500:
                broken.append(f"{method} {'/'.join(parts)} {values}: {answer.status} {answer.body}")
            elif answer.status >= 400 and route.path != "/witness/add-checkpoint":  # another protocol's words
                assert "error" in answer.body, f"{method} {'/'.join(parts)}: {answer.body}"
    assert broken == []
