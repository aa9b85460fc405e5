"""The links in a status's HTML: where it leads to, apart from people and hashtags."""

import html
import re
from urllib.parse import urlsplit

LONGEST = 2_048

_ANCHOR = re.compile(r"<a\s([^>]*)>", re.IGNORECASE)
_HREF = re.compile(r'(?:^|\s)href="([^"]*)"', re.IGNORECASE)
_TIE = re.compile(r'(?:^|\s)(?:class="[^"]*\b(?:mention|hashtag)\b|rel="[^"]*\btag\b)', re.IGNORECASE)


def links(source: str) -> list[str]:
    """Web addresses in the order in which safe HTML links to them, in one spelling each."""
    found = []
    for anchor in _ANCHOR.findall(source):
        href = None if _TIE.search(anchor) else _HREF.search(anchor)
        if href and (url := normal(html.unescape(href[1]))):
            found.append(url)
    return found


def normal(url: str) -> str:
    """The address of a page without its fragment, scheme and host in lower case; empty for what is none."""
    if len(url) > LONGEST or not url.isprintable() or " " in url:
        return ""
    try:
        parts = urlsplit(url.strip())
        host = (parts.hostname or "").lower()
        port = "" if parts.port in (None, {"http": 80, "https": 443}.get(parts.scheme)) else f":{parts.port}"
    except ValueError:
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    host = f"[{host}]" if ":" in host else host
    return parts._replace(netloc=host + port, path=parts.path or "/", fragment="").geturl()


def host(url: str) -> str:
    """The host of an address, without `www.`; empty for what is none."""
    try:
        return (urlsplit(url).netloc or "").lower().removeprefix("www.")
    except ValueError:
        return ""
