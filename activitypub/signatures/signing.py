"""Signing our own requests, in the older and in the newer way. Checking those of others is `claim`.

Signing costs about a millisecond of RSA: call it in a thread.
"""

import base64
from collections.abc import Mapping
from email.utils import formatdate
from urllib.parse import urlsplit

from activitypub.signatures import digest
from activitypub.signatures.keys import Private, sign

Headers = Mapping[str, str]
NOTHING: Headers = {}


def sign_cavage(
    key: Private,
    key_id: str,
    method: str,
    url: str,
    now: int,
    body: bytes | None = None,
    body_digest: str = "",
    more: Headers = NOTHING,
) -> dict[str, str]:
    """Headers of a request signed after draft-cavage-12 with rsa-sha256: Host, Date, Digest, Signature.

    `now` in seconds. `body_digest` spares hashing a body that goes to many. `more` are signed as well.
    """
    host, target = split_url(url)
    headers = {"Host": host, "Date": formatdate(now, usegmt=True)}
    covered = ["(request-target)", "host", "date"]
    lines = [f"(request-target): {method.lower()} {target}", f"host: {host}", f"date: {headers['Date']}"]
    if body is not None:
        headers["Digest"] = body_digest or digest.digest(body)
        covered.append("digest")
        lines.append(f"digest: {headers['Digest']}")
    for name, value in more.items():
        headers[name] = value
        covered.append(name.lower())
        lines.append(f"{name.lower()}: {value}")
    signature = base64.b64encode(sign(key, "\n".join(lines).encode())).decode()
    headers["Signature"] = (
        f'keyId="{key_id}",algorithm="rsa-sha256",headers="{" ".join(covered)}",signature="{signature}"'
    )
    return headers


def sign_rfc9421(
    key: Private,
    key_id: str,
    method: str,
    url: str,
    now: int,
    body: bytes | None = None,
    more: Headers = NOTHING,
) -> dict[str, str]:
    """Headers of a request signed after RFC 9421: Host, Content-Digest, Signature-Input, Signature. `more` are
    signed as well."""
    host, _ = split_url(url)
    headers = {"Host": host}
    covered = ['"@method"', '"@target-uri"']
    lines = [f'"@method": {method.upper()}', f'"@target-uri": {url.partition("#")[0]}']
    if body is not None:
        headers["Content-Digest"] = digest.content_digest(body)
        covered.append('"content-digest"')
        lines.append(f'"content-digest": {headers["Content-Digest"]}')
    for name, value in more.items():
        headers[name] = value
        covered.append(f'"{name.lower()}"')
        lines.append(f'"{name.lower()}": {value}')
    params = f'({" ".join(covered)});created={now};keyid="{key_id}"'
    lines.append(f'"@signature-params": {params}')
    signature = base64.b64encode(sign(key, "\n".join(lines).encode())).decode()
    headers["Signature-Input"] = f"sig1={params}"
    headers["Signature"] = f"sig1=:{signature}:"
    return headers


def split_url(url: str) -> tuple[str, str]:
    """Host with port, and path with query, of an address."""
    parts = urlsplit(url)
    target = parts.path or "/"
    return parts.netloc, f"{target}?{parts.query}" if parts.query else target
