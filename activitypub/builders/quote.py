"""Quotes (FEP-044f): how a note says what it quotes. Consent to it is `stamps`."""

from html import escape
from typing import Any

from activitypub.builders.types import Written

_LINK = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"'


def quoting(written: Written) -> dict[str, Any]:
    """What a note says of its quote, in the words of several servers; nothing where it quotes nothing."""
    if not written.quote:
        return {}
    said = dict.fromkeys(("quote", "quoteUri", "_misskey_quote"), written.quote)
    return said | ({"quoteAuthorization": written.quote_stamp} if written.quote_stamp else {})


def link(uri: str) -> dict[str, str]:
    """What is quoted, as a tag (FEP-e232)."""
    return {"type": "Link", "mediaType": _LINK, "href": uri, "name": f"RE: {uri}"}


def reference(uri: str) -> str:
    """The line for servers that know no quotes; those that do leave it out."""
    safe = escape(uri)
    return f'<p class="quote-inline">RE: <a href="{safe}">{safe}</a></p>'
