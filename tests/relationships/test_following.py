"""Following: who may, what it brings, and that it counts once. The code is `fedcoop/relationships`."""

import asyncio

import pytest
from sqlalchemy import select

from fedcoop import accounts, notifications, relationships
from fedcoop.accounts import Account, ProfileEdit
from fedcoop.accounts.access import find
from fedcoop.db import Database, Tx, statement
from fedcoop.db.schema.statuses import home_entries
from fedcoop.errors import NotAllowed, NotFound
from fedcoop.notifications.access import page
from fedcoop.paging import Page
from fedcoop.relationships import queries
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft
from tests.jobs_added import federated
from tests.people import CONFIG, member, stranger

HOME = statement(
    select(home_entries.c.account_id, home_entries.c.status_id).order_by(home_entries.c.status_id)
)


async def counts(tx: Tx, account: Account) -> tuple[int, int]:
    """Following, followers."""
    now = await find(tx, account.id)
    return now.following_count, now.followers_count


async def told(tx: Tx, account: Account) -> list[tuple[str, int]]:
    return [(each.type, each.from_account_id) for each in await page(tx, account.id, Page())]


async def home(tx: Tx, account: Account) -> list[int]:
    return [status_id for account_id, status_id in await tx.all(HOME) if account_id == account.id]


async def locked(tx: Tx, account: Account) -> Account:
    return await accounts.actions.edit_profile(tx, CONFIG, account, ProfileEdit(locked=True))


