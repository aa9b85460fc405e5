"""Sending notifications to members' devices through push services, by the one way out. What is sent is
`fedcoop.push`'s; deliveries to other servers are `sender`'s."""

from __future__ import annotations

import asyncio
import logging
from urllib.parse import urlsplit

from activitypub.errors import Refused, Unreachable
from activitypub.federation import Federation
from fedcoop import jobs
from fedcoop.jobs.types import GiveUp, Push, PushTo
from fedcoop.push import access, actions, encryption, keys

log = logging.getLogger(__name__)


async def push(federation: Federation, job: Push) -> None:
    """Have a notification pushed to each device that wants it, one job each: a push service that is down holds
    up no other."""
    async with jobs.effect(federation.db) as tx:
        for id_ in await access.wanting(tx, job.account_id, job.notification_id):
            await jobs.add(
                tx,
                PushTo(subscription_id=id_, account_id=job.account_id, notification_id=job.notification_id),
            )


async def push_to(federation: Federation, job: PushTo) -> None:
    """Push to one device. One that its service knows no more is forgotten; raises `Unreachable` where trying again
    may help, and `GiveUp` where it cannot."""
    async with federation.db.read() as tx:
        found = await access.message(
            tx, federation.config, job.subscription_id, job.account_id, job.notification_id
        )
    if found is None:
        return
    subscription, message = found
    key = await keys.own(federation.db)
    config = federation.config
    contact = config.contact_email or f"postmaster@{urlsplit(config.base_url).hostname}"
    headers, body = await asyncio.to_thread(
        encryption.request, key, subscription, access.encoded(message), contact
    )
    try:
        answer = await federation.client.post(subscription.endpoint, body, headers)
    except Refused as problem:
        await _forget(federation, subscription.id, str(problem))
        return
    if answer.status in (404, 410):
        await _forget(federation, subscription.id, f"answered {answer.status}")
    elif answer.status == 429 or answer.status >= 500:
        raise Unreachable(f"the push service answers {answer.status}: {answer.words}")
    elif answer.status >= 300:
        raise GiveUp(f"the push service answers {answer.status}: {answer.words}")


async def _forget(federation: Federation, subscription_id: int, why: str) -> None:
    async with federation.db.write() as tx:
        await actions.gone(tx, subscription_id)
    log.info("a device is not pushed to any more: %s", why)
