"""The ledger's rows and what its functions answer."""

import msgspec

from fedcoop.vault import LEDGER, Vault

from .notes import Signer


class Log(msgspec.Struct, frozen=True):
    """The log of this server, as it is now."""

    origin: str
    seed: bytes
    """Of the private key, locked."""
    size: int
    signed_size: int
    last_time: int

    def signer(self, vault: Vault) -> Signer:
        """Who signs; its name is the log's origin. Raises `Invalid` without the key file."""
        return Signer(self.origin, vault.unlock(self.seed, LEDGER))


class Logged(msgspec.Struct, frozen=True):
    """Where an entry came to stand."""

    index: int
    leaf: bytes
    time: int


class SignedCheckpoint(msgspec.Struct, frozen=True):
    """A checkpoint as it was signed."""

    size: int
    root: bytes
    note: str
    signed_at: int


class StoredEntry(msgspec.Struct, frozen=True):
    """An entry with its place."""

    position: int
    entry: bytes


class Words(msgspec.Struct, frozen=True):
    """The words behind a commitment; both are None once erased."""

    position: int
    salt: bytes | None
    words: str | None
