"""What an entry of the ledger says, in a sentence. The entries' own words are `moderation.ledger.entries`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from moderation.acts.types import act_from
from moderation.acts.words import say
from web.pages import wording

if TYPE_CHECKING:
    from moderation.ledger.serve import LogEntry

SHORTEST_NAME = 15
"""Characters of a pseudonym that tell members apart in a list: `member:` and eight more."""


def sentence(entry: LogEntry, number: int | None) -> str:
    """One entry; `number` is that of the proposal it is about, if it is about one. Never raises, whatever an
    entry of a later version holds."""
    body, about = entry.body, "a proposal" if number is None else f"proposal {number}"
    match entry.type:
        case "log_opened":
            return "The ledger was opened"
        case "constitution":
            return f"The constitution “{body.get('name', '')}” came into force"
        case "member":
            standing = wording.STANDINGS.get(str(body.get("standing")), str(body.get("standing")))
            return f"{str(body.get('member', 'Somebody'))[:SHORTEST_NAME]} is a member {standing}"
        case "proposal":
            return f"{_capital(about)} was made: “{body.get('title', '')}”"
        case "endorsement":
            return f"A member endorsed {about}"
        case "proposal_opened":
            return f"Voting opened on {about}{_electorate(body.get('electorate'))}"
        case "proposal_withdrawn":
            return f"{_capital(about)} was withdrawn"
        case "ballot":
            replaced = body.get("number") not in (None, 1)
            return f"A ballot was {'replaced' if replaced else 'cast'} on {about}"
        case "tally":
            return f"{_capital(about)} was counted. {body.get('verdict', '')}"
        case "act":
            return f"Carried out, as decided in {about}: {_act(body.get('act'))}"
        case _:
            return entry.type.replace("_", " ").capitalize()


def _electorate(electorate: object) -> str:
    size = electorate.get("size") if isinstance(electorate, dict) else None
    if not isinstance(size, int):
        return ""
    return f" to {size} member{'' if size == 1 else 's'}"


def _act(act: object) -> str:
    try:
        return say(act_from(act))
    except msgspec.ValidationError:
        return "something that this version does not know"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
