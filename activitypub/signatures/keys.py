"""Keys: loading PEM and Multikey, signing and verifying with them, keeping the loaded ones at hand.

Loading a private key with all its checks costs 58 ms; it was checked when it was made, so we load without.
RSA signing costs 0.3–1 ms and releases the GIL, so that threads sign side by side; verifying costs 20–35 µs.
"""

import base64
import functools
from collections import OrderedDict
from typing import Generic, TypeVar

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey

from activitypub.errors import BadSignature

Private = RSAPrivateKey | Ed25519PrivateKey
Public = RSAPublicKey | Ed25519PublicKey

SMALLEST_RSA = 1024
LARGEST_RSA = 8192
_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_MULTICODEC_ED25519 = b"\xed\x01"
_MULTICODEC_RSA = b"\x85\x24"


@functools.lru_cache(maxsize=512)
def load_private(pem: str) -> Private:
    """A private key of ours. Raises `ValueError` when the text is no key of a kind that we use."""
    key = serialization.load_pem_private_key(pem.encode(), None, unsafe_skip_rsa_key_validation=True)
    if not isinstance(key, RSAPrivateKey | Ed25519PrivateKey):
        raise ValueError("neither an RSA nor an Ed25519 key")
    return key


@functools.lru_cache(maxsize=2048)
def load_public(text: str) -> Public:
    """A key of somebody else, PEM or Multikey. Raises `BadSignature` when it is none that we accept."""
    try:
        if text.startswith("z"):
            return _accepted(_from_multibase(text))
        return _accepted(serialization.load_pem_public_key(text.strip().encode()))
    except (ValueError, TypeError, UnsupportedAlgorithm, UnicodeError):
        raise BadSignature("the public key cannot be read") from None


def public_pem(key: Private | Public) -> str:
    """The public half as PEM (SubjectPublicKeyInfo)."""
    public = key.public_key() if isinstance(key, RSAPrivateKey | Ed25519PrivateKey) else key
    return public.public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    ).decode()


def sign(key: Private, data: bytes) -> bytes:
    """RSASSA-PKCS1-v1_5 with SHA-256, or Ed25519, as the key is."""
    if isinstance(key, RSAPrivateKey):
        return key.sign(data, padding.PKCS1v15(), hashes.SHA256())
    return key.sign(data)


def verify(key: Public, signature: bytes, data: bytes) -> bool:
    """Did the owner of the key sign this? The algorithm comes from the key, never from the message."""
    try:
        if isinstance(key, RSAPublicKey):
            key.verify(signature, data, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, data)
    except InvalidSignature:
        return False
    return True


def _accepted(key: object) -> Public:
    if isinstance(key, RSAPublicKey):
        if not SMALLEST_RSA <= key.key_size <= LARGEST_RSA:
            raise BadSignature(f"an RSA key of {key.key_size} bits")
        return key
    if isinstance(key, Ed25519PublicKey):
        return key
    raise BadSignature("the public key is neither RSA nor Ed25519")


def multikey(key: Ed25519PublicKey) -> str:
    """A public key as a Multikey's `publicKeyMultibase` (FEP-521a)."""
    return "z" + to_base58(_MULTICODEC_ED25519 + key.public_bytes_raw())


def to_base58(data: bytes) -> str:
    """Base58 as in Bitcoin, which multibase calls `z`."""
    number, text = int.from_bytes(data, "big"), ""
    while number:
        number, digit = divmod(number, 58)
        text = _BASE58[digit] + text
    return _BASE58[0] * (len(data) - len(data.lstrip(b"\0"))) + text


def from_base58(text: str) -> bytes:
    """The bytes in a base58 text. Raises `ValueError` for a character that is none."""
    number = 0
    for character in text:
        number = number * 58 + _BASE58.index(character)
    zeros = len(text) - len(text.lstrip(_BASE58[0]))
    return bytes(zeros) + number.to_bytes((number.bit_length() + 7) // 8, "big")


def _from_multibase(text: str) -> Public:
    raw = from_base58(text[1:])
    if raw.startswith(_MULTICODEC_ED25519):
        return Ed25519PublicKey.from_public_bytes(raw[2:])
    if raw.startswith(_MULTICODEC_RSA):
        encoded = base64.encodebytes(raw[2:]).decode()
        pem = f"-----BEGIN RSA PUBLIC KEY-----\n{encoded}-----END RSA PUBLIC KEY-----\n"
        found = serialization.load_pem_public_key(pem.encode())
        return _accepted(found)
    raise ValueError("a multikey of another kind")


V = TypeVar("V")


class KeyCache(Generic[V]):
    """The last `size` values by name; the least used goes first."""

    def __init__(self, size: int = 4096) -> None:
        self._size = size
        self._values: OrderedDict[str, V] = OrderedDict()

    def get(self, name: str) -> V | None:
        """The value, None where it is not (or no longer) known."""
        found = self._values.get(name)
        if found is not None:
            self._values.move_to_end(name)
        return found

    def put(self, name: str, value: V) -> None:
        """Remember it."""
        self._values[name] = value
        self._values.move_to_end(name)
        if len(self._values) > self._size:
            self._values.popitem(last=False)

    def drop(self, name: str) -> None:
        """Forget it."""
        self._values.pop(name, None)
