"""Folding the entries that change what is in force into what stands in each place, without asking whether they
were right: that is `replay`, which does the same on the way."""

from typing import Any

from moderation.acts import places
from moderation.acts.types import Act, AdmitMember, AmendConstitution, ExpelMember, act_from

from .entries import EntryType


class Wrong(ValueError):
    """What does not follow from the entries before, as a sentence without its place."""


ACTING: tuple[EntryType, ...] = ("act", "act_expired", "power", "power_expired")
"""Entries that carry an act."""
CHANGING: tuple[EntryType, ...] = (*ACTING, "constitution", "member", "mandate_ended")


def fold(state: dict[str, Act], type: str, body: dict[str, Any], at: int) -> None:
    """Take one entry into the state."""
    match type:
        case "constitution":
            state[places.CONSTITUTION] = AmendConstitution(constitution=f"sha256:{body['hash']}")
        case "member":
            name, standing = body["member"], body["standing"]
            state.pop(f"member:{name}", None)
            if standing != "expelled":
                state[f"member:{name}"] = AdmitMember(account=name, standing=standing)
        case "mandate_ended":
            state.pop(f"mandate:{body['office']}:{body['member']}", None)
        case _ if type in ACTING:
            apply(state, act_from(body["act"]), at)


def apply(state: dict[str, Act], act: Act, at: int) -> None:
    """What an act leaves in its place. Who is a member says the entry about the member, which constitution is in
    force that about the constitution."""
    place = places.place(act)
    if place is None or isinstance(act, AdmitMember | ExpelMember | AmendConstitution):
        return
    if places.clears(act):
        state.pop(place, None)
    else:
        state[place] = places.standing(act, at)
