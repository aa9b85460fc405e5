"""Polls, and voting in them. https://docs.joinmastodon.org/methods/polls/
A vote in a proposal's poll is a ballot, and counts as one."""

from __future__ import annotations

import msgspec
from msgspec import Raw

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
        poll = await _visible(tx, call, params.id)
        return await call.show.poll(tx, call.viewer, poll.id)


@api.post("/api/v1/polls/{id}/votes", scope="write:statuses")
async def vote(call: Call, params: VoteParams) -> Raw:
    # What the server acknowledges of a ballot has to survive even power loss.
    async with call.db.read() as tx:
        poll = await _visible(tx, call, params.id)
    async with call.db.write(durable=poll.kind == "ballot") as tx:
        account = await call.account(tx)
        if poll.kind == "ballot":
            await ballots.cast_by_poll(tx, account, params.id, params.choices)
        else:
            poll = await _visible(tx, call, params.id)
            await actions.vote(tx, account, poll, params.choices)
        return await call.show.poll(tx, call.viewer, poll.id)


async def _visible(tx: Tx, call: Call, poll_id: PollId) -> Poll:
    """The poll, if one may see the status it belongs to. Raises `NotFound`."""
    poll = await tx.one(queries.BY_ID, poll_id=poll_id)
    if poll is None:
        raise NotFound
    await access.visible(tx, call.viewer, poll.status_id)
    return poll
