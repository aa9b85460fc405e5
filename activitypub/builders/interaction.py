"""What our notes say of who may do what with them (`interactionPolicy`), and what asks others for the same
(GoToSocial's words). The stamps are `stamps`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from activitypub.builders.types import Written
from activitypub.vocabulary import PUBLIC
from fedcoop.accounts.consent import FOLLOWERS, FOLLOWING, MENTIONED, Allowed
from fedcoop.accounts.consent import PUBLIC as EVERYBODY
from fedcoop.statuses.consent.types import Deed, Interaction
from fedcoop.statuses.quotes.types import read

_NAMES: dict[Deed, str] = {"reply": "Reply", "favourite": "Like", "reblog": "Announce"}
_EVERYBODY = Allowed(automatic=(EVERYBODY,))


def policy(written: Written) -> dict[str, Any]:
    """Who may quote, answer, like and share a status: at once, or after its author was asked. All of it is said,
    since what is said is enforced."""
    allowed = read(written.status.policy)
    mentioned = [one.uri for one in written.mentions]
    return {
        "canQuote": _rule(written, allowed.quote or Allowed()),
        "canReply": _rule(written, allowed.reply or _EVERYBODY, mentioned),
        "canLike": _rule(written, allowed.favourite or _EVERYBODY),
        "canAnnounce": _rule(written, allowed.reblog or _EVERYBODY),
    }


def _rule(written: Written, allowed: Allowed, always: Sequence[str] = ()) -> dict[str, Any]:
    automatic = _addresses(written, allowed.automatic)
    if PUBLIC not in automatic:
        # Empty lists would be read as nothing being said.
        beside = [written.author.uri] if not automatic or allowed.manual or always else []
        automatic = list(dict.fromkeys([*beside, *automatic, *always]))
    manual = _addresses(written, allowed.manual)
    return {"automaticApproval": automatic} | ({"manualApproval": manual} if manual else {})


def _addresses(written: Written, words: Sequence[str]) -> list[str]:
    author = written.author
    addresses = {
        EVERYBODY: [PUBLIC],
        FOLLOWERS: [author.followers_uri or f"{author.uri}/followers"],
        FOLLOWING: [author.following_uri or f"{author.uri}/following"],
        MENTIONED: [one.uri for one in written.mentions],
    }
    return [address for word in words for address in addresses.get(word, [word])]


def request_type(deed: Deed) -> str:
    """What asks: ReplyRequest, LikeRequest, AnnounceRequest."""
    return f"{_NAMES[deed]}Request"


def stamp_type(deed: Deed) -> str:
    """What allows: ReplyAuthorization, LikeAuthorization, AnnounceAuthorization."""
    return f"{_NAMES[deed]}Authorization"


def stamped(deed: Deed, stamp: str) -> dict[str, str]:
    """How a Note, Like or Announce says where the consent is; older servers read `approvedBy`."""
    if not stamp:
        return {}
    return {f"{_NAMES[deed].lower()}Authorization": stamp, "approvedBy": stamp}


def impolite(
    interaction: Interaction, identity: str, author: str, followers: str, target: str, to: str
) -> Any:
    """An answer to what came without asking: yes with the stamp, no without. Servers of the followers are
    told too, since no stamp stands in what they got."""
    yes = bool(interaction.stamp_uri)
    document: dict[str, Any] = {
        "id": identity,
        "type": "Accept" if yes else "Reject",
        "actor": author,
        "object": interaction.uri,
        "target": target,
        "to": [to],
    }
    return document | ({"cc": [PUBLIC, followers], "result": interaction.stamp_uri} if yes else {})
