"""draft-cavage-http-signatures-12: what nearly every server still signs with."""

import base64
import binascii
import re

from activitypub.errors import BadSignature
from activitypub.signatures import digest
from activitypub.signatures.message import Message
from activitypub.signatures.times import check_created, check_date, check_expires, whole_seconds

_PARAMETER = re.compile(r'\s*([A-Za-z]+)\s*=\s*(?:"([^"]*)"|(\d+))\s*(?:,|$)')
_NEEDED = frozenset({"keyid", "signature"})
ALGORITHMS = frozenset({"", "rsa-sha256", "hs2019", "ed25519"})


def parameters(header: str) -> dict[str, str]:
    """The parameters of a `Signature` header by lower-case name. Raises `BadSignature`."""
    found: dict[str, str] = {}
    at = 0
    header = header.removeprefix("Signature ")
    while at < len(header):
        match = _PARAMETER.match(header, at)
        if not match:
            raise BadSignature("the Signature header cannot be read")
        name = match[1].lower()
        if name in found:
            raise BadSignature(f"{name} stands twice in the Signature header")
        found[name] = match[2] if match[2] is not None else match[3]
        at = match.end()
    if not found.keys() >= _NEEDED:
        raise BadSignature("the Signature header lacks keyId or signature")
    return found


def signature_bytes(text: str) -> bytes:
    """The decoded signature. Raises `BadSignature`."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise BadSignature("the signature is not base64") from None


def covered_headers(params: dict[str, str], message: Message) -> list[str]:
    """What the signature covers. Raises `BadSignature` where that is less than we ask for."""
    covered = params.get("headers", "date").lower().split()
    if len(set(covered)) != len(covered):
        raise BadSignature("a header is covered twice")
    needed = {"(request-target)", "host"}
    if message.body or message.method == "POST":
        needed.add("digest")
    missing = needed.difference(covered)
    if missing:
        raise BadSignature(f"the signature does not cover {', '.join(sorted(missing))}")
    if "date" not in covered and "(created)" not in covered:
        raise BadSignature("the signature covers no date")
    return covered


def check_times(params: dict[str, str], covered: list[str], message: Message, now: int) -> None:
    """Raises `BadSignature` when a covered date is outside the window or of the wrong algorithm."""
    pseudo = {"(created)", "(expires)"}.intersection(covered)
    if pseudo and params.get("algorithm", "").startswith("rsa"):
        raise BadSignature("rsa-sha256 has no (created) and (expires)")
    if "date" in covered:
        check_date(message.single("date"), now)
    if "(created)" in covered:
        check_created(whole_seconds(params.get("created")), now)
    if "expires" in params:
        check_expires(whole_seconds(params["expires"]), now)
    elif "(expires)" in covered:
        raise BadSignature("(expires) is covered but not there")


def check_body(message: Message, covered: list[str]) -> None:
    """Raises `BadSignature` when the digest, once covered, is of another body."""
    if "digest" in covered:
        header = message.single("digest")
        if header is None:
            raise BadSignature("there is no Digest header")
        digest.check_digest(header, message.body)


def base(message: Message, covered: list[str], params: dict[str, str], target: str) -> bytes:
    """The text that was signed. Raises `BadSignature` for a header that is not there."""
    lines = []
    for name in covered:
        if name == "(request-target)":
            lines.append(f"(request-target): {message.method.lower()} {target}")
        elif name in ("(created)", "(expires)"):
            lines.append(f"{name}: {params.get(name[1:-1], '')}")
        else:
            lines.append(f"{name}: {message.combined(name)}")
    return "\n".join(lines).encode("utf-8", "surrogateescape")
