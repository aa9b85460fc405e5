"""The rules for deciding, what can be decided, and the members. Their verbs are in `moderation`."""

from __future__ import annotations

from typing import Any

import msgspec

from fedcoop import clock
from moderation import constitution
from moderation.acts.types import schemas
from moderation.constitution.force import in_force
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
        return await members.me(tx, await call.account(tx))


@api.get("/api/fedcoop/v1/members", scope=READ, public=True)
async def roll(call: Call, params: AfterParams) -> list[Any]:
    async with call.db.read() as tx:
        return list(await members.roll(tx, viewer_of(call), after=params.page_after, limit=params.page_limit))


def viewer_of(call: Call) -> Any:
    """Through whose eyes, as `moderation` wants it: the member's id, or None."""
    return call.viewer or None
