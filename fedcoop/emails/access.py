"""What a link in a letter stands for: the gate before `actions`."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.emails import queries
from fedcoop.emails.types import EmailToken, Purpose
from fedcoop.errors import Invalid
from fedcoop.oauth.types import digest


async def token(tx: Tx, secret: str, purpose: Purpose) -> EmailToken:
    """What this secret stands for. Raises `Invalid` when it was used, is too old or never was; which of these
    is nobody's business."""
    found = await tx.one(queries.BY_HASH, token_hash=digest(secret), purpose=purpose, now=clock.now())
    if found is None:
        raise Invalid("This link has been used or is too old. Ask for a new one.")
    return found
