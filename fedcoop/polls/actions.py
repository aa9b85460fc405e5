"""Voting in polls. One vote for each account, or one for each option where several may be chosen."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.jobs.types import Federate, TellTotals
from fedcoop.notifications.actions import notify
from fedcoop.polls import queries
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Poll

TELL_EVERY = clock.MINUTE


async def vote(tx: Tx, account: Account, poll: Poll, choices: Sequence[int]) -> None:
    """A member answers a poll that the caller has checked the member may see. Raises `Invalid` when the poll is
    over or one's own, when the member has answered, or when the choices do not fit. A ballot is no poll:
    `moderation.ballots` takes it."""
    if poll.kind == "ballot":
        raise Invalid("Validation failed: Members vote on this with a ballot")
    if poll.over(clock.now()):
        raise Invalid("Validation failed: The poll has already ended")
    if poll.account_id == account.id:
        raise Invalid("Validation failed: You can't vote on your own poll")
    check_choices(poll, choices)
    poll = await tx.one(queries.LOCK, poll_id=poll.id) or poll
    if await tx.scalars(queries.VOTES_OF, poll_id=poll.id, account_id=account.id):
        raise Invalid("Validation failed: You have already voted on this poll")
    await _store(tx, poll, account, choices)
    status = await tx.one(status_queries.BY_ID, id=poll.status_id)
    if status and not status.local:
        await jobs.add(
            tx,
            Federate(
                activity="vote",
                account_id=account.id,
                object_id=poll.id,
                detail={"choices": [str(choice) for choice in choices]},
            ),
        )


def check_choices(poll: Poll, choices: Sequence[int]) -> None:
    """Raises `Invalid` unless these options exist and may be chosen together."""
    if not choices:
        raise Invalid("Validation failed: Choose at least one option")
    if len(choices) > 1 and not poll.multiple:
        raise Invalid("Validation failed: Only one option can be chosen")
    if len(set(choices)) != len(choices) or not all(0 <= choice < len(poll.titles()) for choice in choices):
        raise Invalid("Validation failed: The chosen vote option does not exist")


async def receive_vote(tx: Tx, account: Account, poll: Poll, title: str, *, uri: str = "") -> bool:
    """Someone elsewhere answers a local poll; several options come one by one. False if the voice does not
    count: too late, twice, or for what was not asked. In a ballot it is kept, and only advises."""
    poll = await tx.one(queries.LOCK, poll_id=poll.id) or poll
    titles = poll.titles()
    if poll.over(clock.now()) or title not in titles or poll.account_id == account.id:
        return False
    before = await tx.scalars(queries.VOTES_OF, poll_id=poll.id, account_id=account.id)
    if titles.index(title) in before or (before and not poll.multiple):
        return False
    await _store(tx, poll, account, [titles.index(title)], uri=uri)
    return True


async def _store(tx: Tx, poll: Poll, account: Account, choices: Sequence[int], *, uri: str = "") -> None:
    now = clock.now()
    await tx.many(
        queries.VOTE,
        [
            {
                "poll_id": poll.id,
                "account_id": account.id,
                "choice": choice,
                "uri": uri or f"{account.uri}/votes/{poll.id}/{choice}",
                "created_at": now,
            }
            for choice in choices
        ],
    )
    if poll.kind == "ballot":
        return
    if poll.fetched_at is None:
        # Ours: counted from the votes, so that no two voters can overwrite one another.
        tally = {row["choice"]: row["votes"] for row in await tx.all(queries.TALLY, poll_id=poll.id)}
        counts = [tally.get(choice, 0) for choice in range(len(poll.titles()))]
        voters = await tx.scalar(queries.VOTERS, poll_id=poll.id)
    else:
        counts = [count + (choice in choices) for choice, count in enumerate(poll.votes())]
        voters = poll.voters_count + 1
    await set_counts(tx, poll, counts, voters)
    # A popular poll tells its totals once a minute, not once a vote.
    if poll.fetched_at is None and await tx.execute(queries.TELL, poll_id=poll.id):
        await jobs.add(tx, TellTotals(poll_id=poll.id), run_at=now + TELL_EVERY)


async def tell_totals(tx: Tx, poll_id: int) -> None:
    """Tell other servers how a local poll stands; the next vote after this has it told again."""
    poll = await tx.one(queries.BY_ID, poll_id=poll_id)
    if poll is not None and await tx.execute(queries.TOLD, poll_id=poll_id):
        await jobs.add(tx, Federate(activity="poll", account_id=poll.account_id, object_id=poll.status_id))


async def set_counts(tx: Tx, poll: Poll, counts: Sequence[int], voters: int) -> None:
    """Show these totals from now on."""
    await tx.execute(
        queries.SET_COUNTS,
        poll_id=poll.id,
        new_counts=msgspec.json.encode(list(counts)).decode(),
        new_voters=voters,
    )
    await tx.execute(status_queries.TOUCH, id=poll.status_id)


async def set_own_votes(tx: Tx, poll: Poll, account: Account, choices: Sequence[int]) -> None:
    """Show the account's answer as these options: how a ballot, cast or replaced, appears in a client."""
    await tx.execute(queries.UNVOTE, poll_id=poll.id, account_id=account.id)
    await tx.many(
        queries.VOTE,
        [
            {
                "poll_id": poll.id,
                "account_id": account.id,
                "choice": choice,
                "uri": f"{account.uri}/votes/{poll.id}/{choice}",
                "created_at": clock.now(),
            }
            for choice in choices
        ],
    )


async def close(tx: Tx, poll_id: int) -> None:
    """Tell everybody here who voted, and the author, that a poll has ended; once."""
    poll = await tx.one(queries.BY_ID, poll_id=poll_id)
    if poll is None or not await tx.execute(queries.CLOSE, poll_id=poll_id):
        return
    await tx.execute(status_queries.TOUCH, id=poll.status_id)
    told = set(await tx.scalars(queries.LOCAL_VOTERS, poll_id=poll_id)) - {poll.account_id}
    for account_id in told:
        await notify(tx, "poll", account_id, poll.account_id, poll.status_id)
    status = await tx.one(status_queries.BY_ID, id=poll.status_id)
    if status and status.local:
        await notify(tx, "poll", poll.account_id, poll.account_id, poll.status_id)
        await jobs.add(tx, Federate(activity="poll", account_id=poll.account_id, object_id=poll.status_id))
