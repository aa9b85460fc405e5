"""Who may answer, favourite and boost a status, as its author decides (`interactionPolicy`; https://docs.gotosocial.org/
has the words). Who may quote it is `fedcoop.statuses.quotes.access`."""

from __future__ import annotations

from typing import Literal

from fedcoop.accounts.consent import standing
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from fedcoop.statuses import queries
from fedcoop.statuses.quotes.queries import TIES
from fedcoop.statuses.quotes.types import read
from fedcoop.statuses.types import Status

Deed = Literal["reply", "favourite", "reblog"]
_FORBIDDEN: dict[Deed, str] = {
    "reply": "The author of this post does not let you answer it.",
    "favourite": "The author of this post does not let you favourite it.",
    "reblog": "The author of this post does not let you boost it.",
}


async def check(tx: Tx, account: Account, status: Status, deed: Deed) -> None:
    """Whether `account` may do this with a status that it may see. Where nothing was said it may, and whoever is
    mentioned may answer; where the author wants to be asked, the deed itself asks. Raises `NotAllowed`."""
    allowed = getattr(read(status.policy), deed) if status.policy else None
    if allowed is None or account.id == status.account_id:
        return
    follows, followed = await tx.one(TIES, who=account.id, author=status.account_id) or (False, False)
    found = standing(allowed, uri=account.uri, follows=bool(follows), followed=bool(followed))
    if found in ("automatic", "manual"):
        return
    if deed == "reply" and account.id in await tx.scalars(queries.MENTIONED_IDS, id=status.id):
        return
    raise NotAllowed(_FORBIDDEN[deed])
