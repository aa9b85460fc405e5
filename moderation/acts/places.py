"""What an act leaves in force, told from the act alone: each changes one place, and the act that changed a
place last is what stands there. From that follow the inverse of every act, and whether a record is right; the
server's side of it is `force`, the record's `moderation.ledger.replay`."""

from typing import assert_never

import msgspec

from fedcoop import clock
from moderation.constitution.durations import read_duration

from .types import (
    Act,
    AdmitMember,
    AdoptDocument,
    AdoptRule,
    AllowDomain,
    AmendConstitution,
    AmendRule,
    Announce,
    ExpelMember,
    GrantMandate,
    JoinRelay,
    LiftDomain,
    LimitAccount,
    LimitDomain,
    MarkSensitive,
    RemoveStatus,
    RepealRule,
    Resolve,
    RestoreAccount,
    RevokeMandate,
    SensitizeAccount,
    SetRegistrations,
    SetSetting,
    SubscribeList,
    SuspendAccount,
    SuspendDomain,
)

CONSTITUTION = "constitution"


def place(act: Act) -> str | None:
    """What it changes: `domain:spam.example`. None for words alone."""
    match act:
        case SuspendDomain() | LimitDomain() | AllowDomain() | LiftDomain():
            return f"domain:{act.domain}"
        case SubscribeList():
            return f"list:{act.url}"
        case JoinRelay():
            return f"relay:{act.relay}"
        case LimitAccount() | SuspendAccount() | RestoreAccount():
            return f"account:{act.account}"
        case SensitizeAccount():
            return f"sensitized:{act.account}"
        case RemoveStatus():
            return f"status:{act.status}"
        case MarkSensitive():
            return f"sensitive:{act.status}"
        case AdoptRule() | AmendRule() | RepealRule():
            return f"rule:{act.rule}"
        case AdoptDocument():
            return f"document:{act.document}"
        case SetRegistrations():
            return "setting:registrations"
        case SetSetting():
            return f"setting:{act.key}"
        case AdmitMember() | ExpelMember():
            return f"member:{act.account}"
        case GrantMandate() | RevokeMandate():
            return f"mandate:{act.office}:{act.account}"
        case AmendConstitution():
            return CONSTITUTION
        case Announce():
            return f"announcement:{act.announcement}"
        case Resolve():
            return None
    assert_never(act)


def cleared(act: Act) -> Act | None:
    """The act that leaves nothing in the place that this one changes; None where something always stands, or
    nothing ever does."""
    match act:
        case SuspendDomain() | LimitDomain() | AllowDomain() | LiftDomain():
            return LiftDomain(act.domain)
        case SubscribeList():
            return msgspec.structs.replace(act, subscribed=False)
        case JoinRelay():
            return msgspec.structs.replace(act, joined=False)
        case LimitAccount() | SuspendAccount() | RestoreAccount():
            return RestoreAccount(account=act.account)
        case SensitizeAccount():
            return SensitizeAccount(account=act.account, sensitive=False)
        case RemoveStatus():
            return RemoveStatus(status=act.status, removed=False)
        case MarkSensitive():
            return MarkSensitive(status=act.status, sensitive=False)
        case AdoptRule() | AmendRule() | RepealRule():
            return RepealRule(rule=act.rule)
        case AdoptDocument():
            return AdoptDocument(document=act.document, text="")
        case SetRegistrations():
            return SetRegistrations(mode=None)
        case SetSetting():
            return SetSetting(key=act.key)
        case AdmitMember() | ExpelMember():
            return ExpelMember(account=act.account)
        case GrantMandate() | RevokeMandate():
            return RevokeMandate(account=act.account, office=act.office)
        case Announce():
            return msgspec.structs.replace(act, published=False)
        case AmendConstitution() | Resolve():
            return None
    assert_never(act)


def clears(act: Act) -> bool:
    """Whether nothing stands in its place afterwards."""
    match act:
        case SubscribeList():
            return not act.subscribed
        case JoinRelay():
            return not act.joined
        case Announce():
            return not act.published
        case _:
            return act == cleared(act)


def standing(act: Act, at: int) -> Act:
    """What stands in its place when it is carried out at a moment: a term begins then."""
    if isinstance(act, GrantMandate) and not act.until:
        until = clock.iso(at + read_duration(act.term).ms)
        return msgspec.structs.replace(act, term="", until=until)
    return act


def inverse(act: Act, before: Act | None) -> Act | None:
    """What would bring back `before`, which stands in the act's place; None when it changes nothing. Of what is
    so already, such as what a vote ratifies, it is nothing."""
    if before is not None and before != act:
        return before
    return None if clears(act) else cleared(act)
