"""Adding and removing custom emoji. Their pictures are made beforehand by `fedcoop.media.processing`."""

from __future__ import annotations

from fedcoop import clock, ids
from fedcoop.db import Tx
from fedcoop.emoji import queries
from fedcoop.emoji.types import MOST, SHORTCODE
from fedcoop.errors import Conflict, Invalid, NotFound


def check(shortcode: str) -> None:
    """Raises `Invalid` for what cannot stand between colons."""
    if not SHORTCODE.fullmatch(shortcode):
        raise Invalid(
            f"“{shortcode}” cannot be an emoji's name: it has 2 to 64 letters (a to z), digits and underscores."
        )


async def add(
    tx: Tx, shortcode: str, *, url: str, static_url: str, category: str = "", visible_in_picker: bool = True
) -> None:
    """From now on texts can name it. Raises `Invalid` for such a name, and `Conflict` where there is one
    already or there are too many."""
    check(shortcode)
    if (await tx.scalar(queries.COUNT) or 0) >= MOST:
        raise Conflict(f"There are {MOST} emoji already, which is the most; remove some first.")
    added = await tx.execute(
        queries.INSERT,
        id=ids.new_id(),
        shortcode=shortcode,
        url=url,
        static_url=static_url,
        category=category.strip(),
        visible_in_picker=visible_in_picker,
        created_at=clock.now(),
    )
    if not added:
        raise Conflict(f"There is an emoji called :{shortcode}: already; remove it first.")


async def remove(tx: Tx, shortcode: str) -> None:
    """New texts cannot name it any more. The picture stays for those that do. Raises `NotFound`."""
    if not await tx.execute(queries.DELETE, shortcode=shortcode):
        raise NotFound
