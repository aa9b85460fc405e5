"""Locks the private keys that stand in the database, with a key that lies in a file beside it: who has only
the database, or a copy of it, can sign for nobody. Where they stand is `fedcoop.db.locking`.

AES-256-GCM. What a key is for is bound to it, so that nobody who writes to the database can give one member
another one's key.
"""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from fedcoop.errors import Invalid

SIZE = 32
NONCE = 12
MARK = b"locked1:"
LEDGER = "ledger"
WITNESS = "witness"
WORDS = b"# Opens the private keys in the database of this fedcoop server. Keep a copy of it, elsewhere.\n"


class Vault:
    """Without a file, or before `make`, it reads what is not locked and locks nothing."""

    def __init__(self, path: Path | None = None) -> None:
        """Raises `Invalid` where there is a file that holds no key, or may not be read."""
        self.path = path
        self._cipher: AESGCM | None = None
        if path is not None and path.exists():
            self._cipher = AESGCM(_read(path))

    @classmethod
    def of(cls, key: bytes) -> Vault:
        """A vault with a key of 32 bytes at hand."""
        made = cls()
        made._cipher = AESGCM(key)
        return made

    @property
    def missing(self) -> bool:
        """Is there no key?"""
        return self._cipher is None

    def make(self) -> None:
        """Make the file, readable by its owner alone and on the disk before this returns, unless there is
        one. Raises `Invalid` where it cannot be made."""
        if self.path is None or not self.missing:
            return
        try:
            _write(self.path, WORDS + b64encode(os.urandom(SIZE)) + b"\n")
        except OSError as problem:
            raise Invalid(f"The key file {self.path} cannot be made: {problem.strerror}.") from None
        self._cipher = AESGCM(_read(self.path))

    def lock(self, secret: bytes, use: str) -> bytes:
        """What to keep of a secret; `use` says whose it is. Raises `Invalid` without a key."""
        if self._cipher is None:
            raise Invalid(f"There is no key file{self._where}; `fedcoop migrate` makes it.")
        nonce = os.urandom(NONCE)
        return MARK + nonce + self._cipher.encrypt(nonce, secret, use.encode())

    def unlock(self, kept: bytes, use: str) -> bytes:
        """The secret again; what was never locked is as it is. Raises `Invalid` without the right key."""
        if not is_locked(kept):
            return kept
        if self._cipher is None:
            raise Invalid(f"The key file{self._where} is missing. Put it back from your backup.")
        sealed = kept[len(MARK) :]
        try:
            return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], use.encode())
        except InvalidTag:
            raise Invalid(f"The key file{self._where} does not open the keys in this database.") from None

    def lock_text(self, secret: str, use: str) -> str:
        """The same for text."""
        return MARK.decode() + b64encode(self.lock(secret.encode(), use)[len(MARK) :]).decode()

    def unlock_text(self, kept: str, use: str) -> str:
        """The same for text."""
        if not kept.startswith(MARK.decode()):
            return kept
        return self.unlock(MARK + b64decode(kept[len(MARK) :]), use).decode()

    @property
    def _where(self) -> str:
        return f" {self.path}" if self.path else ""


def rsa_of(account_id: int) -> str:
    """What the lock of an account's RSA key is bound to; the others likewise."""
    return f"account {account_id} rsa"


def ed25519_of(account_id: int) -> str:
    return f"account {account_id} ed25519"


def totp_of(account_id: int) -> str:
    return f"account {account_id} totp"


def server_key(name: str) -> str:
    return f"server {name}"


def is_locked(kept: bytes) -> bool:
    return kept.startswith(MARK)


def _read(path: Path) -> bytes:
    try:
        lines = [line for line in path.read_bytes().splitlines() if line and not line.startswith(b"#")]
        key = b64decode(b"".join(lines), validate=True)
    except (OSError, NotBase64) as problem:
        raise Invalid(f"The key file {path} cannot be read: {problem}.") from None
    if len(key) != SIZE:
        raise Invalid(f"The key file {path} holds no key of {SIZE} bytes. Put it back from your backup.")
    return key


def _write(path: Path, text: bytes) -> None:
    """Whole or not at all, and never over one that is there: of two processes at once one wins."""
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    file = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        os.write(file, text)
        os.fsync(file)
    finally:
        os.close(file)
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
