"""Consent to answers, favourites and boosts, as another server asks for it and gives it."""

from __future__ import annotations

from typing import Any

from activitypub import resolve
from fedcoop.accounts.consent import Allowed
from fedcoop.accounts.types import Account
from fedcoop.interactions import actions as interactions
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.consent import access
from fedcoop.statuses.consent.types import Deed, Interaction
from fedcoop.statuses.types import Rules, Status
from fedcoop.timelines.refs import Ref
from tests.activitypub.coop import Coop
from tests.activitypub.remote import AS, Remote

DEEDS: tuple[Deed, ...] = ("reply", "favourite", "reblog")
NAMES: dict[Deed, str] = {"reply": "Reply", "favourite": "Like", "reblog": "Announce"}
ASKED = Allowed(automatic=("followers",), manual=("public",))
NOBODY = Allowed()


def rules(allowed: Allowed) -> Rules:
    return Rules(reply=allowed, favourite=allowed, reblog=allowed)


def deed_of(remote: Remote, deed: Deed, name: str, uri: str, number: int = 1, **more: Any) -> dict[str, Any]:
    """The Note, Like or Announce by which somebody does it."""
    if deed == "reply":
        return remote.note(name, number, inReplyTo=uri, **more)
    identity = f"{remote.actor_id(name)}/{deed}s/{number}"
    kind = NAMES[deed]
    to = {"to": [f"{AS}#Public"]} if deed == "reblog" else {}
    return remote.activity(kind, name, uri, number, **to, **more) | {"id": identity}


def request_of(
    remote: Remote, deed: Deed, name: str, thing: Any, uri: str, number: int = 1
) -> dict[str, Any]:
    return remote.activity(f"{NAMES[deed]}Request", name, uri, number, instrument=thing)


def plain(remote: Remote, deed: Deed, name: str, thing: dict[str, Any], number: int = 1) -> dict[str, Any]:
    """The same as a server does it that asks nobody."""
    return remote.activity("Create", name, thing, number) if deed == "reply" else thing


def stamp_of(remote: Remote, deed: Deed, author: str, interacting: str, target: str, **other: Any) -> Any:
    """The consent of somebody elsewhere, served there."""
    return remote.serve(
        {
            "@context": AS,
            "id": f"{remote.base}/stamps/1",
            "type": f"{NAMES[deed]}Authorization",
            "attributedTo": remote.actor_id(author),
            "interactingObject": interacting,
            "interactionTarget": target,
            **other,
        }
    )


async def known(coop: Coop, uri: str) -> Interaction | None:
    async with coop.db.read() as tx:
        return await access.by_uri(tx, uri)


async def counts(coop: Coop, uri: str) -> tuple[int, int, int]:
    """How many answers, favourites and boosts a status has."""
    found = await coop.status(uri)
    assert found is not None
    return found.replies_count, found.favourites_count, found.reblogs_count


async def decides(coop: Coop, uri: str, *, yes: bool) -> None:
    """The author says yes or no to what is known by this address."""
    interaction = await known(coop, uri)
    assert interaction is not None
    async with coop.db.write() as tx:
        await (interactions.accept if yes else interactions.refuse)(tx, interaction)
    await coop.settle()


async def sees(coop: Coop, viewer: int, uri: str) -> bool:
    """May this account, or nobody in particular for 0, see the status with this address?"""
    async with coop.db.read() as tx:
        status = await tx.one(status_queries.BY_URI, uri=uri)
        assert status is not None
        refs: list[Ref] = await tx.all(status_queries.VISIBLE_REFS, ids=[status.id], viewer=viewer)
    return bool(refs)


async def met(coop: Coop, remote: Remote, name: str) -> Account:
    """Somebody elsewhere, whom we know."""
    remote.add_actor(name)
    return await resolve.account(coop.fed, remote.actor_id(name))


async def post_of(coop: Coop, remote: Remote, name: str, **more: Any) -> Status:
    """A post of somebody elsewhere as we have it."""
    note = remote.serve(remote.note(name, 50, **more))
    found = await resolve.status(coop.fed, note["id"])
    assert found is not None
    return found
