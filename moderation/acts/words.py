"""An act in a plain sentence. What it would cost is counted in `preview`."""

from typing import assert_never

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

DOCUMENTS = {
    "code_of_conduct": "code of conduct",
    "privacy_policy": "privacy policy",
    "terms_of_service": "terms of service",
    "about": "description of this server",
}
SETTINGS = {
    "title": "name of this server",
    "description": "short description",
    "contact_email": "contact address",
    "contact_account": "contact account",
    "languages": "languages spoken here",
    "thumbnail": "picture of this server",
    "status_max_chars": "longest post, in characters",
    "poll_max_options": "most options of a poll",
    "poll_max_option_chars": "longest option of a poll, in characters",
}
REGISTRATIONS = {
    "open": "Let anybody get an account here.",
    "approval": "Let somebody get an account here after being approved.",
    "closed": "Give nobody a new account here.",
}
_SHOWN = 300


def say(act: Act) -> str:
    """What is decided, as an order: "Suspend spam.example: …"."""
    match act:
        case SuspendDomain(domain=domain):
            return f"Suspend {domain}: nothing passes between us and that server any more.{_extras(act)}"
        case LimitDomain(domain=domain):
            return f"Limit {domain}: its accounts are only seen by those who follow them.{_extras(act)}"
        case AllowDomain(domain=domain):
            return f"Allow {domain}, even where a domain above it is restricted."
        case LiftDomain(domain=domain):
            return f"Lift the restrictions on {domain}."
        case SubscribeList(url=url, title=title):
            named = f"“{title}” ({url})" if title else url
            if not act.subscribed:
                return f"Read the shared list {named} no more."
            return f"Read the shared list {named} regularly; each change in it becomes a proposal."
        case JoinRelay(relay=relay, joined=joined):
            return (
                f"Belong to the relay {relay}: it gets what is public here and sends what is public elsewhere."
                if joined
                else f"Belong to the relay {relay} no more."
            )
        case LimitAccount(account=account):
            return f"Limit {_at(account)}: only those who follow the account see it."
        case SensitizeAccount(account=account, sensitive=sensitive):
            return (
                f"Hide the media of all posts of {_at(account)} until somebody wants to see them."
                if sensitive
                else f"Show the media that {_at(account)} posts at once."
            )
        case SuspendAccount(account=account):
            return f"Suspend {_at(account)}: nothing of the account is shown or accepted any more."
        case RestoreAccount(account=account):
            return f"Lift the restrictions on {_at(account)}."
        case RemoveStatus(status=status, removed=removed):
            return f"Remove post {status}." if removed else f"Show post {status} again."
        case MarkSensitive(status=status, sensitive=sensitive):
            return (
                f"Hide the media of post {status} until somebody wants to see them."
                if sensitive
                else f"Show the media of post {status} at once."
            )
        case AdmitMember() | ExpelMember() | GrantMandate() | RevokeMandate():
            return _say_of_members(act)
        case Resolve(text=text):
            return text
        case _:
            return _say_of_texts(act)


def _say_of_members(act: AdmitMember | ExpelMember | GrantMandate | RevokeMandate) -> str:
    match act:
        case AdmitMember(account=account, standing=standing):
            how = "" if standing == "good" else f", in the standing “{standing}”"
            return f"Admit {_at(account)} as a member of the co-op{how}."
        case ExpelMember(account=account):
            return f"Expel {_at(account)} from the co-op."
        case GrantMandate(account=account, office=office):
            how_long = f"for {act.term}" if act.term else f"until {act.until[:10]}"
            return f"Give {_at(account)} the office “{office_name(office)}” {how_long}."
        case RevokeMandate(account=account, office=office):
            return f"Recall {_at(account)} from the office “{office_name(office)}”."
    assert_never(act)


def _say_of_texts(
    act: AdoptRule
    | AmendRule
    | RepealRule
    | AdoptDocument
    | SetRegistrations
    | SetSetting
    | AmendConstitution
    | Announce,
) -> str:
    match act:
        case AdoptRule(text=text):
            return f"Adopt the rule: {_quoted(text)}"
        case AmendRule(rule=rule, text=text):
            return f"Change rule {rule} to: {_quoted(text)}"
        case RepealRule(rule=rule):
            return f"Repeal rule {rule}."
        case AdoptDocument(document=document, text=text, effective=effective):
            if not text:
                return f"Withdraw the {DOCUMENTS[document]}."
            return f"Adopt a new {DOCUMENTS[document]}{f', from {effective} on' if effective else ''}."
        case SetRegistrations(mode=mode):
            again = "Let the operator's configuration say again who may get an account."
            return again if mode is None else REGISTRATIONS[mode]
        case SetSetting(key=key, value=None):
            return f"Let the operator's configuration say again what is the {SETTINGS[key]}."
        case SetSetting(key=key, value=value):
            shown = ", ".join(value) if isinstance(value, list) else str(value)
            return f"Set the {SETTINGS[key]} to {_quoted(shown)}"
        case AmendConstitution(constitution=constitution):
            named = constitution.get("title", "") if isinstance(constitution, dict) else ""
            return f"Adopt the constitution “{named}”." if named else "Adopt another constitution."
        case Announce(text=text, published=published):
            order = "Announce to everybody here" if published else "Take back the announcement"
            return f"{order}: {_quoted(text)}"
    assert_never(act)


def office_name(office: str) -> str:
    """An office as people read it: `on_call` is “on call”."""
    return office.replace("_", " ")


def _at(account: str) -> str:
    """Handles with their @; the ledger's pseudonyms as they are."""
    return account if ":" in account else f"@{account}"


def _quoted(text: str) -> str:
    if text.startswith("sha256:"):
        return f"the text with the fingerprint {text[7:19]}…"
    line = " ".join(text.split())
    return f"“{line if len(line) <= _SHOWN else line[: _SHOWN - 2] + ' …'}”."


def _extras(act: SuspendDomain | LimitDomain) -> str:
    extras = [
        words
        for wanted, words in (
            (act.reject_media, "its media is not stored"),
            (act.reject_reports, "its reports are not read"),
            (act.obfuscate, "its name is shown in part only"),
        )
        if wanted
    ]
    return f" Also, {', '.join(extras)}." if extras else ""
