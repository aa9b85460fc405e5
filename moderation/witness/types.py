"""The rows of witnesses and of the logs that this server witnesses."""

import msgspec


class Asked(msgspec.Struct, frozen=True):
    """A witness of this server's ledger. Times in ms since the epoch."""

    name: str
    vkey: str
    url: str
    size: int
    cosigned_at: int | None
    failed_at: int | None
    failure: str
    added_at: int


class Cosignature(msgspec.Struct, frozen=True):
    """A witness's line below the checkpoint of this size."""

    size: int
    name: str
    line: str
    seen_at: int


class WitnessedLog(msgspec.Struct, frozen=True):
    """A log of somebody else as it was last seen. `fork` is a checkpoint that its key has signed as well and
    that contradicts `note`; empty while it is honest."""

    origin: str
    vkey: str
    size: int
    root: bytes
    note: str
    seen_at: int | None
    fork: str
    added_at: int
