"""I22: private keys stand locked in the database, and what opens them lies in a file beside it."""

from __future__ import annotations

import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, update

from fedcoop.accounts.types import Account
from fedcoop.cli.diagnosis import Finding, keys_of
from fedcoop.db import Database, statement
from fedcoop.db.locking import keys_stand_open, lock_keys
from fedcoop.db.schema.accounts import private_keys
from fedcoop.db.schema.ledger import ledger
from fedcoop.db.schema.notifications import server_keys
from fedcoop.db.schema.second_factors import totp_secrets
from fedcoop.errors import Invalid
from fedcoop.second_factors import actions as second_factors
from fedcoop.vault import LEDGER, Vault, ed25519_of, rsa_of, server_key
from moderation.ledger import queries as ledger_queries
from moderation.ledger import serve
from moderation.witness import cosigning
from tests.words import Server

ACCOUNTS = statement(select(private_keys.c.account_id, private_keys.c.pem, private_keys.c.seed))
SERVERS = statement(select(server_keys.c.name, server_keys.c.pem))
LOG = statement(select(ledger.c.seed, ledger.c.witness_seed))
TOTP = statement(select(totp_secrets.c.secret))
OPEN_ACCOUNT = statement(
    update(private_keys)
    .where(private_keys.c.account_id == bindparam("of"))
    .values(pem=bindparam("new_pem"), seed=bindparam("new_seed"))
)
OPEN_SERVER = statement(update(server_keys).values(pem=bindparam("new_pem")))


async def everything_secret(db: Database) -> list[bytes]:
    """Whatever stands in a column of private keys, as bytes."""
    async with db.read() as tx:
        found = [value for row in await tx.all(ACCOUNTS) for value in tuple(row)[1:]]
        found += [row["pem"] for row in await tx.all(SERVERS)]
        found += list(*await tx.all(LOG))
        found += await tx.scalars(TOTP)
    return [value.encode() if isinstance(value, str) else bytes(value) for value in found]


async def open_them(db: Database) -> None:
    """As an earlier version left them."""
    async with db.write() as tx:
        for id_, pem, seed in await tx.all(ACCOUNTS):
            await tx.execute(
                OPEN_ACCOUNT,
                of=id_,
                new_pem=tx.vault.unlock_text(pem, rsa_of(id_)),
                new_seed=tx.vault.unlock(bytes(seed), ed25519_of(id_)),
            )
        for name, pem in await tx.all(SERVERS):
            await tx.execute(OPEN_SERVER, new_pem=tx.vault.unlock_text(pem, server_key(name)))
        log = await tx.one(ledger_queries.LOG)
        assert log is not None
        await tx.execute(ledger_queries.NEW_KEY, new_seed=tx.vault.unlock(log.seed, LEDGER))


async def test_no_key_can_be_read_in_the_database(server: Server) -> None:
    alice = await server.joins("alice")
    assert isinstance(alice.account, Account)
    async with server.db.write() as tx:
        secret, _ = await second_factors.begin_totp(tx, server.config, alice.account)
    kept = await everything_secret(server.db)
    assert len(kept) == 2 * 3 + 1 + 2 + 1
    assert all(value.startswith(b"locked1:") for value in kept)
    assert not any(b"PRIVATE KEY" in value or secret.encode() in value for value in kept)
    assert stat.S_IMODE(server.config.key_path.stat().st_mode) == 0o600


async def test_keys_from_before_are_locked_at_the_first_start_and_mean_the_same(
    server: Server, tmp_path: Path
) -> None:
    alice = await server.joins("alice")
    async with server.db.write() as tx:
        before = await serve.verifier_key(tx), (await cosigning.identity(tx, server.config.domain)).vkey
    await open_them(server.db)
    server.config.key_path.unlink()
    old = Database(server.db.url, vault=Vault(tmp_path / "new.secret"))
    await old.open()
    try:
        assert await keys_stand_open(old)
        assert await lock_keys(old)
        assert not await lock_keys(old)
        async with old.read() as tx:
            assert await serve.verifier_key(tx) == before[0]
            row = next(row for row in await tx.all(ACCOUNTS) if row["account_id"] == int(alice.id))
        assert "PRIVATE KEY" in old.vault.unlock_text(row["pem"], rsa_of(int(alice.id)))
    finally:
        await old.close()
    assert (tmp_path / "new.secret").stat().st_mode & 0o077 == 0


def gone(path: Path) -> None:
    path.unlink()


def another(path: Path) -> None:
    path.unlink()
    Vault(path).make()


def damaged(path: Path) -> None:
    path.write_text("# nothing\n")


@pytest.mark.parametrize(
    ("harm", "words"), [(gone, "is missing"), (another, "does not open"), (damaged, "holds no key")]
)
async def test_without_its_file_a_server_does_not_begin(
    server: Server, harm: Callable[[Path], None], words: str
) -> None:
    harm(server.config.key_path)
    with pytest.raises(Invalid, match=words):
        Database(server.db.url, vault=Vault(server.config.key_path))
        db = Database(server.db.url, vault=Vault(server.config.key_path))
        await db.open()
        try:
            await lock_keys(db)
        finally:
            await db.close()


async def test_the_doctor_sees_what_is_wrong_with_the_keys(server: Server) -> None:
    path = server.config.key_path
    assert (await looked_at(server)).mark == "✓"
    path.chmod(0o644)
    assert "chmod" in (await looked_at(server)).advice
    path.unlink()
    assert "is missing" in (await looked_at(server)).how
    await open_them(server.db)
    assert "fedcoop migrate" in (await looked_at(server)).advice


async def looked_at(server: Server) -> Finding:
    db = Database(server.db.url, vault=Vault(server.config.key_path))
    await db.open()
    try:
        return await keys_of(db)
    finally:
        await db.close()


async def test_one_members_key_is_no_use_in_anothers_row(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    async with server.db.write() as tx:
        rows = {row["account_id"]: row for row in await tx.all(ACCOUNTS)}
        hers = rows[int(alice.id)]
        await tx.execute(OPEN_ACCOUNT, of=int(bob.id), new_pem=hers["pem"], new_seed=hers["seed"])
    with pytest.raises(Invalid, match="does not open"):
        await server.instance.services.federation.signer(int(bob.id))


def test_a_key_file_is_never_written_over(tmp_path: Path) -> None:
    path = tmp_path / "keys.secret"
    first, second = Vault(path), Vault(path)
    first.make()
    text = path.read_bytes()
    second.make()
    assert path.read_bytes() == text
    assert second.unlock(first.lock(b"a secret", "x"), "x") == b"a secret"
    assert [each.name for each in tmp_path.iterdir()] == ["keys.secret"]
