"""What stands in each place according to the tables that enforce it, as acts stand in the ledger: what the
reconciler compares the record with. What acts themselves left is `force`."""

import msgspec

from fedcoop import clock, domains, instance
from fedcoop.db import Tx
from fedcoop.domains.types import Restriction
from moderation.constitution.force import digest, in_force
from moderation.lists import actions as lists

from . import queries
from .places import CONSTITUTION
from .record import shortened
from .types import (
    Act,
    AdmitMember,
    AdoptDocument,
    AdoptRule,
    AllowDomain,
    AmendConstitution,
    AmendRule,
    Announce,
    GrantMandate,
    LimitAccount,
    LimitDomain,
    MarkSensitive,
    RemoveStatus,
    SetRegistrations,
    SetSetting,
    SubscribeList,
    SuspendAccount,
    SuspendDomain,
)

_NOT_HERE = (RemoveStatus, MarkSensitive, AdoptDocument, Announce)
"""Acts whose effect is one row among millions, or ends when its subject is deleted: not compared."""


def seen(act: Act) -> bool:
    """Whether `everything` would find what this act leaves."""
    return not isinstance(act, _NOT_HERE)


def same(now: Act, said: Act) -> bool:
    """Whether the tables say what the record says. A rule that was adopted and one that was amended are alike."""
    if isinstance(now, AdoptRule) and isinstance(said, AmendRule | AdoptRule):
        return (now.text, now.hint) == (said.text, said.hint)
    if isinstance(now, SubscribeList):
        return isinstance(said, SubscribeList)
    if isinstance(now, SetRegistrations):
        return isinstance(said, SetRegistrations) and now.mode == said.mode
    if isinstance(now, SuspendDomain | LimitDomain | AllowDomain):
        return type(now) is type(said)
    return now == said


async def everything(tx: Tx) -> dict[str, Act]:
    """All that is in force, by place."""
    found: dict[str, Act] = {
        f"domain:{each.domain}": _restriction(each)
        for each in [*await domains.all_restrictions(tx), *await domains.allowed(tx)]
    }
    for name, suspended in await tx.all(queries.MARKED):
        kind = SuspendAccount if suspended else LimitAccount
        found[f"account:{name}"] = kind(account=name)
    for rule in await instance.access.rules(tx):
        adopted = AdoptRule(text=shortened(rule.text), hint=shortened(rule.hint), rule=str(rule.id))
        found[f"rule:{rule.id}"] = adopted
    for key, value in await tx.all(queries.SETTINGS):
        _add_setting(found, key, msgspec.json.decode(value))
    for handle in await tx.scalars(queries.CONTACT):
        found["setting:contact_account"] = SetSetting(key="contact_account", value=handle)
    for name, standing in await tx.all(queries.STANDINGS):
        found[f"member:{name}"] = AdmitMember(account=name, standing=standing)
    for name, office, ends_at in await tx.all(queries.OFFICES):
        until = clock.iso(ends_at)
        found[f"mandate:{office}:{name}"] = GrantMandate(account=name, office=office, until=until)
    for each in await lists.subscribed(tx):
        found[f"list:{each.url}"] = SubscribeList(url=each.url, title=each.title)
    rules = (await in_force(tx)).constitution
    found[CONSTITUTION] = AmendConstitution(constitution=digest(rules))
    return found


def _restriction(each: Restriction) -> Act:
    if each.severity == "allow":
        return AllowDomain(domain=each.domain)
    return (SuspendDomain if each.suspended else LimitDomain)(domain=each.domain)


def _add_setting(found: dict[str, Act], key: str, value: object) -> None:
    if key == "registrations":
        found["setting:registrations"] = SetRegistrations(mode=value)  # type: ignore[arg-type] # checked when set
    elif key in _SETTINGS:
        setting = {"type": "set_setting", "key": key, "value": shortened(value)}
        found[f"setting:{key}"] = msgspec.convert(setting, SetSetting)


_SETTINGS = (
    "title", "description", "contact_email", "languages", "thumbnail", "status_max_chars", "poll_max_options",
    "poll_max_option_chars",
)  # fmt: skip
