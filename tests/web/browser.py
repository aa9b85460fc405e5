"""A person with a browser: keeps cookies, reads forms, fills them in and sends them."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

import aiohttp
from yarl import URL


@dataclass
class Page:
    """What the browser shows."""

    status: int
    url: URL
    text: str
    headers: Any
    form: dict[str, str] = field(default_factory=dict)
    """The fields of the first form on the page, as they are filled in already."""
    action: str = ""


class _Forms(HTMLParser):
    """The first form with the method post, outside the page's footer."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append((named.get("action", ""), {}))
            return
        filled = tag in ("input", "textarea") and (named.get("type") != "checkbox" or "checked" in named)
        if filled and self.forms and named.get("name"):
            self.forms[-1][1][named["name"]] = named.get("value", "")


class Browser:
    """One browser with its own cookies."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        # Loopback addresses have cookies too.
        self.session = aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True))

    async def __aenter__(self) -> Browser:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.session.close()

    async def open(self, address: str, **params: str) -> Page:
        return await self._ask("GET", address, params=params)

    async def send(self, page: Page, /, **fields: str) -> Page:
        """Fill in the page's form and send it. Stops at a redirect to another site."""
        return await self._ask("POST", page.action, data=page.form | fields)

    async def post(self, address: str, **fields: str) -> Page:
        """Send fields that no page asked for."""
        return await self._ask("POST", address, data=fields)

    async def _ask(self, method: str, address: str, **options: Any) -> Page:
        url = URL(address) if "://" in address else URL(self.base_url + address, encoded=True)
        for _ in range(10):
            async with self.session.request(method, url, allow_redirects=False, **options) as response:
                text = await response.text()
                if response.status not in (302, 303):
                    return _read(response, text)
                target = URL(response.headers["Location"], encoded=True)
                url = response.url.join(target)
                if str(url.origin() if url.host else url) != self.base_url:
                    return Page(response.status, url, text, response.headers)
            method, options = "GET", {}
        raise AssertionError("redirected without end")


def _read(response: aiohttp.ClientResponse, text: str) -> Page:
    parser = _Forms()
    parser.feed(text)
    action, form = next((each for each in parser.forms if each[0] != "/logout"), ("", {}))
    return Page(response.status, response.url, text, response.headers, form, action)
