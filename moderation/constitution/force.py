"""Which constitution is in force. Only `adopt` changes it: at the founding, and when a proposal says so."""

from hashlib import sha256
from typing import Any

import msgspec

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import new_id
from moderation.ledger import actions as ledger
from moderation.ledger.canonical import canonical

from . import queries
from .read import constitution_from, to_data, without_defaults
from .types import Constitution, Rule


class InForce(msgspec.Struct, frozen=True):
    """The rules for deciding, since when, and where the ledger says so."""

    constitution: Constitution
    adopted_at: int
    ledger_index: int


async def in_force(tx: Tx) -> InForce:
    """The constitution as it is now. Raises NotFound before the founding."""
    row = await tx.one(queries.IN_FORCE)
    if row is None:
        raise NotFound("This server has no constitution yet; `fedcoop init` gives it one.")
    return InForce(
        constitution_from(msgspec.json.decode(row["body"])), row["adopted_at"], row["ledger_index"]
    )


def digest(constitution: Constitution) -> str:
    """What the ledger calls a constitution: `sha256:` and the hash of its canonical JSON without defaults."""
    return f"sha256:{sha256(canonical(without_defaults(constitution))).hexdigest()}"


async def adopt(tx: Tx, constitution: Constitution, *, because: str, refs: tuple[int, ...] = ()) -> InForce:
    """Put a constitution into force, on the record. `because` is `founding` or `proposal:<id>`."""
    logged = await ledger.append(tx, "constitution", body=_logged(constitution, because), refs=refs)
    now = clock.now()
    await tx.execute(
        queries.ADD,
        id=new_id(),
        name=constitution.name,
        body=canonical(to_data(constitution)).decode(),
        because=because,
        adopted_at=now,
        ledger_index=logged.index,
    )
    return InForce(constitution, now, logged.index)


def fingerprint(rule: Rule) -> str:
    """SHA-256 of a rule's canonical JSON without its defaults: how the ledger names the rules of a
    constitution."""
    return sha256(canonical(without_defaults(rule))).hexdigest()


def _logged(constitution: Constitution, because: str) -> dict[str, Any]:
    """What the ledger says about a constitution: enough to tell whether a vote was held under its rule."""
    return {
        "name": constitution.name,
        "because": because,
        "hash": digest(constitution).removeprefix("sha256:"),
        "rules": {name: fingerprint(rule) for name, rule in constitution.rules.items()},
        "kinds": constitution.kinds,
        "powers": {
            act: power.ratify_within.ms if power.ratify_within else 0
            for act, power in constitution.moderators.items()
        },
    } | {
        name: value
        for name, value in (
            ("probation", constitution.probation.ms if constitution.probation else None),
            ("admission", constitution.admission if constitution.admission != "operator" else None),
        )
        if value is not None
    }
