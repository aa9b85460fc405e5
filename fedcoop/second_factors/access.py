"""What a member has for the second step, and whose second step this is: the gates before `actions`."""

from fedcoop import clock
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId
from fedcoop.oauth.types import digest
from fedcoop.second_factors import queries
from fedcoop.second_factors.types import MOST_TRIES, Challenge, Factors, Purpose


async def factors(tx: Tx, account_id: AccountId) -> Factors:
    """What this member has set up, by their own hand and to the end."""
    totp, keys, codes = await tx.batch(
        queries.TOTP.bind(account_id=account_id),
        queries.KEYS.bind(account_id=account_id),
        queries.COUNT_CODES.bind(account_id=account_id),
    )
    confirmed = bool(totp) and totp[0].confirmed_at is not None
    return Factors(totp=confirmed, keys=list(keys), recovery_codes=int(codes[0][0]))


async def challenge(tx: Tx, secret: str, purpose: Purpose) -> Challenge:
    """What was begun with this secret. Raises `Invalid` when it was too long ago or tried too often."""
    found = await tx.one(
        queries.CHALLENGE, id_hash=digest(secret), purpose=purpose, now=clock.now(), most=MOST_TRIES
    )
    if found is None:
        raise Invalid("This took too long or was tried too often. Begin again.")
    return found
