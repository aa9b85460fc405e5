"""Accounts of other servers: who is who, and what stays when they go. The code is `fedcoop/accounts/remote.py`."""

from sqlalchemy import func, insert, select

from fedcoop import favourites, ids
from fedcoop.accounts import access, actions, queries
from fedcoop.db import Database, statement
from fedcoop.db.schema.accounts import accounts, follows
from fedcoop.db.schema.instance import restricted_domains
from fedcoop.notifications.access import page
from fedcoop.paging import Page
from fedcoop.statuses import actions as statuses
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses import reblogs, remote
from fedcoop.statuses.types import Draft, RemoteStatus
from tests.people import CONFIG, member, stranger

COUNT = statement(select(func.count()).select_from(accounts))
FOLLOW = statement(insert(follows))
RESTRICT = statement(insert(restricted_domains))


async def test_saving_twice_keeps_one_account_and_shows_changes_only(db: Database) -> None:
    async with db.write() as tx:
        bob = await stranger(tx, "bob@b.test", followers_count=7)
        same = await stranger(tx, "bob@b.test")
        assert (same.revision, same.followers_count) == (bob.revision, 7)
        renamed = await stranger(tx, "bob@b.test", display_name="Bobby")
        assert (renamed.id, renamed.revision) == (bob.id, bob.revision + 1)
        assert await access.find(tx, bob.id) == renamed
        assert await tx.scalar(COUNT) == 1


async def test_the_address_is_who_somebody_is_and_a_handle_has_one_owner(db: Database) -> None:
    async with db.write() as tx:
        first = await stranger(tx, "bob@b.test")
        second = await stranger(tx, "bob@b.test", uri="https://b.test/users/2")
        assert await access.by_handle(tx, "bob@b.test") == second
        assert (await access.find(tx, first.id)).handle == f"invalid:{first.id}"
        renamed = await stranger(tx, "robert@b.test", uri="https://b.test/users/2")
        assert renamed.id == second.id
        assert await access.by_handle(tx, "bob@b.test") is None


async def test_an_account_of_a_restricted_server_is_restricted_from_the_start(db: Database) -> None:
    async with db.write() as tx:
        for id_, (domain, severity) in enumerate((("bad.test", "suspend"), ("loud.test", "limit"))):
            await tx.execute(
                RESTRICT, id=id_, domain=domain, severity=severity, reject_media=False, reject_reports=False,
                obfuscate=False, public_comment="", because="", created_at=1,
            )  # fmt: skip
        assert (await stranger(tx, "x@sub.bad.test")).suspended_at is not None
        assert (await stranger(tx, "x@loud.test")).limited_at is not None
        fine = await stranger(tx, "x@notbad.test")
        assert (fine.limited_at, fine.suspended_at) == (None, None)


async def test_a_deleted_account_leaves_nothing_but_an_empty_row(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@b.test", display_name="Bob")
        for one, other in ((alice, bob), (bob, alice)):
            await tx.execute(
                FOLLOW, account_id=one.id, target_id=other.id, id=ids.new_id(), created_at=1, uri="",
                reblogs=True, notify=False, languages="[]",
            )  # fmt: skip
            await tx.execute(queries.RENAME_HANDLE, account_id=one.id, new_handle=one.handle)
        await actions.delete_remote(tx, bob)
        assert await access.by_uri(tx, bob.uri) is None
        gone = await tx.one(queries.BY_ID, id=bob.id)
        assert gone is not None
        assert (gone.display_name, gone.deleted_at is not None) == ("", True)
        back = await stranger(tx, "bob@b.test", display_name="Bob")
        assert (back.id, back.deleted_at) == (bob.id, None)


async def test_what_a_deleted_account_wrote_and_marked_goes_and_is_counted_no_more(db: Database) -> None:
    async with db.write() as tx:
        alice, bob, carol = (
            await member(tx, "alice"),
            await stranger(tx, "bob@b.test"),
            await member(tx, "carol"),
        )
        mine = await statuses.post(tx, alice, Draft(text="hello"), config=CONFIG)
        await favourites.add(tx, bob, mine, uri="https://b.test/1")
        await favourites.add(tx, carol, mine)
        await reblogs.add(tx, bob, mine, uri="https://b.test/2")
        said = RemoteStatus(
            uri="https://b.test/3", url="", content="<p>hi</p>", visibility="public", created_at=1_700_000_000_000,
            in_reply_to_uri=mine.uri, mentions=(alice.id,),
        )  # fmt: skip
        theirs = await remote.receive(tx, bob, said)
        assert theirs is not None
        await reblogs.add(tx, carol, theirs)
        before = await tx.one(status_queries.BY_ID, id=mine.id)
        assert before is not None
        assert (before.favourites_count, before.reblogs_count, before.replies_count) == (2, 1, 1)
        await actions.delete_remote(tx, bob)
        after = await tx.one(status_queries.BY_ID, id=mine.id)
        assert after is not None
        assert (after.favourites_count, after.reblogs_count, after.replies_count) == (1, 0, 0)
        assert after.revision > before.revision
        assert await tx.one(status_queries.BY_ID, id=theirs.id) is None
        assert (await access.find(tx, carol.id)).statuses_count == 0
        assert [each.from_account_id for each in await page(tx, alice.id, Page())] == [carol.id]
