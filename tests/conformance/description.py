"""Mastodon's own description of its API, as data for tests; it is read where it lies, and they skip without it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from tests.environment import setting
from web.api import Route, api
from web.routes import load

DESCRIPTION = Path(
    setting("FEDCOOP_OPENAPI", "")
    or Path(__file__).parents[2].parent / "shared" / "mastodon-api" / "openapi.json"
)
described = pytest.mark.skipif(
    not DESCRIPTION.exists(), reason=f"no description of Mastodon's API at {DESCRIPTION}"
)
METHODS = ("get", "post", "put", "patch", "delete")
# Where the description says one object and every Mastodon answers with a list of them.
LISTS_IN_FACT = {"GET /api/v1/filters"}
# A number in oEmbed, and in Mastodon's own answers.
NUMBER_IN_FACT = ("GET /api/oembed", "height")
# The description knows no scopes but Mastodon's; ours are told where scopes are told.
OURS = ":governance"


@cache
def description() -> Any:
    # Of two schemas of which one contains the other (`ShallowQuote` and `Quote`), never exactly one fits.
    return json.loads(DESCRIPTION.read_text("utf-8").replace('"oneOf"', '"anyOf"'))


def operations() -> dict[str, Any]:
    """Everything Mastodon does, by method and path: `GET /api/v1/statuses/{id}`."""
    return {
        f"{method.upper()} {path}": described
        for path, methods in description()["paths"].items()
        for method, described in methods.items()
        if method in METHODS
    }


def complaints(operation: str, body: Any) -> list[str]:
    """What the answer has that its schema does not allow, or lacks."""
    content = operations()[operation]["responses"]["200"].get("content", {}).get("application/json")
    if content is None:
        return []
    schema = content["schema"]
    if operation in LISTS_IN_FACT:
        schema = {"type": "array", "items": schema}
    whole = {**schema, "components": description()["components"]}
    return [
        f"{operation}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}"
        for error in Draft202012Validator(whole).iter_errors(body)
        if OURS not in error.message and (operation, *error.absolute_path) != NUMBER_IN_FACT
    ]


def queries(operation: str) -> set[str]:
    """The parameters that stand in the address."""
    return {
        each["name"] for each in operations()[operation].get("parameters", ()) if each.get("in") == "query"
    }


def fields(operation: str) -> set[str]:
    """What the body may have, nested names with dots: `poll.options`, `fields_attributes`."""
    found: set[str] = set()
    for content in operations()[operation].get("requestBody", {}).get("content", {}).values():
        found |= _names(content["schema"], "")
    return found


def _names(schema: Any, before: str) -> set[str]:
    if "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    found: set[str] = set()
    for other in (*schema.get("anyOf", ()), *schema.get("allOf", ())):
        found |= _names(other, before)
    for name, each in schema.get("properties", {}).items():
        name = name.removesuffix("[]")
        inner = each.get("items", each) if each.get("type") == "array" else each
        found |= _names(inner, f"{before}{name}.") or {before + name}
    return found


def same(ours: str, theirs: str) -> bool:
    """Whether two patterns of paths are the same, whatever their parts are called."""
    mine, other = ours.split("/"), theirs.split("/")
    return len(mine) == len(other) and all(
        a == b or (a.startswith("{") and b.startswith("{")) for a, b in zip(mine, other, strict=True)
    )


@cache
def route_of(operation: str) -> Route | None:
    """Our route for an operation, if there is one among those of the API."""
    load()
    method, _, path = operation.partition(" ")
    return next((route for route in api if route.method == method and same(route.path, path)), None)
