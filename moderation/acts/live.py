"""What stands in each place according to the tables that enforce it, as acts stand in the ledger: what the
reconciler compares the record with. What acts themselves left is `force`."""

from typing import get_args

import msgspec

from fedcoop import clock, domains, instance, relays
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
    JoinRelay,
    LimitAccount,
    LimitDomain,
    MarkSensitive,
    RemoveStatus,
    SensitizeAccount,
    SetRegistrations,
    SetSetting,
    Setting,
    SubscribeList,
    SuspendAccount,
    SuspendDomain,
)


def same(now: Act, said: Act) -> bool:
    """Whether the tables say what the record says. A rule that was adopted and one that was amended are alike, and
    a document never holds from a day before its decision."""
    if isinstance(now, AdoptRule) and isinstance(said, AmendRule | AdoptRule):
        return (now.text, now.hint, now.translations) == (said.text, said.hint, said.translations)
    if isinstance(now, AdoptDocument) and isinstance(said, AdoptDocument):
        return now.text == said.text and now.effective >= said.effective
    return now == said


async def everything(tx: Tx, recorded: dict[str, Act]) -> dict[str, Act]:
    """All that is in force, by place. What is gone as a whole, such as a post that its author has deleted, is as
    the record says: nothing is left that could differ."""
    found: dict[str, Act] = {
        f"domain:{each.domain}": _restriction(each)
        for each in [*await domains.all_restrictions(tx), *await domains.allowed(tx)]
    }
    for name, standing in await tx.all(queries.STANDINGS):
        found[f"member:{name}"] = AdmitMember(account=name, standing=standing)
    for name, office, ends_at in await tx.all(queries.OFFICES):
        until = clock.iso(ends_at)
        found[f"mandate:{office}:{name}"] = GrantMandate(account=name, office=office, until=until)
    for each in await lists.subscribed(tx):
        found[f"list:{each.url}"] = SubscribeList(url=each.url, title=each.title)
    for relay in await relays.access.listed(tx):
        found[f"relay:{relay.url}"] = JoinRelay(relay=relay.url)
    rules = (await in_force(tx)).constitution
    found[CONSTITUTION] = AmendConstitution(constitution=digest(rules))
    return (
        found
        | await _texts(tx)
        | await _settings(tx)
        | await _people(tx, recorded)
        | await _posts(tx, recorded)
    )


async def _people(tx: Tx, recorded: dict[str, Act]) -> dict[str, Act]:
    found: dict[str, Act] = {}
    for name, suspended in await tx.all(queries.MARKED):
        kind = SuspendAccount if suspended else LimitAccount
        found[f"account:{name}"] = kind(account=name)
    for name in await tx.scalars(queries.SENSITIZED):
        found[f"sensitized:{name}"] = SensitizeAccount(account=name)
    missing = {
        place: act
        for place, act in recorded.items()
        if isinstance(act, SuspendAccount | LimitAccount | SensitizeAccount) and place not in found
    }
    names = list({act.account for act in missing.values()})
    here = set(await tx.scalars(queries.STILL_HERE, names=names)) if names else set()
    return found | {place: act for place, act in missing.items() if act.account not in here}


async def _posts(tx: Tx, recorded: dict[str, Act]) -> dict[str, Act]:
    """Whose media are hidden authors say too, so only of those that members marked it is asked whether they still
    are."""
    found: dict[str, Act] = {
        f"status:{id_}": RemoveStatus(status=str(id_)) for id_ in await tx.scalars(queries.REMOVED)
    }
    said = {
        place: act
        for place, act in recorded.items()
        if isinstance(act, RemoveStatus | MarkSensitive) and place not in found
    }
    ids = [int(act.status) for act in said.values()]
    here = {row["id"]: row for row in await tx.all(queries.POSTS, ids=ids)} if ids else {}
    for place, act in said.items():
        post = here.get(int(act.status))
        if post is None or (post["sensitive"] if isinstance(act, MarkSensitive) else False):
            found[place] = act
    return found


async def _texts(tx: Tx) -> dict[str, Act]:
    found: dict[str, Act] = {}
    for rule in await instance.access.rules(tx):
        found[f"rule:{rule.id}"] = AdoptRule(
            text=shortened(rule.text),
            hint=shortened(rule.hint),
            translations=shortened(msgspec.json.decode(rule.translations)),
            rule=str(rule.id),
        )
    for name, text, effective_at in await tx.all(queries.DOCUMENTS):
        found[f"document:{name}"] = AdoptDocument(
            document=name, text=shortened(text), effective=clock.day(effective_at)
        )
    for id_, text in await tx.all(queries.ANNOUNCED):
        found[f"announcement:{id_}"] = Announce(text=shortened(text), announcement=str(id_))
    return found


async def _settings(tx: Tx) -> dict[str, Act]:
    kept = {key: msgspec.json.decode(value) for key, value in await tx.all(queries.SETTINGS)}
    found: dict[str, Act] = {}
    message = kept.pop("registrations_message", "")
    if (mode := kept.pop("registrations", None)) or message:
        found["setting:registrations"] = SetRegistrations(mode=mode, message=shortened(message))
    if kept.pop("contact_account_id", None) is not None:
        for handle in await tx.scalars(queries.CONTACT):
            found["setting:contact_account"] = SetSetting(key="contact_account", value=handle)
    for key in kept.keys() & set(get_args(Setting)):
        setting = {"type": "set_setting", "key": key, "value": shortened(kept[key])}
        found[f"setting:{key}"] = msgspec.convert(setting, SetSetting)
    return found


def _restriction(each: Restriction) -> Act:
    comment = shortened(each.public_comment)
    if each.severity == "allow":
        return AllowDomain(domain=each.domain, public_comment=comment)
    return (SuspendDomain if each.suspended else LimitDomain)(
        domain=each.domain,
        reject_media=each.reject_media,
        reject_reports=each.reject_reports,
        obfuscate=each.obfuscate,
        public_comment=comment,
    )
