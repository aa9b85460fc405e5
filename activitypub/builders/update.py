"""Update: a status was edited or its poll counted, or a profile changed."""

from collections.abc import Sequence
from typing import Any

from activitypub.builders.actor import actor
from activitypub.builders.note import audience, note
from activitypub.builders.types import Written
from activitypub.vocabulary import PUBLIC
from fedcoop import clock
from fedcoop.accounts.types import Account


def update_status(written: Written) -> dict[str, Any]:
    """The new version of a status, to everybody who may have the old one."""
    to, cc = audience(written)
    status = written.status
    # the totals of a poll and consent to a quote change without an edit, and each Update needs an id of its own
    told_anew = written.poll is not None or written.quote
    moment = clock.now() if told_anew else status.edited_at or status.created_at
    return {
        "id": f"{status.uri}#updates/{moment}",
        "type": "Update",
        "actor": written.author.uri,
        "published": clock.iso(moment),
        "to": to,
        "cc": cc,
        "object": note(written),
    }


def update_profile(
    account: Account, base_url: str, *, moved_to: str = "", multikey: str = "", domains: Sequence[str] = ()
) -> dict[str, Any]:
    """The profile as it is now, to the followers."""
    return {
        "id": f"{account.uri}#updates/{clock.now()}",
        "type": "Update",
        "actor": account.uri,
        "to": [PUBLIC],
        "cc": [account.followers_uri or f"{account.uri}/followers"],
        "object": actor(account, base_url, moved_to=moved_to, multikey=multikey, domains=domains),
    }
