"""LD signatures (RsaSignature2017), made for relays and never checked: relays of Mastodon's style pass on only
what carries one, and servers older than proofs (`proofs`) believe nothing else that comes by a relay.

What is signed is the RDF of a document, canonicalised: slow, so call it in a thread.
https://docs.joinmastodon.org/spec/security/#ld
"""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import Any

from activitypub.signatures.keys import Private, sign
from fedcoop import clock

OPTIONS_CONTEXT = "https://w3id.org/identity/v1"
"""Gives `creator` and `created` their meaning; in the document itself security/v1 does."""


def with_signature(document: dict[str, Any], key: Private, key_id: str, at: int) -> dict[str, Any]:
    """The document, which stands alone with its context, signed `at` (ms) with the RSA key `key_id`."""
    options = {"creator": key_id, "created": clock.iso(at)[:19] + "Z"}
    value = base64.b64encode(sign(key, signed_bytes(document, options))).decode()
    return {**document, "signature": {"type": "RsaSignature2017", **options, "signatureValue": value}}


def signed_bytes(document: dict[str, Any], options: dict[str, Any]) -> bytes:
    """What the key signs: the digests of the options and of the document, in hexadecimal."""
    from activitypub.parse.jsonld import canonical  # pyld costs memory that most servers never need

    digests = [
        sha256(canonical(each)).hexdigest() for each in ({"@context": OPTIONS_CONTEXT, **options}, document)
    ]
    return "".join(digests).encode()
