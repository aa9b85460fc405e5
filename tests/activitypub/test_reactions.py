"""Reactions of other programs: each counts as a favourite, however many emoji one person gives."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fedcoop.statuses.types import Status
from tests.activitypub.coop import Coop
from tests.activitypub.remote import Remote
from tests.activitypub.samples import SAMPLES, needs_samples


async def favourites(coop: Coop, status: Status) -> int:
    found = await coop.status(status.uri)
    assert found is not None
    return found.favourites_count


def reaction(remote: Remote, name: str, status: Status, number: int) -> dict[str, Any]:
    """A sample, as somebody on `remote` would send it about one of our statuses."""
    document: dict[str, Any] = json.loads((SAMPLES / f"{name}.json").read_text())
    bob = remote.actor_id("bob")
    return document | {"@context": AS, "id": f"{bob}#reaction/{number}", "actor": bob, "object": status.uri}


AS = "https://www.w3.org/ns/activitystreams"
KINDS = ["akkoma/emojireact-custom", "pleroma/emojireact-unicode", "misskey/misskey-like"]


@needs_samples
@pytest.mark.parametrize("name", KINDS)
async def test_a_reaction_counts_as_a_favourite_until_it_is_taken_back(
    coop: Coop, remote: Remote, name: str
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "hello")
    sent = reaction(remote, name, status, 1)
    await coop.receives(remote, "bob", sent)
    assert await favourites(coop, status) == 1
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", sent))
    assert await favourites(coop, status) == 0


@needs_samples
@pytest.mark.parametrize("embedded", [True, False])
async def test_several_reactions_of_one_person_count_once_and_until_the_last_is_taken_back(
    coop: Coop, remote: Remote, embedded: bool
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "hello")
    sent = [reaction(remote, name, status, number) for number, name in enumerate(KINDS)]
    for one in sent:
        await coop.receives(remote, "bob", one)
    assert await favourites(coop, status) == 1
    for number, left in ((0, 1), (2, 1), (1, 0)):
        undone = sent[number] if embedded else sent[number]["id"]
        await coop.receives(remote, "bob", remote.activity("Undo", "bob", undone, number))
        assert await favourites(coop, status) == left


async def test_taking_back_what_is_not_known_takes_all_back(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "hello")
    for number in range(3):
        await coop.receives(remote, "bob", remote.activity("Like", "bob", status.uri, number, content="🍮"))
    nameless = {**remote.activity("Like", "bob", status.uri), "id": None}
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", nameless))
    assert await favourites(coop, status) == 0
    await coop.receives(remote, "bob", remote.activity("Like", "bob", status.uri, 9))
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", f"{remote.actor_id('bob')}#like/9", 2))
    assert await favourites(coop, status) == 0


async def test_nobody_takes_back_the_reaction_of_somebody_else(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    remote.add_actor("mallory")
    status = await coop.says(alice, "hello")
    like = remote.activity("EmojiReact", "bob", status.uri, content="🔥")
    await coop.receives(remote, "bob", like)
    await coop.receives(remote, "mallory", remote.activity("Undo", "mallory", like["id"]))
    await coop.receives(remote, "mallory", remote.activity("Undo", "mallory", like, 2))
    assert await favourites(coop, status) == 1


@needs_samples
async def test_a_dislike_is_counted_nowhere(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "hello")
    sent = reaction(remote, "lemmy/dislike-page", status, 1)
    verdict = await coop.receives(remote, "bob", sent)
    assert verdict.outcome.value == 202
    assert await favourites(coop, status) == 0
    like = remote.activity("Like", "bob", status.uri)
    await coop.receives(remote, "bob", like)
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", sent))
    assert await favourites(coop, status) == 1
