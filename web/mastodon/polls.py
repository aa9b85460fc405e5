"""Polls. A vote on a proposal's poll is a ballot: `moderation` takes it.
https://docs.joinmastodon.org/methods/polls/"""

from __future__ import annotations

import msgspec
from msgspec import Raw

from fedcoop import accounts
from fedcoop.db import Tx
from fedcoop.errors import NotFound
from fedcoop.ids import PollId
from fedcoop.polls import actions, queries
from fedcoop.statuses import access
from fedcoop.statuses.types import Poll
from moderation.ballots import actions as ballots
from web.api import api
from web.call import Call


class PollParams(msgspec.Struct, kw_only=True):
    id: PollId


class VoteParams(PollParams, kw_only=True):
    choices: list[int] = []


@api.get("/api/v1/polls/{id}", scope="read:statuses", public=True)
async def show(call: Call, params: PollParams) -> Raw:
    async with call.db.read() as tx:
        await _visible(tx, call.viewer, params.id)
        return await _shown(call, tx, params.id)


@api.post("/api/v1/polls/{id}/votes", scope="write:statuses")
async def vote(call: Call, params: VoteParams) -> Raw:
    async with call.db.read() as tx:
        poll = await _visible(tx, call.account_id, params.id)
    # A ballot that was acknowledged must survive even the loss of power.
    async with call.db.write(durable=poll.kind == "ballot") as tx:
        poll = await _visible(tx, call.account_id, params.id)
        account = await accounts.access.find(tx, call.account_id)
        if poll.kind == "ballot":
            actions.check_choices(poll, params.choices)
            await ballots.cast_by_poll(tx, account, params.id, params.choices)
        else:
            await actions.vote(tx, account, poll, params.choices)
    async with call.db.read() as tx:
        return await _shown(call, tx, params.id)


async def _visible(tx: Tx, viewer: int, poll_id: int) -> Poll:
    """The poll of a status that the viewer may see. Raises `NotFound`."""
    poll = await tx.one(queries.BY_ID, poll_id=poll_id)
    if poll is None:
        raise NotFound
    await access.visible(tx, viewer, poll.status_id)
    return poll


async def _shown(call: Call, tx: Tx, poll_id: int) -> Raw:
    shown: Raw = await call.show.poll(tx, call.viewer, poll_id)
    return shown
