"""Doing what was decided: from an act to the verbs of `fedcoop`, inside the transaction that decided it.
Which proposal may do what is in `moderation.enact`."""

import msgspec

from fedcoop import domains
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.domains.types import Restriction
from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical
from moderation.wording import checked

from .types import LONGEST_COMMENT, LONGEST_RESOLUTION, Act, LiftDomain, LimitDomain, Resolve, SuspendDomain


def settled(act: Act, config: Config) -> Act:
    """The act as it will be carried out: names in their one form. Raises Invalid for what cannot be done."""
    match act:
        case Resolve(text=text):
            words = checked(text, "A resolution", LONGEST_RESOLUTION, "acts")
            if not words:
                raise Invalid("A resolution needs words.", "acts")
            return Resolve(words)
        case _:
            domain = canonical(act.domain)
            if domain == canonical(config.domain):
                raise Invalid(f"{domain} is this server; it cannot restrict itself.", "acts")
            if isinstance(act, LiftDomain):
                return LiftDomain(domain)
            comment = checked(act.public_comment, "A public comment", LONGEST_COMMENT, "acts")
            return msgspec.structs.replace(act, domain=domain, public_comment=comment)


async def inverse(tx: Tx, act: Act) -> Act | None:
    """What would bring back the state that this act is about to change; None when it changes nothing."""
    if isinstance(act, Resolve):
        return None
    before = await _restriction(tx, act.domain)
    if before is None:
        return None if isinstance(act, LiftDomain) else LiftDomain(act.domain)
    kind = SuspendDomain if before.severity == "suspend" else LimitDomain
    return kind(
        domain=before.domain,
        reject_media=before.reject_media,
        reject_reports=before.reject_reports,
        obfuscate=before.obfuscate,
        public_comment=before.public_comment,
    )


async def carry_out(tx: Tx, act: Act, *, because: str) -> None:
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
                because=because,
            )
        case LiftDomain():
            if await _restriction(tx, act.domain):
                await domains.lift(tx, act.domain, because=because)
        case Resolve():
            pass


async def _restriction(tx: Tx, domain: str) -> Restriction | None:
    return next((each for each in await domains.all_restrictions(tx) if each.domain == domain), None)
