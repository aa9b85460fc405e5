"""Acts on rules, documents and settings: what they need to make sense, how they are done, what they would
change."""

import re
from contextlib import suppress
from datetime import date
from typing import assert_never

import msgspec

from fedcoop import clock, documents, ids, instance, rules, settings
from fedcoop.accounts import access as accounts
from fedcoop.announcements import actions as announcements
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from moderation.wording import checked

from .consequence import Consequence
from .types import (
    LONGEST_COMMENT,
    LONGEST_DOCUMENT,
    AdoptDocument,
    AdoptRule,
    AmendRule,
    Announce,
    Cause,
    RepealRule,
    SetRegistrations,
    SetSetting,
)

RuleAct = AdoptRule | AmendRule | RepealRule
TextAct = RuleAct | AdoptDocument | SetRegistrations | SetSetting | Announce
MOST_TRANSLATIONS = 50
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,4})?")
LIMITS = {
    "status_max_chars": (200, 100_000),
    "poll_max_options": (2, 20),
    "poll_max_option_chars": (10, 500),
}
"""The least and the most that a limit can be set to."""
LONGEST_SETTINGS = {"title": 100, "description": 1000, "contact_email": 200, "thumbnail": 500}


async def settle(tx: Tx, act: TextAct, config: Config) -> TextAct:
    """The act as it will be carried out. Raises Invalid for what cannot be done."""
    match act:
        case AdoptRule() | AmendRule():
            text, hint = rules.checked(act.text, act.hint)
            named = act.rule or str(ids.new_id())
            if isinstance(act, AmendRule):
                await _rule_in_force(tx, act.rule)
            elif not (named.isascii() and named.isdigit() and len(named) < 19):
                raise Invalid("A new rule gets its id by itself; leave it out.", "acts")
            told = _translations(act.translations)
            return msgspec.structs.replace(act, text=text, hint=hint, translations=told, rule=named)
        case RepealRule():
            await _rule_in_force(tx, act.rule)
            return act
        case AdoptDocument():
            text = checked(act.text.replace("\r\n", "\n"), "A document", LONGEST_DOCUMENT, "acts")
            if not text:
                return AdoptDocument(document=act.document, text="")
            return AdoptDocument(document=act.document, text=text, effective=_day(act.effective))
        case SetRegistrations(mode=None):
            return SetRegistrations(mode=None)
        case SetRegistrations():
            message = checked(act.message, "The message", LONGEST_COMMENT, "acts")
            return SetRegistrations(mode=act.mode, message=message)
        case Announce():
            text = checked(act.text, "An announcement", announcements.LONGEST, "acts")
            named = act.announcement or str(ids.new_id())
            if not text or not (named.isascii() and named.isdigit() and len(named) < 19):
                raise Invalid("An announcement needs words, and gets its id by itself.", "acts")
            return msgspec.structs.replace(act, text=text, announcement=named)
        case SetSetting():
            return SetSetting(key=act.key, value=await _value(tx, act, config))
    assert_never(act)


async def carry_out(tx: Tx, act: TextAct, cause: Cause, config: Config) -> None:
    """Do it."""
    match act:
        case AdoptRule():
            await rules.add(
                tx,
                act.text,
                hint=act.hint,
                translations=_told(act.translations),
                because=cause.because,
                id_=int(act.rule),
            )
        case AmendRule():
            # What was repealed meanwhile comes back in these words: that is what was decided.
            await rules.add(
                tx,
                act.text,
                hint=act.hint,
                translations=_told(act.translations),
                because=cause.because,
                id_=int(act.rule),
            )
        case RepealRule():
            if any(each.id == int(act.rule) for each in await instance.access.rules(tx)):
                await rules.repeal(tx, int(act.rule))
        case AdoptDocument():
            begins = clock.parse(act.effective) if act.effective else cause.at
            await documents.adopt(
                tx, act.document, act.text, effective_at=max(begins, cause.at), because=cause.because
            )
        case SetRegistrations():
            message = None if act.mode is None else act.message
            await settings.change(tx, registrations=act.mode, registrations_message=message)
        case Announce(published=True):
            await announcements.announce(
                tx, config, act.text, because=cause.because, id_=int(act.announcement)
            )
        case Announce():
            with suppress(NotFound):
                await announcements.withdraw(tx, int(act.announcement))
        case SetSetting(key="contact_account", value=value):
            account = await accounts.by_handle(tx, str(value)) if value else None
            await settings.change(tx, contact_account_id=None if account is None else account.id)
        case SetSetting():
            await settings.change(tx, **{act.key: act.value})
        case _:
            assert_never(act)


