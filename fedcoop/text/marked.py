"""Markdown as members write it in posts, profiles and proposals. Made safe afterwards, by `safe.sanitize`."""

import re

from fedcoop.text.safe import from_plain, sanitize

LONGEST = 50_000
BRACKETS_AT_MOST = 300
"""The parser's time grows with the square of the brackets that are open."""

# `#word` is a hashtag, not a heading.
_HASHTAG_LINE = re.compile(r"^( {0,3})(#+)(?=[^#\s])", re.MULTILINE)
_DEEP_QUOTE = re.compile(r"^(?:\s*>){20,}", re.MULTILINE)


def markdown(source: str) -> str:
    """Safe HTML of a Markdown text. Never raises: what the parser cannot take is shown as it was typed."""
    source = source[:LONGEST].replace("\r\n", "\n")
    if max(source.count("["), source.count("<")) > BRACKETS_AT_MOST or _DEEP_QUOTE.search(source):
        return from_plain(source)
    from markdown import Markdown  # when first needed: most servers' members never write it

    parser = Markdown(extensions=["fenced_code", "sane_lists", "nl2br"], output_format="html")
    # Some versions raise on text that looks like HTML (CVE-2025-69534).
    try:
        made = parser.convert(_HASHTAG_LINE.sub(r"\1\\\2", source))
    except Exception:
        return from_plain(source)
    return sanitize(made).replace("<br>\n", "<br>").strip("\n")
