"""Acts on the co-operative itself: its members, offices and constitution."""

import tomllib
from typing import assert_never

import msgspec

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from moderation.constitution import constitution_from, load, read_duration, starters, to_data
from moderation.constitution import read as read_constitution
from moderation.constitution.force import adopt, in_force
from moderation.mandates import access as mandates
from moderation.mandates import actions as mandate_actions
from moderation.members import access as members
from moderation.members import actions as member_actions

from . import queries
from .consequence import Consequence, many
from .people import known
from .places import standing
from .types import AdmitMember, AmendConstitution, Cause, ExpelMember, GrantMandate, RevokeMandate
from .words import office_name

CoopAct = AdmitMember | ExpelMember | GrantMandate | RevokeMandate | AmendConstitution


async def settle(tx: Tx, act: CoopAct, config: Config) -> CoopAct:
    """The act as it will be carried out. Raises Invalid for what cannot be done."""
    if isinstance(act, AmendConstitution):
        return AmendConstitution(constitution=_constitution(act))
    account = await known(tx, act.account, config)
    if account.domain is not None:
        raise Invalid("Only accounts of this server can be members of the co-op.", "acts")
    member = await members.find(tx, account.id)
    belongs = member is not None and member.standing != "expelled"
    if isinstance(act, AdmitMember):
        if belongs:
            raise Invalid(f"@{account.acct} is a member already.", "acts")
        return msgspec.structs.replace(act, account=account.handle)
    if not belongs:
        raise Invalid(f"@{account.acct} is no member of the co-op.", "acts")
    match act:
        case ExpelMember():
            return ExpelMember(account=account.handle)
        case RevokeMandate():
            office = mandates.office_of(act.office)
            if await mandates.holds(tx, account.id, office) is None:
                raise Invalid(f"@{account.acct} does not hold the office “{office_name(office)}”.", "acts")
            return RevokeMandate(account=account.handle, office=office)
        case GrantMandate():
            return GrantMandate(
                account=account.handle,
                office=mandates.office_of(act.office),
                **_how_long(act),
            )
    assert_never(act)


async def carry_out(tx: Tx, act: CoopAct, cause: Cause) -> None:
    """Do it. Who is gone meanwhile stays gone."""
    if isinstance(act, AmendConstitution):
        await adopt(tx, constitution_from(act.constitution), because=cause.because, refs=(cause.index,))
        return
    account = await accounts.by_handle(tx, act.account)
    if account is None:
        return
    member = await members.find(tx, account.id)
    belongs = member is not None and member.standing != "expelled"
    match act:
        case AdmitMember():
            if member is None or not belongs:
                await member_actions.admit(
                    tx, account, because=cause.because, standing=act.standing, cause=(cause.index,)
                )
            else:
                await member_actions.set_standing(
                    tx, member, act.standing, because=cause.because, cause=(cause.index,)
                )
        case ExpelMember():
            if member is not None and belongs:
                await member_actions.set_standing(
                    tx, member, "expelled", because=cause.because, cause=(cause.index,)
                )
        case GrantMandate():
            now = standing(act, cause.at)
            if belongs and isinstance(now, GrantMandate):
                await mandate_actions.grant(
                    tx,
                    account,
                    act.office,
                    ends_at=clock.parse(now.until),
                    because=cause.because,
                    at=cause.at,
                    index=cause.index,
                )
        case RevokeMandate():
            await mandate_actions.recall(tx, account, act.office, at=cause.at)
        case _:
            assert_never(act)


async def consequence(tx: Tx, act: CoopAct) -> Consequence:
    """What it would change, counted now."""
    match act:
        case AmendConstitution():
            return await _of_constitution(tx, act)
        case AdmitMember() | ExpelMember():
            count = await tx.scalar(queries.COUNT_MEMBERS) or 0
            after = count + (1 if isinstance(act, AdmitMember) else -1)
            return Consequence(
                f"The co-op has {many(count, 'member')} now and {after} then.", {"members": count}
            )
        case GrantMandate() | RevokeMandate():
            held = await mandates.listed(tx, office=act.office)
            names = ", ".join(f"@{each.acct}" for each in held) or "nobody"
            return Consequence(f"The office is held by {names} now.", {"held": len(held)})
    assert_never(act)


async def _of_constitution(tx: Tx, act: AmendConstitution) -> Consequence:
    old, new = (await in_force(tx)).constitution, constitution_from(act.constitution)
    changed = [
        kind
        for kind in old.kinds
        if msgspec.structs.replace(old.rule_for(kind), says=new.rule_for(kind).says) != new.rule_for(kind)
    ]
    open_votes = await tx.scalar(queries.COUNT_OPEN) or 0
    words = f"Other rules for: {', '.join(changed)}." if changed else "The rules for deciding stay the same."
    kept = f" {many(open_votes, 'open vote')} keep the old rule." if open_votes else ""
    return Consequence(words + kept, {"kinds": len(changed), "open": open_votes})


def _constitution(act: AmendConstitution) -> dict[str, object]:
    given = act.constitution
    try:
        if isinstance(given, str) and given.strip() in starters():
            return to_data(load(given.strip()))
        if isinstance(given, str):
            return to_data(read_constitution(given))
        return to_data(constitution_from(given))
    except (ValueError, tomllib.TOMLDecodeError) as wrong:
        raise Invalid(f"The constitution cannot be read: {wrong}", "acts") from None


def _how_long(act: GrantMandate) -> dict[str, str]:
    if bool(act.term) == bool(act.until):
        raise Invalid("How long? Give a term such as “365 days”, or until when.", "acts")
    try:
        if act.until:
            return {"until": clock.iso(clock.parse(act.until))}
        span = read_duration(act.term)
    except ValueError as wrong:
        raise Invalid(f"The term cannot be read: {wrong}.", "acts") from None
    if not span.ms:
        raise Invalid("A term is longer than nothing.", "acts")
    return {"term": str(span)}