async def test_a_member_follows_a_member_at_once_and_it_counts_once(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        assert await relationships.follow(tx, alice, bob) == "following"
        assert (
            await relationships.follow(tx, alice, bob, reblogs=False, notify=True, languages=["de"])
            == "following"
        )
        assert await counts(tx, alice) == (1, 0)
        assert await counts(tx, bob) == (0, 1)
        assert (await find(tx, bob.id)).revision > bob.revision
        assert await told(tx, bob) == [("follow", alice.id)]
        kept = await tx.one(queries.FOLLOW, account_id=alice.id, target_id=bob.id)
        assert kept is not None
        assert (kept.reblogs, kept.notify, kept.languages) == (False, True, '["de"]')
        assert await federated(tx) == []
        for _ in range(2):
            await relationships.unfollow(tx, alice, bob)
        assert await counts(tx, alice) == (0, 0)
        assert await counts(tx, bob) == (0, 0)
        assert await told(tx, bob) == []


async def test_a_locked_member_decides(db: Database) -> None:
    async with db.write() as tx:
        alice, bob, carol = await member(tx, "alice"), await member(tx, "bob"), await member(tx, "carol")
        bob = await locked(tx, bob)
        assert await relationships.follow(tx, alice, bob) == "requested"
        assert await relationships.follow(tx, alice, bob, notify=True) == "requested"
        assert await relationships.follow(tx, carol, bob) == "requested"
        assert await told(tx, bob) == [("follow_request", carol.id), ("follow_request", alice.id)]
        assert await counts(tx, bob) == (0, 0)
        await relationships.accept(tx, bob, alice)
        await relationships.reject(tx, bob, carol)
        assert await told(tx, bob) == [("follow", alice.id)]
        assert await counts(tx, bob) == (0, 1)
        follow = await tx.one(queries.FOLLOW, account_id=alice.id, target_id=bob.id)
        assert follow is not None
        assert follow.notify
        for verb in (relationships.accept, relationships.reject):
            with pytest.raises(NotFound):
                await verb(tx, bob, carol)
        await relationships.remove_follower(tx, bob, alice)
        assert await counts(tx, bob) == (0, 0)


async def test_following_somebody_elsewhere_waits_for_their_server(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test", followers_count=10)
        assert await relationships.follow(tx, alice, bob) == "requested"
        (job,) = await federated(tx)
        assert (job.activity, job.account_id, job.object_id) == ("follow", alice.id, bob.id)
        assert job.uri.startswith(alice.uri)
        await relationships.accepted(tx, alice, bob)
        await relationships.accepted(tx, alice, bob)
        assert await counts(tx, alice) == (1, 0)
        assert await counts(tx, bob) == (0, 11)
        await relationships.unfollow(tx, alice, bob)
        assert [(each.activity, each.uri) for each in await federated(tx)] == [
            ("follow", job.uri),
            ("unfollow", job.uri),
        ]
        assert await counts(tx, bob) == (0, 10)


async def test_a_server_that_rejects_ends_request_and_follow(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test")
        await relationships.follow(tx, alice, bob)
        await relationships.rejected(tx, alice, bob)
        await relationships.accepted(tx, alice, bob)
        assert await counts(tx, alice) == (0, 0)
        await relationships.follow(tx, alice, bob)
        await relationships.accepted(tx, alice, bob)
        await relationships.rejected(tx, alice, bob)
        assert await counts(tx, alice) == (0, 0)


async def test_a_follower_from_elsewhere_is_answered_each_time_it_asks(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test")
        for number in (1, 2):
            assert (
                await relationships.follow(tx, bob, alice, uri=f"https://b.test/follows/{number}")
                == "following"
            )
        assert [
            (each.activity, each.account_id, each.object_id, each.uri) for each in await federated(tx)
        ] == [
            ("accept_follow", alice.id, bob.id, "https://b.test/follows/1"),
            ("accept_follow", alice.id, bob.id, "https://b.test/follows/2"),
        ]
        assert await counts(tx, alice) == (0, 1)
        follow = await tx.one(queries.FOLLOW, account_id=bob.id, target_id=alice.id)
        assert follow is not None
        assert follow.uri == "https://b.test/follows/2"
        await relationships.remove_follower(tx, alice, bob)
        last = (await federated(tx))[-1]
        assert (last.activity, last.object_id, last.uri) == (
            "remove_follower",
            bob.id,
            "https://b.test/follows/2",
        )


async def test_a_limited_follower_has_to_ask(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test")
        await accounts.actions.limit(tx, bob.id)
        assert await relationships.follow(tx, await find(tx, bob.id), alice) == "requested"


async def test_whom_nobody_can_follow(db: Database) -> None:
    async with db.write() as tx:
        alice, bob, carol = await member(tx, "alice"), await member(tx, "bob"), await member(tx, "carol")
        gone, moved = await stranger(tx, "gone@b.test"), await stranger(tx, "moved@b.test")
        await accounts.actions.suspend(tx, gone.id)
        await accounts.actions.mark_moved(tx, moved, await stranger(tx, "new@b.test"))
        await relationships.block(tx, bob, alice)
        await relationships.block(tx, alice, carol)
        for target in (alice, await find(tx, gone.id)):
            with pytest.raises(NotFound):
                await relationships.follow(tx, alice, target)
        for target in (bob, carol, await find(tx, moved.id)):
            with pytest.raises(NotAllowed):
                await relationships.follow(tx, alice, target)


async def test_a_new_follow_brings_the_latest_statuses_home_and_its_end_takes_them_away(db: Database) -> None:
    async with db.write() as tx:
        alice, bob, carol = await member(tx, "alice"), await member(tx, "bob"), await member(tx, "carol")
        other = await statuses.post(tx, carol, Draft(text="carol's"), config=CONFIG)
        posted = {
            visibility: await statuses.post(
                tx, bob, Draft(text=visibility, visibility=visibility), config=CONFIG
            )
            for visibility in ("public", "unlisted", "private", "direct")
        }
        await statuses.post(tx, bob, Draft(text="reply", in_reply_to_id=other.id), config=CONFIG)
        many = [await statuses.post(tx, carol, Draft(text=str(n)), config=CONFIG) for n in range(25)]
        await relationships.follow(tx, alice, bob)
        expected = [posted[name].id for name in ("public", "unlisted", "private")]
        assert await home(tx, alice) == expected
        await relationships.follow(tx, alice, carol)
        assert await home(tx, alice) == expected + [each.id for each in many[-20:]]
        await relationships.unfollow(tx, alice, carol)
        assert await home(tx, alice) == expected


async def test_lists_of_followers_are_paged_and_leave_out_who_is_suspended(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        others = [await stranger(tx, f"s{number}@b.test") for number in range(5)]
        for other in others:
            await relationships.follow(tx, other, alice)
        await accounts.actions.suspend(tx, others[2].id)
        first = await queries.FOLLOWERS.all(tx, Page(limit=2), account_id=alice.id)
        assert [row[1] for row in first] == [others[4].id, others[3].id]
        rest = await queries.FOLLOWERS.all(tx, Page(max_id=first[-1][0]), account_id=alice.id)
        assert [row[1] for row in rest] == [others[1].id, others[0].id]
        assert await queries.FOLLOWING.all(tx, Page(), account_id=alice.id) == []


async def test_notifications_are_part_of_the_same_whole(db: Database) -> None:
    with pytest.raises(ZeroDivisionError):
        async with db.write() as tx:
            alice, bob = await member(tx, "alice"), await member(tx, "bob")
            await relationships.follow(tx, alice, bob)
            raise ZeroDivisionError
    async with db.write() as tx:
        assert not await notifications.notify(tx, "follow", bob.id, alice.id)


async def test_many_requests_at_once_count_as_one(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")

    async def follow(one: Account, other: Account) -> None:
        async with db.write() as tx:
            await relationships.follow(tx, one, other)

    await asyncio.gather(*[follow(*pair) for pair in [(alice, bob), (bob, alice)] * 5])
    async with db.read() as tx:
        assert await counts(tx, alice) == (1, 1)
        assert await counts(tx, bob) == (1, 1)
        assert await told(tx, bob) == [("follow", alice.id)]
