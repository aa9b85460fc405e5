"""Locks the private keys that an earlier version left open in the database. The lock itself is
`fedcoop.vault`."""

from __future__ import annotations

from sqlalchemy import bindparam, select, update

from fedcoop.db.database import Database
from fedcoop.db.schema.accounts import private_keys
from fedcoop.db.schema.ledger import ledger
from fedcoop.db.schema.notifications import server_keys
from fedcoop.db.schema.second_factors import totp_secrets
from fedcoop.db.statement import statement
from fedcoop.vault import LEDGER, WITNESS, ed25519_of, is_locked, rsa_of, server_key, totp_of

# All are locked in one transaction, so that one of them tells of all.
_LEDGER = statement(select(ledger.c.seed, ledger.c.witness_seed).where(ledger.c.id == 1))
_PUT_LEDGER = statement(
    update(ledger)
    .where(ledger.c.id == 1)
    .values(seed=bindparam("new_seed"), witness_seed=bindparam("new_witness"))
)
_ACCOUNTS = statement(select(private_keys.c.account_id, private_keys.c.pem, private_keys.c.seed))
_PUT_ACCOUNT = statement(
    update(private_keys)
    .where(private_keys.c.account_id == bindparam("of_account"))
    .values(pem=bindparam("new_pem"), seed=bindparam("new_seed"))
)
_SERVER = statement(select(server_keys.c.name, server_keys.c.pem))
_PUT_SERVER = statement(
    update(server_keys).where(server_keys.c.name == bindparam("of_name")).values(pem=bindparam("new_pem"))
)
_TOTP = statement(select(totp_secrets.c.account_id, totp_secrets.c.secret))
_PUT_TOTP = statement(
    update(totp_secrets)
    .where(totp_secrets.c.account_id == bindparam("of_account"))
    .values(secret=bindparam("new_secret"))
)


async def lock_keys(db: Database) -> bool:
    """See to it that the private keys of a founded server are locked, with a new key file if none are yet;
    says whether they had to be. Raises `Invalid` where they are locked and the file is missing or another
    one."""
    async with db.read() as tx:
        found = await tx.one(_LEDGER)
    if found is None:
        return False
    if is_locked(bytes(found["seed"])):
        db.vault.unlock(bytes(found["seed"]), LEDGER)
        return False
    db.vault.make()
    async with db.write(durable=True) as tx:
        vault = tx.vault
        row = await tx.one(_LEDGER)
        if row is None or is_locked(bytes(row["seed"])):
            return False
        witness = row["witness_seed"]
        await tx.execute(
            _PUT_LEDGER,
            new_seed=vault.lock(bytes(row["seed"]), LEDGER),
            new_witness=vault.lock(bytes(witness), WITNESS) if witness else None,
        )
        await tx.many(
            _PUT_ACCOUNT,
            [
                {
                    "of_account": id_,
                    "new_pem": vault.lock_text(pem, rsa_of(id_)),
                    "new_seed": vault.lock(bytes(seed), ed25519_of(id_)),
                }
                for id_, pem, seed in await tx.all(_ACCOUNTS)
            ],
        )
        await tx.many(
            _PUT_SERVER,
            [
                {"of_name": name, "new_pem": vault.lock_text(pem, server_key(name))}
                for name, pem in await tx.all(_SERVER)
            ],
        )
        await tx.many(
            _PUT_TOTP,
            [
                {"of_account": id_, "new_secret": vault.lock_text(secret, totp_of(id_))}
                for id_, secret in await tx.all(_TOTP)
            ],
        )
    return True


async def keys_stand_open(db: Database) -> bool:
    """Whether a founded server's private keys are not locked yet."""
    async with db.read() as tx:
        found = await tx.one(_LEDGER)
    return found is not None and not is_locked(bytes(found["seed"]))
