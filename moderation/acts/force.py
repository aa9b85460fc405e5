"""What stands in each place that acts change, as this server keeps it. The record's side is
`moderation.ledger.replay`; which place an act changes is in `places`."""

import msgspec

from fedcoop.db import Tx
from moderation.constitution import to_data as constitution_data
from moderation.constitution.force import in_force as constitution_in_force
from moderation.ledger.canonical import canonical
from moderation.members.access import by_handle as member_by_handle

from . import places, queries
from .types import Act, AdmitMember, AmendConstitution, ExpelMember, InForce, to_data


async def before(tx: Tx, act: Act) -> Act | None:
    """What stands in the place that an act is about to change; None where nothing does."""
    match act:
        case AdmitMember() | ExpelMember():
            known = await member_by_handle(tx, act.account)
            if known is None or known.standing == "expelled":
                return None
            return AdmitMember(account=act.account, standing=known.standing)
        case AmendConstitution():
            return AmendConstitution(
                constitution=constitution_data((await constitution_in_force(tx)).constitution)
            )
    where = places.place(act)
    found = None if where is None else await tx.one(queries.AT, place=where)
    return None if found is None else found.what


async def inverse(tx: Tx, act: Act) -> Act | None:
    """What would bring back the state that this act is about to change; None when it changes nothing."""
    return places.inverse(act, await before(tx, act))


async def stands(tx: Tx, act: Act, *, because: str, at: int, index: int) -> None:
    """Keep that an act was carried out, in the entry `index`."""
    where = places.place(act)
    if where is None or isinstance(act, AdmitMember | ExpelMember | AmendConstitution):
        return
    if places.clears(act):
        await tx.execute(queries.CLEAR, place=where)
        return
    now = canonical(to_data(places.standing(act, at))).decode()
    await tx.execute(queries.PUT, **msgspec.structs.asdict(InForce(where, now, because, at, index)))


async def put_there_by(tx: Tx, act: Act) -> int | None:
    """The ledger's entry by which an act stands in its place as it is; None where something else does."""
    where = places.place(act)
    found = None if where is None else await tx.one(queries.AT, place=where)
    return None if found is None else found.ledger_index


async def vacate(tx: Tx, where: str) -> None:
    """Nothing stands in a place any more, without an act: a term is over."""
    await tx.execute(queries.CLEAR, place=where)


async def everything(tx: Tx) -> dict[str, Act]:
    """All that stands, by place."""
    return {each.place: each.what for each in await tx.all(queries.ALL)}
