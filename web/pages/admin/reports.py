"""What people have reported, and what may be done about it: by the office at once, or by a proposal. The same over
Mastodon's admin API is `web.mastodon.admin`."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from fedcoop import clock, instance
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import NotAllowed
from fedcoop.ids import LARGEST, ReportId
from fedcoop.overseeing import hydrate
from fedcoop.overseeing.types import AdminReport
from fedcoop.paging import Page
from fedcoop.reports import access, actions
from fedcoop.reports.types import Report, Wanted
from moderation.acts.types import (
    Act,
    LimitAccount,
    MarkSensitive,
    RemoveStatus,
    RestoreAccount,
    SensitizeAccount,
    SuspendAccount,
    to_data,
)
from moderation.acts.words import say
from moderation.constitution.force import in_force
from moderation.powers import actions as powers
from moderation.powers import routine
from moderation.powers.access import power_for
from moderation.powers.routine import Work
from web.visit import Visit, pages

PATH = "/admin/reports"
AT_ONCE = 20
MOST_POSTS = 5
"""Posts of a report for which acts are offered one by one."""


class ListParams(msgspec.Struct):
    resolved: bool = False
    before: int = LARGEST


class OneParams(msgspec.Struct):
    id: ReportId


class HandleParams(msgspec.Struct):
    id: ReportId
    verb: str


class ActParams(msgspec.Struct):
    id: ReportId
    choice: int
    rule: str = ""
    reason: str = ""
    propose: bool = False


class Choice(msgspec.Struct, frozen=True):
    """Something that can be done about a report. `how`: what the constitution says about doing it; `alone`:
    whether the office may."""

    number: int
    sentence: str
    how: str
    alone: bool


def check_staff(visit: Visit) -> None:
    """Raises `SignInFirst` for nobody, `NotAllowed` for anybody but moderators and administrators."""
    if visit.member_id and not visit.is_staff:
        raise NotAllowed("This page is for those who look after reports.")


@pages.get(PATH)
async def listed(visit: Visit, params: ListParams) -> web.Response:
    check_staff(visit)
    async with visit.db.scan() as tx:
        page = Page(max_id=params.before, limit=AT_ONCE)
        found = await access.page(tx, page, Wanted(resolved=params.resolved))
        shown = await hydrate.admin_reports(tx, visit.services.show, visit.member_id, found)
        waiting = await access.count_open(tx)
    return await visit.page(
        "admin/reports.html",
        reports=[_told(each) for each in shown],
        resolved=params.resolved,
        waiting=waiting,
        older=found[-1].id if len(found) == AT_ONCE else None,
    )


@pages.get(f"{PATH}/{{id}}")
async def one(visit: Visit, params: OneParams) -> web.Response:
    check_staff(visit)
    async with visit.db.read() as tx:
        report = await access.find(tx, params.id)
        (shown,) = await hydrate.admin_reports(tx, visit.services.show, visit.member_id, [report])
        acts = await _acts(tx, await accounts.find(tx, report.target_id), report)
        choices = await _choices(tx, acts)
        rules = await instance.access.rules(tx)
    return await visit.page(
        "admin/report.html",
        report=_told(shown),
        posts=[msgspec.json.decode(status) for status in shown.statuses],
        choices=choices,
        rules=[
            {"id": str(rule.id), "text": rule.text, "cited": str(rule.id) in report.rules} for rule in rules
        ],
    )


async def _acts(tx: Tx, target: Account, report: Report) -> list[Act]:
    """What can be done about the account and the posts, in the order in which it is offered."""
    acts: list[Act] = []
    if target.limited_at is not None or target.suspended_at is not None:
        acts.append(RestoreAccount(account=target.handle))
    if target.suspended_at is None:
        if target.limited_at is None:
            acts.append(LimitAccount(account=target.handle))
        acts.append(SensitizeAccount(account=target.handle, sensitive=target.sensitized_at is None))
        acts.append(SuspendAccount(account=target.handle))
    for id_ in report.statuses[:MOST_POSTS]:
        acts += [MarkSensitive(status=str(id_)), RemoveStatus(status=str(id_))]
    return acts


async def _choices(tx: Tx, acts: list[Act]) -> list[Choice]:
    constitution = (await in_force(tx)).constitution
    found = []
    for number, act in enumerate(acts):
        power = await power_for(tx, act, constitution)
        if power is None:
            how = f"Takes a vote: a proposal of the kind “{act.decided_as}”."
        elif power.ratify_within is None:
            how = "The office may do this alone; it is recorded."
        else:
            days = power.ratify_within.ms // clock.DAY
            how = f"The office may do this alone; it is undone unless members ratify it within {days} days."
        found.append(Choice(number, say(act), how, power is not None))
    return found


def _told(shown: AdminReport) -> dict[str, Any]:
    """A report as the pages show it."""
    target = msgspec.json.decode(shown.target_account.account)
    reporter = msgspec.json.decode(shown.account.account)
    return {
        "id": shown.id,
        "category": shown.category,
        "comment": shown.comment,
        "created_at": clock.parse(shown.created_at),
        "target": target,
        "reporter": reporter,
        "assigned": shown.assigned_account.username if shown.assigned_account else "",
        "answered_by": shown.action_taken_by_account.username if shown.action_taken_by_account else "",
        "resolved": shown.action_taken,
        "posts": len(shown.statuses),
        "rules": [rule["text"] for rule in shown.rules],
        "collections": shown.collections,
        "forwarded": shown.forwarded,
    }


_VERBS: dict[str, Work] = {
    "take": "took_over_a_report",
    "give_back": "gave_back_a_report",
    "resolve": "answered_a_report",
    "reopen": "reopened_a_report",
}


@pages.post(f"{PATH}/{{id}}/handle")
async def handle(visit: Visit, params: HandleParams) -> web.Response:
    check_staff(visit)
    if params.verb not in _VERBS:
        raise NotAllowed("That cannot be done with a report.")
    async with visit.db.write(durable=True) as tx:
        report = await access.find(tx, params.id)
        me = await accounts.find(tx, visit.member_id)
        await routine.record(tx, me, _VERBS[params.verb], case=str(report.id))
        match params.verb:
            case "take":
                await actions.assign(tx, report, me.id)
            case "give_back":
                await actions.assign(tx, report, None)
            case "resolve":
                await actions.resolve(tx, report, me.id)
            case _:
                await actions.reopen(tx, report)
    return visit.redirect(f"{PATH}/{params.id}")


@pages.post(f"{PATH}/{{id}}/act")
async def act(visit: Visit, params: ActParams) -> web.Response:
    """Do it by the office, or propose it; what was done answers every open report about the account."""
    check_staff(visit)
    async with visit.db.write(durable=True) as tx:
        report = await access.find(tx, params.id)
        me, target = await accounts.find(tx, visit.member_id), await accounts.find(tx, report.target_id)
        acts = await _acts(tx, target, report)
        if not 0 <= params.choice < len(acts):
            raise NotAllowed("This can no longer be done. Open the report again.")
        outcome = await powers.use(
            tx,
            me,
            to_data(acts[params.choice]),
            rule=params.rule,
            reason=params.reason,
            case=str(report.id),
            propose=params.propose,
            config=visit.config,
        )
        if outcome.proposal is not None:
            return visit.redirect(f"/coop/{outcome.proposal.number}")
        await actions.resolve_all(tx, target.id, me.id)
    return visit.redirect(f"{PATH}/{params.id}")
