"""Which signatures a host understands: as its actors say (FEP-844e), or as was found out by trying. Signing itself
is in `signatures`, trying in `client` and `delivery.attempt`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.signatures import KeyCache, load_private, sign_cavage, sign_rfc9421
from activitypub.signatures.signing import NOTHING, Headers

Dialect = Literal["cavage", "rfc9421", "ed25519"]
"""draft-cavage with RSA, RFC 9421 with RSA, RFC 9421 with Ed25519."""

RFC9421 = "https://datatracker.ietf.org/doc/html/rfc9421"
ED25519 = f"{RFC9421}#name-eddsa-using-curve-edwards25"
"""How a server says in `implements` what it checks."""
REFUSED = (400, 401)
"""Answers that may mean that the other dialect is wanted."""


class Signer(msgspec.Struct, frozen=True):
    """Who signs: the id of the RSA key and the key as PEM; the Ed25519 key, which makes proofs too, and its id."""

    key_id: str
    pem: str
    proof_key_id: str
    proof_key: Ed25519PrivateKey

    def sign(
        self,
        dialect: Dialect,
        method: str,
        url: str,
        now: int,
        body: bytes | None = None,
        body_digest: str = "",
        more: Headers = NOTHING,
    ) -> dict[str, str]:
        """The headers of a request, as `sign_cavage` and `sign_rfc9421` make them; slow with RSA."""
        if dialect == "cavage":
            key = load_private(self.pem)
            return sign_cavage(key, self.key_id, method, url, now, body, body_digest, more)
        if dialect == "ed25519":
            return sign_rfc9421(self.proof_key, self.proof_key_id, method, url, now, body, more)
        return sign_rfc9421(load_private(self.pem), self.key_id, method, url, now, body, more)


class Dialects:
    """What is known of the hosts met last. What was found out counts for more than what they say."""

    def __init__(self) -> None:
        self._found: KeyCache[Dialect] = KeyCache(4096)
        self._told: KeyCache[Dialect] = KeyCache(4096)

    def order(self, host: str) -> tuple[Dialect, Dialect]:
        """What to sign with first, and what to try once when that is refused ("double knock", docs/security.md
        B17)."""
        first = self._found.get(host) or self._told.get(host) or "cavage"
        return first, "rfc9421" if first == "cavage" else "cavage"

    def found(self, host: str, dialect: Dialect) -> None:
        """The host took this where it had refused the other."""
        self._found.put(host, dialect)

    def told(self, host: str, implemented: Iterable[str]) -> None:
        """What an actor there says that its server implements."""
        listed = {one.replace("http://", "https://", 1).rstrip("/") for one in implemented}
        if ED25519 in listed:
            self._told.put(host, "ed25519")
        elif RFC9421 in listed:
            self._told.put(host, "rfc9421")
        else:
            self._told.drop(host)
