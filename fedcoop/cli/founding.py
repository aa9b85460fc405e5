"""Making an instance: schema, the two accounts that are nobody's, keys, constitution. `init` tells of each
step; tests found their servers in the same way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from fedcoop import accounts, clock, jobs
from fedcoop.accounts import keys
from fedcoop.config import Config
from fedcoop.db import Database, migrate, opened
from fedcoop.errors import Conflict, Invalid
from fedcoop.jobs.deciding import TendLedger
from fedcoop.jobs.types import CleanUp, ComputeTrends
from fedcoop.text.domains import canonical
from moderation import constitution as constitutions
from moderation import founding
from moderation.constitution import Constitution
from moderation.ledger import actions as ledger

ASSEMBLY_NOTE = (
    "I speak for the members of this co-operative. When a vote opens I post the question as a poll: members "
    "vote in it from any app. What they decide is carried out and recorded."
)


async def found(config: Config, constitution: str) -> AsyncIterator[str]:
    """Make the instance that the settings describe; says each step when it is done. `constitution` is a
    starter's name or a file. Raises `Conflict` where there is an instance already, and `Invalid` for a
    constitution that cannot be read; then nothing was made."""
    if canonical(config.domain) != config.domain:
        raise Invalid(f"“{config.domain}” is no domain as others would write it: {canonical(config.domain)}")
    try:
        rules = constitutions.load(constitution)
    except (ValueError, OSError) as problem:
        raise Invalid(f"The constitution cannot be read: {problem}") from None
    await migrate.upgrade(config.database)
    yield f"database: {config.database.partition('@')[2] or config.database}"
    async with opened(config) as db:
        db.vault.make()
        await establish(db, config, rules)
    yield f"key file: {config.key_path}, which opens the private keys in the database; keep a copy of it elsewhere"
    yield f"accounts: @{config.domain} (the server itself) and @assembly, with their keys"
    yield f"constitution: {rules.name}; the ledger is open"


async def establish(db: Database, config: Config, rules: Constitution) -> None:
    """What an instance has before anybody joins, in one transaction on an empty database. Raises
    `Conflict`."""
    async with db.read() as tx:
        if await founding.founded(tx):
            raise Conflict(f"There is an instance in {config.data} already; nothing was changed.")
    instance_keys, assembly_keys = await asyncio.gather(
        asyncio.to_thread(keys.generate), asyncio.to_thread(keys.generate)
    )
    async with db.write(durable=True) as tx:
        await accounts.actions.create_actor(
            tx, config, config.domain, "application", config.title, "", instance_keys
        )
        await accounts.actions.create_actor(
            tx, config, "assembly", "group", f"The assembly of {config.title}", ASSEMBLY_NOTE, assembly_keys
        )
        await founding.found(tx, rules, config=config)
        await ledger.sign(tx)
        await jobs.add(tx, CleanUp(), run_at=clock.now() + clock.DAY)
        await jobs.add(tx, ComputeTrends(), run_at=clock.now() + clock.HOUR)
        await jobs.add(tx, TendLedger(), run_at=clock.now() + clock.DAY)
