"""What relays are told (FEP-ae0c): that we want to belong to them or no longer, and what is public here. What
comes from them is `activitypub.relays`."""

from __future__ import annotations

from typing import Any

import msgspec

from activitypub.builders.follow import follow
from activitypub.builders.undo import undo
from activitypub.federate.types import Told
from activitypub.federation import Federation
from activitypub.vocabulary import PUBLIC
from fedcoop import clock, ids
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.jobs.types import Federate
from fedcoop.relays import access

PASSED_ON = frozenset({"post", "edit", "delete", "reblog", "unreblog", "move", "delete_account"})
"""Of what is public."""
CHANGES = frozenset({"edit", "delete", "move", "delete_account"})
"""What relays of LitePub's style forward as it stands."""


class Relayed(msgspec.Struct, frozen=True):
    """What goes to relays: in the name of whoever did it, and in that of the server."""

    document: dict[str, Any]
    """What was done."""
    signed_to: list[str] = []
    """Take it with an LD signature, or they would not pass it on,"""
    proven_to: list[str] = []
    """take it with a proof like any server,"""
    voice: Account | None = None
    announcement: dict[str, Any] | None = None
    announced_to: list[str] = []
    """and take an Announce of it."""


async def join(_tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Follow: of all that is public, or of the relay's actor."""
    return Told([_follow(account, job)], [job.detail["inbox"]])


async def leave(_tx: Tx, _fed: Federation, account: Account, job: Federate) -> Told | None:
    """Undo of that Follow."""
    return Told([undo(_follow(account, job))], [job.detail["inbox"]])


async def passed_on(tx: Tx, job: Federate, told: Told) -> Relayed:
    """Which relays get what is told, and how. Nothing that is not public, and what is unlisted is not."""
    document = told.documents[-1]  # Who moves says first, to followers, how the profile looks now.
    if job.activity not in PASSED_ON or PUBLIC not in document.get("to", ()):
        return Relayed(document)
    relays = await access.accepted(tx)
    litepub = [relay.inbox for relay in relays if relay.style == "litepub"]
    mastodon = [relay.inbox for relay in relays if relay.style == "mastodon"]
    proven_to = litepub if job.activity in CHANGES else []
    if job.activity != "post" or not litepub:
        return Relayed(document, mastodon, proven_to)
    voice = await accounts.instance_actor(tx)
    announcement = _announcement(voice, document["object"]["id"])
    return Relayed(document, mastodon, proven_to, voice, announcement, litepub)


def _follow(account: Account, job: Federate) -> dict[str, Any]:
    if job.detail["style"] == "litepub":
        return follow(job.uri, account.uri, job.detail["actor"])
    return {"id": job.uri, "type": "Follow", "actor": account.uri, "object": PUBLIC}


def _announcement(voice: Account, uri: str) -> dict[str, Any]:
    """For LitePub's relays, which take the address of a post from the server's actor."""
    return {
        "id": f"{voice.uri}#announces/{ids.new_id()}",
        "type": "Announce",
        "actor": voice.uri,
        "published": clock.iso(clock.now()),
        "to": [voice.followers_uri or f"{voice.uri}/followers"],
        "cc": [PUBLIC],
        "object": uri,
    }
