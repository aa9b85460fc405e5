"""The assembly posts the latest checkpoint once a day, so that servers of its followers keep a copy that
nobody here can take back. Servers that sign it are asked in `asking`."""

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft
from moderation.ledger import queries


async def post_checkpoint(tx: Tx, *, config: Config) -> None:
    """Post the latest checkpoint, unless that was done or there is none."""
    latest = await tx.one(queries.UNPOSTED)
    if latest is None:
        return
    text = (
        f"Our public record has {latest.size} entries on {clock.day(latest.signed_at)}. Whoever keeps this post "
        f"can show whether they are still the same later.\n\n{latest.note}\n{config.base_url}/coop/ledger"
    )
    author = await accounts.assembly(tx)
    status = await statuses.post(tx, author, Draft(text=text, visibility="unlisted"), config=config)
    await tx.execute(queries.POSTED, of_size=latest.size, posted_id=status.id)
