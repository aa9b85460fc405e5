"""An act in a plain sentence, and what it would cost in one more."""

from fedcoop.domains.types import Impact

from .types import Act, LiftDomain, LimitDomain, Resolve, SuspendDomain


def say(act: Act) -> str:
    """What is decided, as an order: "Suspend spam.example: …"."""
    match act:
        case SuspendDomain(domain=domain):
            return f"Suspend {domain}: nothing passes between us and that server any more.{_extras(act)}"
        case LimitDomain(domain=domain):
            return f"Limit {domain}: its accounts are only seen by those who follow them.{_extras(act)}"
        case LiftDomain(domain=domain):
            return f"Lift the restrictions on {domain}."
        case Resolve(text=text):
            return text


def say_impact(act: Act, impact: Impact) -> str:
    """The consequence before the vote: "Cuts 42 follows of 17 members with 113 accounts there."."""
    match act:
        case SuspendDomain(domain=domain):
            cut = impact.following + impact.followers
            if not impact.accounts:
                return f"Nobody from {domain} is known here; nothing changes for anybody today."
            return (
                f"Cuts {_many(cut, 'follow')} of {_many(impact.members, 'member')}"
                f" with accounts there; {_many(impact.accounts, 'account')} and"
                f" {_many(impact.statuses, 'post')} from {domain} are known here."
            )
        case LimitDomain(domain=domain):
            return (
                f"Hides {_many(impact.accounts, 'account')} from {domain} from everybody who does not follow them;"
                f" {_many(impact.following, 'follow')} stay as they are."
            )
        case LiftDomain(domain=domain):
            return f"{domain} can reach us again, and we it. Follows that were cut are not restored by themselves."
        case Resolve():
            return "Words only; the server changes nothing."


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


def _many(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"
