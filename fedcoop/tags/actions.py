"""Following hashtags and featuring them on the profile."""

from __future__ import annotations

from collections.abc import Sequence

from fedcoop import clock, ids, jobs
from fedcoop.accounts.types import Account
from fedcoop.db import Row, Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.jobs.types import Federate
from fedcoop.tags import access, queries
from fedcoop.text import compose

MOST_FOLLOWED = 1_000
MOST_FEATURED = 10
LONGEST = 100


async def made(tx: Tx, name: str) -> Row:
    """The hashtag of this name, which begins to exist if nobody has used it. Raises `Invalid` for what can be no
    hashtag."""
    shown = name.strip().removeprefix("#")
    folded = compose.fold(shown)
    if not folded or len(folded) > LONGEST or compose.find_hashtags(f"#{shown}") != [shown]:
        raise Invalid("Validation failed: Hashtag is invalid", "name")
    found = await access.named(tx, folded)
    if found is None:
        await tx.execute(
            queries.INSERT, id=ids.new_id(), name=folded, display_name=shown, last_status_at=None
        )
        found = await access.named(tx, folded)
    if found is None:
        raise NotFound
    return found


async def follow(tx: Tx, account: Account, tag_id: int) -> None:
    """From here on public statuses with the hashtag come to the member's home timeline. A second time changes
    nothing. Raises `Invalid` for one too many."""
    if await tx.scalar(queries.COUNT_FOLLOWED, account_id=account.id) >= MOST_FOLLOWED:
        raise Invalid(f"Validation failed: You can follow at most {MOST_FOLLOWED} hashtags")
    await tx.execute(
        queries.FOLLOW, account_id=account.id, tag_id=tag_id, id=ids.new_id(), created_at=clock.now()
    )


async def unfollow(tx: Tx, account: Account, tag_id: int) -> None:
    """End that, and take from the home timeline what came only because of it."""
    if await tx.execute(queries.UNFOLLOW, account_id=account.id, tag_id=tag_id):
        await tx.execute(queries.TAKE_FROM_HOME, account_id=account.id, tag_id=tag_id)


async def feature(tx: Tx, account: Account, tag: Row, name: str) -> None:
    """Show a hashtag on the profile, in this spelling. A second time changes nothing. Raises `Invalid` for one
    too many."""
    added = await tx.execute(
        queries.FEATURE,
        id=ids.new_id(),
        account_id=account.id,
        tag_id=tag["id"],
        display_name=name.strip().removeprefix("#"),
    )
    if not added:
        return
    if await tx.scalar(queries.COUNT_FEATURED, account_id=account.id) > MOST_FEATURED:
        raise Invalid("Validation failed: You have already featured the maximum number of hashtags")
    await jobs.add(tx, Federate(activity="profile", account_id=account.id))


async def replace(tx: Tx, account: Account, names: Sequence[str]) -> None:
    """Keep the hashtags that an account elsewhere shows now, whatever it showed before. What is no hashtag is left
    out."""
    await tx.execute(queries.CLEAR_FEATURED, account_id=account.id)
    for name in names[:MOST_FEATURED]:
        try:
            tag = await made(tx, name)
        except Invalid:
            continue
        await tx.execute(
            queries.FEATURE, id=ids.new_id(), account_id=account.id, tag_id=tag["id"], display_name=name
        )


async def unfeature(tx: Tx, account: Account, tag_id: int) -> None:
    if await tx.execute(queries.UNFEATURE, account_id=account.id, tag_id=tag_id):
        await jobs.add(tx, Federate(activity="profile", account_id=account.id))


async def unfeature_by_id(tx: Tx, account: Account, id: int) -> None:
    """Raises `NotFound` for what is not one's own."""
    if not await tx.execute(queries.UNFEATURE_BY_ID, account_id=account.id, id=id):
        raise NotFound
    await jobs.add(tx, Federate(activity="profile", account_id=account.id))
