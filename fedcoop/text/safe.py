"""HTML from elsewhere made safe to show, with Mastodon's list of what is allowed, and HTML made plain text.

Nearly all posts have a simple, well-formed shape: those are checked and written anew by `_in_one_pass`, eight
times faster than a full parse. Everything else goes through bleach, in `parsed`. What is written is safe in
either case because nothing but allowed tags, allowed attributes and escaped text is ever written.
"""

import html
import re

INLINE = frozenset(
    {
        "a",
        "b",
        "code",
        "del",
        "em",
        "i",
        "rp",
        "rt",
        "ruby",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "u",
    }
)
BLOCK = frozenset({"blockquote", "li", "ol", "p", "pre", "ul"})
TAGS = INLINE | BLOCK | {"br"}
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
ATTRIBUTES = {
    "a": ["href", "class", "rel", "translate"],
    "span": ["class", "translate"],
    "p": ["class"],
    "ol": ["start", "reversed"],
    "li": ["value"],
}
SCHEMES = frozenset(
    {"dat", "dweb", "gemini", "gopher", "http", "https", "ipfs", "ipns", "magnet", "ssb", "xmpp"}
)
CLASSES = re.compile(r"(?:h|p|u|dt|e)-[\w-]+|mention|hashtag|ellipsis|invisible|quote-inline", re.ASCII)

PARSED_AT_MOST = 40_000
"""Characters that are parsed in full, which takes some 40 ms; what is longer and odd becomes plain text."""
TAGS_PARSED_AT_MOST = 4_000
NESTED_AT_MOST = 64
KEPT_AT_MOST = 400_000

# Control characters, lone surrogates and noncharacters have no place in text, and databases refuse some.
_UNFIT = re.compile("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_SHOWS_NOTHING = re.compile(
    r"<(script|style|template|iframe|noscript|title|textarea|xmp|noembed|noframes|plaintext|math|svg)\b"
    r"[^<>]*>(?:(?!</?\1\b).)*</\1\s*>",
    re.IGNORECASE | re.DOTALL,
)
_TOKEN = re.compile(
    r"(?P<text>(?:[^<>&\r]|&(?:amp|lt|gt|quot|nbsp|\#39);)+)"
    r"|<(?P<close>/)?(?P<tag>[a-z]+)(?P<attributes>(?:\s+[a-z-]+=\"[^\"<>\r\n]*\")*)\s*(?P<void>/)?>"
)
_ATTRIBUTE = re.compile(r"([a-z-]+)=\"([^\"]*)\"")
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_LOOSE_AMPERSAND = re.compile(r"&(?!(?:[a-zA-Z][a-zA-Z0-9]*|\#[0-9]+|\#x[0-9a-fA-F]+);)")
# Possessive, or a long name without an end takes time by the square of its length.
_ANY_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)([^<>]*+)>|<!--.*?(?:-->|$)|<[!?/][^<>]*+>", re.DOTALL)
_BREAKS = frozenset({"br", "p", "li", "div", "blockquote", "pre", "tr", *HEADINGS})


def sanitize(source: str) -> str:
    """The same text with nothing left in it that could do harm. Never raises, whatever comes."""
    source = fit(source[:KEPT_AT_MOST])
    if "<" not in source and ">" not in source:
        return _LOOSE_AMPERSAND.sub("&amp;", source)
    done = _in_one_pass(source)
    return _parsed(source) if done is None else done


def plain(source: str) -> str:
    """The text without markup: paragraphs and breaks become line ends, entities characters. Not HTML any
    more, so it must be escaped where it is shown."""
    source = fit(source[:KEPT_AT_MOST])
    if "<" in source:
        source = _ANY_TAG.sub(_break, _SHOWS_NOTHING.sub("", source))
    return html.unescape(source).strip("\n")


def fit(text: str) -> str:
    """The text without characters that no text needs and some databases refuse: NUL and other controls, lone
    surrogates."""
    return _UNFIT.sub("", text)


def from_plain(text: str) -> str:
    """Plain text as HTML: paragraphs at empty lines, breaks at line ends."""
    text = fit(text).replace("\r\n", "\n").strip("\n")
    if not text:
        return ""
    return in_paragraphs(html.escape(text))


def in_paragraphs(escaped: str) -> str:
    """Inline HTML in paragraphs, as Mastodon divides it: at empty lines, with `<br>` at single line ends."""
    parts = re.split(r"\n{2,}", escaped.strip("\n"))
    return "".join(f"<p>{part.replace(chr(10), '<br>')}</p>" for part in parts)


