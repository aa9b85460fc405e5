"""Joining and leaving relays, and what they answer. Telling them is `activitypub.federate.relaying`."""

from typing import Literal

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import access as accounts
from fedcoop.db import Tx
from fedcoop.jobs.types import AskRelay, Federate

from . import queries
from .types import Relay, State, style_of


async def join(tx: Tx, url: str, *, because: str) -> None:
    """Ask a relay to pass on what is public here, and to send what is public elsewhere. One that was asked
    already is not asked again."""
    voice = await accounts.instance_actor(tx)
    added = await tx.execute(
        queries.ADD,
        url=url,
        actor_uri="",
        inbox=url if style_of(url) == "mastodon" else "",
        follow_uri=f"{voice.uri}#relays/{ids.new_id()}",
        state="asked",
        problem="",
        because=because,
        since=clock.now(),
    )
    if added:
        await jobs.add(tx, AskRelay(url=url))


async def leave(tx: Tx, url: str) -> None:
    """Take the Follow back; from here on nothing is sent to the relay, and nothing believed from it."""
    relay = await tx.one(queries.ONE, of_relay=url)
    if relay is None:
        return
    await tx.execute(queries.REMOVE, of_relay=url)
    if relay.inbox:
        await _tell(tx, "leave_relay", relay)


async def found(tx: Tx, url: str, actor_uri: str, inbox: str) -> None:
    """Remember where a relay takes posts, and send it our Follow."""
    relay = await tx.one(queries.ONE, of_relay=url)
    if relay is None:
        return  # left again meanwhile
    await tx.execute(queries.FOUND, of_relay=url, now_actor=actor_uri, now_inbox=inbox)
    await _tell(tx, "join_relay", msgspec.structs.replace(relay, actor_uri=actor_uri, inbox=inbox))


async def answered(tx: Tx, relay: Relay, actor_uri: str, state: State) -> None:
    """Remember what a relay said, and who said it."""
    await tx.execute(queries.ANSWERED, of_relay=relay.url, now_actor=actor_uri, now_state=state)


async def failed(tx: Tx, url: str, why: str) -> None:
    """Remember why a relay could not be asked."""
    await tx.execute(queries.FAILED, of_relay=url, why=why[:500])


async def _tell(tx: Tx, activity: Literal["join_relay", "leave_relay"], relay: Relay) -> None:
    """Send a relay our Follow, or take it back, in the name of the server."""
    voice = await accounts.instance_actor(tx)
    told = {"inbox": relay.inbox, "actor": relay.actor_uri, "style": relay.style}
    await jobs.add(tx, Federate(activity=activity, account_id=voice.id, uri=relay.follow_uri, detail=told))
