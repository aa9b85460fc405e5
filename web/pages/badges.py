"""What somebody is in the co-operative, in a few words, as far as the constitution lets the viewer know."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fedcoop.accounts import queries as accounts
from fedcoop.errors import NotFound
from moderation.constitution.force import in_force
from moderation.members import access as members

if TYPE_CHECKING:
    from fedcoop.accounts.types import Account
    from fedcoop.db import Tx
    from fedcoop.ids import AccountId

KINDS = {"bot": "Automated", "group": "Speaks for everybody here", "application": "The server itself"}
ROLES = {"moderator": "Moderator", "admin": "Administrator"}


async def badges_of(tx: Tx, account: Account, viewer_id: AccountId | None) -> list[str]:
    """Kind, membership, office. Who is a member is shown to those who may read the roll, and to oneself."""
    badges = [KINDS[account.kind]] if account.kind in KINDS else []
    member = await members.find(tx, account.id)
    if member and member.standing != "expelled" and await _may_know(tx, account, viewer_id):
        badges.append("Member of the co-op")
    user = await tx.one(accounts.USER, account_id=account.id)
    if user and user.role in ROLES:
        badges.append(ROLES[user.role])
    return badges


async def _may_know(tx: Tx, account: Account, viewer_id: AccountId | None) -> bool:
    if viewer_id == account.id:
        return True
    try:
        roll = (await in_force(tx)).constitution.roll
    except NotFound:
        return False
    if roll == "members":
        viewer = await members.find(tx, viewer_id)
        return viewer is not None and viewer.standing != "expelled"
    return roll == "public"
