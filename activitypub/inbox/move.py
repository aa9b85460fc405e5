"""Move: an actor has moved to another account (FEP-7628). Noted on the profile; following along is the owner's."""

import msgspec

from activitypub import resolve
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Move
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts.types import Account


async def on_move(fed: Federation, actor: Account, move: Move) -> None:
    """Only the actor itself moves, and only to an account that names it as an alias (A22)."""
    if move.object_id not in ("", actor.uri) or not move.target:
        raise Ignored("a Move of somebody else, or to nowhere")
    target = await resolve.account(fed, move.target, refresh=not fed.is_local(move.target))
    if actor.uri not in msgspec.json.decode(target.also_known_as or "[]", type=list[str]):
        raise Ignored("a Move to an account that does not name the old one")
    async with fed.db.write() as tx:
        await once(tx, move)
        await account_actions.mark_moved(tx, actor, target)
