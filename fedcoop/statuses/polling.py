"""Asking: the poll of a status, when it is posted and when it is edited. Answering is `fedcoop.polls`."""

from __future__ import annotations

import msgspec

from fedcoop import clock, ids
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.emoji.access import among
from fedcoop.errors import Invalid
from fedcoop.statuses import queries
from fedcoop.statuses.types import Poll, PollDraft, Status

SHORTEST = 5 * clock.MINUTE
LONGEST = 2629746 * clock.SECOND
"""Mastodon's longest poll, a month."""


def check(poll: PollDraft, config: Config) -> None:
    """Raises `Invalid` if members could not answer this poll."""
    if not 2 <= len(poll.options) <= config.poll_max_options:
        raise Invalid(f"Validation failed: A poll has 2 to {config.poll_max_options} options")
    if any(not option.strip() for option in poll.options):
        raise Invalid("Validation failed: Poll options can't be blank")
    if any(len(option) > config.poll_max_option_chars for option in poll.options):
        raise Invalid(
            f"Validation failed: A poll option has {config.poll_max_option_chars} characters at most"
        )
    if len(set(poll.options)) != len(poll.options):
        raise Invalid("Validation failed: Poll options must differ")
    # When a ballot closes is decided by the constitution.
    if poll.kind == "ordinary":
        now = clock.now()
        if poll.expires_at is None or poll.expires_at < now + SHORTEST - clock.MINUTE:
            raise Invalid("Validation failed: A poll is open for five minutes at least")
        if poll.expires_at > now + LONGEST + clock.MINUTE:
            raise Invalid("Validation failed: A poll is open for one month at most")


async def ask(tx: Tx, poll_id: int, status: Status, poll: PollDraft) -> None:
    """Store the poll of a new status."""
    await insert(
        tx,
        Poll(
            id=poll_id,
            status_id=status.id,
            account_id=status.account_id,
            kind=poll.kind,
            multiple=poll.multiple,
            hide_totals=poll.hide_totals,
            options=_json(poll.options),
            emojis=among(status.emojis, *poll.options),
            counts=_json([0] * len(poll.options)),
            voters_count=0,
            expires_at=poll.expires_at,
            closed=False,
            fetched_at=None,
        ),
    )


async def ask_again(tx: Tx, status: Status, poll: PollDraft | None) -> int | None:
    """The poll after an edit: the same with its votes if it asks the same, else a new one or none."""
    before = await tx.one(queries.POLLS, ids=[status.poll_id]) if status.poll_id else None
    if poll is None:
        await tx.execute(queries.DELETE_POLL, id=status.id)
        return None
    if before and before.titles() == poll.options and before.multiple == poll.multiple:
        return before.id
    await tx.execute(queries.DELETE_POLL, id=status.id)
    poll_id = ids.new_id()
    await ask(tx, poll_id, status, poll)
    return poll_id


async def insert(tx: Tx, poll: Poll) -> None:
    await tx.execute(queries.INSERT_POLL, **msgspec.structs.asdict(poll))


def _json(values: list[str] | list[int]) -> str:
    return msgspec.json.encode(values).decode()
