"""Move: an actor has moved to another account (FEP-7628). Our followers of it go along, by
a job of `fedcoop.moves`."""

from activitypub import resolve
from activitypub.errors import Ignored
from activitypub.federation import Federation
from activitypub.inbox.once import once
from activitypub.vocabulary import Move
from fedcoop.accounts.types import Account
from fedcoop.errors import TooMany
from fedcoop.moves import actions as moves


async def on_move(fed: Federation, actor: Account, move: Move) -> None:
    """Only the actor itself moves, and only to an account that names it as an alias (A22)."""
    if move.object_id not in ("", actor.uri) or not move.target:
        raise Ignored("a Move of somebody else, or to nowhere")
    target = await resolve.account(fed, move.target, refresh=not fed.is_local(move.target))
    if target.id == actor.id or actor.uri not in moves.aliases(target):
        raise Ignored("a Move to an account that does not name the old one")
    async with fed.db.write() as tx:
        await once(tx, move)
        try:
            await moves.moved(tx, actor, target)
        except TooMany as problem:
            raise Ignored(problem.message) from None
