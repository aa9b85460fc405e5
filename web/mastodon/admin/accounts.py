"""Accounts as staff sees them, and what it does about them. https://docs.joinmastodon.org/methods/admin/accounts/"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from fedcoop import mail
from fedcoop.accounts import access as accounts
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts.hydrate import ROLES
from fedcoop.accounts.leaving import actions as leaving
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotAllowed, NotFound
from fedcoop.ids import AccountId, ReportId
from fedcoop.notifications import notices
from fedcoop.overseeing import access, hydrate
from fedcoop.overseeing.types import AdminAccount, Sought, State
from fedcoop.reports import access as reports
from fedcoop.reports import actions as report_actions
from fedcoop.reports.types import Report
from moderation.powers import routine
from moderation.powers.access import decided_to_suspend
from web.api import api
from web.call import Call
from web.mastodon.admin.acting import ActParams, by_office, proposed
from web.paging import Listing, PageParams

PATH = "/api/v1/admin/accounts"
READ, WRITE = "admin:read:accounts", "admin:write:accounts"
NO_LOCKING_OUT = (
    "Under the constitution nobody locks somebody out of their account alone: what ends every login is the act "
    "suspend_account. It takes a proposal of the kind “moderation”; send it again with propose=true to make one, "
    "or with type=suspend where moderators may do it until members ratify it."
)
NOT_DECIDED = (
    "Only an account whose suspension members have decided is erased for good. It takes a proposal of the kind "
    "“moderation” with the act suspend_account; send it again with propose=true to make one."
)


class Names(PageParams, kw_only=True):
    username: str = ""
    display_name: str = ""
    by_domain: str = ""
    email: str = ""
    ip: str = ""

    def sought(self, **more: Any) -> Sought:
        return Sought(
            username=self.username,
            display_name=self.display_name,
            domain=self.by_domain,
            email=self.email,
            **more,
        )


class FirstParams(Names, kw_only=True):
    local: bool = False
    remote: bool = False
    active: bool = False
    pending: bool = False
    disabled: bool = False
    silenced: bool = False
    suspended: bool = False
    sensitized: bool = False
    staff: bool = False


class SecondParams(Names, kw_only=True):
    origin: Literal["local", "remote"] | None = None
    status: State | None = None
    permissions: str = ""
    role_ids: list[str] = msgspec.field(default_factory=list)
    invited_by: str = ""


class OneParams(msgspec.Struct, kw_only=True):
    id: AccountId


class RestoreParams(ActParams, kw_only=True):
    id: AccountId


class ActionParams(ActParams, kw_only=True):
    id: AccountId
    type: Literal["none", "sensitive", "disable", "silence", "suspend"] | None = None
    report_id: ReportId | None = None
    text: str = ""
    send_email_notification: bool = False


_ACTS = {"silence": "limit_account", "suspend": "suspend_account", "sensitive": "sensitize_account"}
_STATES: tuple[State, ...] = ("active", "pending", "disabled", "silenced", "suspended", "sensitized")
_STAFF = ("moderator", "admin")
_ROLES = {role.id: name for name, role in ROLES.items()}


@api.get(PATH, scope=READ)
async def first(call: Call, params: FirstParams) -> Listing:
    states = [state for state in _STATES if getattr(params, state)]
    if len(states) > 1:
        raise Invalid("Ask for accounts in one state at a time.")
    sought = params.sought(
        origin="local" if params.local else "remote" if params.remote else "",
        state=states[0] if states else "",
        roles=_STAFF if params.staff else (),
    )
    # From which addresses somebody comes is not kept, so nobody is found by one.
    return await _listed(call, params, None if params.ip else sought)


@api.get("/api/v2/admin/accounts", scope=READ)
async def second(call: Call, params: SecondParams) -> Listing:
    roles = tuple(_ROLES[id_] for id_ in params.role_ids if id_ in _ROLES)
    if params.permissions == "staff":
        roles = tuple(role for role in _STAFF if not roles or role in roles)
    nobody = params.ip or params.invited_by or (params.role_ids and not roles)
    sought = params.sought(origin=params.origin or "", state=params.status or "", roles=roles)
    return await _listed(call, params, None if nobody else sought)


async def _listed(call: Call, params: Names, sought: Sought | None) -> Listing:
    call.require_staff()
    if sought is None:
        return Listing([], None, None)
    async with call.db.scan() as tx:
        found = await access.accounts(tx, params.page(100, 200), sought)
        shown = await hydrate.admin_accounts(tx, call.show, found)
    return Listing(list(shown), found[0].id, found[-1].id) if found else Listing([], None, None)


@api.get(f"{PATH}/{{id}}", scope=READ)
async def one(call: Call, params: OneParams) -> AdminAccount:
    call.require_staff()
    async with call.db.read() as tx:
        return await _shown(call, tx, params.id)


async def _shown(call: Call, tx: Tx, id_: AccountId) -> AdminAccount:
    (shown,) = await hydrate.admin_accounts(tx, call.show, [await access.account(tx, id_)])
    return shown


@api.post(f"{PATH}/{{id}}/approve", scope=WRITE)
async def approve(call: Call, params: OneParams) -> AdminAccount:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        account = await _pending(tx, params.id)
        await routine.record(tx, await call.account(tx), "let_somebody_in", about=account.id)
        await account_actions.approve(tx, account.id)
        await _write_to(call, tx, account, "let_in")
        return await _shown(call, tx, params.id)


@api.post(f"{PATH}/{{id}}/reject", scope=WRITE)
async def reject(call: Call, params: OneParams) -> AdminAccount:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        account = await _pending(tx, params.id)
        shown = await _shown(call, tx, params.id)
        await routine.record(tx, await call.account(tx), "turned_somebody_away", about=account.id)
        await leaving.delete_local(tx, account)
        return shown


async def _pending(tx: Tx, id_: AccountId) -> Account:
    """Somebody who waits for an answer. Raises `NotAllowed` for anybody else."""
    account = await accounts.find(tx, id_)
    if not (await access.account(tx, id_)).pending:
        raise NotAllowed("This account does not wait to be let in.")
    return account


@api.post(f"{PATH}/{{id}}/enable", scope=WRITE)
async def enable(call: Call, params: OneParams) -> AdminAccount:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        account = await accounts.find(tx, params.id)
        if (await access.account(tx, params.id)).disabled_at is None:
            raise NotAllowed("Nobody is kept from logging in to this account.")
        await routine.record(tx, await call.account(tx), "let_somebody_log_in_again", about=account.id)
        await account_actions.enable(tx, account.id)
        return await _shown(call, tx, params.id)


@api.post(f"{PATH}/{{id}}/unsilence", scope=WRITE)
async def unsilence(call: Call, params: RestoreParams) -> Any:
    return await _restore(call, params, "limited")


@api.post(f"{PATH}/{{id}}/unsuspend", scope=WRITE)
async def unsuspend(call: Call, params: RestoreParams) -> Any:
    return await _restore(call, params, "suspended")


@api.post(f"{PATH}/{{id}}/unsensitive", scope=WRITE)
async def unsensitive(call: Call, params: RestoreParams) -> Any:
    return await _restore(call, params, "sensitized")


async def _restore(
    call: Call, params: RestoreParams, state: Literal["limited", "suspended", "sensitized"]
) -> Any:
    """Also of a suspended account, which others do not find."""
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        account = await accounts.find(tx, params.id)
        if getattr(account, f"{state}_at") is None:
            raise NotAllowed(f"This account is not {state}.")
        act: dict[str, Any] = {"type": "restore_account", "account": account.handle}
        if state == "sensitized":
            act |= {"type": "sensitize_account", "sensitive": False}
        if proposal := await by_office(call, tx, act, params):
            return proposed(call, proposal)
        return await _shown(call, tx, params.id)


@api.delete(f"{PATH}/{{id}}", scope=WRITE)
async def erase(call: Call, params: RestoreParams) -> Any:
    """Remove everything of an account whose suspension members have decided."""
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        account = await accounts.find(tx, params.id)
        if not await decided_to_suspend(tx, account):
            if not params.propose:
                raise NotAllowed(NOT_DECIDED)
            return await _proposed_suspension(call, tx, account, params, "")
        await routine.record(tx, await call.account(tx), "erased_a_suspended_account", about=account.id)
        shown = await _shown(call, tx, params.id)
        if account.local:
            await leaving.delete_local(tx, account)
        else:
            await account_actions.delete_remote(tx, account)
        return shown


@api.post(f"{PATH}/{{id}}/action", scope=WRITE)
async def act(call: Call, params: ActionParams) -> dict[str, Any]:
    call.require_staff()
    async with call.db.write(durable=True) as tx:
        account = await accounts.find(tx, params.id)
        report = await _report_about(tx, account, params)
        if report is not None and not params.rule and report.rules:
            params = msgspec.structs.replace(params, rule=report.rules[0])
        answer = await _acted(call, tx, account, params, case="" if report is None else str(report.id))
        if not answer:
            await report_actions.resolve_all(tx, account.id, call.account_id)
            if params.send_email_notification and account.local:
                await _write_to(call, tx, account, "warning", text=params.text)
        return answer


async def _report_about(tx: Tx, account: Account, params: ActionParams) -> Report | None:
    if params.report_id is None:
        return None
    report = await reports.find(tx, params.report_id)
    if report.target_id != account.id:
        raise NotFound
    return report


async def _acted(call: Call, tx: Tx, account: Account, params: ActionParams, case: str) -> dict[str, Any]:
    """Do it by the office; what there is to answer where it was only proposed."""
    match params.type:
        case None:
            raise Invalid("Say what is to be done, with type", "type")
        case "none":
            await _warn(call, tx, account, params.text, case)
            return {}
        case "disable":
            if not params.propose:
                raise NotAllowed(NO_LOCKING_OUT)
            return await _proposed_suspension(call, tx, account, params, params.text)
        case "silence" | "suspend" | "sensitive":
            wish = {"type": _ACTS[params.type], "account": account.handle}
            proposal = await by_office(call, tx, wish, params, reason=params.text, case=case)
            return {} if proposal is None else proposed(call, proposal)


async def _warn(call: Call, tx: Tx, account: Account, text: str, case: str) -> None:
    if not account.local:
        raise Invalid("Only somebody who has an account here can be warned.", "type")
    if not text.strip():
        raise Invalid("A warning says what it is about.", "text")
    words = {"reason": text}
    await routine.record(
        tx, await call.account(tx), "warned_somebody", about=account.id, case=case, words=words
    )
    await notices.warn(tx, account.id, "none", text.strip())


async def _proposed_suspension(
    call: Call, tx: Tx, account: Account, params: ActParams, reason: str
) -> dict[str, Any]:
    wish = {"type": "suspend_account", "account": account.handle}
    proposal = await by_office(call, tx, wish, params, reason=reason)
    return {} if proposal is None else proposed(call, proposal)


async def _write_to(call: Call, tx: Tx, account: Account, letter: str, **values: str) -> None:
    user = await accounts.user(tx, account.id)
    await mail.actions.send(tx, call.config, user.email, letter, username=account.username, **values)
