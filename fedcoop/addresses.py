"""Addresses that clients are given: our own in full, and those of other servers' files through us, so that no
member's network address reaches a server they only read. What stands behind the latter is `web.proxied`."""

from __future__ import annotations

from hashlib import sha256
from typing import Literal

PROXY = "/media/proxy"

Kind = Literal["attachments", "avatars", "headers", "cards", "emoji"]
Variant = Literal["original", "small"]


def absolute(url: str, base_url: str) -> str:
    """An address in full; our own files are kept as paths."""
    return f"{base_url}{url}" if url.startswith("/") else url


def digest(url: str) -> str:
    """What an address of another server is called here, where it has no id."""
    return sha256(url.encode("utf-8", "replace")).hexdigest()[:32]


def proxied(base_url: str, kind: Kind, key: int | str, url: str, variant: Variant = "original") -> str:
    """Where clients get another server's file. `key` is the id of what it belongs to; the seal after it can
    only be made by who knows `url`, so that ids alone lead nowhere. Empty for an empty `url`."""
    return f"{base_url}{PROXY}/{kind}/{key}/{variant}/{seal(url)}" if url else ""


def seal(url: str) -> str:
    return digest(url)[:16]
