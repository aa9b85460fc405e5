"""Taking a signed request apart under our rules, before any key is at hand."""

import msgspec
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from activitypub.errors import BadSignature
from activitypub.signatures import cavage, rfc9421
from activitypub.signatures.keys import Public, verify
from activitypub.signatures.message import Message


class Claim(msgspec.Struct, frozen=True):
    """What a request claims: that the owner of `key_id` signed one of `bases`. `proven_by` tells whether."""

    key_id: str
    algorithm: str
    """As the header says; empty where it says nothing. It may only confirm what the key is."""
    signature: bytes
    bases: tuple[bytes, ...]

    def proven_by(self, key: Public) -> bool:
        """Was it signed with this key? False also where the stated algorithm is not the key's."""
        rsa = isinstance(key, RSAPublicKey)
        if self.algorithm.startswith("rsa") and not rsa:
            return False
        if self.algorithm == "ed25519" and rsa:
            return False
        return any(verify(key, self.signature, base) for base in self.bases)


def read(message: Message, now: int) -> Claim:
    """What the request claims; `now` in seconds.

    Raises `BadSignature` when it is unsigned, covers too little, has a digest of another body, is too old,
    names another host, or has a header twice that must stand once (draft-cavage-12, RFC 9421).
    """
    host = message.single("host")
    if message.authority and (host is None or not same_host(host, message.authority, message.scheme)):
        raise BadSignature("the request is for another host")
    for name in ("date", "digest", "signature", "signature-input", "content-digest"):
        message.single(name)
    header = message.single("signature")
    if not header:
        raise BadSignature("the request is not signed")
    if "signature-input" in message.headers:
        return _read_rfc9421(message, now)
    return _read_cavage(message, header, now)


def same_host(one: str, other: str, scheme: str) -> bool:
    """Are these two the same authority? Case and the scheme's own port make no difference."""
    default = ":443" if scheme == "https" else ":80"
    return one.lower().removesuffix(default) == other.lower().removesuffix(default)


def _read_cavage(message: Message, header: str, now: int) -> Claim:
    params = cavage.parameters(header)
    algorithm = params.get("algorithm", "").lower()
    if algorithm not in cavage.ALGORITHMS:
        raise BadSignature(f"the algorithm {algorithm[:40]} is not accepted")
    covered = cavage.covered_headers(params, message)
    cavage.check_times(params, covered, message, now)
    cavage.check_body(message, covered)
    targets = [message.target]
    if message.method == "GET" and "?" in message.target:
        targets.append(message.path)  # older Mastodon signs without the query
    return Claim(
        key_id=params["keyid"],
        algorithm="" if algorithm == "hs2019" else algorithm,
        signature=cavage.signature_bytes(params["signature"]),
        bases=tuple(cavage.base(message, covered, params, target) for target in targets),
    )


def _read_rfc9421(message: Message, now: int) -> Claim:
    found = rfc9421.read_input(message)
    key_id = rfc9421.check(message, found, now)
    return Claim(
        key_id=key_id,
        algorithm=str(found.params.get("alg", "")),
        signature=found.signature,
        bases=(rfc9421.base(message, found.components, found.raw),),
    )
