"""An act as the ledger has it: people under their pseudonyms, long texts as their SHA-256. Two acts are the same
there when they are the same here."""

from hashlib import sha256
from typing import Any

from fedcoop.accounts import access as accounts
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from moderation.constitution.force import digest as constitution_digest
from moderation.constitution.read import constitution_from
from moderation.ledger.canonical import canonical
from moderation.members.naming import log_name

from .types import Act, AmendConstitution, to_data

SHORT = 600
"""Bytes up to which a text stands in the ledger as it is."""


async def in_record(tx: Tx, act: Act) -> dict[str, Any]:
    """The act as plain data for an entry. Raises NotFound for somebody who is not known here."""
    if isinstance(act, AmendConstitution):
        rules = constitution_from(act.constitution)
        return {"type": "amend_constitution", "constitution": constitution_digest(rules)}
    data = to_data(act)
    for name in act.people:
        account = await accounts.by_handle(tx, data[name])
        if account is None:
            raise NotFound(f"Nobody called @{data[name]} is known here.")
        data[name] = await log_name(tx, account.id)
    for name in act.texts:
        data[name] = shortened(data[name])
    return data


def shortened(value: Any) -> Any:
    """A text, or what is made of texts, as it is when short, else its fingerprint."""
    text = value.encode() if isinstance(value, str) else canonical(value)
    return value if len(text) <= SHORT else f"sha256:{sha256(text).hexdigest()}"
