"""Blocks, mutes, and how members stand to others. The code is `fedcoop/relationships`."""

import msgspec
import pytest
from sqlalchemy import select

from fedcoop import clock, relationships
from fedcoop.accounts.access import find
from fedcoop.db import Database, Tx, statement
from fedcoop.db.schema.accounts import mutes
from fedcoop.db.schema.statuses import home_entries
from fedcoop.errors import NotAllowed
from fedcoop.notifications.access import page
from fedcoop.paging import Page
from fedcoop.relationships import queries
from fedcoop.relationships.access import Relationship, familiar
from fedcoop.relationships.actions import end_mutes
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft
from tests.jobs_added import federated
from tests.people import CONFIG, member, stranger

MUTES = statement(select(mutes.c.target_id))
HOME = statement(select(home_entries.c.account_id, home_entries.c.status_id))


async def one(tx: Tx, viewer: int, other: int) -> Relationship:
    (found,) = await relationships.relationships(tx, viewer, [other])
    return found


async def test_a_block_cuts_everything_between_two_members(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        await relationships.follow(tx, alice, bob)
        await relationships.follow(tx, bob, alice)
        await statuses.post(tx, alice, Draft(text="hello @bob"), config=CONFIG)
        await statuses.post(tx, bob, Draft(text="hello @alice"), config=CONFIG)
        for _ in range(2):
            await relationships.block(tx, alice, bob)
        for account in (alice, bob):
            now = await find(tx, account.id)
            assert (now.following_count, now.followers_count) == (0, 0)
            assert await page(tx, account.id, Page()) == []
        assert len(await tx.all(HOME)) == 2  # each their own
        assert (await one(tx, alice.id, bob.id)).blocking
        assert (await one(tx, bob.id, alice.id)).blocked_by
        assert await federated(tx) != []  # the two posts
        assert not [job for job in await federated(tx) if job.activity == "block"]
        await relationships.unblock(tx, alice, bob)
        await relationships.unblock(tx, alice, bob)
        assert not (await one(tx, alice.id, bob.id)).following
        assert await relationships.follow(tx, bob, alice) == "following"


async def test_a_block_of_somebody_elsewhere_is_told_there(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test")
        await relationships.follow(tx, bob, alice, uri="https://b.test/1")
        await relationships.follow(tx, alice, bob)
        await relationships.accepted(tx, alice, bob)
        await relationships.block(tx, alice, bob)
        await relationships.unblock(tx, alice, bob)
        jobs = await federated(tx)
        assert [job.activity for job in jobs] == [
            "accept_follow", "follow", "unfollow", "remove_follower", "block", "unblock",
        ]  # fmt: skip
        assert jobs[4].uri == jobs[5].uri


async def test_a_block_from_elsewhere_ends_follows_quietly(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test")
        await relationships.follow(tx, alice, bob)
        await relationships.accepted(tx, alice, bob)
        told = len(await federated(tx))
        await relationships.block(tx, bob, alice, uri="https://b.test/block/1")
        assert len(await federated(tx)) == told
        assert (await find(tx, alice.id)).following_count == 0
        block = await tx.one(queries.BLOCK, account_id=bob.id, target_id=alice.id)
        assert block is not None
        assert block.uri == "https://b.test/block/1"


async def test_nobody_blocks_or_mutes_oneself(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        for verb in (relationships.block, relationships.mute):
            with pytest.raises(NotAllowed):
                await verb(tx, alice, alice)


async def test_a_mute_ends_when_its_time_is_over(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        await relationships.mute(tx, alice, bob)
        await relationships.mute(tx, alice, bob, notifications=False, expires_at=clock.now() + 60_000)
        found = await one(tx, alice.id, bob.id)
        assert (found.muting, found.muting_notifications) == (True, False)
        assert found.muting_expires_at is not None
        clock.advance(seconds=61)
        assert not (await one(tx, alice.id, bob.id)).muting
        await end_mutes(tx)
        assert await tx.all(MUTES) == []
        await relationships.mute(tx, alice, bob)
        await relationships.unmute(tx, alice, bob)
        assert not (await one(tx, alice.id, bob.id)).muting


async def test_how_a_member_stands_to_many_others_is_told_in_their_order(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        followed, fan, asked, silent = [await stranger(tx, f"s{number}@b.test") for number in range(4)]
        await relationships.follow(tx, alice, followed, reblogs=False, languages=["de"])
        await relationships.accepted(tx, alice, followed)
        await relationships.follow(tx, fan, alice)
        await relationships.follow(tx, alice, asked, notify=True)
        await relationships.note(tx, alice, silent, " met at the market\x00 ")
        wanted = [silent.id, asked.id, 12345, fan.id, followed.id, fan.id]
        found = await relationships.relationships(tx, alice.id, wanted)
        assert found == [
            Relationship(id=str(silent.id), note="met at the market"),
            Relationship(id=str(asked.id), requested=True, notifying=True),
            Relationship(id=str(fan.id), followed_by=True),
            Relationship(id=str(followed.id), following=True, languages=["de"]),
        ]
        assert '"languages":null' in msgspec.json.encode(found[0]).decode()
        await relationships.note(tx, alice, silent, "")
        assert (await one(tx, alice.id, silent.id)).note == ""
        assert await relationships.relationships(tx, alice.id, []) == []


async def test_familiar_followers_are_those_whom_one_follows(db: Database) -> None:
    async with db.write() as tx:
        alice, bob, carol, dave = [await member(tx, name) for name in ("alice", "bob", "carol", "dave")]
        await relationships.follow(tx, alice, bob)
        await relationships.follow(tx, bob, carol)
        await relationships.follow(tx, dave, carol)
        assert await familiar(tx, alice.id, [carol.id, dave.id]) == {carol.id: [bob.id], dave.id: []}
