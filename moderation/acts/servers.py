"""Acts on other servers: what they need to make sense, how they are done, what they would change."""

from urllib.parse import urlsplit

import msgspec

from fedcoop import domains, relays
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.domains.types import Impact
from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical
from moderation.lists import actions as lists
from moderation.wording import checked

from .consequence import Consequence, many
from .types import (
    LONGEST_COMMENT,
    AllowDomain,
    Cause,
    JoinRelay,
    LiftDomain,
    LimitDomain,
    SubscribeList,
    SuspendDomain,
)

ServerAct = SuspendDomain | LimitDomain | AllowDomain | LiftDomain | SubscribeList | JoinRelay
LONGEST_NAME = 100


async def settle(tx: Tx, act: ServerAct, config: Config) -> ServerAct:
    """The act with names in their one form. Raises Invalid for what cannot be done."""
    if isinstance(act, SubscribeList):
        address = _address(act.url, "A shared list", "https")
        title = checked(act.title, "The name of a list", LONGEST_NAME, "acts")
        return SubscribeList(url=address, title=title, subscribed=act.subscribed)
    if isinstance(act, JoinRelay):
        address = _address(act.relay, "A relay", "https", config.scheme)
        if canonical(urlsplit(address).netloc) == canonical(config.domain):
            raise Invalid("This server is no relay for itself.", "acts")
        return JoinRelay(relay=address, joined=act.joined)
    domain = canonical(act.domain)
    if domain == canonical(config.domain):
        raise Invalid(f"{domain} is this server; it cannot restrict itself.", "acts")
    if isinstance(act, LiftDomain):
        return LiftDomain(domain)
    comment = checked(act.public_comment, "A public comment", LONGEST_COMMENT, "acts")
    return msgspec.structs.replace(act, domain=domain, public_comment=comment)


async def carry_out(tx: Tx, act: ServerAct, cause: Cause) -> None:
    """Do it. Doing what is already so changes nothing."""
    match act:
        case SuspendDomain() | LimitDomain():
            await domains.restrict(
                tx,
                act.domain,
                severity="suspend" if isinstance(act, SuspendDomain) else "limit",
                reject_media=act.reject_media,
                reject_reports=act.reject_reports,
                obfuscate=act.obfuscate,
                public_comment=act.public_comment,
                because=cause.because,
            )
        case AllowDomain():
            await domains.restrict(
                tx, act.domain, severity="allow", public_comment=act.public_comment, because=cause.because
            )
        case LiftDomain():
            await domains.lift(tx, act.domain, because=cause.because)
        case SubscribeList(subscribed=True):
            await lists.subscribe(tx, act.url, act.title, because=cause.because)
        case SubscribeList():
            await lists.unsubscribe(tx, act.url)
        case JoinRelay(joined=True):
            await relays.actions.join(tx, act.relay, because=cause.because)
        case JoinRelay():
            await relays.actions.leave(tx, act.relay)


async def consequence(tx: Tx, act: ServerAct) -> Consequence:
    """What it would change, counted now."""
    if isinstance(act, SubscribeList):
        held = await lists.restricted_because_of(tx, act.url)
        words = (
            "The list itself restricts nothing; each server in it is proposed here, with what the list says."
            if act.subscribed
            else f"Restrictions that were proposed because of it stay; there are {held}."
        )
        return Consequence(words, {"restricted": held})
    if isinstance(act, JoinRelay):
        words = (
            "From then on everybody's public posts go there as well, and public posts from servers that belong to"
            " it arrive here."
            if act.joined
            else "What it has brought stays; what was sent to it cannot be called back."
        )
        return Consequence(words, {"relays": len(await relays.access.listed(tx))})
    impact = await domains.impact(tx, act.domain)
    counts: dict[str, int] = msgspec.structs.asdict(impact)
    return Consequence(_said(act, impact), counts)


def _said(act: SuspendDomain | LimitDomain | AllowDomain | LiftDomain, impact: Impact) -> str:
    """The consequence before the vote: "Cuts 42 follows of 17 members with 113 accounts there."."""
    match act:
        case SuspendDomain(domain=domain):
            cut = impact.following + impact.followers
            if not impact.accounts:
                return f"Nobody from {domain} is known here; nothing changes for anybody today."
            return (
                f"Cuts {many(cut, 'follow')} of {many(impact.members, 'member')}"
                f" with accounts there; {many(impact.accounts, 'account')} and"
                f" {many(impact.statuses, 'post')} from {domain} are known here."
            )
        case LimitDomain(domain=domain):
            return (
                f"Hides {many(impact.accounts, 'account')} from {domain} from everybody who does not follow them;"
                f" {many(impact.following, 'follow')} stay as they are."
            )
        case AllowDomain(domain=domain):
            known = many(impact.accounts, "account")
            return f"{domain} can reach us, and we it; {known} from there are known here."
        case LiftDomain(domain=domain):
            return f"{domain} can reach us again, and we it. Follows that were cut are asked for anew."


def _address(text: str, what: str, *schemes: str) -> str:
    """An address in its one form; servers on trial know relays without https. Raises `Invalid`."""
    parts = urlsplit(text.strip())
    if parts.scheme not in schemes or not parts.hostname or len(text) > 500:
        raise Invalid(f"{what} is named by its address, which begins with https://.", "acts")
    return text.strip()
