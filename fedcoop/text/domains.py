"""One spelling for each domain name, whoever writes it: block lists, handles and cache keys compare by it."""

import re
import unicodedata
from functools import lru_cache

import idna

from fedcoop.errors import Invalid

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_PORT = re.compile(r"[0-9]{1,5}")


@lru_cache(maxsize=4096)
def canonical(domain: str) -> str:
    """The domain in lower case and ASCII (IDNA), without a dot at the end, with its port if it has one.

    `A.TEST`, `a.test.`, `ａ．test` and `a.test` with something invisible in it are all `a.test`
    (docs/security.md, E1). Raises `Invalid` for what can be no domain.
    """
    text = _INVISIBLE.sub("", unicodedata.normalize("NFKC", domain[:512])).strip().lower()
    text = text.replace("\u3002", ".")
    host, colon, port = text.partition(":")
    host = host.removesuffix(".")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode()
        except idna.IDNAError:
            raise _no_domain(domain) from None
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        raise _no_domain(domain)
    if colon and not _PORT.fullmatch(port):
        raise _no_domain(domain)
    return host + colon + port


def parents(domain: str) -> list[str]:
    """The canonical domain itself and those above it: `x.b.test` → `x.b.test`, `b.test`, `test`."""
    host, colon, _port = domain.partition(":")
    labels = host.split(".")
    above = [".".join(labels[start:]) for start in range(len(labels))]
    return [domain, *above] if colon else above


def _no_domain(text: str) -> Invalid:
    return Invalid(f"“{text[:100]}” is not a domain name.", "domain")
