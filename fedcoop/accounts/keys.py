"""The keys that accounts sign with: RSA for requests, Ed25519 for proofs on documents. Making an RSA key
takes a good part of a second: call in a thread."""

import os

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from fedcoop.accounts.types import KeyPair

BITS = 2048


def new_seed() -> bytes:
    """A new Ed25519 private key, as its 32 bytes."""
    return os.urandom(32)


def generate() -> KeyPair:
    """A new key. Blocks."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=BITS)
    return KeyPair(
        public_pem=key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode(),
        private_pem=key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ).decode(),
    )
