"""What the form for a proposal asks of each act: groups of acts to choose from, and the fields of one, made
from its struct in `moderation.acts.types`. The form itself is `drafting`."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin, get_type_hints

import msgspec

from fedcoop.errors import Invalid
from moderation.acts.types import ACTS, Act
from moderation.mandates.types import OFFICES


class Choice(NamedTuple):
    """An act as the list of acts offers it."""

    key: str
    label: str
    hint: str


class Group(NamedTuple):
    """Acts on the same thing."""

    label: str
    choices: tuple[Choice, ...]


class Field(NamedTuple):
    """One field of the form. `kind`: text, area, check or select."""

    name: str
    label: str
    hint: str
    kind: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()


_LABELS: dict[str, dict[str, str]] = {
    "Words and choices": {
        "resolve": "Decide something in words",
    },
    "Another server": {
        "suspend_domain": "Suspend a server",
        "limit_domain": "Limit a server",
        "lift_domain": "Lift a restriction",
        "allow_domain": "Keep talking to a server",
        "subscribe_list": "Follow a shared list of servers",
        "join_relay": "Belong to a relay",
    },
    "An account or a post": {
        "limit_account": "Limit an account",
        "sensitize_account": "Hide the media of an account",
        "suspend_account": "Suspend an account",
        "restore_account": "Restore an account",
        "remove_status": "Remove a post",
        "mark_sensitive": "Hide the media of a post",
    },
    "What holds for everybody": {
        "adopt_rule": "Adopt a rule",
        "amend_rule": "Change a rule",
        "repeal_rule": "Repeal a rule",
        "adopt_document": "Adopt a document",
        "set_registrations": "Decide who may get an account",
        "set_setting": "Change how the server presents itself",
        "announce": "Announce something",
    },
    "The co-operative": {
        "admit_member": "Admit a member",
        "expel_member": "Expel a member",
        "grant_mandate": "Give somebody an office",
        "revoke_mandate": "Recall somebody from an office",
        "amend_constitution": "Change the rules for deciding",
    },
}
# Where an act's own words speak to programs.
_SUMMARIES = {
    "subscribe_list": "What is new in it, or taken back, becomes a proposal here, and nothing else.",
    "join_relay": "Everybody's public posts go there too, and public posts from elsewhere arrive here.",
    "sensitize_account": "Those of all that it posts are shown to those who want to see them.",
    "mark_sensitive": "They are shown to those who want to see them.",
    "adopt_document": "Code of conduct, privacy policy, terms of service, or what this server is about.",
    "set_registrations": "Anybody, those who are approved, or nobody.",
    "set_setting": "Its name, description, contact, languages and picture, and the limits of posts and polls.",
    "grant_mandate": "For a term, after which it ends by itself.",
    "amend_constitution": "Votes that are open keep the rule under which they opened.",
}
# What the other fields of an act are for; those that only undo another act, or get their value by themselves,
# are not asked for.
_WORDS: dict[str, tuple[str, str]] = {
    "domain": ("Which server?", "Its name, such as spam.example."),
    "public_comment": (
        "What shall the public read there?",
        "The reason in one sentence. It stands beside the server's name on the about page.",
    ),
    "reject_media": ("Take no pictures, films or sounds from it", ""),
    "reject_reports": ("Take no reports from it", ""),
    "obfuscate": ("Show its name to the public in part only", ""),
    "url": ("Where is the list?", "The address of a list in Mastodon's CSV form."),
    "title": ("What is it called?", ""),
    "relay": ("Which relay?", "The address of its inbox, or of its actor, as it says on its page."),
    "account": ("Whose account?", "A handle: alice, or bob@elsewhere.example."),
    "status": ("Which post?", "Its address on this server."),
    "text": ("Words", ""),
    "hint": ("What explains it", "Shown below the rule."),
    "rule": ("Which rule?", ""),
    "document": ("Which document?", ""),
    "effective": ("From which day?", "Such as 2027-01-31. Left empty: the day of the decision."),
    "mode": ("Who may get an account?", ""),
    "message": ("What do others read instead of the form?", "Where nobody gets one at present."),
    "key": ("What?", ""),
    "value": (
        "Its new value",
        "Languages with commas between them. Left empty: as the operator has set it up.",
    ),
    "standing": ("In which standing?", ""),
    "office": ("Which office?", ""),
    "term": ("For how long?", "Such as 365 days."),
    "constitution": (
        "The new rules",
        "The whole text as TOML or JSON, or the name of a starter constitution.",
    ),
}
_NAMES = {
    "": "As the operator has set it up",
    "open": "Anybody",
    "approval": "Those who are approved",
    "closed": "Nobody",
    "about": "About this server",
    "good": "In good standing",
    "probation": "On probation",
    "lapsed": "Behind with dues",
}
_ADDRESS_OF_POST = re.compile(r"(?:.*/)?([0-9]{1,19})/?")
_BY_KEY: dict[str, type[Act]] = {str(act.__struct_config__.tag): act for act in ACTS}


def groups() -> list[Group]:
    """Every act that the form offers, by what it is about."""
    return [
        Group(label, tuple(Choice(key, name, summary(key)) for key, name in choices.items()))
        for label, choices in _LABELS.items()
    ]


def label(key: str) -> str:
    """An act's name in the form. Raises `Invalid` for none."""
    for choices in _LABELS.values():
        if key in choices:
            return choices[key]
    raise Invalid("Choose what the server should do if it passes.", "act")


