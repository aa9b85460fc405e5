"""Quotes (FEP-044f): how a note says what it quotes; consent asked for, given, refused and taken back."""

from html import escape
from typing import Any

from activitypub.builders.types import Written
from activitypub.vocabulary import PUBLIC
from fedcoop.accounts.consent import FOLLOWERS, FOLLOWING
from fedcoop.accounts.consent import PUBLIC as EVERYBODY
from fedcoop.accounts.types import Account
from fedcoop.statuses.quotes.types import read
from fedcoop.statuses.types import Status

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


def policy(status: Status, author: Account) -> dict[str, Any]:
    """Who may quote a status: at once, since members are not asked one by one."""
    addresses = {
        EVERYBODY: PUBLIC,
        FOLLOWERS: author.followers_uri or f"{author.uri}/followers",
        FOLLOWING: author.following_uri or f"{author.uri}/following",
    }
    allowed = read(status.policy).quote
    words = allowed.automatic if allowed else ()
    return {"canQuote": {"automaticApproval": [addresses.get(word, word) for word in words] or [author.uri]}}


def request(identity: str, actor: str, quoted: str, instrument: Any, to: str) -> dict[str, Any]:
    """Asks the author of `quoted` whether the note in `instrument` may quote it."""
    return {
        "id": identity,
        "type": "QuoteRequest",
        "actor": actor,
        "object": quoted,
        "instrument": instrument,
        "to": [to],
    }
