"""Digests of bodies: `Digest` (RFC 3230) beside draft-cavage, `Content-Digest` (RFC 9530) beside RFC 9421."""

import base64
import binascii
import hashlib
import hmac

from activitypub.errors import BadSignature
from activitypub.signatures import fields

_CONTENT_ALGORITHMS = {"sha-256": hashlib.sha256, "sha-512": hashlib.sha512}


def digest(body: bytes) -> str:
    """The value of a `Digest` header for this body."""
    return "SHA-256=" + base64.b64encode(hashlib.sha256(body).digest()).decode()


def content_digest(body: bytes) -> str:
    """The value of a `Content-Digest` header for this body."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def check_digest(header: str, body: bytes) -> None:
    """Raises `BadSignature` unless `header` holds exactly one SHA-256 of the body."""
    found = [
        value
        for name, _, value in (part.strip().partition("=") for part in header.split(","))
        if name.strip().lower() == "sha-256"
    ]
    if len(found) != 1:
        raise BadSignature("the Digest header does not hold exactly one SHA-256")
    if not hmac.compare_digest(_decoded(found[0].strip()), hashlib.sha256(body).digest()):
        raise BadSignature("the digest is of another body")


def check_content_digest(header: str, body: bytes) -> None:
    """Raises `BadSignature` unless every digest in `header` that we know is of the body, and one is there."""
    known = 0
    for name, value in fields.dictionary(header).items():
        make = _CONTENT_ALGORITHMS.get(name)
        if make is None:
            continue
        if not isinstance(value.value, bytes) or not hmac.compare_digest(value.value, make(body).digest()):
            raise BadSignature("the content digest is of another body")
        known += 1
    if not known:
        raise BadSignature("the Content-Digest header holds no digest that we know")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("the digest is not base64") from None
