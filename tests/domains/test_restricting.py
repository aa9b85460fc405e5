"""What restricting a server does at once, and what lifting it brings back. The code is `fedcoop/domains`."""

from typing import Any

import msgspec
import pytest
from sqlalchemy import func, select

from fedcoop import domains, relationships
from fedcoop.accounts import Account, actions
from fedcoop.accounts.access import find
from fedcoop.db import Database, Tx, statement
from fedcoop.db.schema.accounts import follow_requests, follows
from fedcoop.db.schema.statuses import home_entries
from fedcoop.domains.access import domain_block, severed
from fedcoop.domains.types import Impact
from fedcoop.errors import Invalid
from fedcoop.notifications.access import page
from fedcoop.paging import Page
from fedcoop.statuses import actions as statuses
from fedcoop.statuses import remote as remote_statuses
from fedcoop.statuses.types import Draft, RemoteStatus
from tests.people import CONFIG, member, stranger

FOLLOWS = statement(select(follows.c.account_id, follows.c.target_id))
REQUESTS = statement(select(func.count()).select_from(follow_requests))
HOME = statement(select(home_entries.c.status_id))


async def each_follows_the_other(tx: Tx, local: Account, remote: Account) -> None:
    await relationships.follow(tx, local, remote)
    await relationships.accepted(tx, local, remote)
    await relationships.follow(tx, remote, local, uri=f"{remote.uri}/follows/1")


async def counts(tx: Tx, account: Account) -> tuple[int, int]:
    now = await find(tx, account.id)
    return now.following_count, now.followers_count


async def written(tx: Tx, author: Account, number: int) -> int:
    uri = f"{author.uri}/{number}"
    said = RemoteStatus(
        uri=uri, url=uri, content="<p>x</p>", visibility="public", created_at=1_700_000_000_000
    )
    status = await remote_statuses.receive(tx, author, said, wanted=True)
    assert status is not None
    return status.id


async def test_suspending_a_server_cuts_every_follow_and_counts_right(db: Database) -> None:
    async with db.write() as tx:
        alice, carol = await member(tx, "alice"), await member(tx, "carol")
        bob, eve, friend = [
            await stranger(tx, handle) for handle in ("bob@bad.test", "eve@sub.bad.test", "fay@notbad.test")
        ]
        for remote in (bob, eve, friend):
            await each_follows_the_other(tx, alice, remote)
        await relationships.follow(tx, carol, bob)
        await relationships.follow(tx, alice, carol)
        await written(tx, bob, 1)
        kept = await written(tx, friend, 1)
        mine = await statuses.post(tx, alice, Draft(text="x"), config=CONFIG)
        assert await domains.impact(tx, "BAD.test") == Impact(
            following=2, followers=2, members=1, accounts=2, statuses=1
        )
    async with db.write() as tx:
        await domains.restrict(
            tx, "Bad.Test.", severity="suspend", public_comment="spam", because="proposal:1"
        )
    async with db.write() as tx:
        assert await counts(tx, alice) == (2, 1)
        assert await counts(tx, carol) == (0, 1)
        assert await counts(tx, bob) == (0, 0)
        assert await counts(tx, friend) == (1, 1)
        assert {tuple(row) for row in await tx.all(FOLLOWS)} == {
            (alice.id, friend.id),
            (friend.id, alice.id),
            (alice.id, carol.id),
        }
        assert await tx.scalar(REQUESTS) == 0
        assert set(await tx.scalars(HOME)) == {kept, mine.id}
        lost = await severed(tx, alice.id, Page())
        assert {(each.remote_id, each.direction) for each in lost} == {
            (bob.id, "following"), (bob.id, "follower"), (eve.id, "following"), (eve.id, "follower"),
        }  # fmt: skip
        for account in (bob, eve):
            now = await find(tx, account.id)
            assert now.suspended_at is not None
            assert now.revision > account.revision
        assert (await find(tx, friend.id)).suspended_at is None
        told, *before = await page(tx, alice.id, Page())
        assert told.type == "severed_relationships"
        event = msgspec.json.decode(told.detail)
        assert (event["target_name"], event["following_count"], event["followers_count"]) == (
            "bad.test",
            2,
            2,
        )
        assert {each.from_account_id for each in before} == {friend.id}
        assert [each.type for each in await page(tx, carol.id, Page())] == ["follow"]


