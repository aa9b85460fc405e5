"""Mastodon.py, as it is, in the areas that the journey of `test_mastodon_py` does not come through."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from mastodon.errors import MastodonNotFoundError

from fedcoop import announcements
from tests.media.drawing import picture
from tests.web.test_mastodon_py import _its_own_warnings, client, say
from tests.words import Server

__all__ = ["_its_own_warnings"]


async def test_pictures_pins_quotes_and_later_posts(server: Server) -> None:
    alice, bob = client(await server.joins("alice")), client(await server.joins("bob"))
    photo = await say(
        alice.media_post, BytesIO(picture()), "image/jpeg", description="a hill", focus=(0.5, 0.5)
    )
    assert (await say(alice.media_update, photo, description="two hills")).description == "two hills"
    status = await say(alice.status_post, "look", media_ids=[photo])
    assert status.media_attachments[0].description == "two hills"
    assert (await say(alice.status_pin, status)).pinned
    assert [each.id for each in await say(bob.account_statuses, status.account, pinned=True)] == [status.id]
    quote = await say(bob.status_post, "see this", quoted_status_id=status)
    assert quote.quote.state == "accepted"
    assert [each.id for each in await say(alice.status_quotes, status)] == [quote.id]
    assert (await say(alice.status_quote_revoke, status, quote)).quote.state == "revoked"
    soon = datetime.now(UTC) + timedelta(hours=1)
    later = await say(alice.status_post, "later", scheduled_at=soon)
    moved = await say(alice.scheduled_status_update, later, soon + timedelta(hours=1))
    assert moved.scheduled_at > later.scheduled_at
    assert [each.id for each in await say(alice.scheduled_statuses)] == [later.id]
    await say(alice.scheduled_status_delete, later)
    assert await say(alice.scheduled_statuses) == []


async def test_lists_filters_and_hashtags(server: Server) -> None:
    people = [await server.joins("alice"), await server.joins("bob")]
    alice, bob = map(client, people)
    await say(alice.account_follow, people[1].id)
    made = await say(alice.list_create, "friends", exclusive=True)
    await say(alice.list_accounts_add, made, [people[1].id])
    status = await say(bob.status_post, "I like #walnut")
    assert [each.id for each in await say(alice.timeline_list, made)] == [status.id]
    assert await say(alice.timeline_home) == []
    assert [each.acct for each in await say(alice.list_accounts, made)] == ["bob"]
    await say(alice.list_delete, made)

    words = [{"keyword": "walnut", "whole_word": True}]
    kept = await say(alice.create_filter_v2, "nuts", ["public"], "warn", keywords_attributes=words)
    assert (await say(alice.status, status)).filtered[0].keyword_matches == ["walnut"]
    await say(alice.add_filter_status_v2, kept, status)
    (one,) = await say(alice.filter_statuses_v2, kept)
    await say(alice.delete_filter_status_v2, one)
    await say(alice.delete_filter_v2, kept)
    assert await say(alice.filters_v2) == []

    assert (await say(alice.tag_follow, "walnut")).following
    assert [each.name for each in await say(alice.followed_tags)] == ["walnut"]
    featured = await say(bob.featured_tag_create, "walnut")
    assert [each.id for each in await say(alice.account_featured_tags, people[1].id)] == [featured.id]
    assert [each.name for each in (await say(alice.search, "waln", exclude_unreviewed=False)).hashtags] == [
        "walnut"
    ]


async def test_grouped_notifications_requests_and_conversations(server: Server) -> None:
    people = [await server.joins("alice"), await server.joins("bob")]
    alice, bob = map(client, people)
    status = await say(alice.status_post, "hello")
    await say(bob.status_favourite, status)
    found = await say(alice.grouped_notifications)
    (group,) = found.notification_groups
    assert (group.type, group.sample_account_ids, found.accounts[0].acct) == (
        "favourite",
        [people[1].id],
        "bob",
    )
    assert [each.acct for each in await say(alice.grouped_notification_accounts, group.group_key)] == ["bob"]
    await say(alice.dismiss_grouped_notification, group.group_key)
    assert (await say(alice.unread_grouped_notifications_count)) == 0
    await say(alice.update_notifications_policy, for_not_following="filter")
    talk = await say(bob.status_post, "@alice may I?", visibility="direct")
    await say(bob.status_post, "@alice may I, please?")
    (request,) = await say(alice.notification_requests)
    await say(alice.accept_notification_request, request)
    assert await say(alice.notification_requests) == []
    conversations = await say(alice.conversations)
    (conversation,) = [each for each in conversations if each.last_status.id == talk.id]
    assert not (await say(alice.conversations_read, conversation)).unread


async def test_push_announcements_collections_and_reports(server: Server) -> None:
    people = [await server.joins("alice"), await server.joins("bob", discoverable=True)]
    alice = client(people[0])
    _, public = alice.push_subscription_generate_keys()
    made = await say(alice.push_subscription_set, "https://push.example.org/x", public, mention_events=True)
    assert made.alerts.mention
    assert (await say(alice.push_subscription_update, follow_events=True)).alerts.follow
    await say(alice.push_subscription_delete)
    with pytest.raises(MastodonNotFoundError):
        await say(alice.push_subscription)
    async with server.db.write() as tx:
        await announcements.announce(tx, server.config, "We meet on Friday")
    (said,) = await say(alice.announcements)
    await say(alice.announcement_reaction_create, said, "👍")
    assert [(each.name, each.me) for each in (await say(alice.announcements))[0].reactions] == [("👍", True)]
    await say(alice.announcement_dismiss, said)
    assert await say(alice.announcements) == []
    made = (await say(alice.collection_create, "Company", account_ids=[people[1].id])).collection
    assert [each.account_id for each in made["items"]] == [people[1].id]
    report = await say(alice.report, people[1].id, comment="too many nuts")
    assert report.target_account.acct == "bob"
    await say(alice.domain_block, "bad.example")
    assert await say(alice.domain_blocks) == ["bad.example"]
    assert [each.acct for each in await say(alice.directory, local=True)] == []
