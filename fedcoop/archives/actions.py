"""Asking for an archive, finishing one, and removing those that are old."""

import msgspec

from fedcoop import clock, jobs, mail
from fedcoop.accounts import access as accounts
from fedcoop.archives import access, queries
from fedcoop.archives.types import KEPT, Archive
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Conflict
from fedcoop.ids import AccountId
from fedcoop.jobs.types import MakeArchive, RemoveFiles


async def request(tx: Tx, account_id: AccountId) -> None:
    """Have an archive made; it takes the place of the last one. Raises `Conflict` within a week of that."""
    now = clock.now()
    last = await access.of_account(tx, account_id)
    if last is not None and now < last.again_at:
        raise Conflict(
            f"An archive can be made once a week; ask for the next one from {clock.day(last.again_at)} on."
        )
    if last is not None and last.url:
        await jobs.add(tx, RemoveFiles(urls=[last.url]))
    made = Archive(account_id=account_id, requested_at=now, ready_at=None, url="", size=0)
    await tx.execute(queries.PUT, **msgspec.structs.asdict(made))
    await jobs.add(tx, MakeArchive(account_id=account_id, requested_at=now))


async def finish(tx: Tx, config: Config, archive: Archive, *, url: str, size: int) -> bool:
    """The file is there; its member is told by mail. False when nobody waits for it any more."""
    told = await tx.execute(
        queries.FINISH,
        of_account=archive.account_id,
        asked_at=archive.requested_at,
        at=clock.now(),
        new_url=url,
        new_size=size,
    )
    if not told:
        return False
    account, user = await accounts.member(tx, archive.account_id)
    await mail.actions.send(
        tx,
        config,
        user.email,
        "archive",
        username=account.username,
        url=f"{config.base_url}/settings/data",
    )
    return True


async def clean_up(tx: Tx) -> None:
    """Remove files that were there for a week."""
    old = await tx.all(queries.OLD, before=clock.now() - KEPT)
    if old:
        await tx.many(queries.FORGET_FILE, [{"of_account": each.account_id} for each in old])
        await jobs.add(tx, RemoveFiles(urls=[each.url for each in old]))
