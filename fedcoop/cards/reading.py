"""What a page says of itself: OpenGraph, HTML's own words, oEmbed. All of it comes from strangers; what comes out
is plain text and web addresses, and of HTML nothing but a frame that we write ourselves."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

import msgspec

from fedcoop import clock
from fedcoop.cards.types import Page
from fedcoop.errors import Invalid
from fedcoop.text import fit
from fedcoop.text.links import host, normal
from fedcoop.text.pages import PageParser, decoded

LONGEST_TITLE = 500
LONGEST_DESCRIPTION = 2_000
LARGEST_SIDE = 10_000

_FRAME = re.compile(r"<iframe\s[^>]*?src\s*=\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})')", re.IGNORECASE)
_FRAME_MAY = "allow-scripts allow-same-origin allow-popups allow-popups-to-escape-sandbox allow-forms"
_OEMBED = "application/json+oembed"


class _Head(PageParser):
    """Collects `meta`, `link`, `title` and the language; the first of each name counts."""

    def __init__(self) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.title = ""
        self.language = ""
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            name = (given.get("property") or given.get("name") or given.get("itemprop") or "").lower()
            if name and given.get("content", "").strip():
                self.meta.setdefault(name, given["content"])
        elif tag == "link":
            for rel in given.get("rel", "").lower().split():
                kind = _OEMBED if rel == "alternate" and given.get("type", "").lower() == _OEMBED else rel
                self.links.setdefault(kind, given.get("href", ""))
        elif tag == "html":
            self.language = self.language or given.get("lang", "")
        elif tag == "title" and not self.title:
            self._in_title = True

    def handle_endtag(self, tag: str) -> None:
        if tag == "title":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.title += data


def read(url: str, body: bytes, content_type: str) -> Page | None:
    """What the HTML at `url` says, None where it says nothing that can be shown. Never raises, whatever comes;
    takes a while for a large page, so call it in a thread."""
    head = _Head()
    head.feed(decoded(body, content_type))
    meta = head.meta
    first = _first(meta)
    title = _line(first("og:title", "twitter:title") or head.title, LONGEST_TITLE)
    page = Page(
        url=_own(url, head.links.get("canonical", "")),
        title=title,
        description=_line(first("og:description", "twitter:description", "description"), LONGEST_DESCRIPTION),
        language=_language(head.language or meta.get("og:locale", "")),
        author_name=_line(first("author", "article:author_name"), LONGEST_TITLE),
        provider_name=_line(first("og:site_name"), LONGEST_TITLE),
        image=_address(url, first("og:image:secure_url", "og:image", "og:image:url", "twitter:image")),
        image_description=_line(first("og:image:alt", "twitter:image:alt"), LONGEST_DESCRIPTION),
        published_at=_moment(first("article:published_time", "datepublished", "date")),
        creator=_line(meta.get("fediverse:creator", ""), 300).removeprefix("@"),
        oembed=_address(url, head.links.get(_OEMBED, "")),
    )
    if page.image:
        page.width, page.height = _side(meta.get("og:image:width")), _side(meta.get("og:image:height"))
    return page if page.title else None


def add_oembed(page: Page, body: bytes) -> None:
    """What the page's oEmbed says, over what the page says itself. https://oembed.com/ Never raises."""
    try:
        said = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return
    if not isinstance(said, dict):
        return
    page.title = _line(said.get("title"), LONGEST_TITLE) or page.title
    page.author_name = _line(said.get("author_name"), LONGEST_TITLE) or page.author_name
    page.author_url = _address(page.url, said.get("author_url")) or page.author_url
    page.provider_name = _line(said.get("provider_name"), LONGEST_TITLE) or page.provider_name
    page.provider_url = _address(page.url, said.get("provider_url")) or page.provider_url
    page.image = page.image or _address(page.url, said.get("thumbnail_url"))
    kind = said.get("type")
    if kind == "photo" and (picture := _address(page.url, said.get("url"))):
        page.type, page.embed_url, page.image = "photo", picture, page.image or picture
        page.width, page.height = _side(said.get("width")), _side(said.get("height"))
    elif kind == "video" and (frame := _frame(page, said)):
        page.type, page.html = "video", frame
        page.width, page.height = _side(said.get("width")), _side(said.get("height"))


def _frame(page: Page, said: dict[str, Any]) -> str:
    """A frame of the provider's, written anew and boxed in; empty where the HTML is anything else."""
    given = said.get("html")
    found = _FRAME.search(given) if isinstance(given, str) and len(given) < 20_000 else None
    src = _address(page.url, html.unescape(found[1] or found[2])) if found else ""
    if not src or not _of_provider(src, page):
        return ""
    width, height = _side(said.get("width")) or 560, _side(said.get("height")) or 315
    return (
        f'<iframe src="{html.escape(src)}" width="{width}" height="{height}" frameborder="0" '
        f'allowfullscreen="allowfullscreen" sandbox="{_FRAME_MAY}"></iframe>'
    )


def _of_provider(src: str, page: Page) -> bool:
    """Whether the frame comes from the page's site: the same host, or one below or above it."""
    theirs, own = host(src), host(page.url)
    return theirs == own or theirs.endswith(f".{own}") or own.endswith(f".{theirs}")


def _own(url: str, canonical: str) -> str:
    """The page's own address: what it calls so, if that is on the same host."""
    named = _address(url, canonical)
    return named if named and host(named) == host(url) else normal(url)


def _first(meta: dict[str, str]) -> Any:
    return lambda *names: next((meta[name] for name in names if name in meta), "")


def _line(value: Any, most: int) -> str:
    return " ".join(fit(html.unescape(value)).split())[:most] if isinstance(value, str) else ""


def _address(base: str, value: Any) -> str:
    """A web address relative to the page; https where the page is. Empty for what is none."""
    if not isinstance(value, str) or not value.strip():
        return ""
    try:
        found = normal(urljoin(base, value.strip()))
    except ValueError:
        return ""
    return "" if urlsplit(found).scheme == "http" and urlsplit(base).scheme == "https" else found


def _side(value: Any) -> int:
    try:
        number = int(str(value).strip().removesuffix("px"))
    except ValueError:
        return 0
    return number if 0 < number <= LARGEST_SIDE else 0


def _moment(value: str) -> int | None:
    try:
        return clock.parse(value.strip()) if value else None
    except (ValueError, Invalid):
        return None


def _language(value: str) -> str | None:
    code = value.strip().replace("_", "-")[:10].partition("-")[0].lower()
    return code if code.isalpha() and code.isascii() and len(code) in (2, 3) else None
