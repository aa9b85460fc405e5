"""C2SP signed-note and tlog-checkpoint with Ed25519: a text, and below it who signed it."""

import base64
import binascii
from hashlib import sha256
from typing import NamedTuple

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ED25519 = b"\x01"
_LONGEST = 1_000_000


class NoteError(ValueError):
    """A note or key that cannot be read, or that nobody known has signed."""


class Verifier(NamedTuple):
    """A name and a public key; written as `name+12345678+base64` (a vkey)."""

    name: str
    public: bytes

    @property
    def key_id(self) -> bytes:
        """The first four bytes of SHA-256(name ‖ LF ‖ 0x01 ‖ key)."""
        return sha256(self.name.encode() + b"\n" + ED25519 + self.public).digest()[:4]

    @property
    def vkey(self) -> str:
        """The key as text, to be handed round."""
        return f"{self.name}+{self.key_id.hex()}+{base64.b64encode(ED25519 + self.public).decode()}"

    def accepts(self, text: str, signature: bytes) -> bool:
        """Whether this key made the signature."""
        try:
            Ed25519PublicKey.from_public_bytes(self.public).verify(signature, text.encode())
        except InvalidSignature:
            return False
        return True


class Signer(NamedTuple):
    """A name and the 32 bytes of a private key."""

    name: str
    seed: bytes

    @property
    def verifier(self) -> Verifier:
        """The half that everybody may have."""
        private = Ed25519PrivateKey.from_private_bytes(self.seed)
        return Verifier(self.name, private.public_key().public_bytes_raw())

    def sign(self, text: str) -> str:
        """The signed note. Raises ValueError for a text that could be mistaken for signatures."""
        return f"{check_text(text)}\n{self.line(text)}"

    def line(self, text: str) -> str:
        """The signature alone, as it stands below the text."""
        signature = Ed25519PrivateKey.from_private_bytes(self.seed).sign(text.encode())
        blob = base64.b64encode(self.verifier.key_id + signature).decode()
        return f"— {self.name} {blob}\n"


class Checkpoint(NamedTuple):
    """What the log was: its name, its size and the root of its tree."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """The three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"


def new_seed() -> bytes:
    """A fresh private key."""
    return Ed25519PrivateKey.generate().private_bytes_raw()


def endorsing(origin: str, vkey: str) -> str:
    """What a log's key signs about the key that follows it."""
    return f"{origin}\nnew key {vkey}\n"


def check_name(name: str) -> str:
    """A key's name: not empty, no spaces, no plus. Raises ValueError."""
    if not name or "+" in name or any(character.isspace() for character in name):
        raise ValueError(f"{name!r} cannot be the name of a key")
    return name


def check_text(text: str) -> str:
    """A note's text ends in a line break and has no control characters. Raises ValueError."""
    if not text.endswith("\n") or any(ord(character) < 0x20 and character != "\n" for character in text):
        raise ValueError("a note ends in a line break and has no other control characters")
    return text


def read_vkey(text: str) -> Verifier:
    """A verifier from its text. Raises NoteError."""
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    key = decode(encoded)
    if len(key) != 33 or key[:1] != ED25519:
        raise NoteError("the key is no Ed25519 key")
    verifier = Verifier(check_name(name), key[1:])
    if verifier.key_id.hex() != key_id:
        raise NoteError("the key's id does not fit the key")
    return verifier


def signature_lines(note: str) -> tuple[str, list[tuple[str, bytes]]]:
    """The text of a note, and the name and bytes of each signature below it; no signature is checked. Raises
    NoteError when the note cannot be read."""
    if len(note) > _LONGEST:
        raise NoteError("the note is too long")
    text, blank, signatures = note.rpartition("\n\n")
    if not blank or not signatures.endswith("\n"):
        raise NoteError("the note is cut off")
    text += "\n"
    try:
        check_text(text)
    except ValueError as wrong:
        raise NoteError(str(wrong)) from None
    found: list[tuple[str, bytes]] = []
    for line in signatures[:-1].split("\n"):
        dash, name, blob = (*line.split(" "), "", "", "")[:3]
        if dash != "—" or line.count(" ") != 2:
            raise NoteError("the note has a line among its signatures that is none")
        found.append((name, decode(blob)))
    return text, found


def open_note(note: str, verifier: Verifier) -> str:
    """The text of a note, when `verifier` signed it. Raises NoteError when it did not, or signed something
    else."""
    text, lines = signature_lines(note)
    signed = False
    for name, signature in lines:
        if name == verifier.name and signature[:4] == verifier.key_id:
            if not verifier.accepts(text, signature[4:]):
                raise NoteError(f"the signature of {name} is wrong")
            signed = True
    if not signed:
        raise NoteError(f"{verifier.name} has not signed this note")
    return text


def read_checkpoint(text: str, origin: str) -> Checkpoint:
    """A checkpoint from a note's text (C2SP tlog-checkpoint). Raises NoteError, also when it is another
    log's."""
    lines = text.split("\n")
    if len(lines) < 4 or lines[0] != origin:
        raise NoteError(f"this is no checkpoint of {origin}")
    size = lines[1]
    if not (size.isascii() and size.isdigit()) or (size != "0" and size.startswith("0")):
        raise NoteError("the checkpoint's size is no number")
    digest = decode(lines[2])
    if len(digest) != 32:
        raise NoteError("the checkpoint's root is no SHA-256 hash")
    return Checkpoint(origin, int(size), digest)


def open_checkpoint(note: str, verifier: Verifier) -> Checkpoint:
    """A checkpoint that the log itself has signed. Raises NoteError."""
    return read_checkpoint(open_note(note, verifier), verifier.name)


def decode(text: str) -> bytes:
    """Bytes from base64 in its one right spelling. Raises NoteError."""
    try:
        decoded = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        decoded = b""
    # One spelling for one value: unused bits at the end are zero.
    if base64.b64encode(decoded).decode() != text:
        raise NoteError("the note has something in it that is not base64")
    return decoded
