"""What members type, as posts and profiles show it: paragraphs, mentions, hashtags, links.

The rules are Mastodon's, so that a text means the same here and there. Made safe HTML from elsewhere is
`safe`; who a mention is, is told by whoever calls.
"""

import html
import re
import unicodedata
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical
from fedcoop.text.marked import markdown
from fedcoop.text.safe import fit, in_paragraphs, sanitize

ContentType = Literal["text/plain", "text/markdown", "text/html"]

URL_LENGTH = 23
_REL = "nofollow noopener"
SHOWN_OF_URL = 30
HASHTAG_AT_MOST = 100

# Between these a hashtag goes on: https://github.com/mastodon/mastodon/blob/main/app/models/tag.rb
_SEPARATORS = "_·・\u200c"
_FOUND = re.compile(
    r"(?P<url>(?<![\w@])(?:https?://(?:[^\s/?\#<>\"'`()\[\]{}|\\^:]|:[0-9])+(?:[/?\#][^\s<>\"`{}|\\^]{0,2000})?"
    r"|(?:dat|dweb|ipfs|ipns|ssb|gopher|gemini)://[^\s<>\"`{}|\\^]{1,2000}|(?:xmpp|magnet):[^\s<>\"`{}|\\^]{1,2000}))"
    r"|(?<![=/\w])@(?P<mention>[a-z0-9_]+(?:[.-]+[a-z0-9_]+)*"
    r"(?:@[^\W_]+(?:[.-]+[^\W_]+)*(?::[0-9]{2,5}(?![0-9]))?)?)(?![\w@])"
    r"|(?<![=/)\w&])[\#＃](?P<tag>[^\s<>\"'.,:;!?()\[\]{}/\\|\#＃@&=+*^%$~`…]+)",
    re.IGNORECASE,
)
_END_OF_URL = re.compile(r"[.,:;!?'’”»*_~…。、]+$")
_URL_BEGIN = re.compile(r"https?://(?:www\.)?|xmpp:", re.IGNORECASE)
_PIECES = re.compile(r"<(/?)([a-z0-9]+)(?:[^<>\"]|\"[^\"]*\")*>|[^<]+", re.IGNORECASE)
_LATIN = str.maketrans("đðħıĸłŉŋøŧ", "ddhiklnnot")


class Entity(NamedTuple):
    """A link, mention or hashtag found in a text, from `start` up to `end`."""

    kind: Literal["url", "mention", "tag"]
    start: int
    end: int
    value: str
    """The URL, the handle (`alice`, `bob@b.test`), or the hashtag as it was typed, without `#`."""


class Mentioned(NamedTuple):
    """Whom a handle means."""

    acct: str
    url: str


def find(text: str) -> list[Entity]:
    """All entities in their order. None overlaps another."""
    found = []
    at = 0
    while match := _FOUND.search(text, at):
        kind = match.lastgroup
        start, at = match.span()
        if kind == "url":
            url = _ended(match["url"])
            at = start + len(url)
            found.append(Entity("url", start, at, url))
        elif kind == "mention":
            found.append(Entity("mention", start, at, _handle(match["mention"])))
        elif tag := _tag(match["tag"]):
            at = start + 1 + len(tag)
            found.append(Entity("tag", start, at, tag))
        else:
            at = start + 1
    return found


def find_mentions(text: str) -> list[str]:
    """The handles mentioned, each once: lower case, with a canonical domain where one was typed (which may
    be our own)."""
    return list(dict.fromkeys(each.value for each in find(text) if each.kind == "mention"))


def find_hashtags(text: str) -> list[str]:
    """The hashtags as typed, without `#`; of two that fold to the same, the first."""
    tags: dict[str, str] = {}
    for each in find(text):
        if each.kind == "tag":
            tags.setdefault(fold(each.value), each.value)
    return list(tags.values())


def fold(tag: str) -> str:
    """What makes two spellings one hashtag: width, case and Latin accents do not count."""
    lowered = unicodedata.normalize("NFKC", tag.removeprefix("#").removeprefix("＃")).casefold()
    folded = "".join(_without_accent(char) for char in unicodedata.normalize("NFC", lowered))
    return "".join(char for char in folded if char in _SEPARATORS or unicodedata.category(char)[0] in "LMN")


def length(text: str) -> int:
    """Characters as Mastodon counts them: a link is 23, a mention does not count its domain, and what looks
    like one character is one."""
    count = 0
    at = 0
    for each in find(text):
        count += _characters(text[at : each.start])
        if each.kind == "url":
            count += URL_LENGTH
        elif each.kind == "mention":
            count += 1 + len(each.value.partition("@")[0])
        else:
            count += _characters(text[each.start : each.end])
        at = each.end
    return count + _characters(text[at:])