async def test_doing_it_again_changes_nothing_but_the_words(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@bad.test")
        await each_follows_the_other(tx, alice, bob)
        first = await domains.restrict(tx, "bad.test", severity="suspend", because="proposal:1")
        again = await domains.restrict(tx, "bad.test", severity="suspend", public_comment="why")
        assert again.created_at == first.created_at
        assert len(await severed(tx, alice.id, Page())) == 2
        assert len(await page(tx, alice.id, Page())) == 1
        assert await domains.all_restrictions(tx) == [again]


async def test_lifting_restores_the_accounts_and_leaves_the_follows_listed(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@bad.test")
        worse = await stranger(tx, "worse@bad.test")
        await actions.suspend(tx, worse.id)
        await each_follows_the_other(tx, alice, bob)
        await domains.restrict(tx, "bad.test", severity="suspend")
        late = await stranger(tx, "late@bad.test")
        assert late.suspended_at is not None
        await domains.lift(tx, "bad.test", because="proposal:2")
        await domains.lift(tx, "bad.test", because="proposal:2")
        assert (await find(tx, bob.id)).suspended_at is None
        assert (await find(tx, late.id)).suspended_at is None
        assert (await find(tx, worse.id)).suspended_at is not None
        assert await counts(tx, alice) == (0, 0)
        assert len(await severed(tx, alice.id, Page())) == 2
        assert await domains.gate(tx, "bad.test") is None
        assert await relationships.follow(tx, alice, await find(tx, bob.id)) == "requested"


async def test_limiting_hides_and_cuts_nothing(db: Database) -> None:
    async with db.write() as tx:
        alice, bob = await member(tx, "alice"), await stranger(tx, "bob@loud.test")
        await each_follows_the_other(tx, alice, bob)
        await domains.restrict(tx, "loud.test", severity="limit")
        assert await counts(tx, alice) == (1, 1)
        assert (await find(tx, bob.id)).limited_at is not None
        await domains.restrict(tx, "loud.test", severity="suspend")
        now = await find(tx, bob.id)
        assert (now.limited_at, now.suspended_at is not None) == (None, True)
        await domains.restrict(tx, "loud.test", severity="limit")
        now = await find(tx, bob.id)
        assert (now.limited_at is not None, now.suspended_at) == (True, None)


@pytest.mark.parametrize("lifted_first", ["bad.test", "sub.bad.test"])
async def test_two_restrictions_of_one_account_hold_until_both_are_lifted(
    db: Database, lifted_first: str
) -> None:
    async with db.write() as tx:
        both = ["bad.test", "sub.bad.test"]
        early = await stranger(tx, "early@sub.bad.test")
        for domain in both:
            await domains.restrict(tx, domain, severity="suspend")
        late = await stranger(tx, "late@sub.bad.test")
        await domains.lift(tx, lifted_first, because="")
        assert [(await find(tx, each.id)).suspended_at is not None for each in (early, late)] == [True, True]
        both.remove(lifted_first)
        await domains.lift(tx, both[0], because="")
        assert [(await find(tx, each.id)).suspended_at for each in (early, late)] == [None, None]


async def test_the_gate_knows_every_spelling_and_the_domains_below(db: Database) -> None:
    async with db.write() as tx:
        await domains.restrict(tx, "bad.test", severity="suspend", reject_media=True)
        await domains.restrict(tx, "sub.bad.test", severity="limit")
        await domains.restrict(tx, "bücher.example", severity="limit")
        await domains.restrict(tx, "localhost:8082", severity="suspend")

        async def severity(domain: str) -> str | None:
            found = await domains.gate(tx, domain)
            return None if found is None else found.severity

        for spelling in (
            "bad.test",
            "BAD.test.",
            "ｂad．test",
            "x.y.bad.test",
            "bad.test:8080",
            "sub.bad.test",
        ):
            assert await severity(spelling) == "suspend"
        for fine in ("notbad.test", "test", "bad.test.example", "localhost:8081", "localhost"):
            assert await severity(fine) is None
        assert await severity("BÜCHER.example") == "limit"
        assert await severity("localhost:8082") == "suspend"
        with pytest.raises(Invalid):
            await domains.gate(tx, "no domain")


async def test_a_wildcard_in_a_name_is_no_wildcard(db: Database) -> None:
    async with db.write() as tx:
        one, other = await stranger(tx, "x@y.a_b.test"), await stranger(tx, "x@y.acb.test")
        await domains.restrict(tx, "a_b.test", severity="suspend")
        assert (await find(tx, one.id)).suspended_at is not None
        assert (await find(tx, other.id)).suspended_at is None


async def test_what_a_domain_above_refuses_is_refused_of_one_below_with_a_restriction_of_its_own(
    db: Database,
) -> None:
    async with db.write() as tx:
        await domains.restrict(tx, "bad.test", severity="limit", reject_media=True)
        await domains.restrict(tx, "sub.bad.test", severity="suspend", reject_reports=True)
        await domains.restrict(tx, "good.bad.test", severity="allow")
        found = await domains.gate(tx, "x.sub.bad.test")
        assert found is not None
        assert (found.domain, found.suspended) == ("sub.bad.test", True)
        assert (found.reject_media, found.reject_reports) == (True, True)
        assert await domains.gate(tx, "good.bad.test") is None


async def test_a_hidden_name_is_recognised_by_who_knows_it(db: Database) -> None:
    async with db.write() as tx:
        restriction = await domains.restrict(tx, "dajiaweibo.com", severity="suspend", obfuscate=True)
        shown = domain_block(restriction)
        assert shown.domain == "daji******.com"
        assert shown.digest == "3752f63a7079d60c2de5dceb8bd7608e86a15544eb78a494a482041c3684b37f"
        assert domain_block(await domains.restrict(tx, "b.test", severity="limit")).severity == "silence"


async def test_a_large_server_costs_as_many_statements_as_a_small_one(db: Database) -> None:
    async def cost(domain: str, people: int) -> int:
        async with db.write() as tx:
            alice = await member(tx, f"alice{people}")
            for number in range(people):
                await each_follows_the_other(tx, alice, await stranger(tx, f"s{number}@{domain}"))
        async with db.write() as tx:
            counted: Any = Counted(tx)
            await domains.restrict(counted, domain, severity="suspend")
            assert await counts(tx, alice) == (0, 0)
            return int(counted.calls)

    assert await cost("small.test", 1) == await cost("large.test", 12)


class Counted:
    """A transaction that counts what it is asked."""

    def __init__(self, tx: Tx) -> None:
        self.tx, self.calls = tx, 0
        self.dialect, self.wake = tx.dialect, tx.wake

    def __getattr__(self, name: str) -> Any:
        self.calls += 1
        return getattr(self.tx, name)
