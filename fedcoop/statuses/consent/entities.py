"""Interaction policies as GoToSocial's API shows them, and as clients send them. https://docs.gotosocial.org/en/latest/api/swagger/"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import msgspec
from msgspec import UNSET, UnsetType

from fedcoop.accounts.consent import FOLLOWERS, FOLLOWING, MENTIONED, PUBLIC, Allowed
from fedcoop.errors import Invalid
from fedcoop.statuses.consent.types import CLOSED
from fedcoop.statuses.quotes.types import read
from fedcoop.statuses.types import Rules

_WORDS = (PUBLIC, FOLLOWERS, FOLLOWING, MENTIONED)
_ALWAYS = frozenset({"author", "me"})
_URN = "urn:mastodon:"
MOST_NAMED = 100


class Rule(msgspec.Struct, frozen=True, kw_only=True):
    """Who may do it at once, and who after the author was asked; each in its older word too."""

    always: list[str] = []
    with_approval: list[str] = []
    automatic_approval: list[str] = []
    manual_approval: list[str] = []


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    can_favourite: Rule
    can_reply: Rule
    can_reblog: Rule


def policy(rules: Rules) -> Policy:
    """What a status lets others do."""
    return Policy(
        can_favourite=_rule(rules.favourite), can_reply=_rule(rules.reply), can_reblog=_rule(rules.reblog)
    )


@lru_cache(maxsize=512)
def policy_of(stored: str) -> Policy | UnsetType:
    """The same of what `statuses.policy` keeps; nothing where everybody may do all of it."""
    rules = read(stored)
    limited = rules.reply or rules.favourite or rules.reblog
    return policy(rules) if limited is not None else UNSET


def _rule(allowed: Allowed | None) -> Rule:
    if allowed is None:
        allowed = Allowed(automatic=(PUBLIC,))
    always = [word for word in allowed.automatic if word != CLOSED]
    if PUBLIC not in always:
        always.insert(0, "author")
    asked = list(allowed.manual)
    return Rule(always=always, with_approval=asked, automatic_approval=always, manual_approval=asked)


class RuleParams(msgspec.Struct, kw_only=True):
    always: list[str] = []
    with_approval: list[str] = []
    automatic_approval: list[str] = []
    manual_approval: list[str] = []


class PolicyParams(msgspec.Struct, kw_only=True):
    can_favourite: RuleParams | None = None
    can_reply: RuleParams | None = None
    can_reblog: RuleParams | None = None


def rules_of(params: PolicyParams) -> Rules:
    """What was sent; a rule that was not is for everybody. Raises `Invalid`."""
    return Rules(
        reply=_allowed(params.can_reply, "can_reply"),
        favourite=_allowed(params.can_favourite, "can_favourite"),
        reblog=_allowed(params.can_reblog, "can_reblog"),
    )


def _allowed(sent: RuleParams | None, field: str) -> Allowed | None:
    if sent is None:
        return None
    automatic = _words([*sent.always, *sent.automatic_approval], field)
    manual = _words([*sent.with_approval, *sent.manual_approval], field)
    if PUBLIC in automatic and not manual:
        return None
    return Allowed(automatic=automatic, manual=manual)


def _words(sent: Sequence[str], field: str) -> tuple[str, ...]:
    found: list[str] = []
    for each in sent:
        word = each.removeprefix(_URN)
        if word in _ALWAYS:
            continue
        if word not in _WORDS and not word.startswith(("https://", "http://")):
            raise Invalid(
                f"Who may do it is one of {', '.join(_WORDS)}, author, or an account's address", field
            )
        found.append(word)
    if len(found) > MOST_NAMED:
        raise Invalid(f"A rule names {MOST_NAMED} at most", field)
    return tuple(dict.fromkeys(found))
