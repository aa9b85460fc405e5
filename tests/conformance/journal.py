"""Calling operations as they are documented, while every answer is compared with the description of it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

import aiohttp

from tests.conformance.description import complaints, fields, operations, queries
from tests.words import Person, Server

Encoding = Literal["json", "form", "multipart"]
PAGING = {"limit", "max_id", "since_id", "min_id"}


def flat(values: Any, before: str = "") -> Iterator[tuple[str, str]]:
    """Rails' keys: `poll[options][]`, `fields_attributes[0][name]`."""
    if isinstance(values, dict):
        for name, value in values.items():
            yield from flat(value, f"{before}[{name}]" if before else name)
    elif isinstance(values, list):
        for number, value in enumerate(values):
            inner = isinstance(value, (dict, list))
            yield from flat(value, f"{before}[{number}]" if inner else f"{before}[]")
    elif values is not None:
        yield before, str(values).lower() if isinstance(values, bool) else str(values)


def _named(values: Any, before: str = "") -> Iterator[str]:
    """The names in a body as the description has them."""
    for name, value in values.items():
        inner = [each for each in (value if isinstance(value, list) else [value]) if isinstance(each, dict)]
        if inner and name not in ("fields_attributes", "media_attributes"):
            for each in inner:
                yield from _named(each, f"{before}{name}.")
        else:
            yield before + name


@dataclass
class Journal:
    """What was called on a server, how, and what was wrong with the answers."""

    server: Server
    encoding: Encoding
    alice: Person
    bob: Person
    page: str
    """The address of a page that can be linked to."""
    called: set[str] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    sent: dict[str, set[str]] = field(default_factory=dict)

    async def call(
        self,
        operation: str,
        *ids: str | int,
        who: Person | None = None,
        files: dict[str, bytes] | None = None,
        query: dict[str, Any] | None = None,
        answers: int = 200,
        **body: Any,
    ) -> Any:
        """Do it as `who` (Alice); answers with the body. `ids` fill the path in their order."""
        assert operation in operations(), operation
        method, _, path = operation.partition(" ")
        given = iter(ids)
        path = "/".join(str(next(given)) if part.startswith("{") else part for part in path.split("/"))
        options: dict[str, Any] = {}
        if method == "GET":
            query = {**(query or {}), **body}
        elif files or body:
            options = self._body(body, files)
        if query:
            options["params"] = list(flat(query))
        answer = await (who or self.alice).ask(method, path, expect=None, **options)
        sent = self.sent.setdefault(operation, set())
        sent.update(query or (), _named(body) if method != "GET" else (), files or ())
        self.called.add(operation)
        if answer.status != answers:
            self.wrong.append(f"{operation}: {answer.status} {answer.body}")
            return answer.body
        if 200 <= answer.status < 300:
            self.wrong += complaints(operation, answer.body)
        if method == "GET" and (wanted := queries(operation) & PAGING):
            sent |= wanted
            await self._walk(operation, path, query or {}, who or self.alice)
        return answer.body

    def _body(self, body: dict[str, Any], files: dict[str, bytes] | None) -> dict[str, Any]:
        if files or self.encoding == "multipart":
            form = aiohttp.FormData(default_to_multipart=True)
            for name, value in flat(body):
                form.add_field(name, value)
            for name, data in (files or {}).items():
                form.add_field(name, io.BytesIO(data), filename=f"{name}.jpg", content_type="image/jpeg")
            return {"data": form}
        return {"json": body} if self.encoding == "json" else {"data": list(flat(body))}

    async def _walk(self, operation: str, path: str, query: dict[str, Any], who: Person) -> None:
        """The same list in pages of one, to its end and back, by its `Link` header alone."""
        if not queries(operation) | {"min_id"} >= PAGING:
            return
        whole = (await who.ask("GET", path, params=list(flat({**query, "limit": 40})))).body
        if not isinstance(whole, list):
            return
        pages: list[Any] = []
        address, options = path, {"params": list(flat({**query, "limit": 1}))}
        back = ""
        while len(pages) <= len(whole):
            answer = await who.ask("GET", address, expect=None, **options)
            if answer.status != 200 or len(answer.body) > 1:
                self.wrong.append(f"{operation}: a page of one is {answer.status} {str(answer.body)[:300]}")
                return
            links = answer.headers.get("Link", "")
            if not answer.body:
                break
            pages += answer.body
            named = dict(reversed(each.strip().split("; rel=")) for each in links.split(",") if each.strip())
            if '"next"' not in named:
                break
            back = named.get('"prev"', "").strip("<>")
            address, options = named['"next"'].strip("<>"), {}
        if [_key(each) for each in pages] != [_key(each) for each in whole]:
            self.wrong.append(
                f"{operation}: in pages {[_key(each) for each in pages]}, at once {[_key(each) for each in whole]}"
            )
        if len(whole) > 1 and "min_id=" in back:
            before = (await who.ask("GET", back)).body
            if [_key(each) for each in before] != [_key(whole[-2])]:
                self.wrong.append(f"{operation}: before the last one is {before}")

    def left_out(self) -> dict[str, set[str]]:
        """Documented parameters that were never sent, by operation."""
        wanted = {each: queries(each) | fields(each) for each in self.called}
        return {each: missing for each, names in wanted.items() if (missing := names - self.sent[each])}


def _key(entity: Any) -> str:
    return str(entity.get("id") or entity.get("name")) if isinstance(entity, dict) else str(entity)
