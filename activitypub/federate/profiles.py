"""What concerns a local account as a whole: a changed profile, its end."""

from __future__ import annotations

from activitypub.builders.delete import delete_account as build_delete
from activitypub.builders.move import move as build_move
from activitypub.builders.update import update_profile
from activitypub.federate import queries, recipients
from activitypub.federate.types import Told
from activitypub.federation import Federation
from activitypub.signatures.keys import multikey
from fedcoop.accounts import attribution
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate


async def profile(tx: Tx, fed: Federation, account: Account, _job: Federate) -> Told | None:
    """Update of the actor, to the followers."""
    moved_to = ""
    if account.moved_to_id is not None:
        target = await tx.one(account_queries.BY_ID, id=account.moved_to_id)
        moved_to = target.uri if target is not None else ""
    key = multikey((await fed.signer(account.id)).proof_key.public_key())
    domains = await attribution.domains_of(tx, account.id)
    document = update_profile(account, fed.config.base_url, moved_to=moved_to, multikey=key, domains=domains)
    return Told([document], await recipients.followers(tx, account))


async def move(tx: Tx, fed: Federation, account: Account, job: Federate) -> Told | None:
    """Move to another account, to the followers, who are asked to go along; the profile says it as well."""
    target = await tx.one(account_queries.BY_ID, id=job.object_id)
    if target is None:
        return None
    key = multikey((await fed.signer(account.id)).proof_key.public_key())
    domains = await attribution.domains_of(tx, account.id)
    update = update_profile(account, fed.config.base_url, moved_to=target.uri, multikey=key, domains=domains)
    return Told([update, build_move(account, target)], await recipients.followers(tx, account))


async def delete_account(tx: Tx, _fed: Federation, account: Account, _job: Federate) -> Told | None:
    """Delete of the actor, to every server that may know it."""
    return Told([build_delete(account)], await tx.scalars(queries.KNOWN_INBOXES))
