"""The rules for deciding, what can be decided, and the members. Their verbs are in `moderation`."""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from moderation import constitution, letters, reminding
from moderation.acts.types import schemas
from moderation.constitution.force import in_force
from moderation.letters import Letter
from moderation.mandates import access as mandates
from moderation.members import actions as members
from web.api import api
from web.call import Call

LARGEST_NUMBER = 2**31 - 1
READ = "read:governance"


class AfterParams(msgspec.Struct, kw_only=True):
    """Pages of what is numbered from one on. Numbers end where PostgreSQL's integers do."""

    after: int = 0
    limit: int = 40

    @property
    def page_after(self) -> int:
        return min(max(self.after, 0), LARGEST_NUMBER)

    @property
    def page_limit(self) -> int:
        return min(max(self.limit, 1), 200)


@api.get("/api/fedcoop/v1/constitution")
async def show(call: Call) -> dict[str, Any]:
    async with call.db.read() as tx:
        force = await in_force(tx)
    rules = force.constitution.rules
    return {
        "constitution": constitution.to_data(force.constitution),
        "rules_in_words": {name: constitution.say_rule(rule) for name, rule in rules.items()},
        "adopted_at": clock.iso(force.adopted_at),
        "ledger_index": force.ledger_index,
    }


@api.get("/api/fedcoop/v1/acts")
async def acts(call: Call) -> list[Any]:
    return list(schemas())


@api.get("/api/fedcoop/v1/members/me", scope=READ)
async def me(call: Call) -> Any:
    async with call.db.read() as tx:
        return await _own(tx, await call.account(tx))


class StandingParams(msgspec.Struct, kw_only=True):
    """`paused` rests one's membership, `reminders` are those before a vote ends, `reminders_by_mail` those
    that come by mail too, `letters` other letters about votes; what is left out stays."""

    paused: bool | None = None
    reminders: bool | None = None
    reminders_by_mail: bool | None = None
    letters: list[Letter] | None = None


@api.patch("/api/fedcoop/v1/members/me", scope="write:governance")
async def change_me(call: Call, params: StandingParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        if params.paused is not None:
            await members.pause(tx, account, paused=params.paused)
        if params.reminders is not None:
            await reminding.set_quiet(tx, account.id, not params.reminders)
        if params.reminders_by_mail is not None:
            await reminding.set_by_mail(tx, account.id, params.reminders_by_mail)
        if params.letters is not None:
            await letters.choose(tx, account.id, set(params.letters))
        return await _own(tx, account)


async def _own(tx: Tx, account: Account) -> dict[str, Any]:
    """One's own membership, with what only oneself sees."""
    member = await members.me(tx, account)
    return msgspec.structs.asdict(member) | {
        "reminders": not await reminding.is_quiet(tx, account.id),
        "reminders_by_mail": await reminding.is_by_mail(tx, account.id),
        "letters": sorted(await letters.wanted(tx, account.id)),
        "offices": [each.office for each in await mandates.held_by(tx, account.id)],
    }


@api.delete("/api/fedcoop/v1/members/me", scope="write:governance")
async def leave(call: Call) -> dict[str, str]:
    """Leave the co-operative; the account stays."""
    async with call.db.write(durable=True) as tx:
        await members.leave(tx, await call.account(tx))
    return {}


@api.get("/api/fedcoop/v1/members", scope=READ, public=True)
async def roll(call: Call, params: AfterParams) -> list[Any]:
    async with call.db.read() as tx:
        return list(await members.roll(tx, viewer_of(call), after=params.page_after, limit=params.page_limit))


def viewer_of(call: Call) -> Any:
    """Through whose eyes, as `moderation` wants it: the member's id, or None."""
    return call.viewer or None
