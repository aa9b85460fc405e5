"""Saying that two accounts are one person's, moving, and going along. The Move that other servers hear of is
`activitypub.federate.profiles`, the one that comes from them `activitypub.inbox.move`.

Whoever follows the old account follows the new one as they followed the old; lists, blocks and mutes hold for it
too, as in Mastodon. Where the new account has to accept first, the old follow stays for an hour."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import actions as accounts
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound, TooMany
from fedcoop.jobs.types import Federate, GoAlong
from fedcoop.moves import queries
from fedcoop.relationships import actions as relationships
from fedcoop.relationships.types import Follow

BETWEEN_OURS = 30 * clock.DAY
BETWEEN_THEIRS = 7 * clock.DAY
PATIENCE = clock.HOUR
MOST_ALIASES = 20
AT_ONCE = 50


def aliases(account: Account) -> list[str]:
    """The addresses of accounts that this one says are the same person's."""
    return msgspec.json.decode(account.also_known_as or "[]", type=list[str])


async def set_aliases(tx: Tx, account: Account, uris: Sequence[str]) -> None:
    """Say which other accounts are the same person's; they may then move here. Raises `Invalid`."""
    wanted = list(dict.fromkeys(uris))
    if account.uri in wanted:
        raise Invalid("This is the very account that you are signed in to.")
    if len(wanted) > MOST_ALIASES:
        raise Invalid(f"{MOST_ALIASES} aliases are enough.")
    encoded = msgspec.json.encode(wanted).decode()
    await tx.execute(queries.SET_ALIASES, of_account=account.id, uris=encoded, at=clock.now())
    await jobs.add(tx, Federate(activity="profile", account_id=account.id))


async def move(tx: Tx, account: Account, target: Account) -> None:
    """A member moves to another account, which names this one as its alias. Raises `Invalid` where it does not, or
    is no place to go, `TooMany` within thirty days of the last move."""
    if target.id == account.id or target.deleted_at or target.suspended_at or target.moved_to_id:
        raise Invalid("You cannot move to this account.")
    if account.uri not in aliases(target):
        raise Invalid(
            f"@{target.acct} does not name this account as an alias yet. Add it there first, then come back."
        )
    await _not_so_soon(tx, account, BETWEEN_OURS)
    await _record(tx, account, target)
    await jobs.add(tx, Federate(activity="move", account_id=account.id, object_id=target.id))


async def moved(tx: Tx, account: Account, target: Account) -> None:
    """An account elsewhere has moved, as it and the other one say. Raises `TooMany` within seven days of its last
    move: whoever took it over could drive its followers from place to place."""
    await _not_so_soon(tx, account, BETWEEN_THEIRS)
    await _record(tx, account, target)


async def cancel(tx: Tx, account: Account) -> None:
    """Take the sign at the old account down. Followers who have gone along do not come back."""
    await tx.execute(account_queries.MOVE, account_id=account.id, to=None)
    await jobs.add(tx, Federate(activity="profile", account_id=account.id))


async def go_along(tx: Tx, job: GoAlong) -> None:
    """Have the next of our followers go along, and add a job for those after them."""
    old = await tx.one(account_queries.BY_ID, id=job.account_id)
    target = await tx.one(account_queries.BY_ID, id=job.target_id)
    if old is None or target is None or old.moved_to_id != target.id:
        return
    if not (job.after or job.last):
        await _keep_away(tx, old, target)
    followers = await tx.all(queries.LOCAL_FOLLOWERS, target_id=old.id, after=job.after, most=AT_ONCE)
    people = await tx.all(account_queries.BY_IDS, ids=[each.account_id for each in followers])
    by_id = {person.id: person for person in people}
    for each in followers:
        await _goes_along(tx, by_id[each.account_id], each, old, target, last=job.last)
    if len(followers) == AT_ONCE:
        await jobs.add(tx, msgspec.structs.replace(job, after=followers[-1].id))
    elif not job.last:
        again = msgspec.structs.replace(job, after=0, last=True)
        await jobs.add(tx, again, run_at=clock.now() + PATIENCE)


async def _goes_along(
    tx: Tx, who: Account, how: Follow, old: Account, target: Account, *, last: bool
) -> None:
    """Follow the new account, and the old one no more once that is so or has been waited for."""
    try:
        if who.id == target.id:
            result = "following"
        else:
            result = await relationships.follow(
                tx,
                who,
                target,
                reblogs=how.reblogs,
                notify=how.notify,
                languages=msgspec.json.decode(how.languages or "[]", type=list[str]),
            )
    except (NotAllowed, NotFound):
        return
    if result == "following":
        await tx.execute(queries.ADD_TO_LISTS, owner=who.id, old_id=old.id, new_id=target.id)
    if result == "following" or last:
        await relationships.unfollow(tx, who, old)


async def _keep_away(tx: Tx, old: Account, target: Account) -> None:
    """Whoever blocks or mutes the old account has the same peace from the new one."""
    blockers = await tx.scalars(queries.LOCAL_BLOCKERS, target_id=old.id)
    mutes = await tx.all(queries.MUTERS, target_id=old.id)
    people = await tx.all(account_queries.BY_IDS, ids=[*blockers, *(mute.account_id for mute in mutes)])
    by_id = {person.id: person for person in people if person.id != target.id}
    for blocker in blockers:
        if blocker in by_id:
            await relationships.block(tx, by_id[blocker], target)
    for mute in mutes:
        if mute.account_id in by_id:
            await relationships.mute(tx, by_id[mute.account_id], target, mute.notifications, mute.expires_at)


async def _not_so_soon(tx: Tx, account: Account, between: int) -> None:
    latest = await tx.scalar(queries.LATEST, account_id=account.id)
    if latest is not None and latest > clock.now() - between:
        wait = latest + between - clock.now()
        days = between // clock.DAY
        raise TooMany(f"There are {days} days between two moves.", retry_after=wait // clock.SECOND)


async def _record(tx: Tx, account: Account, target: Account) -> None:
    await accounts.mark_moved(tx, account, target)
    await tx.execute(
        queries.ADD, id=ids.new_id(), account_id=account.id, target_id=target.id, created_at=clock.now()
    )
    await jobs.add(tx, GoAlong(account_id=account.id, target_id=target.id))
