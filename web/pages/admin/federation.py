"""How it goes with each other server: what waits, what fails and why, and what an administrator can do about
it. The command with the same is `fedcoop federation`."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from activitypub import delivery
from fedcoop.errors import NotAllowed
from fedcoop.jobs import dead
from fedcoop.jobs.types import DeadJob, Lane
from fedcoop.relays import access as relay_access
from web.visit import Visit, pages

PATH = "/admin/federation"
INBOX: Lane = "inbox"
MOST_DEAD = 100


class HostParams(msgspec.Struct):
    host: str


class JobParams(msgspec.Struct):
    id: int


def check_admin(visit: Visit) -> None:
    """Raises `SignInFirst` for nobody, `NotAllowed` for anybody but an administrator."""
    if visit.member_id and not visit.is_admin:
        raise NotAllowed("This page is for those who look after the machine.")


@pages.get(PATH)
async def overview(visit: Visit) -> web.Response:
    check_admin(visit)
    async with visit.db.scan() as tx:
        hosts = await delivery.hosts(tx)
        relays = await relay_access.listed(tx)
        unprocessed = await dead.dead(tx, INBOX, limit=MOST_DEAD)
    return await visit.page(
        "admin/federation.html",
        hosts=hosts,
        relays=relays,
        failing=sum(host.failures > 0 for host in hosts),
        waiting=sum(host.waiting for host in hosts),
        unprocessed=[_told(job) for job in unprocessed],
    )


@pages.post(f"{PATH}/retry")
async def retry(visit: Visit, params: HostParams) -> web.Response:
    check_admin(visit)
    async with visit.db.write() as tx:
        await delivery.retry_host(tx, params.host)
    return visit.redirect(PATH)


@pages.post(f"{PATH}/stop")
async def stop(visit: Visit, params: HostParams) -> web.Response:
    check_admin(visit)
    async with visit.db.write() as tx:
        await delivery.stop_host(tx, params.host)
    return visit.redirect(PATH)


@pages.post(f"{PATH}/replay")
async def replay(visit: Visit, params: JobParams) -> web.Response:
    check_admin(visit)
    async with visit.db.write() as tx:
        await dead.revive(tx, params.id)
    return visit.redirect(PATH)


def _told(job: DeadJob) -> dict[str, Any]:
    body = msgspec.json.decode(job.body)
    activity = msgspec.json.decode(body["body"]) if body.get("body") else {}
    return {
        "id": job.id,
        "kind": str(activity.get("type", job.kind)),
        "sender": body.get("actor_uri") or body.get("uri", ""),
        "died_at": job.died_at,
        "error": job.error,
    }
