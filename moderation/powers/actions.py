"""The one way in which anybody acts alone: from pages, from Mastodon's admin API, from the case of a report. The
ledger's entry and the act are one transaction; what must be ratified is put before the members at once, and
undone unless they agree."""

from typing import Any

import msgspec

from fedcoop import clock, jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.ids import AccountId, new_id
from fedcoop.jobs.deciding import ExpirePower
from fedcoop.paging import Page
from moderation.acts import places
from moderation.acts.actions import carry_out, settled
from moderation.acts.record import in_record
from moderation.acts.types import Act, act_from, to_data
from moderation.acts.words import say
from moderation.constitution.force import in_force
from moderation.ledger import actions as ledger
from moderation.ledger import queries as ledger_queries
from moderation.ledger.canonical import canonical
from moderation.ledger.entries import SYSTEM
from moderation.members.naming import log_name
from moderation.proposals import actions as proposals
from moderation.proposals import hydrate
from moderation.proposals import queries as queries_of_proposals
from moderation.proposals.types import LONGEST_TITLE, Proposal, ProposalDraft
from moderation.wording import checked

from . import access, queries
from .types import Outcome, State, Used, UsedEntity

LONGEST_REASON = 2000


async def use(
    tx: Tx,
    account: Account,
    data: dict[str, Any],
    *,
    rule: str = "",
    reason: str = "",
    case: str = "",
    propose: bool = False,
    config: Config,
) -> Outcome:
    """Carry out an act by one's office, citing a rule; the reason stays beside the ledger. Where the constitution
    wants a vote first, `propose` makes the proposal instead. Raises NotAllowed with a sentence that says which
    proposal it takes, and Invalid for what makes no sense."""
    log = await ledger.take(tx)
    try:
        act = await settled(tx, act_from(data), config)
    except msgspec.ValidationError as wrong:
        raise Invalid(f"The act cannot be read: {wrong}.", "act") from None
    reason = checked(reason, "The reason", LONGEST_REASON, "reason")
    constitution = (await in_force(tx)).constitution
    power = await access.power_for(tx, act, constitution)
    if power is None or propose:
        kind = act.decided_as or proposals.DEFAULT_KIND
        if not propose:
            await access.office(tx, account.id)
            raise NotAllowed(access.needs_vote(act, kind))
        draft = ProposalDraft(title=say(act)[:LONGEST_TITLE], body=reason, kind=kind, acts=[to_data(act)])
        made = await proposals.propose(tx, account, draft, config=config)
        return Outcome(proposal=await hydrate.show(tx, account.id, made.id))
    office, mandate = await access.office(tx, account.id)
    cited = rule if places.clears(act) else await access.cited(tx, rule)
    now = ledger.moment(log)
    ratify_by = None if power.ratify_within is None else now + power.ratify_within.ms
    id_ = new_id()
    logged, undo = await carry_out(
        tx,
        act,
        because=f"{access.BY_POWER}{id_}",
        entry="power",
        actor=await log_name(tx, account.id),
        body={
            "power": str(id_),
            "office": office,
            "rule": cited,
            "case": case,
            "ratify_by": clock.iso_or_none(ratify_by),
        },
        refs=() if mandate is None else (mandate.ledger_index,),
        words={"reason": reason} if reason else None,
        at=now,
        config=config,
    )
    used = Used(
        id=id_,
        account_id=account.id,
        office=office,
        act=canonical(to_data(act)).decode(),
        inverse=None if undo is None else canonical(to_data(undo)).decode(),
        rule=cited,
        case=case,
        done_at=logged.time,
        ratify_by=ratify_by,
        state="standing",
        proposal_id=None,
        ledger_index=logged.index,
    )
    await tx.execute(queries.ADD, **msgspec.structs.asdict(used))
    if ratify_by is not None:
        used = await _ask_members(tx, used, act, reason, config)
    return Outcome(done=await _entity(tx, used, openly=True))


