"""What stands in the ledger: canonical JSON of at most 8 KiB. Appending is in `actions`, folding all
entries into what is in force in `replay`."""

import secrets
from hashlib import sha256
from typing import Any, Literal, get_args

import msgspec

from .canonical import canonical, read_canonical

LONGEST = 8192
SALT = 32

EntryType = Literal[
    "log_opened",
    "constitution",
    "member",
    "proposal",
    "proposal_amended",
    "endorsement",
    "candidacy",
    "proposal_opened",
    "proposal_withdrawn",
    "vote_extended",
    "proposal_raised",
    "rivals_decided",
    "delegation",
    "ballot",
    "delegated",
    "tally",
    "act",
    "act_expired",
    "power",
    "power_expired",
    "election_answer",
    "office",
    "mandate_ended",
    "drift",
    "key_changed",
    "words_erased",
]
ENTRY_TYPES: tuple[str, ...] = get_args(EntryType)

SYSTEM = "server"
"""The actor of what the server does by itself, such as counting."""


class Entry(msgspec.Struct, frozen=True):
    """One line of the record. `refs` are the places of earlier entries it rests on; `commit` stands for
    words kept beside the log, as SHA-256(salt ‖ canonical words) in hexadecimal."""

    type: str
    time: str
    actor: str
    refs: tuple[int, ...]
    body: dict[str, Any]
    commit: str | None = None


def encode(entry: Entry) -> bytes:
    """The entry's bytes. Raises ValueError when there are more than 8 KiB of them."""
    value: dict[str, Any] = {
        "v": 1,
        "type": entry.type,
        "time": entry.time,
        "actor": entry.actor,
        "refs": list(entry.refs),
        "body": entry.body,
    }
    if entry.commit is not None:
        value["commit"] = entry.commit
    text = canonical(value)
    if len(text) > LONGEST:
        raise ValueError(f"a ledger entry has at most {LONGEST} bytes, this one {len(text)}")
    return text


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    v: Literal[1]
    type: str
    time: str
    actor: str
    refs: tuple[int, ...]
    body: dict[str, Any]
    commit: str | None = None


def decode(text: bytes) -> Entry:
    """The entry in these bytes. Raises ValueError when they are not exactly what `encode` writes."""
    if len(text) > LONGEST:
        raise ValueError(f"longer than {LONGEST} bytes")
    written = msgspec.convert(read_canonical(text), _Written)
    return Entry(written.type, written.time, written.actor, written.refs, written.body, written.commit)


def commitment(salt: bytes, words: object) -> str:
    """What stands in the log for words that are kept beside it."""
    return sha256(salt + canonical(words)).hexdigest()


def new_salt() -> bytes:
    """Enough chance that nobody finds the words by trying."""
    return secrets.token_bytes(SALT)
