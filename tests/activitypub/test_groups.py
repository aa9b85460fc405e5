"""Groups of other programs (FEP-1b12): what they pass on is shown and closed, and believed with reason."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.signatures import proofs
from activitypub.signatures.keys import multikey
from fedcoop import clock
from tests.activitypub.remote import AS, PUBLIC, Remote
from tests.activitypub.samples import SAMPLES, needs_samples
from tests.words import Person, Server

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


async def in_a_group(server: Server, remote: Remote) -> Person:
    """Alice follows the group `gardeners` on `remote`."""
    alice = await server.joins("alice")
    remote.add_actor("gardeners", type="Group", featured=f"{remote.actor_id('gardeners')}/featured")
    account = await remote.is_followed(server, alice, "gardeners")
    assert account["group"]
    return alice


def passed_on(remote: Remote, told: dict[str, Any], number: int = 1, **changes: Any) -> dict[str, Any]:
    """The group announces what somebody told it."""
    followers = f"{remote.actor_id('gardeners')}/followers"
    return remote.activity("Announce", "gardeners", told, number, to=[PUBLIC], cc=[followers], **changes)


def page(remote: Remote, author: str, number: int = 1, **changes: Any) -> dict[str, Any]:
    more = {"name": "Which beans?", "content": "<p>Runner beans or broad beans</p>", **changes}
    return remote.note(author, number, type="Page", **more)


async def test_what_is_posted_to_a_group_is_on_the_home_timeline_of_those_who_follow_it(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await in_a_group(server, remote)
    other.add_actor("carol")
    posted = other.serve(page(other, "carol"))
    await remote.tells(
        server, "gardeners", passed_on(remote, other.activity("Create", "carol", {"id": posted["id"]}))
    )
    (shown,) = await alice.home()
    assert shown["account"]["acct"] == f"gardeners@{remote.host}"
    assert shown["reblog"]["account"]["acct"] == f"carol@{other.host}"
    assert "Which beans?" in shown["reblog"]["content"]
    # Lemmy announces the page itself as well, for Mastodon
    await remote.tells(server, "gardeners", passed_on(remote, posted["id"], 2))
    assert len(await alice.home()) == 1


async def test_a_group_puts_no_words_into_the_mouth_of_people_elsewhere(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await in_a_group(server, remote)
    other.add_actor("carol")
    true = other.serve(page(other, "carol", content="<p>True words</p>"))
    forged = other.activity("Create", "carol", {**true, "content": "<p>Forged words</p>"})
    await remote.tells(server, "gardeners", passed_on(remote, forged))
    (shown,) = await alice.home()
    assert "True words" in shown["reblog"]["content"]
    invented = other.activity("Create", "carol", page(other, "carol", 2))
    await remote.tells(server, "gardeners", passed_on(remote, invented, 2))
    assert len(await alice.home()) == 1


async def test_a_proof_is_enough_and_nobody_is_asked(server: Server, remote: Remote, other: Remote) -> None:
    alice = await in_a_group(server, remote)
    carol = other.actor_id("carol")
    key = {
        "id": f"{carol}#ed25519",
        "type": "Multikey",
        "controller": carol,
        "publicKeyMultibase": multikey(KEY.public_key()),
    }
    other.add_actor("carol", assertionMethod=[key])
    create = other.activity("Create", "carol", page(other, "carol"), to=[PUBLIC])
    proven = proofs.with_proof({**create, "@context": [AS]}, KEY, key["id"], clock.now())
    await remote.tells(server, "gardeners", passed_on(remote, proven))
    (shown,) = await alice.home()
    assert "Runner beans" in shown["reblog"]["content"]
    assert not [path for path in other.asked if "/statuses/" in path]
    changed = {**proven, "id": f"{create['id']}0", "object": {**page(other, "carol", 2)}}
    await remote.tells(server, "gardeners", passed_on(remote, changed, 2))
    assert len(await alice.home()) == 1


async def test_answers_stand_below_what_they_answer_and_not_on_the_home_timeline(
    server: Server, remote: Remote
) -> None:
    alice = await in_a_group(server, remote)
    remote.add_actor("carol")
    posted = remote.serve(page(remote, "carol"))
    await remote.tells(server, "gardeners", passed_on(remote, remote.activity("Create", "carol", posted)))
    answer = remote.note("carol", 2, inReplyTo=posted["id"], content="<p>Broad beans</p>")
    await remote.tells(
        server, "gardeners", passed_on(remote, remote.activity("Create", "carol", answer, 2), 2)
    )
    (shown,) = await alice.home()
    thread = await alice.get(f"/api/v1/statuses/{shown['reblog']['id']}/context")
    assert ["Broad beans" in one["content"] for one in thread["descendants"]] == [True]


async def test_what_moderators_remove_is_shown_no_more_until_they_take_that_back(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await in_a_group(server, remote)
    remote.add_actor("mod")
    other.add_actor("carol")
    posted = other.serve(page(other, "carol"))
    await remote.tells(server, "gardeners", passed_on(remote, posted["id"]))
    removal = remote.activity("Delete", "mod", posted["id"], summary="off topic")
    await remote.tells(server, "gardeners", passed_on(remote, removal, 2))
    assert await alice.home() == []
    # removed from the group only: its author's server still has it
    assert "Runner" in (await alice.sees(posted["id"]))["content"]
    await remote.tells(server, "gardeners", passed_on(remote, remote.activity("Undo", "mod", removal, 2), 3))
    assert len(await alice.home()) == 1
    other.documents.clear()
    other.add_actor("carol")
    clock.advance(seconds=120)
    await remote.tells(server, "gardeners", passed_on(remote, {**removal, "id": removal["id"] + "0"}, 4))
    assert await alice.home() == []
    assert (await alice.get("/api/v2/search", q=posted["id"], resolve="true"))["statuses"] == []


async def test_a_thread_that_moderators_close_is_answered_no_more(server: Server, remote: Remote) -> None:
    alice = await in_a_group(server, remote)
    remote.add_actor("carol")
    remote.add_actor("mod")
    posted = remote.serve(page(remote, "carol"))
    await remote.tells(server, "gardeners", passed_on(remote, posted["id"]))
    lock = remote.activity("Lock", "mod", posted["id"])
    status = (await alice.sees(posted["id"]))["id"]
    await remote.tells(server, "gardeners", passed_on(remote, lock, 2))
    await alice.post("/api/v1/statuses", status="too late", in_reply_to_id=status, expect=403)
    await remote.tells(server, "gardeners", passed_on(remote, remote.activity("Undo", "mod", lock), 3))
    await alice.says("just in time", in_reply_to_id=status)


async def test_no_group_closes_the_threads_of_another_server(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await in_a_group(server, remote)
    remote.add_actor("mod")
    other.add_actor("carol")
    posted = other.serve(page(other, "carol"))
    await remote.tells(server, "gardeners", passed_on(remote, posted["id"]))
    status = (await alice.sees(posted["id"]))["id"]
    lock = remote.activity("Lock", "mod", posted["id"])
    await remote.tells(server, "gardeners", passed_on(remote, lock, 2))
    await alice.says("an answer", in_reply_to_id=status)
    clock.advance(seconds=120)
    other.serve({**posted, "commentsEnabled": False})
    await remote.tells(server, "gardeners", passed_on(remote, {**lock, "id": lock["id"] + "0"}, 3))
    await alice.post("/api/v1/statuses", status="too late", in_reply_to_id=status, expect=403)


async def test_likes_of_our_posts_in_a_group_count_when_they_are_proven(
    server: Server, remote: Remote, other: Remote
) -> None:
    alice = await in_a_group(server, remote)
    other.add_actor("carol")
    remote.add_actor("dora")
    status = await alice.says(f"Beans @gardeners@{remote.host}")
    await server.settle()
    like = other.activity("Like", "carol", status["uri"], id=f"{other.base}/likes/1")

    async def favourites() -> int:
        return int((await alice.get(f"/api/v1/statuses/{status['id']}"))["favourites_count"])

    await remote.tells(server, "gardeners", passed_on(remote, like))
    assert await favourites() == 0  # her server knows of no such like
    clock.advance(seconds=900)
    other.serve(like)
    await remote.tells(server, "gardeners", passed_on(remote, like, 2))
    assert await favourites() == 1
    await remote.tells(
        server, "gardeners", passed_on(remote, remote.activity("Like", "dora", status["uri"]), 3)
    )
    assert await favourites() == 2
    undo = remote.activity("Undo", "dora", remote.activity("Like", "dora", status["uri"]))
    await remote.tells(server, "gardeners", passed_on(remote, undo, 4))
    assert await favourites() == 1


async def test_a_mention_posts_into_the_group_and_answers_there_go_to_it(
    server: Server, remote: Remote
) -> None:
    alice = await in_a_group(server, remote)
    remote.add_actor("carol")
    group = remote.actor_id("gardeners")
    remote.received.clear()
    await alice.says(f"Hello @gardeners@{remote.host}")
    await server.settle()
    ((_, create),) = remote.received
    assert create["object"]["audience"] == group
    assert group in create["object"]["cc"]
    # the group passes it on, also to us
    await remote.tells(server, "gardeners", passed_on(remote, create))
    assert (await alice.sees(create["object"]["id"]))["reblogs_count"] == 1
    posted = remote.serve(page(remote, "carol"))
    await remote.tells(server, "gardeners", passed_on(remote, posted["id"], 2))
    remote.received.clear()
    await alice.says("Broad beans", in_reply_to_id=(await alice.sees(posted["id"]))["id"])
    await server.settle()
    ((_, answer),) = remote.received
    assert answer["object"]["audience"] == group
    assert group in answer["cc"]
    await alice.says(f"A secret @gardeners@{remote.host}", visibility="direct")
    await server.settle()
    assert "audience" not in remote.received[-1][1]["object"]


async def test_a_group_shows_what_it_has_featured(server: Server, remote: Remote) -> None:
    alice = await in_a_group(server, remote)
    remote.add_actor("carol")
    remote.add_actor("mod")
    posted = remote.serve(page(remote, "carol"))
    featured = f"{remote.actor_id('gardeners')}/featured"
    group = (await alice.finds(f"gardeners@{remote.host}"))["id"]

    async def pinned() -> list[str]:
        found = await alice.get(f"/api/v1/accounts/{group}/statuses", pinned="true")
        return [one["uri"] for one in found]

    add = remote.activity("Add", "mod", posted["id"], target=featured)
    await remote.tells(server, "gardeners", passed_on(remote, add))
    assert await pinned() == [posted["id"]]
    moderators = remote.activity("Add", "mod", remote.actor_id("carol"), 2, target=f"{featured}-moderators")
    await remote.tells(server, "gardeners", passed_on(remote, moderators, 2))
    remove = remote.activity("Remove", "mod", posted["id"], target=featured)
    await remote.tells(server, "gardeners", passed_on(remote, remove, 3))
    assert await pinned() == []


async def test_a_person_passes_on_no_moderation(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice")
    remote.add_actor("bob")
    await remote.is_followed(server, alice, "bob")
    posted = remote.serve(remote.note("bob"))
    await remote.tells(server, "bob", remote.activity("Announce", "bob", posted["id"], to=[PUBLIC]))
    status = (await alice.sees(posted["id"]))["id"]
    lock = remote.activity("Lock", "bob", posted["id"])
    await remote.tells(server, "bob", remote.activity("Announce", "bob", lock, 2, to=[PUBLIC]))
    await alice.says("an answer", in_reply_to_id=status)


@pytest.mark.parametrize("kind", ["Create", "Delete", "Like", "Lock", "Undo", "Add", "Announce", "Block"])
async def test_what_a_group_passes_on_is_no_concern_of_a_server_where_nobody_follows_it(
    server: Server, remote: Remote, other: Remote, kind: str
) -> None:
    await server.joins("alice")
    remote.add_actor("gardeners", type="Group")
    other.add_actor("carol")
    posted = other.serve(page(other, "carol"))
    told = other.activity(kind, "carol", posted["id"], target=f"{remote.base}/x")
    assert await remote.tells(server, "gardeners", passed_on(remote, told)) == 202
    assert other.asked == []


@needs_samples
@pytest.mark.parametrize("name", ["lemmy/announce-create-page", "nodebb/announce-create"])
async def test_the_announcements_of_other_programs_are_understood(
    server: Server, remote: Remote, name: str
) -> None:
    alice = await in_a_group(server, remote)
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    told, post = sample["object"], sample["object"]["object"]
    home = post["id"].split("/", 3)[:3]
    text = json.dumps(sample).replace("/".join(home), remote.base)
    sample = json.loads(text)
    told, post = sample["object"], sample["object"]["object"]
    author = remote.add_actor("carol", id=post["attributedTo"])
    remote.documents[post["attributedTo"].removeprefix(remote.base)] = author
    await remote.tells(server, "gardeners", {**sample, "@context": AS, "actor": remote.actor_id("gardeners")})
    (shown,) = await alice.home()
    assert post["name"] in shown["reblog"]["content"]
    assert shown["reblog"]["uri"] == post["id"]
    assert told["actor"] == author["id"]