def render(
    text: str,
    mentions: Mapping[str, Mentioned] = {},
    tag_url: Callable[[str], str] | None = None,
    content_type: ContentType = "text/plain",
) -> str:
    """Safe HTML of what was typed. `mentions` says who the handles of `find_mentions` are; those that are
    not in it stay text. `tag_url` gives the address of a folded hashtag; without it they stay text."""
    text = fit(text).replace("\r\n", "\n").replace("\r", "\n")
    if content_type == "text/plain":
        return in_paragraphs(_linked(text, mentions, tag_url)) if text.strip() else ""
    made = markdown(text) if content_type == "text/markdown" else sanitize(text)
    return _with_links(made, mentions, tag_url)


def render_line(text: str, *, rel: str = _REL) -> str:
    """One line, such as the value of a profile's field: only links become links."""
    return _linked(fit(text).strip(), {}, None, rel)


def link(url: str, *, rel: str = _REL) -> str:
    """A link that shows the middle of a long address, as Mastodon does."""
    begin = _URL_BEGIN.match(url)
    skipped = begin.end() if begin else 0
    shown, rest = url[skipped : skipped + SHOWN_OF_URL], url[skipped + SHOWN_OF_URL :]
    ellipsis = ' class="ellipsis"' if rest else ""
    return (
        f'<a href="{html.escape(url)}" rel="{rel}" target="_blank" translate="no">'
        f'<span class="invisible">{html.escape(url[:skipped])}</span>'
        f"<span{ellipsis}>{html.escape(shown)}</span>"
        f'<span class="invisible">{html.escape(rest)}</span></a>'
    )


def _linked(
    text: str, mentions: Mapping[str, Mentioned], tag_url: Callable[[str], str] | None, rel: str = _REL
) -> str:
    out = []
    at = 0
    for each in find(text):
        out.append(html.escape(text[at : each.start]))
        typed = text[each.start : each.end]
        at = each.end
        if each.kind == "url":
            out.append(link(each.value, rel=rel))
        elif each.kind == "mention" and (who := mentions.get(each.value)):
            name = html.escape(who.acct.partition("@")[0])
            out.append(
                f'<span class="h-card" translate="no"><a href="{html.escape(who.url)}" class="u-url mention">'
                f"@<span>{name}</span></a></span>"
            )
        elif each.kind == "tag" and tag_url:
            href, name = html.escape(tag_url(fold(each.value))), html.escape(each.value)
            out.append(f'<a href="{href}" class="mention hashtag" rel="tag">#<span>{name}</span></a>')
        else:
            out.append(html.escape(typed))
    out.append(html.escape(text[at:]))
    return "".join(out)


def _with_links(made: str, mentions: Mapping[str, Mentioned], tag_url: Callable[[str], str] | None) -> str:
    """Safe HTML with what its text mentions linked, except inside links and code."""
    out = []
    closed_to_us = 0
    for piece in _PIECES.finditer(made):
        name = piece[2]
        if name is None:
            out.append(piece[0] if closed_to_us else _linked(html.unescape(piece[0]), mentions, tag_url))
            continue
        if name in ("a", "code", "pre"):
            closed_to_us += -1 if piece[1] else 1
        out.append(piece[0])
    return "".join(out)


def _ended(url: str) -> str:
    """The URL without the punctuation of the sentence it stands in, with the brackets it opened itself."""
    while True:
        before = url
        url = _END_OF_URL.sub("", url)
        for opening, closing in ("()", "[]", "（）"):
            if url.endswith(closing) and url.count(closing) > url.count(opening):
                url = url[:-1]
        if url == before:
            return url


def _handle(typed: str) -> str:
    name, at, domain = typed.lower().partition("@")
    if not at:
        return name
    try:
        return f"{name}@{canonical(domain)}"
    except Invalid:
        return f"{name}@{domain}"


def _tag(run: str) -> str:
    """The hashtag at the start of a run of characters; empty when there is none, as in `#1`."""
    end = 0
    for end, char in enumerate(run, 1):
        if char not in _SEPARATORS and unicodedata.category(char)[0] not in "LMN":
            end -= 1
            break
    tag = run[:end].lstrip("·・\u200c").rstrip("·・\u200c")
    if not run.startswith(tag) or len(tag) > HASHTAG_AT_MOST:
        return ""
    worded = any(unicodedata.category(char)[0] in "LM" for char in tag)
    return tag if worded or any(char in _SEPARATORS for char in tag[1:-1]) else ""


def _without_accent(char: str) -> str:
    if char.isascii():
        return char
    base = unicodedata.normalize("NFD", char)[0]
    return base if base.isascii() else char.translate(_LATIN)


def _characters(text: str) -> int:
    if text.isascii():
        return len(text) - text.count("\r\n")
    count = 0
    joined = flag = False
    for char in text:
        code = ord(char)
        if (
            code == 0x200D
            or 0xFE00 <= code <= 0xFE0F
            or 0x1F3FB <= code <= 0x1F3FF
            or 0xE0020 <= code <= 0xE007F
        ):
            joined = code == 0x200D
            continue
        if unicodedata.category(char) in ("Mn", "Me", "Mc"):
            continue
        is_flag = 0x1F1E6 <= code <= 0x1F1FF
        if (joined and code >= 0x2000) or (is_flag and flag):
            joined = flag = False
            continue
        count += 1
        joined, flag = False, is_flag
    return count
