"""A website that tests link to: pages of HTML, oEmbed, and how often each was asked for."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from tests.activitypub.remote import Remote
from tests.words import Person


class Site:
    """Pages by path, on a server of its own."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.base = remote.base

    def page(self, path: str, head: str, *, body: str = "", kind: str = "text/html", **more: Any) -> str:
        """Serve a page with this head; returns its address."""
        text = f"<!doctype html><html lang='en-GB'><head>{head}</head><body>{body}</body></html>"
        return self.serve(path, text.encode(), kind, **more)

    def serve(self, path: str, body: bytes, kind: str, **more: Any) -> str:
        async def answer(request: web.Request) -> web.Response:
            return web.Response(body=body, content_type=kind, **more)

        self.remote.handlers[path] = answer
        return self.base + path

    def asked(self, path: str) -> int:
        return self.remote.asked.count(path)


async def card_of(person: Person, status: Any) -> Any:
    """The card of a status as somebody sees it after everything has happened."""
    await person.server.settle()
    return (await person.get(f"/api/v1/statuses/{status['id']}"))["card"]
