"""Proposing a relay in the name of the assembly, for whoever looks after the machine. Members propose one as they
propose anything else; the act is `join_relay`."""

from urllib.parse import urlsplit

from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from moderation.acts.types import JoinRelay, to_data
from moderation.ledger.entries import SYSTEM
from moderation.proposals import actions as proposals
from moderation.proposals.types import ProposalDraft


async def propose(tx: Tx, url: str, *, joined: bool, config: Config) -> int:
    """Ask members whether to belong to a relay, or no more; the number of the proposal. Raises `Invalid` for what
    is no address of a relay."""
    host = urlsplit(url).netloc or url
    verb, more = ("Belong to", "") if joined else ("Leave", " no more")
    draft = ProposalDraft(
        title=f"{verb} the relay {host}"[:200],
        body=f"Whoever looks after the machine asks whether this server shall belong to {url}{more}.",
        kind="federation",
        acts=[to_data(JoinRelay(relay=url, joined=joined))],
    )
    put = await proposals.put_forward(tx, await accounts.assembly(tx), draft, actor=SYSTEM, config=config)
    return put.number
