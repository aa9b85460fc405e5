"""Who is told of what, and who is not. The code is `fedcoop/notifications` and `fedcoop/markers`."""

import pytest
from sqlalchemy import insert

from fedcoop import accounts, clock, markers, relationships
from fedcoop.db import Database, Tx, statement
from fedcoop.db.schema.statuses import conversation_mutes
from fedcoop.errors import Invalid, NotFound
from fedcoop.markers.access import markers as read_markers
from fedcoop.notifications import actions
from fedcoop.notifications.access import Wanted, find, group, page, unread_count
from fedcoop.notifications.types import Notification
from fedcoop.paging import Page
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft
from tests.people import CONFIG, member, stranger

MUTE_THREAD = statement(insert(conversation_mutes))


async def told(tx: Tx, account_id: int) -> list[tuple[str, int]]:
    return [(each.type, each.from_account_id) for each in await page(tx, account_id, Page())]


async def test_a_member_is_told_once(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test")
        status = await statuses.post(tx, alice, Draft(text="hi"), config=CONFIG)
        assert await actions.notify(tx, "favourite", alice.id, bob.id, status.id)
        assert not await actions.notify(tx, "favourite", alice.id, bob.id, status.id)
        assert await actions.notify(tx, "reblog", alice.id, bob.id, status.id)
        assert await told(tx, alice.id) == [("reblog", bob.id), ("favourite", bob.id)]
        await actions.forget(tx, "favourite", alice.id, bob.id, status.id)
        assert await told(tx, alice.id) == [("reblog", bob.id)]


async def test_who_is_told_nothing(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        far = await stranger(tx, "far@b.test")
        assert not await actions.notify(tx, "mention", alice.id, alice.id)
        assert await actions.notify(tx, "poll", alice.id, alice.id)
        assert not await actions.notify(tx, "follow", far.id, alice.id)
        await relationships.block(tx, bob, alice)
        assert not await actions.notify(tx, "follow", alice.id, bob.id)
        assert not await actions.notify(tx, "follow", bob.id, alice.id)


async def test_nothing_is_told_of_somebody_muted_while_the_mute_lasts(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        await relationships.mute(tx, alice, bob, expires_at=clock.now() + 60_000)
        assert not await actions.notify(tx, "follow", alice.id, bob.id)
        await relationships.mute(tx, alice, bob, notifications=False)
        assert await actions.notify(tx, "follow", alice.id, bob.id)
        await relationships.mute(tx, alice, bob, expires_at=clock.now() + 60_000)
        clock.advance(seconds=61)
        assert await actions.notify(tx, "follow_request", alice.id, bob.id)


async def test_a_muted_conversation_is_silent(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        status = await statuses.post(tx, alice, Draft(text="hi"), config=CONFIG)
        await tx.execute(MUTE_THREAD, account_id=alice.id, conversation_id=status.conversation_id)
        assert not await actions.notify(tx, "favourite", alice.id, bob.id, status.id)


async def test_somebody_limited_reaches_only_those_who_follow_them(db: Database) -> None:
    async with db.write() as tx:
        alice, bob, far = await member(tx, "alice"), await member(tx, "bob"), await stranger(tx, "far@b.test")
        await relationships.follow(tx, alice, far)
        await relationships.accepted(tx, alice, far)
        await accounts.actions.limit(tx, far.id)
        assert await actions.notify(tx, "mention", alice.id, far.id)
        assert not await actions.notify(tx, "mention", bob.id, far.id)
        await accounts.actions.suspend(tx, far.id)
        assert not await actions.notify(tx, "follow", alice.id, far.id)
        assert await told(tx, alice.id) == []  # what was told before is hidden
        await accounts.actions.unsuspend(tx, far.id)
        assert await told(tx, alice.id) == [("mention", far.id)]


async def test_of_several_edits_the_last_is_told(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        status = await statuses.post(tx, bob, Draft(text="hi"), config=CONFIG)
        await actions.notify(tx, "update", alice.id, bob.id, status.id)
        clock.advance(seconds=5)
        await actions.notify(tx, "update", alice.id, bob.id, status.id)
        (kept,) = await page(tx, alice.id, Page())
        assert kept.created_at >= clock.now() - 1000


async def test_pages_are_narrowed_by_type_and_sender(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        others = [await stranger(tx, f"s{number}@b.test") for number in range(3)]
        for other in others:
            await actions.notify(tx, "follow", alice.id, other.id)
            await actions.notify(tx, "mention", alice.id, other.id)

        async def kinds(**more: object) -> list[str]:
            return [each.type for each in await page(tx, alice.id, Page(), Wanted(**more))]  # type: ignore[arg-type]

        assert await kinds(types=["follow"]) == ["follow"] * 3
        assert await kinds(exclude_types=["follow"]) == ["mention"] * 3
        assert await kinds(types=["follow"], exclude_types=["follow"]) == []
        assert await kinds(from_account_id=others[0].id) == ["mention", "follow"]
        newest = await page(tx, alice.id, Page(limit=2))
        older = await page(tx, alice.id, Page(limit=2, max_id=newest[-1].id))
        newer = await page(tx, alice.id, Page(limit=2, min_id=older[0].id))
        assert newer == newest


async def test_likes_of_one_status_within_hours_are_one_group(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        others = [await stranger(tx, f"s{number}@b.test") for number in range(3)]
        status = await statuses.post(tx, alice, Draft(text="hi"), config=CONFIG)
        clock.advance(seconds=(actions.GROUP_SPAN - clock.now() % actions.GROUP_SPAN) / 1000 + 1)
        for other in others[:2]:
            await actions.notify(tx, "favourite", alice.id, other.id, status.id)
        await actions.notify(tx, "mention", alice.id, others[0].id, status.id)
        clock.advance(seconds=13 * 3600)
        await actions.notify(tx, "favourite", alice.id, others[2].id, status.id)
        later, mention, *first = await page(tx, alice.id, Page())
        assert first[0].group_key == first[1].group_key != later.group_key
        assert mention.group_key.startswith("ungrouped-")
        assert await group(tx, alice.id, first[0].group_key, Page()) == first
        await actions.dismiss_group(tx, alice.id, first[0].group_key)
        assert await page(tx, alice.id, Page()) == [later, mention]


async def test_one_removes_ones_own_notifications_only(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await member(tx, "bob")
        await actions.notify(tx, "follow", alice.id, bob.id)
        await actions.notify(tx, "follow", bob.id, alice.id)
        (mine,) = await page(tx, alice.id, Page())
        assert await find(tx, alice.id, mine.id) == mine
        for attempt in (find, actions.dismiss):
            with pytest.raises(NotFound):
                await attempt(tx, bob.id, mine.id)
        await actions.dismiss(tx, alice.id, mine.id)
        await actions.clear(tx, alice.id)
        assert await told(tx, alice.id) == []
        assert await told(tx, bob.id) == [("follow", alice.id)]


async def test_what_is_newer_than_the_marker_is_unread(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        assert await unread_count(tx, alice.id) == 0
        for number in range(4):
            await actions.notify(tx, "follow", alice.id, (await stranger(tx, f"s{number}@b.test")).id)
        assert await unread_count(tx, alice.id) == 4
        assert await unread_count(tx, alice.id, limit=3) == 3
        assert await unread_count(tx, alice.id, Wanted(types=["mention"])) == 0
        rows: list[Notification] = await page(tx, alice.id, Page())
        await markers.save(tx, alice.id, {"notifications": rows[1].id})
        assert await unread_count(tx, alice.id) == 1


async def test_markers_count_their_changes(db: Database) -> None:
    async with db.write() as tx:
        alice = await member(tx, "alice")
        assert await read_markers(tx, alice.id) == {}
        first = await markers.save(tx, alice.id, {"home": 5})
        assert (first["home"].last_read_id, first["home"].version) == ("5", 0)
        second = await markers.save(tx, alice.id, {"home": 7, "notifications": 8})
        assert second["home"].version == 1
        assert await read_markers(tx, alice.id, ["notifications"]) == {
            "notifications": second["notifications"]
        }
        with pytest.raises(Invalid):
            await markers.save(tx, alice.id, {"public": 1})
