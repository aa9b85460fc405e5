"""Mastodon.py, as it is, makes the whole journey over a real socket: from registering an application to
reading what came of a post."""

from __future__ import annotations

import asyncio
import warnings
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from mastodon import Mastodon
from mastodon.errors import MastodonAPIError, MastodonNotFoundError, MastodonUnauthorizedError

from fedcoop.accounts import actions
from fedcoop.sessions import passwords
from tests.web.browser import Browser
from tests.words import Person, Server

PASSWORD = "correct horse battery staple"
SCOPES = ["read", "write", "follow", "push"]
OOB = "urn:ietf:wg:oauth:2.0:oob"
Say = Callable[..., Awaitable[Any]]


async def say(method: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Mastodon.py waits for its answers, so it does that in a thread of its own."""
    return await asyncio.to_thread(method, *args, **options)


def client(person: Person) -> Mastodon:
    return Mastodon(access_token=person.token, api_base_url=person.server.config.base_url)


async def logged_in(server: Server, name: str) -> Mastodon:
    """Somebody who registers the application, signs in with a browser, and pastes the code."""
    base = server.config.base_url
    person = await server.joins(name)
    async with server.db.write() as tx:
        assert person.account
        await actions.set_password(tx, person.account.id, await passwords.hashed(PASSWORD))
    client_id, secret = await say(Mastodon.create_app, "Journey", api_base_url=base, redirect_uris=OOB)
    program = Mastodon(client_id=client_id, client_secret=secret, api_base_url=base)
    address = await say(program.auth_request_url, redirect_uris=OOB, scopes=SCOPES, allow_http=True)
    async with Browser(base) as browser:
        page = await browser.open(address.removeprefix(base))
        page = await browser.send(page, who=name, password=PASSWORD)
        page = await browser.send(page, decision="approve")
    code = page.text.partition('id="code"')[2].partition('value="')[2].partition('"')[0]
    await say(program.log_in, code=code, redirect_uri=OOB, scopes=SCOPES, allow_http=True)
    return program


@pytest.fixture(autouse=True)
def _its_own_warnings() -> None:
    warnings.simplefilter("ignore")


async def test_the_whole_journey(server: Server) -> None:
    alice = await logged_in(server, "alice")
    bob = client(await server.joins("bob"))

    me = await say(alice.account_verify_credentials)
    assert me.username == "alice"
    assert (await say(alice.instance_v1)).uri == server.config.domain
    assert (await say(alice.instance_v2)).domain == server.config.domain
    changed = await say(
        alice.account_update_credentials, display_name="Alice", note="Hello", fields=[("Web", "x")]
    )
    assert (changed.display_name, changed.source.note, changed.fields[0].name) == ("Alice", "Hello", "Web")

    # Bob follows, Alice posts, Bob reads.
    await say(bob.account_follow, me)
    status = await say(
        alice.status_post, "Good morning #world", spoiler_text="greeting", language="en", idempotency_key="1"
    )
    again = await say(
        alice.status_post, "Good morning #world", spoiler_text="greeting", language="en", idempotency_key="1"
    )
    assert again.id == status.id
    assert [each.id for each in await say(bob.timeline_home)] == [status.id]
    assert [each.id for each in await say(bob.timeline_hashtag, "World")] == [status.id]
    assert [each.id for each in await say(bob.timeline_local)] == [status.id]
    assert (await say(bob.account_relationships, me))[0].following

    # Bob answers, favourites, boosts and bookmarks.
    answer = await say(bob.status_reply, status, "Good morning!")
    context = await say(alice.status_context, status)
    assert [each.id for each in context.descendants] == [answer.id]
    assert (await say(bob.status_favourite, status)).favourited
    assert (await say(bob.status_reblog, status)).reblog.id == status.id
    assert (await say(bob.status_bookmark, status)).bookmarked
    assert [each.id for each in await say(bob.favourites)] == [status.id]
    assert [each.id for each in await say(bob.bookmarks)] == [status.id]
    assert [each.acct for each in await say(alice.status_favourited_by, status)] == ["bob"]
    assert [each.acct for each in await say(alice.status_reblogged_by, status)] == ["bob"]
    kinds = [each.type for each in await say(alice.notifications)]
    assert sorted(kinds) == ["favourite", "follow", "mention", "reblog"]
    await say(alice.notifications_clear)
    assert await say(alice.notifications) == []

    # Alice edits; there is a history.
    await say(alice.status_update, status, "Good evening #world")
    assert "evening" in (await say(bob.status, status)).content
    assert len(await say(bob.status_history, status)) == 2
    assert (await say(alice.status_source, status)).text == "Good evening #world"

    # A poll.
    poll = alice.make_poll(["tea", "coffee"], 3600)
    question = await say(alice.status_post, "What?", poll=poll)
    voted = await say(bob.poll_vote, question.poll, [1])
    assert [option.votes_count for option in voted.options] == [0, 1]
    assert (await say(bob.poll, question.poll.id)).own_votes == [1]

    # Pages.
    for number in range(5):
        await say(alice.status_post, f"number {number}")
    page = await say(bob.timeline_home, limit=3)
    everything = await say(bob.fetch_remaining, page)
    assert len({each.id for each in everything}) == len(everything) == 9

    # And away.
    deleted = await say(alice.status_delete, question)
    assert deleted.text == "What?"
    with pytest.raises(MastodonNotFoundError):
        await say(alice.status, question)
    await say(alice.revoke_access_token, allow_http=True)
    with pytest.raises(MastodonUnauthorizedError):
        await say(client(Person(server, "gone")).account_verify_credentials)


async def test_keeping_people_at_a_distance(server: Server) -> None:
    people = {name: await server.joins(name) for name in ("alice", "bob")}
    alice, bob = client(people["alice"]), client(people["bob"])
    a, b = people["alice"].id, people["bob"].id
    await say(alice.account_update_credentials, locked=True)
    assert (await say(bob.account_follow, a)).requested
    assert [each.acct for each in await say(alice.follow_requests)] == ["bob"]
    await say(alice.follow_request_authorize, b)
    assert [each.acct for each in await say(alice.account_followers, a)] == ["bob"]
    assert [each.acct for each in await say(bob.account_following, b)] == ["alice"]
    secret = await say(alice.status_post, "only for followers", visibility="private")
    assert (await say(bob.status, secret)).id == secret.id
    assert (await say(alice.account_mute, b, notifications=True, duration=600)).muting
    assert [each.acct for each in await say(alice.mutes)] == ["bob"]
    assert not (await say(alice.account_unmute, b)).muting
    assert (await say(alice.account_block, b)).blocking
    assert [each.acct for each in await say(alice.blocks)] == ["bob"]
    with pytest.raises(MastodonNotFoundError):
        await say(bob.status, secret)
    with pytest.raises(MastodonAPIError):
        await say(bob.account_follow, a)
    assert not (await say(alice.account_unblock, b)).blocking
    assert (await say(alice.account_note_set, b, "from the meeting")).note == "from the meeting"


async def test_what_a_client_asks_for_when_it_starts(server: Server) -> None:
    alice = client(await server.joins("alice"))
    await server.joins("bob")
    assert (await say(alice.preferences))["posting:default:visibility"] == "public"
    for empty in (
        alice.custom_emojis,
        alice.filters_v2,
        alice.lists,
        alice.announcements,
        alice.followed_tags,
        alice.featured_tags,
        alice.trending_tags,
        alice.trending_statuses,
        alice.suggestions,
        alice.conversations,
        alice.follow_requests,
    ):
        assert await say(empty) == []
    assert (await say(alice.notifications_unread_count)).count == 0
    status = await say(alice.status_post, "read")
    saved = await say(alice.markers_set, ["home"], [status.id])
    assert saved.home.last_read_id == status.id
    assert (await say(alice.markers_get, ["home"])).home.last_read_id == status.id
    assert [each.acct for each in (await say(alice.search, "bob")).accounts] == ["bob"]
    assert (await say(alice.account_lookup, "bob")).acct == "bob"
    assert [each.acct for each in await say(alice.account_search, "bo")] == ["bob"]
    found = await say(alice.search, f"{server.config.base_url}/@alice/{status.id}", resolve=True)
    assert [each.id for each in found.statuses] == [status.id]
    assert await say(alice.instance_rules) == []
    assert len(await say(alice.instance_activity)) == 12
