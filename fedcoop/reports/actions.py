"""Filing reports, and saying what became of them. Staff is told of each; the server's own account tells other
servers, so that nobody there learns who reported."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import msgspec

from fedcoop import clock, ids, jobs
from fedcoop.accounts import access as accounts
from fedcoop.accounts.hydrate import account_entity
from fedcoop.accounts.types import Account
from fedcoop.collections import queries as collections
from fedcoop.config import Config
from fedcoop.db import Statement, Tx
from fedcoop.errors import VALIDATION, Invalid, NotFound
from fedcoop.ids import AccountId, CollectionId, ReportId, StatusId
from fedcoop.jobs.types import Federate
from fedcoop.notifications import notices
from fedcoop.reports import queries
from fedcoop.reports.hydrate import report_entity
from fedcoop.reports.types import (
    CATEGORIES,
    LONGEST_COMMENT,
    LONGEST_COMMENT_FROM_ELSEWHERE,
    MOST_COLLECTIONS,
    MOST_DOMAINS,
    MOST_STATUSES,
    Category,
    NewReport,
    Report,
)
from fedcoop.statuses import queries as statuses
from fedcoop.text import fit
from fedcoop.text.domains import canonical

T = TypeVar("T", StatusId, CollectionId)
_FIELDS = {"posts": "status_ids", "collections": "collection_ids"}


async def file(tx: Tx, config: Config, reporter: Account, new: NewReport) -> Report:
    """A member reports an account, and posts and collections of it that the member sees. Raises `NotFound` for
    what is not there for the member, `Invalid` for too much of anything and for rules that are not in force."""
    target = await accounts.find(tx, new.target_id)
    if target.suspended_at is not None:
        raise NotFound
    if target.id == reporter.id:
        raise Invalid(f"{VALIDATION}You cannot report yourself", "account_id")
    comment = fit(new.comment).strip()
    if len(comment) > LONGEST_COMMENT:
        raise Invalid(f"{VALIDATION}Comment is too long (maximum is {LONGEST_COMMENT} characters)", "comment")
    category, rule_ids = await checked_category(tx, new.category, new.rule_ids)
    status_ids = await _seen(
        tx, statuses.VISIBLE_REFS, reporter, target, new.status_ids, MOST_STATUSES, "posts"
    )
    collection_ids = await _seen(
        tx, collections.VISIBLE_ONES, reporter, target, new.collection_ids, MOST_COLLECTIONS, "collections"
    )
    told = await _told(tx, target, status_ids, new) if new.forward else {}
    report = _report(
        reporter,
        target.id,
        category=category,
        comment=comment,
        status_ids=status_ids,
        collection_ids=collection_ids,
        rule_ids=rule_ids,
        forwarded=target.id in told,
    )
    await _add(tx, config, report, target)
    if told:
        voice = await accounts.instance_actor(tx)
        receivers = {"account_ids": [str(id_) for id_ in told]}
        job = Federate(activity="report", account_id=voice.id, object_id=report.id, detail=receivers)
        await jobs.add(tx, job)
    return report


async def checked_category(
    tx: Tx, category: Category | None, rule_ids: Sequence[str]
) -> tuple[Category, list[str]]:
    """What a report is about, and the rules it cites. Raises `Invalid`."""
    kind: Category = category or ("violation" if rule_ids else "other")
    if kind not in CATEGORIES:
        raise Invalid(f"{VALIDATION}Category is not included in the list", "category")
    if kind != "violation" or not rule_ids:
        return kind, []
    cited = list(dict.fromkeys(rule_ids))
    numbers = [int(id_) for id_ in cited if id_.isascii() and id_.isdigit() and len(id_) < 19]
    in_force = {str(id_) for id_ in await tx.scalars(queries.RULES, ids=numbers)}
    if any(id_ not in in_force for id_ in cited):
        raise Invalid(f"{VALIDATION}Rules does not reference valid rules", "rule_ids")
    return kind, cited


async def _seen(
    tx: Tx, visible: Statement[Any], reporter: Account, target: Account, named: list[T], most: int, what: str
) -> list[T]:
    """What is reported of `target`, each once: its posts or its collections, of which the statement finds those
    that the reporter sees. Raises `Invalid` for too many, `NotFound` for one that is not the target's, or not for
    these eyes."""
    wanted = list(dict.fromkeys(named))
    if len(wanted) > most:
        raise Invalid(f"{VALIDATION}A report names at most {most} {what}", _FIELDS[what])
    if not wanted:
        return []
    seen = await tx.all(visible, ids=wanted, viewer=reporter.id)
    if {each.id for each in seen if each.account_id == target.id} != set(wanted):
        raise NotFound
    return sorted(wanted)


async def _told(tx: Tx, target: Account, status_ids: list[StatusId], new: NewReport) -> dict[AccountId, str]:
    """Whose servers are told of it: the target's own and, where they are named, those that the posts answer."""
    if len(new.forward_to_domains) > MOST_DOMAINS:
        raise Invalid(f"{VALIDATION}A report goes to at most {MOST_DOMAINS} servers", "forward_to_domains")
    named = {canonical(name) for name in new.forward_to_domains}
    found: dict[AccountId, str] = {}
    if target.domain is not None and (not named or target.domain in named):
        found[target.id] = target.domain
    if named and status_ids:
        answered = await tx.all(queries.ANSWERED, ids=status_ids, domains=sorted(named))
        for account_id, domain in answered:
            if domain not in found.values():
                found[account_id] = domain
    return found


