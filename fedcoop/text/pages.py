"""Reading pages of other people's websites: bytes to text, and a parser that takes whatever comes. What is looked
for in them is `fedcoop.cards.reading` and `fedcoop.accounts.links`."""

import re
from html.parser import HTMLParser

MOST_READ = 600_000
"""Characters of a page that are looked at."""
KINDS = ("text/html", "application/xhtml+xml")

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([a-zA-Z0-9_-]{1,40})", re.IGNORECASE)


class PageParser(HTMLParser):
    """Python's parser, which never raises: sections in brackets, which HTML does not have, are comments, as they
    are to browsers."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def parse_html_declaration(self, i: int) -> int:
        if self.rawdata.startswith("<![", i):
            return self.parse_bogus_comment(i)
        return super().parse_html_declaration(i)


def decoded(body: bytes, content_type: str) -> str:
    """The beginning of a page, in the alphabet that its server or the page names."""
    named = re.search(r"charset=\"?([\w-]{1,40})", content_type, re.ASCII)
    found = _CHARSET.search(body[:4096])
    for name in (named[1] if named else "", found[1].decode() if found else "", "utf-8"):
        try:
            if name:
                return body.decode(name, "replace")[:MOST_READ]
        except (LookupError, ValueError):
            continue
    return ""