def _break(tag: re.Match[str]) -> str:
    name = (tag[2] or "").lower()
    if name == "br":
        return "\n"
    if tag[1] and name in _BREAKS:
        return "\n\n" if name == "p" else "\n"
    return ""


def _in_one_pass(source: str) -> str | None:
    """The source written anew if it is well-formed and of the common shape, else None."""
    out: list[str] = []
    opened: list[str] = []
    shown: list[bool] = []
    at = 0
    for token in _TOKEN.finditer(source):
        if token.start() != at:
            return None
        at = token.end()
        if (text := token["text"]) is not None:
            if opened and opened[-1] in ("ul", "ol", "ruby") and not text.isspace():
                return None
            out.append(text)
            continue
        tag = token["tag"]
        if token["close"]:
            if not opened or opened.pop() != tag or token["attributes"] or token["void"]:
                return None
            if shown.pop():
                out.append(f"</{tag}>")
        elif tag == "br":
            out.append("<br>")
        elif token["void"] or not _may_stand(tag, opened) or len(opened) >= NESTED_AT_MOST:
            return None
        else:
            written = _tag(tag, dict(_ATTRIBUTE.findall(token["attributes"])))
            opened.append(tag)
            shown.append(written is not None)
            if written is not None:
                if tag == "pre" and source.startswith("\n", at):
                    return None  # parsers drop this line end
                out.append(written)
    if at != len(source) or opened:
        return None
    return "".join(out)


def _may_stand(tag: str, opened: list[str]) -> bool:
    """Whether a parser would put the tag where it stands, inside those that are open."""
    inside = opened[-1] if opened else ""
    if tag == "li":
        return inside in ("ul", "ol")
    if inside in ("ul", "ol"):
        return False
    if tag in BLOCK:
        return inside in ("", "blockquote", "li")
    if tag in ("ruby", "rt", "rp"):
        return False
    return tag in INLINE and not (tag == "a" and "a" in opened)


def _tag(tag: str, given: dict[str, str]) -> str | None:
    """An opening tag with what is allowed of the attributes given (values as they stand in HTML), or None
    for a link that leads nowhere."""
    kept = allowed_attributes(tag, {name: html.unescape(value) for name, value in given.items()})
    if kept is None:
        return None
    written = [tag, *(f'{name}="{html.escape(value)}"' for name, value in kept.items())]
    return f"<{' '.join(written)}>"


def allowed_attributes(tag: str, given: dict[str, str]) -> dict[str, str] | None:
    """What of a tag's attributes is kept, or None for a link that leads nowhere."""
    kept = {name: given[name] for name in ATTRIBUTES.get(tag, ()) if name in given}
    if "class" in kept:
        kept["class"] = " ".join(name for name in kept["class"].split() if CLASSES.fullmatch(name))
        if not kept["class"]:
            del kept["class"]
    if kept.get("translate", "no") != "no":
        del kept["translate"]
    for name in ("start", "value"):
        if name in kept and not re.fullmatch(r"-?[0-9]{1,9}", kept[name]):
            del kept[name]
    if tag == "a":
        href = kept.get("href", "").strip()
        if not is_link(href):
            return None
        kept["href"] = href
        kept["rel"] = "tag nofollow noopener" if "tag" in kept.get("rel", "").split() else "nofollow noopener"
        kept["target"] = "_blank"
    return kept


def is_link(url: str) -> bool:
    """Whether the address is absolute and of a scheme that a browser may be given."""
    scheme = _SCHEME.match(url)
    return scheme is not None and scheme[1].lower() in SCHEMES and not re.search(r"[\s\"<>\\]", url)


def _parsed(source: str) -> str:
    source = _SHOWS_NOTHING.sub("", source)
    if len(source) <= PARSED_AT_MOST and _is_tame(source):
        # Imported when first needed: most servers' posts never do, and it takes its time.
        from fedcoop.text.parsed import cleaned

        # A parser of somebody else's bad HTML may fail in ways nobody knows yet (docs/security.md, F5). One such
        # post must not take a timeline with it.
        try:
            return cleaned(source).strip("\n")
        except Exception:
            return from_plain(plain(source))
    return from_plain(plain(source))


def _is_tame(source: str) -> bool:
    """Whether parsing takes time in proportion: not for thousands of tags, nor for deep nesting."""
    depth = 0
    for number, tag in enumerate(_ANY_TAG.finditer(source)):
        name = tag[2]
        if name is None or name in ("br", "img", "hr", "input", "meta", "link"):
            continue
        depth += -1 if tag[1] else 0 if tag[3].endswith("/") else 1
        if depth > NESTED_AT_MOST or number > TAGS_PARSED_AT_MOST:
            return False
    return source.count("<") <= 2 * TAGS_PARSED_AT_MOST
