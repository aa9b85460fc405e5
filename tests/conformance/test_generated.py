"""Requests made up from Mastodon's description and from our own parameters, right and wrong: whatever is sent,
there is an answer, it is no failure of ours, an error says what is wrong, and what is refused wrote nothing."""

from __future__ import annotations

import asyncio
import io
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any, NamedTuple

import aiohttp
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Err
from schemathesis.generation import GenerationMode
from yarl import URL

from tests.conformance.description import described, description, fields, queries
from tests.environment import setting
from tests.words import Person, Server
from web.api import Route, api, reader_of
from web.routes import load

EXAMPLES = int(setting("FEDCOOP_GENERATED_EXAMPLES", "3"))
"""How many requests of each kind, for each operation. The same ones every time."""
PATIENCE = 20
PLAIN = ("/health", "/witness/", "/oauth/authorize", "/.well-known/host-meta")
"""They answer in words or with a page, as their protocols have it."""


class Made(NamedTuple):
    """A request as it goes over the wire."""

    method: str
    address: str
    headers: dict[str, str]
    body: bytes


def examples(strategy: st.SearchStrategy[Any], count: int = EXAMPLES) -> list[Any]:
    """The same few every time."""
    found: list[Any] = []

    @settings(
        max_examples=count,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(each: Any) -> None:
        found.append(each)

    with suppress(Unsatisfiable):  # whatever is sent may be right
        collect()
    return found


def _described(mode: GenerationMode) -> Iterator[Made]:
    """What the description allows, or forbids."""
    schema = schemathesis.openapi.from_dict(description())
    for found in schema.get_all_operations():
        if isinstance(found, Err):
            raise found.err()
        operation = found.ok()
        if operation.path.startswith("/api/v1/streaming"):
            continue  # they have no end; `tests/streaming` listens to them
        name = f"{operation.method.upper()} {operation.path}"
        if mode is GenerationMode.NEGATIVE and not (queries(name) or fields(name)):
            continue  # nothing can be wrong
        count = EXAMPLES if mode is GenerationMode.POSITIVE else EXAMPLES // 3  # to go wrong takes long
        for case in examples(operation.as_strategy(generation_mode=mode), count):
            wanted = requests.Request(**case.as_transport_kwargs(base_url="http://x"))
            try:
                made = wanted.prepare()
            except (ValueError, requests.RequestException):
                continue  # no client can send it
            body = made.body.encode("utf-8", "replace") if isinstance(made.body, str) else made.body
            headers = {name: str(value) for name, value in made.headers.items() if _sendable(value)}
            yield Made(
                operation.method.upper(), made.path_url, headers, body if isinstance(body, bytes) else b""
            )


def _sendable(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isprintable()


SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)
KEYS = st.sampled_from(["", "[]", "[0]", "[][]", "[a]", "[0][name]", "[", "]", "[][a][b]"])


def _ours(route: Route, names: list[str]) -> Iterator[Made]:
    """Our own parameters with anything in them, as JSON, as forms, and as multipart."""
    name = st.sampled_from(names)
    path = st.sampled_from(["0", "1", "-1", "x", "%00", "%F0%9F%98%80", "9" * 30])
    bodies: dict[str, st.SearchStrategy[bytes]] = {
        "application/json": st.dictionaries(name, VALUES, max_size=4).map(
            lambda each: json.dumps(each).encode()
        ),
        "application/x-www-form-urlencoded": _pairs(name).map(_urlencoded),
        "multipart/form-data; boundary=b": _pairs(name).map(_multipart),
        "application/json ": st.binary(max_size=40),
    }
    if route.method == "GET":
        bodies = {kind: strategy for kind, strategy in bodies.items() if "urlencoded" in kind}
    for kind, strategy in bodies.items():
        for part, body in examples(st.tuples(path, strategy), max(EXAMPLES // 2, 1)):
            address = "/".join(part if each.startswith("{") else each for each in route.path.split("/"))
            if route.method == "GET":
                yield Made("GET", f"{address}?{body.decode()}", {}, b"")
            else:
                yield Made(route.method, address, {"Content-Type": kind.strip()}, body)


def _pairs(name: st.SearchStrategy[str]) -> st.SearchStrategy[list[tuple[str, str]]]:
    return st.lists(st.tuples(st.tuples(name, KEYS).map("".join), st.text(max_size=20)), max_size=5)


def _urlencoded(pairs: list[tuple[str, str]]) -> bytes:
    return requests.models.RequestEncodingMixin._encode_params(
        [(key, value.encode("utf-8", "replace")) for key, value in pairs]
    ).encode()


def _multipart(pairs: list[tuple[str, str]]) -> bytes:
    out = io.BytesIO()
    for key, value in pairs:
        out.write(
            f'--b\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode(
                "utf-8", "replace"
            )
        )
    out.write(b"--b--\r\n")
    return out.getvalue()


async def _sent(server: Server, person: Person, requests_: Iterator[Made]) -> tuple[list[str], int]:
    """What was wrong with the answers, and how many of them came with something written."""
    wrong: list[str] = []
    writing = 0
    with closing(sqlite3.connect(server.config.database_url.removeprefix("sqlite:///"))) as watching:
        written: Callable[[], Any] = lambda: watching.execute("PRAGMA data_version").fetchone()  # noqa: E731
        for made in requests_:
            before = written()
            headers = {**made.headers, "Authorization": f"Bearer {person.token}"}
            for unwanted in ("Host", "Content-Length", "Transfer-Encoding"):
                headers.pop(unwanted, None)
            status, kind, text = await _answer(server, made, headers)
            changed = written() != before
            writing += changed
            what = f"{made.method} {made.address} {made.headers.get('Content-Type')} {made.body[:300]!r}: {status}"
            if status >= 500:
                wrong.append(f"{what} {text[:300]}")
            elif status >= 400 and not made.address.startswith(PLAIN):
                if "json" not in kind or not isinstance(json.loads(text).get("error"), str):
                    wrong.append(f"{what}: no error in {text[:300]}")
                if changed:
                    wrong.append(f"{what}: something was written, and yet: {text[:200]}")
    return wrong, writing


async def _answer(server: Server, made: Made, headers: dict[str, str]) -> tuple[int, str, str]:
    url = URL(server.config.base_url + made.address, encoded=True)
    async with (
        asyncio.timeout(PATIENCE),
        server.http.request(
            made.method,
            url,
            data=made.body,
            headers=headers,
            allow_redirects=False,
            timeout=aiohttp.ClientTimeout(),
        ) as answer,
    ):
        if answer.content_type == "text/event-stream":
            return answer.status, answer.content_type, ""
        return answer.status, answer.content_type, await answer.text(errors="replace")


async def _somebody(server: Server) -> Person:
    alice = await server.joins("alice", member=True, scopes="read write follow push profile")
    await alice.says("hello", poll={"options": ["a", "b"], "expires_in": 600})
    return alice


@described
@pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["allowed", "forbidden"]
)
async def test_whatever_the_description_says(small: Server, mode: GenerationMode) -> None:
    wrong, writing = await _sent(small, await _somebody(small), _described(mode))
    assert not wrong, "\n".join(wrong)
    assert mode is GenerationMode.NEGATIVE or writing > 10


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
async def test_whatever_our_own_parameters_hold(small: Server, method: str) -> None:
    load()

    def made() -> Iterator[Made]:
        for route in api:
            if route.method == method and not route.path.startswith("/api/v1/streaming"):
                reader = reader_of(route.handler)
                yield from _ours(route, [*(reader.names if reader else ()), "x"])

    wrong, _ = await _sent(small, await _somebody(small), made())
    assert not wrong, "\n".join(wrong)
