"""What other servers tell us of posts, and what becomes of it here. Who follows whom is in `test_following`."""

from __future__ import annotations

from fedcoop import clock
from fedcoop.db.schema.accounts import follows
from fedcoop.db.schema.notifications import notifications
from fedcoop.db.schema.statuses import favourites, poll_votes, statuses
from fedcoop.paging import Page
from fedcoop.relationships import actions as relationship_actions
from fedcoop.reports import access as reports
from fedcoop.reports.types import Wanted
from fedcoop.statuses.types import PollDraft
from tests.activitypub.coop import Coop, count
from tests.activitypub.remote import PUBLIC, Remote


async def test_a_post_of_somebody_followed_arrives_once(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    note = remote.note("bob", content="<p>Hello <script>alert(1)</script><b>you</b></p>")
    create = remote.activity("Create", "bob", note)
    await coop.receives(remote, "bob", create)
    await coop.receives(remote, "bob", create)
    status = await coop.status(note["id"])
    assert status is not None
    assert status.visibility == "public"
    assert "script" not in status.content
    assert await count(coop, statuses) == 1


async def test_a_post_that_concerns_nobody_is_not_kept(coop: Coop, remote: Remote) -> None:
    await coop.joins("alice")
    remote.add_actor("bob")
    note = remote.note("bob")
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    assert await coop.status(note["id"]) is None


async def test_the_audience_decides_who_may_see(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    followers = f"{remote.actor_id('bob')}/followers"
    mention = [{"type": "Mention", "href": alice.uri, "name": "@alice@coop.test"}]
    cases = [
        ("public", [PUBLIC], [followers], []),
        ("public", ["as:Public"], [], []),
        ("unlisted", [followers], [PUBLIC], []),
        ("private", [followers], [], []),
        ("direct", [alice.uri], [], mention),
        ("direct", [alice.uri], [], []),
        ("private", ["https://elsewhere.test/x", followers], [], mention),
    ]
    for number, (visibility, to, cc, tag) in enumerate(cases, 1):
        note = remote.note("bob", number, to=to, cc=cc, tag=tag)
        await coop.receives(remote, "bob", remote.activity("Create", "bob", note, number))
        status = await coop.status(note["id"])
        assert status is not None, visibility
        assert status.visibility == visibility


async def test_a_direct_message_tells_the_member(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    note = remote.note("bob", to=[alice.uri], cc=[])
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    assert await coop.status(note["id"]) is not None
    assert await count(coop, notifications) == 1


async def test_nobody_speaks_for_somebody_else(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("mallory")
    await coop.follows(alice, remote, "bob")
    await coop.follows(alice, other, "mallory")
    forged = remote.note("bob", 7, content="<p>I never said this</p>")
    await coop.receives(other, "mallory", other.activity("Create", "mallory", forged))
    assert await coop.status(forged["id"]) is None  # bob's server does not know it
    genuine = remote.serve(remote.note("bob", 8, content="<p>Genuine</p>"))
    await coop.receives(
        other, "mallory", other.activity("Create", "mallory", {**genuine, "content": "<p>Forged</p>"}, 2)
    )
    status = await coop.status(genuine["id"])
    assert status is None or "Genuine" in status.content
    # an id of one's own server does not help either
    foreign = {**other.note("mallory", 9), "attributedTo": remote.actor_id("bob")}
    other.serve(foreign)
    await coop.receives(other, "mallory", other.activity("Create", "mallory", foreign, 3))
    assert await coop.status(foreign["id"]) is None


async def test_an_answer_brings_what_it_answers(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    remote.add_actor("carol")
    await coop.follows(alice, remote, "bob")
    first = remote.serve(remote.note("carol", 1, content="<p>First</p>"))
    second = remote.serve(remote.note("carol", 2, inReplyTo=first["id"]))
    third = remote.note("bob", 3, inReplyTo=second["id"])
    await coop.receives(remote, "bob", remote.activity("Create", "bob", third))
    await coop.settle()
    stored = [await coop.status(note["id"]) for note in (first, second, third)]
    assert all(stored)
    assert stored[2] is not None
    assert stored[1] is not None
    assert stored[2].in_reply_to_id == stored[1].id


async def test_an_endless_thread_is_fetched_in_part(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    for number in range(2, 80):
        remote.serve(remote.note("bob", number, inReplyTo=remote.note("bob", number + 1)["id"]))
    await coop.receives(
        remote,
        "bob",
        remote.activity("Create", "bob", remote.note("bob", 1, inReplyTo=remote.note("bob", 2)["id"])),
    )
    await coop.settle()
    assert 2 <= await count(coop, statuses) <= 30


async def test_an_edit_replaces_the_words_and_nothing_else(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("mallory")
    await coop.follows(alice, remote, "bob")
    note = remote.note("bob", to=[f"{remote.actor_id('bob')}/followers"], cc=[])
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    edited = {**note, "content": "<p>Good evening</p>", "updated": "2026-01-02T04:04:05Z", "to": [PUBLIC]}
    await coop.receives(other, "mallory", other.activity("Update", "mallory", edited))
    status = await coop.status(note["id"])
    assert status is not None
    assert "morning" in status.content
    await coop.receives(remote, "bob", remote.activity("Update", "bob", edited, 2))
    status = await coop.status(note["id"])
    assert status is not None
    assert "evening" in status.content
    assert status.visibility == "private"
    assert status.edited_at is not None


async def test_a_deleted_post_goes_and_does_not_come_back(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    remote.add_actor("carol")
    other.add_actor("mallory")
    await coop.follows(alice, remote, "bob")
    note = remote.note("bob")
    create = remote.activity("Create", "bob", note)
    await coop.receives(remote, "bob", create)
    await coop.receives(other, "mallory", other.activity("Delete", "mallory", note["id"]))
    await coop.follows(alice, remote, "carol")
    await coop.receives(remote, "carol", remote.activity("Delete", "carol", note["id"]))
    assert await coop.status(note["id"]) is not None
    tombstone = {"type": "Tombstone", "id": note["id"]}
    await coop.receives(remote, "bob", remote.activity("Delete", "bob", tombstone))
    assert await coop.status(note["id"]) is None
    await coop.receives(remote, "bob", {**create, "id": create["id"] + "0"})
    assert await coop.status(note["id"]) is None


async def test_a_share_shows_the_original_from_its_own_server(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    await coop.follows(alice, remote, "bob")
    original = other.serve(other.note("carol", content="<p>Original</p>"))
    lie = {**original, "content": "<p>Another</p>"}
    announce = remote.activity(
        "Announce", "bob", lie, to=[PUBLIC], cc=[f"{remote.actor_id('bob')}/followers"]
    )
    await coop.receives(remote, "bob", announce)
    stored = await coop.status(original["id"])
    assert stored is not None
    assert "Original" in stored.content
    reblog = await coop.status(announce["id"])
    assert reblog is not None
    assert reblog.reblog_of_id == stored.id
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", announce))
    assert await coop.status(announce["id"]) is None
    assert await coop.status(original["id"]) is not None


async def test_a_share_by_somebody_nobody_follows_fetches_nothing(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    original = other.serve(other.note("carol"))
    await coop.receives(remote, "bob", remote.activity("Announce", "bob", original["id"], to=[PUBLIC]))
    assert await coop.status(original["id"]) is None
    assert other.asked == []


async def test_a_group_shares_what_its_members_create(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("group", type="Group")
    remote.add_actor("carol")
    await coop.follows(alice, remote, "group")
    page = remote.serve(remote.note("carol", type="Page", name="A title", content="<p>Body</p>"))
    create = remote.activity("Create", "carol", page)
    await coop.receives(remote, "group", remote.activity("Announce", "group", create, to=[PUBLIC]))
    status = await coop.status(page["id"])
    assert status is not None
    assert "A title" in status.content


async def test_a_like_counts_once_and_tells_the_author(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "hello")
    like = remote.activity("Like", "bob", status.uri)
    await coop.receives(remote, "bob", like)
    await coop.receives(remote, "bob", {**like, "id": like["id"] + "0"})
    assert await count(coop, favourites) == 1
    assert await count(coop, notifications) == 1
    await coop.receives(remote, "bob", remote.activity("Undo", "bob", like))
    assert await count(coop, favourites) == 0


async def test_a_reaction_counts_as_a_favourite(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "hello")
    await coop.receives(remote, "bob", remote.activity("EmojiReact", "bob", status.uri, content="🐝"))
    assert await count(coop, favourites) == 1


async def test_nobody_likes_what_they_may_not_see(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    status = await coop.says(alice, "hello", visibility="private")
    await coop.receives(remote, "bob", remote.activity("Like", "bob", status.uri))
    await coop.receives(remote, "bob", remote.activity("Announce", "bob", status.uri, to=[PUBLIC]))
    assert await count(coop, favourites) == 0
    assert await count(coop, statuses) == 1


async def test_votes_count_once_for_each_voter(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    draft = PollDraft(options=["yes", "no"], expires_at=clock.now() + clock.HOUR)
    status = await coop.says(alice, "well?", poll=draft)

    def vote(choice: str, number: int) -> dict[str, object]:
        identity = f"{remote.actor_id('bob')}#votes/{number}"
        ballot = {
            "id": identity,
            "type": "Note",
            "attributedTo": remote.actor_id("bob"),
            "name": choice,
            "inReplyTo": status.uri,
            "to": [alice.uri],
        }
        return remote.activity("Create", "bob", ballot, number)

    for number, choice in enumerate(["maybe", "yes", "yes", "no"]):
        await coop.receives(remote, "bob", vote(choice, number))
    assert await count(coop, poll_votes) == 1
    assert await count(coop, statuses) == 1


async def test_a_question_arrives_with_its_totals_and_new_ones(coop: Coop, remote: Remote) -> None:
    from fedcoop.statuses import queries

    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")

    def options(*totals: int) -> list[dict[str, object]]:
        return [
            {"type": "Note", "name": name, "replies": {"type": "Collection", "totalItems": total}}
            for name, total in zip(("tea", "coffee"), totals, strict=True)
        ]

    question = remote.note(
        "bob", type="Question", oneOf=options(1, 2), endTime="2999-01-01T00:00:00Z", votersCount=3
    )
    await coop.receives(remote, "bob", remote.activity("Create", "bob", question))
    await coop.receives(
        remote,
        "bob",
        remote.activity("Update", "bob", {**question, "oneOf": options(5, 2), "votersCount": 7}),
    )
    status = await coop.status(question["id"])
    assert status is not None
    async with coop.db.read() as tx:
        poll = await tx.one(queries.POLLS, ids=[status.poll_id])
    assert poll is not None
    assert (poll.titles(), poll.votes(), poll.voters_count) == (["tea", "coffee"], [5, 2], 7)
    assert status.edited_at is None


KINDS = """Dislike Travel Add Remove Flag Undo Create Update Delete Announce Like Accept Move"""


async def test_strange_activities_change_nothing(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    things: list[object] = [None, "", [], "x", {"type": "Note"}, {"type": "Person", "id": alice.uri}, 17]
    for number, kind in enumerate(KINDS.split(), 50):
        for place, thing in enumerate(things):
            await coop.receives(remote, "bob", remote.activity(kind, "bob", thing, number * 100 + place))
    assert await count(coop, statuses) == 0
    assert await count(coop, follows) == 1


async def test_a_report_keeps_what_is_here_and_may_be_seen_there(coop: Coop, remote: Remote) -> None:
    alice, carla = await coop.joins("alice"), await coop.joins("carla")
    remote.add_actor("bob")
    public, secret = await coop.says(alice, "Hello"), await coop.says(alice, "Hush", visibility="private")
    hers = await coop.says(carla, "Hi")
    named = [alice.uri, public.uri, secret.uri, hers.uri, "https://nowhere.test/1", {"id": alice.uri}]
    activity = remote.activity("Flag", "bob", named, content="x" * 6000)
    await coop.receives(remote, "bob", activity)
    await coop.receives(remote, "bob", activity)
    async with coop.db.read() as tx:
        found = await reports.page(tx, Page(), Wanted())
    assert {(each.target_id, tuple(each.statuses)) for each in found} == {
        (alice.id, (public.id,)),
        (carla.id, (hers.id,)),
    }
    assert {len(each.comment) for each in found} == {5000}
    bob = await coop.knows(remote, "bob")
    assert bob is not None
    async with coop.db.write() as tx:
        await relationship_actions.follow_again(tx, bob, alice)
    await coop.receives(remote, "bob", remote.activity("Flag", "bob", [secret.uri], number=2))
    async with coop.db.read() as tx:
        (newest, *_) = await reports.page(tx, Page(), Wanted())
    assert newest.statuses == [secret.id]
