"""Object integrity proofs: a signature in the document itself, which holds wherever it is passed on
(FEP-8b32, W3C eddsa-jcs-2022). Signatures of requests are in `claim` and `signing`; whose key it is,
`keyring` knows.

The bytes are signed as they are read, as canonical JSON (RFC 8785), so that no two readers of JSON-LD can
disagree about what was signed.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from activitypub.errors import BadSignature
from activitypub.parse.fields import moment
from activitypub.signatures.keys import Public, from_base58, to_base58, verify
from fedcoop import clock

SUITE = "eddsa-jcs-2022"
CONTEXT = "https://w3id.org/security/data-integrity/v1"
SKEW = clock.HOUR
_SIGNATURE = 64


def method_of(document: dict[str, Any]) -> str:
    """The id of the key that a document says it is signed with; empty where it has no proof that we check.
    Raises `BadSignature` where the proof is not one that its owner may make."""
    proof = document.get("proof")
    if not isinstance(proof, dict) or proof.get("cryptosuite") != SUITE:
        return ""
    if proof.get("type") != "DataIntegrityProof" or proof.get("proofPurpose") != "assertionMethod":
        raise BadSignature("the proof is for something else")
    method = proof.get("verificationMethod")
    if not isinstance(method, str):
        raise BadSignature("the proof names no key")
    return method


def check(document: dict[str, Any], key: Public, now: int) -> None:
    """Raises `BadSignature` unless the document's proof was made with this key and is valid now (ms). The
    proof's context, where it has one, must be the beginning of the document's."""
    proof = dict(document["proof"])
    if not isinstance(key, Ed25519PublicKey):
        raise BadSignature("the proof's key is no Ed25519 key")
    _check_time(proof, now)
    if "@context" in proof and not _begins(document.get("@context"), proof["@context"]):
        raise BadSignature("the proof was made under another context")
    value = proof.pop("proofValue", None)
    if not isinstance(value, str) or not value.startswith("z") or len(value) > 200:
        raise BadSignature("the proof has no value that can be read")
    try:
        signature = from_base58(value[1:])
    except ValueError:
        raise BadSignature("the proof has no value that can be read") from None
    if len(signature) != _SIGNATURE or not verify(key, signature, _signed_bytes(document, proof)):
        raise BadSignature("the proof is not of this document, or not by this key")


def with_proof(document: dict[str, Any], key: Ed25519PrivateKey, method: str, at: int) -> dict[str, Any]:
    """The document, which stands alone with its context, with a proof made `at` (ms) with the key
    `method`."""
    contexts = document["@context"]
    listed = contexts if isinstance(contexts, list) else [contexts]
    bare = {**document, "@context": [*listed, CONTEXT]}
    proof = {
        "@context": bare["@context"],
        "type": "DataIntegrityProof",
        "cryptosuite": SUITE,
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
        "created": clock.iso(at)[:19] + "Z",
    }
    value = "z" + to_base58(key.sign(_signed_bytes(bare, proof)))
    return {**bare, "proof": {**proof, "proofValue": value}}


def _signed_bytes(document: dict[str, Any], proof: dict[str, Any]) -> bytes:
    bare = {name: value for name, value in document.items() if name != "proof"}
    try:
        return sha256(rfc8785.dumps(proof)).digest() + sha256(rfc8785.dumps(bare)).digest()
    except (rfc8785.CanonicalizationError, RecursionError, UnicodeEncodeError):
        raise BadSignature("the document has no canonical form") from None


def _check_time(proof: dict[str, Any], now: int) -> None:
    for name in ("created", "expires"):
        if name not in proof:
            continue
        at = moment(proof[name])
        if at is None:
            raise BadSignature(f"the proof's {name} is no time")
        if name == "created" and at > now + SKEW:
            raise BadSignature("the proof was made in the future")
        if name == "expires" and at <= now:
            raise BadSignature("the proof has expired")


def _begins(whole: Any, beginning: Any) -> bool:
    wholes = whole if isinstance(whole, list) else [whole]
    beginnings = beginning if isinstance(beginning, list) else [beginning]
    return bool(beginnings) and wholes[: len(beginnings)] == beginnings
