"""A browser without scripts, for tests: it keeps cookies, reads pages as elements, and sends forms as they stand
in the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from fedcoop.sessions import actions as sessions
from tests.words import Person, Server

HTML = "text/html,application/xhtml+xml,*/*;q=0.8"
VOID = frozenset({"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr", "rect"})


@dataclass
class Element:
    """An element with its attributes and everything below it."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None = None
    children: list[Element | str] = field(default_factory=list)

    def __getitem__(self, name: str) -> str:
        return self.attributes.get(name, "")

    @property
    def text(self) -> str:
        """All words in it, with single spaces."""
        words = (child if isinstance(child, str) else child.text for child in self.children)
        return " ".join(" ".join(words).split())

    def all(self, tag: str = "", **attributes: str) -> list[Element]:
        """Those below it of this tag and with these attributes (`class_` holds the class, `for_` the for)."""
        wanted = {name.rstrip("_"): value for name, value in attributes.items()}
        return [
            each
            for each in self.walk()
            if (not tag or each.tag == tag)
            and all(
                value in each[name].split() if name == "class" else each.attributes.get(name) == value
                for name, value in wanted.items()
            )
        ]

    def one(self, tag: str = "", **attributes: str) -> Element:
        found = self.all(tag, **attributes)
        assert len(found) == 1, f"{len(found)} of {tag} {attributes}"
        return found[0]

    def walk(self) -> Iterator[Element]:
        for child in self.children:
            if isinstance(child, Element):
                yield child
                yield from child.walk()


class _Builder(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self._at = Element("", {})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs}, self._at)
        self._at.children.append(element)
        if tag not in VOID:
            self._at = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._at.children.append(Element(tag, {name: value or "" for name, value in attrs}, self._at))

    def handle_endtag(self, tag: str) -> None:
        at: Element | None = self._at
        while at is not None and at.tag != tag:
            at = at.parent
        if at is not None and at.parent is not None:
            self._at = at.parent

    def handle_data(self, data: str) -> None:
        self._at.children.append(data)


def parsed(source: str) -> Element:
    builder = _Builder()
    builder.feed(source)
    builder.close()
    return builder.root


@dataclass
class Page:
    """What came back: headers, the words as they were sent, and the elements."""

    status: int
    headers: Any
    source: str
    root: Element

    @property
    def title(self) -> str:
        return self.root.one("title").text

    @property
    def text(self) -> str:
        return self.root.one("main").text

    @property
    def location(self) -> str:
        return str(self.headers.get("Location", ""))

    def meta(self) -> str:
        """Everything that is said about the page to machines."""
        return " ".join(each["content"] for each in self.root.all("meta")) + self.title


@dataclass
class Browser:
    """Somebody in front of the pages; signed in when it has a session's cookie."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)

    async def open(self, path: str, *, expect: int = 200, accept: str = HTML, **params: str) -> Page:
        return await self._ask("GET", path, expect, headers={"Accept": accept}, params=params)

    async def send(self, page: Page, address: str, fields: Mapping[str, str], *, expect: int = 303) -> Page:
        """Send the page's form that leads to `address`, with these fields filled in."""
        forms = [each for each in page.root.all("form") if each["action"] == address]
        assert forms, f"no form leads to {address}"
        hidden = {each["name"]: each["value"] for each in forms[0].all("input", type="hidden")}
        return await self.post(address, {**hidden, **fields}, expect=expect)

    async def post(
        self,
        path: str,
        fields: Mapping[str, str],
        *,
        expect: int = 303,
        site: str = "same-origin",
    ) -> Page:
        """Send these fields, whatever any page says. `site` is where the browser says that they come from."""
        headers = {"Accept": HTML, "Sec-Fetch-Site": site}
        return await self._ask("POST", path, expect, headers=headers, data=dict(fields))

    async def _ask(self, method: str, path: str, expect: int, **options: Any) -> Page:
        if self.cookies:
            options["headers"]["Cookie"] = "; ".join(
                f"{name}={value}" for name, value in self.cookies.items()
            )
        url = self.server.config.base_url + path
        async with self.server.http.request(method, url, allow_redirects=False, **options) as response:
            source = await response.text()
            for name, morsel in response.cookies.items():
                self.cookies[name] = morsel.value
            assert response.status == expect, f"{method} {path}: {response.status}\n{source[:2000]}"
            return Page(response.status, response.headers, source, parsed(source))


async def browser_of(person: Person) -> Browser:
    """Somebody's browser, signed in already. The form for that is tested with `web.oauth`."""
    assert person.account is not None
    async with person.server.db.write() as tx:
        secret = await sessions.begin(tx, person.account.id, "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0")
    return Browser(person.server, {"fedcoop_session": secret})
