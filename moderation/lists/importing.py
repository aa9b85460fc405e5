"""A list of servers from a file: what it asks for and does not hold here yet is proposed to the members, all
of it at once, by the assembly. Lists that are read again and again are `proposing`."""

from collections.abc import Sequence

from fedcoop import clock, domains
from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical
from moderation.acts.types import to_data
from moderation.ledger.entries import SYSTEM
from moderation.proposals import actions as proposals
from moderation.proposals.types import ProposalDraft

from .proposing import ACTS_EACH, STRENGTH, restricting
from .reading import read
from .types import Listed

MOST = 1_000
"""Servers in one import: members have to read what they decide on."""


async def wanted(tx: Tx, text: str, *, config: Config) -> list[Listed]:
    """Those in the list that are restricted less here, without those that members excepted, and without us.
    Raises `Invalid` for what is no list."""
    live = {each.domain: each.severity for each in await domains.all_restrictions(tx)}
    excepted = {each.domain for each in await domains.allowed(tx)}
    own = canonical(config.domain)
    return [
        entry
        for entry in read(text)
        if entry.domain not in excepted
        and entry.domain != own
        and not own.endswith(f".{entry.domain}")
        and STRENGTH[entry.severity] > STRENGTH[live.get(entry.domain, "")]
    ]


async def propose(tx: Tx, title: str, text: str, *, config: Config) -> int:
    """Put all of it before the members; how many proposals that took. Raises `Invalid` for what is no list,
    and for one that is too long to be decided on."""
    entries = await wanted(tx, text, config=config)
    if len(entries) > MOST:
        raise Invalid(f"The list asks for {len(entries)} servers; at most {MOST} can be proposed at once.")
    voice = await accounts.assembly(tx)
    batches = [entries[at : at + ACTS_EACH] for at in range(0, len(entries), ACTS_EACH)]
    for number, batch in enumerate(batches, 1):
        draft = ProposalDraft(
            title=_title(title, batch, number, len(batches)),
            body=_body(title, batch),
            kind="federation",
            acts=[to_data(restricting(each)) for each in batch],
        )
        await proposals.put_forward(tx, voice, draft, actor=SYSTEM, config=config)
    return len(batches)


def _title(title: str, batch: Sequence[Listed], number: int, count: int) -> str:
    names = batch[0].domain if len(batch) == 1 else f"{len(batch)} servers"
    part = f", part {number} of {count}" if count > 1 else ""
    return f"Restrict {names}, from the list “{title[:100]}”{part}"


def _body(title: str, batch: Sequence[Listed]) -> str:
    said = "\n".join(f"- **{each.domain}**: {each.comment or 'no reason is given'}" for each in batch)
    return (
        f"From the list “{title[:100]}”, which an operator brought on {clock.day(clock.now())}. "
        f"What it says:\n\n{said}\n\nNothing is restricted unless this passes."
    )