def summary(key: str) -> str:
    """What an act does, in a sentence."""
    if key in _SUMMARIES:
        return _SUMMARIES[key]
    words = " ".join((_BY_KEY[key].__doc__ or "").split())
    # What its fields mean is for programs.
    return words.partition(". ")[0].partition("; with `")[0].rstrip(".") + "."


def decided_as(key: str) -> str:
    """The only kind of proposal that may carry the act; empty for any."""
    return _BY_KEY[key].decided_as


def fields(key: str, rules: Mapping[str, str]) -> list[Field]:
    """What the form asks for one act. `rules` are those in force, their words by id."""
    act = _BY_KEY[key]
    if key == "resolve":
        return []  # The proposal's title is the resolution.
    hints = get_type_hints(act)
    return [
        _field(each, hints[each.name], act, rules)
        for each in msgspec.structs.fields(act)
        if each.name in _WORDS and not (key == "adopt_rule" and each.name == "rule")
    ]


def data(key: str, typed: Mapping[str, str], title: str) -> dict[str, Any]:
    """The act as `moderation` reads it, from what was typed. Raises `Invalid` for what is missing."""
    label(key)
    if key == "resolve":
        return {"type": key, "text": title}
    found: dict[str, Any] = {"type": key}
    for field in fields(key, {}):
        text = typed.get(field.name, "").strip()
        if field.required and not text:
            raise Invalid(f"{field.label} {field.hint}".strip(), field.name)
        if field.kind == "check":
            found[field.name] = bool(text)
        elif text or field.name == "mode":
            found[field.name] = _value(key, field.name, text)
    return found


def _value(key: str, name: str, text: str) -> Any:
    if name == "status":
        post = _ADDRESS_OF_POST.fullmatch(text)
        if post is None:
            raise Invalid("Which post? Copy its address from this server.", "status")
        return post[1]
    if name == "mode":
        return text or None
    if name == "value" and text.isdigit():
        return int(text)
    if name == "value" and key == "set_setting" and "," in text and "\n" not in text and " " not in text:
        return text.split(",")
    if name == "constitution" and text.startswith("{"):
        try:
            return json.loads(text)
        except ValueError as wrong:
            raise Invalid(f"The new rules are no JSON: {wrong}", "constitution") from None
    return text


def _field(each: msgspec.structs.FieldInfo, kind: Any, act: type[Act], rules: Mapping[str, str]) -> Field:
    words, hint = _WORDS[each.name]
    if kind is bool:
        return Field(each.name, words, hint, "check", False)
    options = _options(kind)
    if each.name == "rule":
        options = tuple(rules.items())
    if each.name == "office":
        # Members may name other offices.
        known = tuple((office, does) for office, does in OFFICES.items())
        return Field(each.name, words, hint, "text", True, known)
    required = each.required and "" not in dict(options)
    if options or each.name == "rule":
        return Field(each.name, words, hint, "select", required, options)
    long = each.name in ("text", "constitution") or (each.name in act.texts and each.name == "message")
    return Field(each.name, words, hint, "area" if long else "text", required)


def _options(kind: Any) -> tuple[tuple[str, str], ...]:
    """The values that a Literal allows, and no value where None is one."""
    if get_origin(kind) is Literal:
        return tuple((value, _named(value)) for value in get_args(kind))
    if get_origin(kind) in (Union, types.UnionType):
        found = [option for part in get_args(kind) for option in _options(part)]
        return (*found, ("", _NAMES[""])) if found and type(None) in get_args(kind) else tuple(found)
    return ()


def _named(value: str) -> str:
    return _NAMES.get(value) or value.replace("_", " ").capitalize()
