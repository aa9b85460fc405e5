"""Telling other servers what was reported here about their accounts, in the server's own name."""

from __future__ import annotations

from activitypub.builders.flag import flag
from activitypub.federate import queries
from activitypub.federate.types import Told
from activitypub.federation import Federation
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.collections import queries as collection_queries
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate
from fedcoop.reports import queries as report_queries


async def report(tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Flag, to the servers that whoever reported wanted to be told."""
    found = await tx.one(report_queries.BY_ID, id=job.object_id)
    target = None if found is None else await tx.one(account_queries.BY_ID, id=found.target_id)
    if found is None or target is None:
        return None
    posts = await tx.scalars(report_queries.STATUS_URIS, ids=found.statuses)
    lists = [each.uri for each in await tx.all(collection_queries.BY_IDS, ids=found.collections)]
    identity = f"{account.uri}#flags/{found.id}"
    told = [int(id_) for id_ in job.detail.get("account_ids", [])]
    inboxes = await tx.scalars(queries.SHARED_INBOXES, ids=told)
    return Told([flag(identity, account.uri, [target.uri, *posts, *lists], found.comment)], inboxes)
