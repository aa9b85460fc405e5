"""Acts on accounts, posts and servers: what each does when its proposal passes, that the record agrees, and that
repealing it restores what was before; and which acts cannot be proposed. Those on the co-op itself are in
`test_house_acts`; on pages and in the API they are in `tests/web/test_decided.py`."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import domains
from fedcoop.accounts import access as accounts
from fedcoop.db import Database, Tx
from fedcoop.domains.access import severed
from fedcoop.errors import Invalid, NotFound
from fedcoop.paging import Page
from fedcoop.relationships import actions as relationships
from fedcoop.statuses import access as statuses
from fedcoop.statuses import actions as posting
from fedcoop.statuses.types import Draft
from moderation.acts.types import ACTS, schemas
from moderation.ledger import serve
from tests.moderation.deciding import EASY, agreed, decide, far_away, three, undo
from tests.moderation.world import Coop


@pytest.fixture
async def coop(db: Database) -> Coop:
    """Three members who decide everything in five minutes, and a stranger."""
    return await three(db)


async def test_an_account_is_limited_suspended_and_restored(coop: Coop) -> None:
    limited = await decide(coop, {"type": "limit_account", "account": "@Zoe@coop.example"})
    assert limited.acts[0].act["account"] == "zoe"
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).limited_at is not None
    await agreed(coop)
    suspended = await decide(coop, {"type": "suspend_account", "account": "zoe"})
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).suspended_at is not None
    again = await undo(coop, suspended)
    async with coop.db.read() as tx:
        zoe = await accounts.find(tx, coop.people["zoe"].id)
        assert zoe.suspended_at is None
        assert zoe.limited_at is not None, "what was before is restored, not all"
    assert again.acts[0].act == limited.acts[0].act
    await decide(coop, {"type": "restore_account", "account": "zoe"})
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).limited_at is None
    await agreed(coop)


async def test_the_record_names_nobody(coop: Coop) -> None:
    proposal = await coop.propose("ann", "Somebody", acts=[{"type": "limit_account", "account": "zoe"}])
    await coop.vote("bob", proposal, "agree")
    await coop.pass_time(minutes=6)
    async with coop.db.read() as tx:
        for entry in await serve.entries(tx):
            assert "zoe" not in str(entry.body)
        [act] = await serve.entries(tx, types=("act",))
    assert act.body["act"]["account"].startswith("member:")
    assert act.body["inverse"] == {"type": "restore_account", "account": act.body["act"]["account"]}


async def test_a_suspended_account_elsewhere_keeps_its_servers_mark_when_restored(coop: Coop) -> None:
    async with coop.db.write() as tx:
        await far_away(tx, "eve", "spam.example")
    for type_ in ("suspend_account", "suspend_domain"):
        subject = {"account": "eve@spam.example"} if "account" in type_ else {"domain": "spam.example"}
        await decide(coop, {"type": type_, **subject})
    await agreed(coop)
    await decide(coop, {"type": "restore_account", "account": "eve@spam.example"})
    async with coop.db.read() as tx:
        eve = await accounts.by_handle(tx, "eve@spam.example")
        assert eve is not None
        assert eve.suspended_at is not None
    await decide(coop, {"type": "lift_domain", "domain": "spam.example"})
    async with coop.db.read() as tx:
        eve = await accounts.by_handle(tx, "eve@spam.example")
        assert eve is not None
        assert eve.suspended_at is None
    await agreed(coop)


async def test_a_server_is_allowed_below_one_that_is_suspended(coop: Coop) -> None:
    async with coop.db.write() as tx:
        good = await far_away(tx, "gil", "good.spam.example")
        await relationships.follow(tx, coop.people["ann"], good)
        await relationships.accepted(tx, coop.people["ann"], good)
    allowed = await decide(coop, {"type": "allow_domain", "domain": "good.spam.example"})
    await decide(coop, {"type": "suspend_domain", "domain": "spam.example"})
    async with coop.db.read() as tx:
        assert await domains.gate(tx, "good.spam.example") is None
        assert await domains.gate(tx, "x.good.spam.example") is None
        assert await domains.gate(tx, "bad.spam.example") is not None
        assert [each.domain for each in await domains.all_restrictions(tx)] == ["spam.example"]
        assert (await accounts.find(tx, good.id)).suspended_at is None
        assert await severed(tx, coop.people["ann"].id, Page()) == []
    await agreed(coop)
    await undo(coop, allowed)
    async with coop.db.read() as tx:
        assert await domains.gate(tx, "good.spam.example") is not None
        assert (await accounts.find(tx, good.id)).suspended_at is not None
    await agreed(coop)


async def test_follows_that_a_suspension_cut_come_back_when_it_is_lifted(coop: Coop) -> None:
    ann, bob = coop.people["ann"], coop.people["bob"]
    async with coop.db.write() as tx:
        eve = await far_away(tx, "eve", "spam.example")
        await relationships.follow(tx, ann, eve)
        await relationships.accepted(tx, ann, eve)
        await relationships.follow(tx, eve, bob, uri="https://spam.example/f/1")
    suspended = await decide(coop, {"type": "suspend_domain", "domain": "spam.example"})
    async with coop.db.write() as tx:
        [lost] = await severed(tx, ann.id, Page())
        assert (lost.remote_id, lost.direction) == (eve.id, "following")
        assert not await domains.restore_follows(tx, "spam.example"), "not while it is suspended"
        assert len(await severed(tx, ann.id, Page())) == 1
    await undo(coop, suspended)
    async with coop.db.write() as tx:
        await domains.restore_follows(tx, "spam.example")
        assert await severed(tx, ann.id, Page()) == []
        [asked] = await relationships_of(tx, ann.id, eve.id)
        assert asked.requested
        assert (await accounts.find(tx, bob.id)).followers_count == 1
    await agreed(coop)


async def relationships_of(tx: Tx, account_id: int, target_id: int) -> list[Any]:
    from fedcoop.relationships import relationships as seen

    return list(await seen(tx, account_id, [target_id]))


async def test_a_post_is_removed_for_everybody_and_comes_back(coop: Coop) -> None:
    async with coop.db.write() as tx:
        said = await posting.post(tx, coop.people["zoe"], Draft(text="rude"), config=coop.config)
    removed = await decide(coop, {"type": "remove_status", "status": str(said.id)})
    async with coop.db.read() as tx:
        for viewer in (0, coop.people["zoe"].id, coop.people["ann"].id):
            with pytest.raises(NotFound):
                await statuses.visible(tx, viewer, said.id)
        assert (await accounts.find(tx, coop.people["zoe"].id)).statuses_count == 0
    await agreed(coop)
    await undo(coop, removed)
    async with coop.db.read() as tx:
        assert (await statuses.visible(tx, 0, said.id)).visibility == "public"
        assert (await accounts.find(tx, coop.people["zoe"].id)).statuses_count == 1
    await agreed(coop)


async def test_media_of_a_post_are_hidden(coop: Coop) -> None:
    async with coop.db.write() as tx:
        said = await posting.post(tx, coop.people["zoe"], Draft(text="gory"), config=coop.config)
    marked = await decide(coop, {"type": "mark_sensitive", "status": str(said.id)})
    async with coop.db.read() as tx:
        assert (await statuses.visible(tx, 0, said.id)).sensitive
    await undo(coop, marked)
    async with coop.db.read() as tx:
        assert not (await statuses.visible(tx, 0, said.id)).sensitive
    await agreed(coop)


async def test_media_of_an_account_are_hidden(coop: Coop) -> None:
    marked = await decide(coop, {"type": "sensitize_account", "account": "zoe"})
    assert marked.acts[0].inverse == {"type": "sensitize_account", "account": "zoe", "sensitive": False}
    await agreed(coop)
    await decide(coop, {"type": "restore_account", "account": "zoe"})
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).sensitized_at is not None, "another place"
    await undo(coop, marked)
    async with coop.db.read() as tx:
        assert (await accounts.find(tx, coop.people["zoe"].id)).sensitized_at is None
    await agreed(coop)


@pytest.mark.parametrize(
    ("act", "sentence"),
    [
        ({"type": "limit_account", "account": "nobody"}, "Nobody called “nobody” is known here."),
        ({"type": "suspend_account", "account": "assembly"}, "@assembly belongs to the server itself."),
        ({"type": "remove_status", "status": "12"}, "There is no post 12 here."),
        ({"type": "remove_status", "status": "'; DROP"}, "There is no post"),
        ({"type": "repeal_rule", "rule": "7"}, "There is no rule 7 in force."),
        ({"type": "adopt_rule", "text": " "}, "A rule has between 1 and"),
        ({"type": "adopt_rule", "text": "x", "translations": {"klingonisch": {"text": "y"}}}, "Translations"),
        ({"type": "adopt_document", "document": "about", "text": "x", "effective": "tomorrow"}, "is no day"),
        ({"type": "set_setting", "key": "status_max_chars", "value": 3}, "a number from 200"),
        ({"type": "set_setting", "key": "languages", "value": ["english!"]}, "a list of codes"),
        ({"type": "set_setting", "key": "domain", "value": "x"}, "cannot be read"),
        ({"type": "admit_member", "account": "ann"}, "@ann is a member already."),
        ({"type": "expel_member", "account": "zoe"}, "@zoe is no member of the co-op."),
        ({"type": "grant_mandate", "account": "ann", "office": "moderator"}, "How long?"),
        (
            {"type": "grant_mandate", "account": "ann", "office": "moderator", "term": "soon"},
            "cannot be read",
        ),
        ({"type": "grant_mandate", "account": "zoe", "office": "moderator", "term": "9 days"}, "no member"),
        ({"type": "revoke_mandate", "account": "ann", "office": "moderator"}, "does not hold the office"),
        ({"type": "amend_constitution", "constitution": "name = 3"}, "The constitution cannot be read"),
        ({"type": "subscribe_list", "url": "http://plain.example/list.csv"}, "begins with https://"),
        ({"type": "join_relay", "relay": "gopher://relay.example/inbox"}, "A relay is named by its address"),
    ],
)
async def test_what_cannot_be_done_is_not_proposed(coop: Coop, act: dict[str, Any], sentence: str) -> None:
    with pytest.raises(Invalid) as refused:
        await coop.propose("ann", acts=[act])
    assert sentence in str(refused.value)
    async with coop.db.read() as tx:
        assert await serve.entries(tx, types=("proposal",)) == []


async def test_a_rule_in_a_constitution_that_cannot_be_read_points_at_the_place(coop: Coop) -> None:
    text = EASY.replace('passes = "agree > disagree"', 'passes = "agree >> disagree"')
    with pytest.raises(Invalid) as refused:
        await coop.propose("ann", acts=[{"type": "amend_constitution", "constitution": text}])
    assert "agree >> disagree" in str(refused.value)
    assert "at character 8" in str(refused.value)


def test_every_act_has_a_schema_and_a_sentence() -> None:
    listed = schemas()
    assert len(listed) == len(ACTS) == len({each.type for each in listed})
    for each in listed:
        assert each.summary
        assert each.schema["$defs"]