async def _ask_members(tx: Tx, used: Used, act: Act, reason: str, config: Config) -> Used:
    """Put what was done before the members, and have it expire unless they agree."""
    await jobs.add(tx, ExpirePower(power_id=used.id), run_at=used.ratify_by or 0)
    body = (
        f"A {used.office} has done this already, within the powers of the office. It stays so if this passes; "
        f"otherwise it is undone, at the latest on {clock.day(used.ratify_by or 0)}."
        + (f"\n\nThe reason given: {reason}" if reason else "")
    )
    draft = ProposalDraft(
        title=f"Ratify: {say(act)}"[:LONGEST_TITLE],
        body=body,
        kind=act.decided_as or proposals.DEFAULT_KIND,
        acts=[to_data(act)],
    )
    voice = await accounts.assembly(tx)
    made = await proposals.put_forward(tx, voice, draft, actor=SYSTEM, config=config)
    await tx.execute(queries.SET_PROPOSAL, power_id=used.id, new_proposal=made.id)
    return msgspec.structs.replace(used, proposal_id=made.id)


async def decided(tx: Tx, proposal: Proposal, *, passed: bool, config: Config) -> str:
    """What the members' vote means for an act that waited for it; a sentence when it is undone."""
    used = await tx.one(queries.BY_PROPOSAL, proposal_id=proposal.id)
    if used is None or used.state != "standing":
        return ""
    if passed:
        await _set(tx, used, "ratified")
        return ""
    return await _undo(tx, used, "refused", config)


async def expire(tx: Tx, power_id: int, *, config: Config) -> None:
    """Undo what members have not ratified in time. What was ratified, or changed since, stays."""
    log = await ledger.take(tx)
    used = await tx.one(queries.BY_ID, id=power_id)
    if used is None or used.state != "standing" or used.ratify_by is None:
        return
    if ledger.moment(log) < used.ratify_by:
        await jobs.add(tx, ExpirePower(power_id=power_id), run_at=used.ratify_by)
        return
    asked = (
        None if used.proposal_id is None else await tx.one(queries_of_proposals.BY_ID, id=used.proposal_id)
    )
    if asked is not None and asked.state == "open" and (asked.closes_at or 0) <= used.ratify_by:
        # The members have answered in time, only nobody has counted yet.
        await jobs.add(tx, ExpirePower(power_id=power_id), run_at=clock.now() + clock.MINUTE)
        return
    await _undo(tx, used, "time", config)


async def _undo(tx: Tx, used: Used, why: str, config: Config) -> str:
    if not await access.still_stands(tx, used.what, f"{access.BY_POWER}{used.id}"):
        await _set(tx, used, "superseded")
        return ""
    undo = used.undo
    if undo is not None:
        await carry_out(
            tx,
            undo,
            because=f"expired:{used.id}",
            entry="power_expired",
            body={"power": str(used.id), "because": why},
            refs=(used.ledger_index,),
            config=config,
        )
    await _set(tx, used, "expired")
    return "" if undo is None else f"So it is undone: {say(undo)}"


async def page(tx: Tx, viewer_id: AccountId | None, page: Page) -> list[UsedEntity]:
    """Acts by offices, newest first; people and reasons are shown to those who hold an office."""
    openly = False
    if viewer_id is not None:
        try:
            await access.office(tx, viewer_id)
            openly = True
        except NotAllowed:
            openly = False
    return [await _entity(tx, used, openly=openly) for used in await queries.PAGE.all(tx, page)]


async def _entity(tx: Tx, used: Used, *, openly: bool) -> UsedEntity:
    act = used.what
    recorded = to_data(act) if openly else await in_record(tx, act)
    reason = None
    if openly:
        words = await tx.all(ledger_queries.WORDS, positions=[used.ledger_index])
        reason = next((_reason(each.words) for each in words), None)
    return UsedEntity(
        id=str(used.id),
        office=used.office,
        act=recorded,
        sentence=say(act if openly else act_from(recorded)),
        rule=used.rule,
        case=used.case,
        reason=reason,
        done_at=clock.iso(used.done_at),
        ratify_by=clock.iso_or_none(used.ratify_by),
        state=used.state,
        proposal_id=None if used.proposal_id is None else str(used.proposal_id),
        ledger_index=used.ledger_index,
    )


def _reason(words: str | None) -> str | None:
    return None if words is None else msgspec.json.decode(words, type=dict[str, str]).get("reason")


async def _set(tx: Tx, used: Used, state: State) -> None:
    await tx.execute(queries.SET_STATE, power_id=used.id, new_state=state)