async def consequence(tx: Tx, act: TextAct, config: Config) -> Consequence:
    """What it would change, counted now."""
    match act:
        case AdoptRule() | AmendRule() | RepealRule():
            count = len(await instance.access.rules(tx))
            people = (await instance.access.numbers(tx)).users
            return Consequence(
                f"There are {count} rules now; they hold for {people} people here.",
                {"rules": count, "people": people},
            )
        case AdoptDocument():
            return await _of_document(tx, act)
        case Announce():
            people = (await instance.access.numbers(tx)).users
            return Consequence(f"{people} people here read it in their apps.", {"people": people})
        case SetRegistrations():
            now = await settings.read(tx, config)
            return Consequence(f"Now it is “{now.registrations}”.")
        case SetSetting():
            now = await settings.read(tx, config)
            name = "contact_account_id" if act.key == "contact_account" else act.key
            return Consequence(f"Now it is “{getattr(now, name) or 'not set'}”.")
    assert_never(act)


async def _of_document(tx: Tx, act: AdoptDocument) -> Consequence:
    before = await documents.current(tx, act.document)
    old = [] if before is None else before.text.splitlines()
    new = act.text.splitlines()
    added = sum(line not in old for line in new)
    removed = sum(line not in new for line in old)
    words = "There is none yet." if before is None else f"It replaces version {before.version}."
    return Consequence(
        f"{words} {added} lines are new, {removed} are gone.", {"added": added, "removed": removed}
    )


async def _rule_in_force(tx: Tx, rule: str) -> None:
    if not any(str(each.id) == rule for each in await instance.access.rules(tx)):
        raise Invalid(f"There is no rule {rule} in force.", "acts")


def _translations(given: dict[str, dict[str, str]] | str) -> dict[str, dict[str, str]]:
    told = {}
    for language, said in _told(given).items():
        if not _LANGUAGE.fullmatch(language) or set(said) - {"text", "hint"} or "text" not in said:
            raise Invalid('Translations are written so: {"de": {"text": "…", "hint": "…"}}.', "acts")
        text, hint = rules.checked(said["text"], said.get("hint", ""))
        told[language] = {"text": text, "hint": hint}
    if len(told) > MOST_TRANSLATIONS:
        raise Invalid(f"A rule has at most {MOST_TRANSLATIONS} translations.", "acts")
    return told


def _told(translations: dict[str, dict[str, str]] | str) -> dict[str, dict[str, str]]:
    """Only the ledger has a fingerprint here."""
    if isinstance(translations, str):
        raise Invalid('Translations are written so: {"de": {"text": "…", "hint": "…"}}.', "acts")
    return translations


def _day(given: str) -> str:
    if not given:
        return ""
    try:
        return date.fromisoformat(given.strip()).isoformat()
    except ValueError:
        raise Invalid(f"“{given}” is no day; write for instance 2026-12-24.", "acts") from None


async def _value(tx: Tx, act: SetSetting, config: Config) -> str | int | list[str] | None:
    value, key = act.value, act.key
    if value is None or value in ("", []):
        return None
    if key in LIMITS:
        least, most = LIMITS[key]
        number = int(value) if isinstance(value, str) and value.isdecimal() else value
        if not isinstance(number, int) or isinstance(number, bool) or not least <= number <= most:
            raise Invalid(f"{key} is a number from {least} to {most}.", "acts")
        return number
    if key == "languages":
        listed = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(_LANGUAGE.fullmatch(each) for each in listed):
            raise Invalid("languages is a list of codes such as en or pt-BR.", "acts")
        return listed
    if not isinstance(value, str):
        raise Invalid(f"{key} is a text.", "acts")
    if key == "contact_account":
        account = await accounts.by_handle(tx, accounts.handle_of(value).removesuffix(f"@{config.domain}"))
        if account is None or not account.local:
            raise Invalid(f"There is nobody here called “{value}”.", "acts")
        return account.handle
    text = checked(value, key, LONGEST_SETTINGS[key], "acts")
    if key == "thumbnail" and not text.startswith("https://"):
        raise Invalid("thumbnail is the address of a picture; it begins with https://.", "acts")
    if key == "contact_email" and "@" not in text:
        raise Invalid("contact_email is an e-mail address.", "acts")
    return text
