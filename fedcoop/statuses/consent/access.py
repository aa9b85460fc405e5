"""Who may answer, favourite and boost a status, as its author decides (`interactionPolicy`; https://docs.gotosocial.org/
has the words). Who may quote it is `fedcoop.statuses.quotes.access`."""

from __future__ import annotations

from fedcoop.accounts.consent import MENTIONED, PUBLIC, standing
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed, NotFound
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import queries
from fedcoop.statuses.consent.types import CLOSED, Deed, Interaction, Verdict
from fedcoop.statuses.quotes.queries import TIES
from fedcoop.statuses.quotes.types import read
from fedcoop.statuses.types import Status

_FORBIDDEN: dict[Deed, str] = {
    "reply": "The author of this post does not let you answer it.",
    "favourite": "The author of this post does not let you favourite it.",
    "reblog": "The author of this post does not let you boost it.",
}
_WAITS = "The author of the post before has not agreed to this one yet."


async def verdict(tx: Tx, account: Account, status: Status, deed: Deed) -> Verdict:
    """Where `account`, which may see the status, stands with it. Where nothing was said it is free, and whoever is
    mentioned or answered may answer."""
    allowed = getattr(read(status.policy), deed) if status.policy else None
    if allowed is None or account.id == status.account_id:
        return "free"
    if CLOSED in allowed.automatic and not account.local:
        return "free"
    if account.uri in allowed.automatic or (deed == "reply" and account.id == status.in_reply_to_account_id):
        return "free"
    if PUBLIC in allowed.automatic and account.uri not in allowed.manual:
        return "free"
    follows, followed = await tx.one(TIES, who=account.id, author=status.account_id) or (False, False)
    mentioned = False
    if deed == "reply" or MENTIONED in (*allowed.automatic, *allowed.manual):
        mentioned = account.id in await tx.scalars(status_queries.MENTIONED_IDS, id=status.id)
    if deed == "reply" and mentioned:
        return "free"
    found = standing(
        allowed, uri=account.uri, follows=bool(follows), followed=bool(followed), mentioned=mentioned
    )
    if found == "automatic":
        return "granted"
    return "asked" if found == "manual" else "denied"


async def check(tx: Tx, account: Account, status: Status, deed: Deed) -> Verdict:
    """The same for a member who wants to: `free`, `granted` where a stamp is made at once, or `asked` where they
    have to wait. Raises `NotAllowed`."""
    if status.held:
        raise NotAllowed(_WAITS)
    found = await verdict(tx, account, status, deed)
    if found == "denied":
        raise NotAllowed(_FORBIDDEN[deed])
    if found != "free" and deed != "reply":
        before = await known(tx, account, status, deed)
        if before is not None and before.state in ("rejected", "revoked"):
            raise NotAllowed(_FORBIDDEN[deed])
    # Only the author's own server knows for sure who follows whom.
    return "asked" if found == "granted" and not status.local else found


async def known(tx: Tx, account: Account, status: Status, deed: Deed) -> Interaction | None:
    """What the account did to the status before, if that needed consent; of answers the latest."""
    return await tx.one(queries.OF, status_id=status.id, account_id=account.id, deed=deed)


async def find(tx: Tx, interaction_id: int) -> Interaction | None:
    return await tx.one(queries.BY_ID, id=interaction_id)


async def own(tx: Tx, author_id: int, interaction_id: int) -> Interaction:
    """What this member decides about. Raises `NotFound`."""
    found = await find(tx, interaction_id)
    if found is None or found.author_id != author_id:
        raise NotFound
    return found


async def by_uri(tx: Tx, uri: str) -> Interaction | None:
    """What is known of the answer, Like or Announce with this address."""
    return await tx.one(queries.BY_URI, uri=uri) if uri else None


async def by_stamp(tx: Tx, uri: str) -> Interaction | None:
    """What is allowed by this stamp."""
    return await tx.one(queries.BY_STAMP, uri=uri) if uri else None
