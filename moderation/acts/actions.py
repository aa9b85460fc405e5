"""Doing what was decided: from an act to the verbs of `fedcoop`, inside the transaction that decided it, the
ledger's entry first. Which proposal may do what is in `moderation.enact`; what each act needs and does stands in
`servers`, `people`, `texts` and `coop`."""

from typing import Any

from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from moderation.ledger import actions as ledger
from moderation.ledger.entries import SYSTEM, EntryType
from moderation.ledger.types import Logged
from moderation.wording import checked

from . import coop, force, people, servers, texts
from .record import in_record
from .types import LONGEST_RESOLUTION, Act, Cause, Resolve


async def settled(tx: Tx, act: Act, config: Config) -> Act:
    """The act as it will be carried out: names in their one form. Raises Invalid for what cannot be done."""
    match act:
        case Resolve(text=text):
            words = checked(text, "A resolution", LONGEST_RESOLUTION, "acts")
            if not words:
                raise Invalid("A resolution needs words.", "acts")
            return Resolve(words)
        case _ if isinstance(act, people.AccountAct):
            return await people.settle_account(tx, act, config)
        case _ if isinstance(act, people.StatusAct):
            return await people.settle_status(tx, act)
        case _ if isinstance(act, servers.ServerAct):
            return await servers.settle(tx, act, config)
        case _ if isinstance(act, coop.CoopAct):
            return await coop.settle(tx, act, config)
        case _:
            return await texts.settle(tx, act, config)


async def carry_out(
    tx: Tx,
    act: Act,
    *,
    because: str,
    entry: EntryType = "act",
    body: dict[str, Any],
    refs: tuple[int, ...],
    actor: str = SYSTEM,
    words: dict[str, str] | None = None,
    at: int | None = None,
    config: Config,
) -> tuple[Logged, Act | None]:
    """Write into the ledger what is about to happen, and do it. Doing what is already so changes nothing. Gives
    the entry, and the act that would undo it."""
    log = await ledger.take(tx)
    undo = await force.inverse(tx, act)
    logged = await ledger.append(
        tx,
        entry,
        actor=actor,
        body=body
        | {
            "act": await in_record(tx, act),
            "inverse": None if undo is None else await in_record(tx, undo),
        },
        refs=refs,
        words=words,
        at=ledger.moment(log) if at is None else at,
    )
    cause = Cause(because, logged.index, logged.time, (words or {}).get("reason", ""))
    match act:
        case Resolve():
            pass
        case _ if isinstance(act, servers.ServerAct):
            await servers.carry_out(tx, act, cause)
        case _ if isinstance(act, people.AccountAct | people.StatusAct):
            await people.carry_out(tx, act, cause)
        case _ if isinstance(act, coop.CoopAct):
            await coop.carry_out(tx, act, cause)
        case _:
            await texts.carry_out(tx, act, cause, config)
    await force.stands(tx, act, because=because, at=logged.time, index=logged.index)
    return logged, undo
