"""The beginning of a long text, cut where a paragraph ends. The text must be safe already (`safe`)."""

import html
import re

from fedcoop.text.safe import BLOCK, plain

_TAG = re.compile(r"<(/?)([a-z0-9]+)[^<>]*>")


def excerpt(source: str, most: int) -> str:
    """Whole paragraphs, lists and quotes of safe HTML, as many as begin within `most` characters; of one that is
    longer than twice that, its plain words."""
    depth = start = length = 0
    kept: list[str] = []
    for tag in _TAG.finditer(source):
        if tag[2] not in BLOCK:
            continue
        depth += -1 if tag[1] else 1
        if depth or not tag[1]:
            continue
        part = source[start : tag.end()]
        if length + len(plain(part)) > 2 * most:
            break
        kept.append(part)
        start, length = tag.end(), length + len(plain(part))
        if length >= most:
            break
    if kept:
        return "".join(kept)
    return f"<p>{html.escape(plain(source)[:most].rsplit(' ', 1)[0].strip())}</p>"
