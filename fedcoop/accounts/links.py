"""Links on a profile that are proven to be the member's: the page links back with `rel="me"`. Fetching it is
`activitypub.verifying`. https://docs.joinmastodon.org/user/profile/#verification"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

import msgspec

from fedcoop.accounts import queries
from fedcoop.accounts.types import Account, StoredField
from fedcoop.db import Tx
from fedcoop.text.links import normal
from fedcoop.text.pages import PageParser, decoded

_NOT_SHOWN = frozenset({"textarea", "title", "template", "noscript", "iframe", "noembed", "noframes", "xmp"})
"""What stands in these is no part of the page that people see."""
_fields = msgspec.json.Decoder(list[StoredField])


def claimed(account: Account) -> list[str]:
    """Pages that a member says are theirs: fields that are one address and nothing else."""
    return list(
        dict.fromkeys(url for field in _fields.decode(account.fields) if (url := address(field.source)))
    )


def address(typed: str) -> str:
    """What was typed, if it is one web address and nothing else; else empty."""
    typed = typed.strip()
    return typed if typed.startswith(("https://", "http://")) and normal(typed) else ""


def same_site(claim: str, final: str) -> bool:
    """Whether a page came from where the member says, or from there by https: whoever is redirected elsewhere
    proves nothing about the first address."""
    asked, got = urlsplit(normal(claim)), urlsplit(normal(final))
    return asked.hostname == got.hostname and (
        asked.port == got.port
        or (asked.scheme, got.scheme, asked.port, got.port) == ("http", "https", None, None)
    )


def links_back(body: bytes, content_type: str, addresses: Iterable[str]) -> bool:
    """Does the page link to one of these very addresses with `rel="me"`? Takes a while for a large page, so call
    it in a thread."""
    reader = _Links(frozenset(addresses))
    reader.feed(decoded(body, content_type))
    return reader.found


async def save(tx: Tx, account_id: int, verified: Mapping[str, int | None]) -> Account | None:
    """Mark the fields whose address was looked at: since when it is verified, or None where it is not any more.
    What was verified before keeps its time. The account as it is now if that changed anything."""
    account = await tx.one(queries.BY_ID, id=account_id)
    if account is None:
        return None
    fields = [
        msgspec.structs.replace(field, verified_at=_since(field, verified))
        for field in _fields.decode(account.fields)
    ]
    encoded = msgspec.json.encode(fields).decode()
    if encoded == account.fields:
        return None
    await tx.execute(queries.SAVE_FIELDS, account_id=account.id, new_fields=encoded)
    return msgspec.structs.replace(account, fields=encoded, revision=account.revision + 1)


def _since(field: StoredField, verified: Mapping[str, int | None]) -> int | None:
    url = address(field.source)
    if url not in verified:
        return field.verified_at
    now = verified[url]
    return None if now is None else field.verified_at or now


class _Links(PageParser):
    """Looks for links that say `rel="me"`."""

    def __init__(self, addresses: frozenset[str]) -> None:
        super().__init__()
        self.found = False
        self._addresses = addresses
        self._hidden = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._hidden:
            return
        if tag in _NOT_SHOWN:
            self._hidden = tag
        elif tag in ("a", "link"):
            # Of an attribute that stands there twice, browsers take the first.
            given = {name: value or "" for name, value in reversed(attrs)}
            if (
                "me" in given.get("rel", "").lower().split()
                and given.get("href", "").strip() in self._addresses
            ):
                self.found = True

    def handle_endtag(self, tag: str) -> None:
        if tag == self._hidden:
            self._hidden = ""