async def receive(tx: Tx, config: Config, actor: Account, uris: Iterable[str], comment: str) -> list[Report]:
    """Another server reports what is ours: one report for each member concerned, with the posts and collections it
    names. What is not here, or nobody there may see, is left out."""
    wanted = list(dict.fromkeys(uris))[:MOST_STATUSES]
    about: dict[AccountId, list[StatusId]] = {
        id_: [] for id_ in await tx.scalars(queries.MEMBERS_AT, uris=wanted)
    }
    for status_id, author_id in await tx.all(queries.STATUSES_AT, uris=wanted, domain=actor.domain):
        about.setdefault(author_id, []).append(status_id)
    recommended: defaultdict[AccountId, list[CollectionId]] = defaultdict(list)
    for collection_id, owner_id in await tx.all(collections.MEMBERS_AT, uris=wanted):
        recommended[owner_id].append(collection_id)
        about.setdefault(owner_id, [])
    found = []
    for target_id, status_ids in about.items():
        report = _report(
            actor,
            target_id,
            category="other",
            comment=fit(comment).strip()[:LONGEST_COMMENT_FROM_ELSEWHERE],
            status_ids=status_ids,
            collection_ids=recommended[target_id],
            rule_ids=[],
            forwarded=False,
        )
        await _add(tx, config, report, await accounts.find(tx, target_id))
        found.append(report)
    return found


def _report(
    reporter: Account,
    target_id: AccountId,
    *,
    category: Category,
    comment: str,
    status_ids: list[StatusId],
    collection_ids: list[CollectionId],
    rule_ids: list[str],
    forwarded: bool,
) -> Report:
    now = clock.now()
    return Report(
        id=ReportId(ids.new_id()),
        account_id=reporter.id,
        target_id=target_id,
        category=category,
        comment=comment,
        status_ids=_json([str(id_) for id_ in status_ids]),
        rule_ids=_json(rule_ids),
        collection_ids=_json([str(id_) for id_ in collection_ids]),
        forwarded=forwarded,
        created_at=now,
        updated_at=now,
        assigned_id=None,
        action_taken_at=None,
        action_taken_by_id=None,
    )


async def _add(tx: Tx, config: Config, report: Report, target: Account) -> None:
    await tx.execute(queries.ADD, **msgspec.structs.asdict(report))
    shown = report_entity(report, account_entity(target, config.base_url))
    await notices.tell_staff(tx, "admin.report", report.account_id, msgspec.json.encode(shown).decode())


async def assign(tx: Tx, report: Report, to_id: AccountId | None) -> None:
    """Somebody looks after it, or nobody any more."""
    await tx.execute(queries.ASSIGN, report_id=report.id, to_id=to_id, at=clock.now())


async def resolve(tx: Tx, report: Report, by_id: AccountId) -> None:
    """What was to be done about it is done."""
    now = clock.now()
    await tx.execute(queries.SETTLE, report_id=report.id, done_at=now, done_by=by_id, at=now)


async def reopen(tx: Tx, report: Report) -> None:
    """The reverse of `resolve`."""
    await tx.execute(queries.SETTLE, report_id=report.id, done_at=None, done_by=None, at=clock.now())


async def resolve_all(tx: Tx, target_id: AccountId, by_id: AccountId) -> None:
    """Every open report about this account is answered by what was done to it."""
    now = clock.now()
    await tx.execute(queries.SETTLE_ALL, about=target_id, done_at=now, done_by=by_id, at=now)


async def change(tx: Tx, report: Report, category: Category | None, rule_ids: Sequence[str] | None) -> None:
    """What it is about, as staff sees it. Raises `Invalid` for rules that are not in force."""
    cited = report.rules if rule_ids is None else rule_ids
    kind, kept = await checked_category(tx, category or (None if rule_ids else report.category), cited)
    await tx.execute(
        queries.CHANGE, report_id=report.id, new_category=kind, new_rule_ids=_json(kept), at=clock.now()
    )


def _json(values: list[str]) -> str:
    return msgspec.json.encode(values).decode()
