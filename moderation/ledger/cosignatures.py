"""C2SP tlog-cosignature: what a witness writes below a checkpoint of somebody else's log, and when it saw it.
The log's own signature is in `notes`; who cosigns what is in `moderation.witness`."""

from __future__ import annotations

import base64
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from .notes import NoteError, check_name, decode, signature_lines

COSIGNATURE = b"\x04"
"""The signature type of cosignature/v1 in C2SP signed-note."""


class Witness(NamedTuple):
    """A witness's name and public key; written as `name+12345678+base64` (a vkey), as a log's is."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ LF ‖ 0x04 ‖ key)."""
        return sha256(self.name.encode() + b"\n" + COSIGNATURE + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as text, to be handed round."""
        encoded = base64.b64encode(COSIGNATURE + self.public).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"

    def seen_at(self, note: str) -> int | None:
        """When this witness saw the checkpoint in a note, in seconds since the epoch; None where it has not
        signed the note. Raises NoteError where a signature in its name is wrong."""
        text, lines = signature_lines(note)
        for name, blob in lines:
            if name != self.name or blob[:4] != self.key_id:
                continue
            if len(blob) != 4 + 8 + 64:
                raise NoteError(f"the cosignature of {name} has a wrong length")
            at = int.from_bytes(blob[4:12], "big")
            try:
                Ed25519PublicKey.from_public_bytes(self.public).verify(blob[12:], _message(text, at))
            except InvalidSignature:
                raise NoteError(f"the cosignature of {name} is wrong") from None
            return at
        return None


def cosign(name: str, seed: bytes, text: str, at: int) -> str:
    """The line with which the witness `name`, whose private key is `seed`, says that it saw this checkpoint
    `at` seconds since the epoch, and that it is what came before and more."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    witness = Witness(name, private.public_key().public_bytes_raw())
    blob = witness.key_id + at.to_bytes(8, "big") + private.sign(_message(text, at))
    return f"— {name} {base64.b64encode(blob).decode()}\n"


def witness_of(name: str, seed: bytes) -> Witness:
    """The public half of a witness."""
    return Witness(name, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())


def read_witness(vkey: str) -> Witness:
    """A witness from its vkey. Raises NoteError."""
    name, _, rest = vkey.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    key = decode(encoded)
    if len(key) != 33 or key[:1] != COSIGNATURE:
        raise NoteError("the key is no witness's key (cosignature/v1 with Ed25519)")
    try:
        witness = Witness(check_name(name), key[1:])
    except ValueError as wrong:
        raise NoteError(str(wrong)) from None
    if witness.key_id.hex() != key_id:
        raise NoteError("the key's id does not fit the key")
    return witness


def _message(text: str, at: int) -> bytes:
    return f"cosignature/v1\ntime {at}\n{text}".encode()
