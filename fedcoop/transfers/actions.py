"""Beginning an import and noting how it goes. Its lines are done one by one in `activitypub.importing`."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.db import Tx
from fedcoop.errors import Conflict
from fedcoop.ids import AccountId
from fedcoop.jobs.types import ImportLines
from fedcoop.transfers import queries
from fedcoop.transfers.types import Import, ImportLine, Kind, Line


async def begin(tx: Tx, account_id: AccountId, kind: Kind, lines: Sequence[Line], *, overwrite: bool) -> None:
    """Have these lines done. Raises `Conflict` while another import of the member runs."""
    if await tx.scalar(queries.RUNNING, account_id=account_id):
        raise Conflict("An import is running. Wait until it has ended, then send the next file.")
    made = Import(
        id=ids.new_id(),
        account_id=account_id,
        kind=kind,
        overwrite=overwrite,
        total=len(lines),
        done=0,
        created_at=clock.now(),
        finished_at=None,
    )
    await tx.execute(queries.ADD, **msgspec.structs.asdict(made))
    encode = msgspec.json.Encoder().encode
    await tx.many(
        queries.ADD_LINES,
        [
            {"import_id": made.id, "position": at, "line": encode(line).decode(), "problem": ""}
            for at, line in enumerate(lines)
        ],
    )
    await jobs.add(tx, ImportLines(import_id=made.id, first=True))


async def done(tx: Tx, line: ImportLine) -> None:
    """This line is done; it is kept no longer. Doing it twice counts once."""
    if await tx.execute(queries.DONE, of_import=line.import_id, at=line.position):
        await tx.execute(queries.COUNT_DONE, of_import=line.import_id)


async def failed(tx: Tx, line: ImportLine, why: str) -> None:
    """This line cannot be done; the member sees it with the reason."""
    await tx.execute(
        queries.FAILED, of_import=line.import_id, at=line.position, why=why[:300] or "It failed."
    )


async def finish(tx: Tx, import_id: int) -> None:
    await tx.execute(queries.FINISH, of_import=import_id, at=clock.now())
