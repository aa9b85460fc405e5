"""Setting up second factors, passing the second step, and giving factors up. What a member has is `access`.

A wrong answer raises nothing, so that the try is counted in the same transaction."""

from __future__ import annotations

import hmac
import secrets
from base64 import b32encode

import pyotp

from fedcoop import clock, ids
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.ids import AccountId
from fedcoop.oauth.types import digest, new_secret
from fedcoop.second_factors import access, keys, queries
from fedcoop.second_factors.types import (
    CHALLENGE_LIFETIME,
    LONGEST_NAME,
    MOST_KEYS,
    MOST_TRIES,
    Challenge,
    Purpose,
)
from fedcoop.vault import totp_of

PERIOD = 30 * clock.SECOND
RECOVERY_CODES = 10
DRIFT = (0, -1, 1)
"""Clocks of phones are off: the code before and the one after are taken too."""


async def begin(tx: Tx, account_id: AccountId, purpose: Purpose) -> str:
    """The password was right; the secret under which the next step finds that. Good for ten minutes."""
    secret = new_secret()
    await tx.execute(
        queries.ADD_CHALLENGE,
        id_hash=digest(secret),
        account_id=account_id,
        purpose=purpose,
        challenge=secrets.token_bytes(32),
        tries=0,
        expires_at=clock.now() + CHALLENGE_LIFETIME,
    )
    return secret


async def spend(tx: Tx, step: Challenge) -> None:
    """The step is done: its secret is good no more."""
    await tx.execute(queries.SPEND_CHALLENGE, hash=step.id_hash)


async def passes_with_code(tx: Tx, step: Challenge, code: str) -> bool:
    """Whether this is the present code of the member's app, or one of their recovery codes; each is good once."""
    if not await tx.execute(queries.COUNT_TRY, hash=step.id_hash, most=MOST_TRIES):
        return False
    typed = "".join(code.split()).replace("-", "").upper()
    if len(typed) == 6 and typed.isascii() and typed.isdigit():
        right = await _uses_totp(tx, step.account_id, typed, confirmed=True)
    else:
        right = bool(await tx.execute(queries.USE_CODE, account_id=step.account_id, code_hash=digest(typed)))
    if right:
        await spend(tx, step)
    return right


async def passes_with_key(tx: Tx, config: Config, step: Challenge, answer: str) -> bool:
    """Whether one of the member's security keys has signed this step's challenge."""
    if not await tx.execute(queries.COUNT_TRY, hash=step.id_hash, most=MOST_TRIES):
        return False
    known = await tx.all(queries.KEYS, account_id=step.account_id)
    try:
        key_id, count = keys.answered(config, answer, step.challenge, known)
    except Invalid:
        return False
    await tx.execute(queries.USE_KEY, key_id=key_id, count=count, at=clock.now())
    await spend(tx, step)
    return True


async def begin_totp(tx: Tx, config: Config, account: Account) -> tuple[str, str]:
    """A new secret for the member's app, and the address that the app scans. It counts once `confirm_totp` has
    seen a code. Raises `Invalid` where there is one already."""
    known = await tx.one(queries.TOTP, account_id=account.id)
    if known is not None and known.confirmed_at is not None:
        raise Invalid("Your account has an authenticator app already. Remove it first.")
    secret = pyotp.random_base32()
    await tx.execute(queries.REMOVE_TOTP, account_id=account.id)
    kept = tx.vault.lock_text(secret, totp_of(account.id))
    await tx.execute(queries.ADD_TOTP, account_id=account.id, secret=kept, confirmed_at=None, last_step=0)
    return secret, totp_address(config, account, secret)


def totp_address(config: Config, account: Account, secret: str) -> str:
    """`otpauth://…`, as authenticator apps read it."""
    return pyotp.TOTP(secret).provisioning_uri(
        name=f"{account.username}@{config.domain}", issuer_name=config.title
    )


async def confirm_totp(tx: Tx, account_id: AccountId, code: str) -> bool:
    """The app shows the right code: from now on it is asked for."""
    if not await _uses_totp(tx, account_id, "".join(code.split()), confirmed=False):
        return False
    await tx.execute(queries.CONFIRM_TOTP, of_account=account_id, at=clock.now())
    return True


async def remove_totp(tx: Tx, account_id: AccountId) -> None:
    await tx.execute(queries.REMOVE_TOTP, account_id=account_id)
    await _tidy(tx, account_id)


async def add_key(tx: Tx, config: Config, account: Account, step: Challenge, name: str, answer: str) -> None:
    """Add the security key that has answered. Raises `Invalid`."""
    known = await tx.all(queries.KEYS, account_id=account.id)
    if len(known) >= MOST_KEYS:
        raise Invalid(f"{MOST_KEYS} security keys are enough. Remove one first.")
    made = keys.enrolled(config, answer, step.challenge)
    if await tx.one(queries.KEY_IS_KNOWN, credential_id=made.credential_id):
        raise Invalid("This security key is known already.")
    await spend(tx, step)
    await tx.execute(
        queries.ADD_KEY,
        id=ids.new_id(),
        account_id=account.id,
        name=" ".join(name.split())[:LONGEST_NAME] or "Security key",
        created_at=clock.now(),
        used_at=None,
        **made._asdict(),
    )


async def remove_key(tx: Tx, account_id: AccountId, key_id: int) -> bool:
    """False where the member has no such key."""
    removed = bool(await tx.execute(queries.REMOVE_KEY, account_id=account_id, key_id=key_id))
    await _tidy(tx, account_id)
    return removed


async def new_recovery_codes(tx: Tx, account_id: AccountId) -> list[str]:
    """Codes for when app and keys are lost, to be shown once; earlier ones are good no more."""
    codes = [b32encode(secrets.token_bytes(10)).decode() for _ in range(RECOVERY_CODES)]
    await tx.execute(queries.REMOVE_CODES, account_id=account_id)
    await tx.many(
        queries.ADD_CODES, [{"account_id": account_id, "code_hash": digest(code)} for code in codes]
    )
    return ["-".join(code[at : at + 4] for at in range(0, len(code), 4)) for code in codes]


async def remove_all(tx: Tx, account_id: AccountId) -> None:
    """Back to the password alone: for whoever runs the server, when a member has lost everything."""
    for statement in (queries.REMOVE_TOTP, queries.REMOVE_KEYS, queries.REMOVE_CODES):
        await tx.execute(statement, account_id=account_id)


async def clean_up(tx: Tx) -> None:
    await tx.execute(queries.REMOVE_EXPIRED, now=clock.now())


async def _tidy(tx: Tx, account_id: AccountId) -> None:
    # Recovery codes stand in for something; without it they would open nothing but themselves.
    if not (await access.factors(tx, account_id)).any:
        await tx.execute(queries.REMOVE_CODES, account_id=account_id)


async def _uses_totp(tx: Tx, account_id: AccountId, code: str, *, confirmed: bool) -> bool:
    known = await tx.one(queries.TOTP, account_id=account_id)
    if known is None or (known.confirmed_at is not None) != confirmed:
        return False
    app, now = pyotp.TOTP(known.opened(tx.vault)), clock.now() // PERIOD
    for step in (now + off for off in DRIFT):
        if hmac.compare_digest(app.generate_otp(step).encode(), code.encode()):
            # A code that somebody has looked at over a shoulder is used by now.
            return bool(await tx.execute(queries.USE_STEP, of_account=account_id, step=step))
    return False
