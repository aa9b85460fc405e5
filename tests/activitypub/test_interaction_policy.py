"""What an author elsewhere lets others do with a post (`interactionPolicy`), honoured by our members."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop.errors import NotAllowed
from fedcoop.favourites import actions as favourites
from fedcoop.statuses import reblogs
from tests.activitypub.coop import Coop
from tests.activitypub.remote import PUBLIC, Remote


async def allowed(coop: Coop, remote: Remote, policy: dict[str, Any], *, tags: Any = ()) -> list[bool]:
    """May alice, who follows bob, answer, favourite and boost a post of his with such a policy?"""
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    mention = [{"type": "Mention", "href": alice.uri, "name": "@alice"}] if tags else []
    note = remote.note("bob", interactionPolicy=policy, tag=mention)
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    status = await coop.status(note["id"])
    assert status is not None

    async def tried(deed: str) -> bool:
        try:
            if deed == "reply":
                await coop.says(alice, "an answer", in_reply_to_id=status.id)
            else:
                verb = favourites.add if deed == "favourite" else reblogs.add
                async with coop.db.write() as tx:
                    await verb(tx, alice, status)
        except NotAllowed:
            return False
        return True

    return [await tried(deed) for deed in ("reply", "favourite", "reblog")]


def only(*who: str, key: str = "automaticApproval") -> dict[str, Any]:
    return {rule: {key: list(who)} for rule in ("canReply", "canLike", "canAnnounce")}


@pytest.mark.parametrize(
    ("who", "key", "may"),
    [
        (PUBLIC, "automaticApproval", True),
        (PUBLIC, "always", True),
        ("FOLLOWERS", "automaticApproval", True),
        (PUBLIC, "manualApproval", True),
        ("BOB", "automaticApproval", False),
        ("BOB", "always", False),
    ],
)
async def test_what_the_author_lets_others_do_is_done_and_no_more(
    coop: Coop, remote: Remote, who: str, key: str, may: bool
) -> None:
    bob = remote.actor_id("bob")
    who = {"BOB": bob, "FOLLOWERS": f"{bob}/followers"}.get(who, who)
    assert await allowed(coop, remote, only(who, key=key)) == [may] * 3


async def test_whoever_is_mentioned_may_answer(coop: Coop, remote: Remote) -> None:
    bob = remote.actor_id("bob")
    assert await allowed(coop, remote, only(bob), tags=True) == [True, False, False]


async def test_where_nothing_is_said_everything_may_be_done(coop: Coop, remote: Remote) -> None:
    assert await allowed(coop, remote, {}) == [True] * 3
