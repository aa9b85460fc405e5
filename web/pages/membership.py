"""One's own membership on a page: standing, offices, reminders, one's votes, and leaving. For programs:
`web.coop.constitution` and `web.coop.mandates`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid, Problem
from moderation import letters, reminding
from moderation.acts.words import office_name
from moderation.delegations import actions as delegations
from moderation.mandates import access as mandates
from moderation.mandates import actions as mandate_actions
from moderation.members import access as members
from moderation.members import actions
from moderation.proposals import hydrate, queries
from web.errors import answer_to
from web.pages import wording
from web.visit import Visit, pages

if TYPE_CHECKING:
    from fedcoop.accounts.types import Account
    from fedcoop.db import Tx

ADDRESS = "/coop/me"
MOST_VOTES = 20
DONE = {
    "paused": "Your membership rests. Votes that are open already still take your ballot.",
    "resumed": "Your membership goes on.",
    "reminders": "Kept.",
    "resigned": "You have given the office back.",
}


class DoneParams(msgspec.Struct, kw_only=True):
    done: str = ""


class ChangeParams(msgspec.Struct, kw_only=True):
    action: str = ""
    office: str = ""
    username: str = ""
    reminders: str = ""
    by_mail: str = ""
    letters: list[str] = msgspec.field(default_factory=list)


@pages.get(ADDRESS)
async def membership(visit: Visit, params: DoneParams) -> web.Response:
    return await _shown(visit, done=params.done)


@pages.post(ADDRESS)
async def change(visit: Visit, params: ChangeParams) -> web.Response:
    """Pause, resume, resign, be reminded or not, leave."""
    try:
        async with visit.db.write(durable=True) as tx:
            account = await accounts.find(tx, visit.member_id)
            done = await _do(tx, account, params)
    except Problem as problem:
        return await _shown(visit, problem=problem)
    return visit.redirect("/coop" if done == "left" else f"{ADDRESS}?done={done}")


async def _do(tx: Tx, account: Account, params: ChangeParams) -> str:
    match params.action:
        case "pause" | "resume":
            await actions.pause(tx, account, paused=params.action == "pause")
            return "paused" if params.action == "pause" else "resumed"
        case "reminders":
            await reminding.set_quiet(tx, account.id, not params.reminders)
            await reminding.set_by_mail(tx, account.id, bool(params.by_mail))
            chosen = [letter for letter in letters.LETTERS if letter in params.letters]
            await letters.choose(tx, account.id, chosen)
            return "reminders"
        case "resign":
            await mandate_actions.resign(tx, account, params.office)
            return "resigned"
        case "leave":
            if params.username.strip().removeprefix("@").lower() != account.handle:
                raise Invalid("This is not your user name, so nothing was done.", "username")
            await actions.leave(tx, account)
            return "left"
    raise Invalid("This is nothing that can be done with a membership.")


async def _shown(visit: Visit, *, done: str = "", problem: Problem | None = None) -> web.Response:
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.member_id)
        member = await members.member(tx, account.id)
        held = await mandates.held_by(tx, account.id)
        quiet = await reminding.is_quiet(tx, account.id)
        by_mail = await reminding.is_by_mail(tx, account.id)
        wanted = await letters.wanted(tx, account.id)
        given = (await delegations.shown(tx, account)).given
        ids = await tx.scalars(queries.VOTED_ON, account_id=account.id, limit=MOST_VOTES)
        rows = {each.id: each for each in await tx.all(queries.BY_IDS, ids=ids)} if ids else {}
        votes = await hydrate.show_all(tx, account.id, [rows[id_] for id_ in ids])
    return await visit.page(
        "membership.html",
        status=answer_to(problem).status if problem else 200,
        error=problem.message if problem else "",
        notice=DONE.get(done, ""),
        number=member.number,
        since=member.joined_at,
        standing=member.standing,
        standing_words=wording.STANDINGS[member.standing],
        index=member.ledger_index,
        paid_until=member.paid_until,
        offices=[
            {"key": each.office, "name": office_name(each.office), "until": each.ends_at} for each in held
        ],
        reminders=not quiet,
        by_mail=by_mail,
        letters=wanted,
        sends_mail=visit.config.sends_mail,
        given=[{"label": wording.kind_label(each.kind), "acct": each.acct} for each in given],
        votes=[_vote(each) for each in votes],
        username=account.username,
    )


def _vote(proposal: Any) -> dict[str, Any]:
    mine = proposal.my_ballot
    return {
        "number": proposal.number,
        "title": proposal.title,
        "state": wording.STATES[proposal.state],
        "answer": (mine.words or mine.choice) if mine else "",
        "at": clock.parse(mine.cast_at) if mine else None,
        "index": mine.ledger_index if mine else None,
    }
