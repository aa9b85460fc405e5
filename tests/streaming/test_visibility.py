"""What may not be seen in the API's pages is never told on a stream."""

from __future__ import annotations

from typing import Any

import pytest

from tests.streaming.listening import events
from tests.words import Person, Server


def texts(heard: list[tuple[str, Any]]) -> list[str]:
    """What the updates say, as plain as they were typed."""
    return [
        payload["content"].removeprefix("<p>").removesuffix("</p>")
        for event, payload in heard
        if event in ("update", "status.update")
    ]


async def trio(server: Server) -> tuple[Person, Person, Person]:
    """Alice writes, Bob follows her, Carol does not."""
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await bob.follows(alice)
    return alice, bob, carol


async def test_a_private_status_reaches_followers_and_no_public_stream(server: Server) -> None:
    alice, bob, carol = await trio(server)
    async with (
        events(bob) as at_home,
        events(carol) as stranger,
        events(bob, "public") as public,
        events(bob, "public/local") as local,
        events(bob, "hashtag", tag="news") as tagged,
    ):
        await alice.says("secret #news", visibility="private")
        await alice.says("unlisted #news", visibility="unlisted")
        await carol.says("end #news")
        await alice.says("over")
        assert len(texts(await at_home.until("update", "over"))) == 3
        for stream in (public, local, tagged):
            assert [payload["account"]["id"] for _, payload in await stream.until("update", "end")] == [
                carol.id
            ]
        assert [payload["account"]["id"] for _, payload in await stranger.until("update", "end")] == [
            carol.id
        ]


async def test_a_direct_status_reaches_only_whom_it_names(server: Server) -> None:
    alice, bob, carol = await trio(server)
    await carol.follows(alice)
    async with events(bob) as named, events(carol) as other, events(carol, "public") as public:
        await alice.says("@bob for you", visibility="direct")
        await alice.says("end")
        assert [event for event, _ in await named.until("update", "end")].count("notification") == 1
        assert texts(await other.until("update", "end")) == ["end"]
        assert texts(await public.until("update", "end")) == ["end"]


async def test_edits_and_deletions_of_a_private_status_stay_among_followers(server: Server) -> None:
    alice, bob, carol = await trio(server)
    async with events(bob) as follower, events(carol) as stranger, events(carol, "public") as public:
        secret = await alice.says("secret", visibility="private")
        assert (await follower.next())[0] == "update"
        await alice.put(f"/api/v1/statuses/{secret['id']}", status="another secret")
        assert (await follower.next())[0] == "status.update"
        await alice.delete(f"/api/v1/statuses/{secret['id']}")
        assert await follower.next() == ("delete", secret["id"])
        await carol.says("end")
        assert texts(await stranger.until("update", "end")) == ["end"]
        heard = await public.until("update", "end")
        assert [event for event, _ in heard] == ["update"]


@pytest.mark.parametrize("verb", ["block", "mute"])
async def test_whom_i_blocked_or_muted_is_not_on_my_streams(server: Server, verb: str) -> None:
    alice, bob, carol = await trio(server)
    await bob.follows(carol)
    async with (
        events(bob) as at_home,
        events(bob, "public") as public,
        events(bob, "hashtag", tag="cats") as tagged,
    ):
        await bob.post(f"/api/v1/accounts/{alice.id}/{verb}")
        hidden = await alice.says("hello #cats @bob")
        await alice.put(f"/api/v1/statuses/{hidden['id']}", status="hello again #cats")
        await carol.post(f"/api/v1/statuses/{hidden['id']}/reblog")
        await carol.says("end #cats")
        for stream in (at_home, public, tagged):
            heard = await stream.until("update", "end")
            assert [(event, payload["account"]["id"]) for event, payload in heard] == [("update", carol.id)]


async def test_whoever_blocked_me_is_not_on_my_streams(server: Server) -> None:
    alice, bob, _ = await trio(server)
    async with events(bob, "public") as public, events(bob) as at_home:
        await alice.post(f"/api/v1/accounts/{bob.id}/block")
        await alice.says("not for bob")
        await bob.says("end")
        assert texts(await public.until("update", "end")) == ["end"]
        assert texts(await at_home.until("update", "end")) == ["end"]


async def test_what_somebody_limited_says_reaches_followers_alone(server: Server) -> None:
    from fedcoop.accounts import actions

    alice, bob, carol = await trio(server)
    assert alice.account
    async with server.db.write() as tx:
        await actions.limit(tx, alice.account.id)
    async with events(bob) as follower, events(carol, "public") as public:
        await alice.says("quietly")
        await carol.says("end")
        assert texts(await follower.until("update", "quietly")) == ["quietly"]
        assert texts(await public.until("update", "end")) == ["end"]


async def test_a_member_hears_only_their_own_notifications(server: Server) -> None:
    alice, bob, carol = await trio(server)
    async with events(alice, "user/notification") as hers, events(bob, "user/notification") as his:
        status = await alice.says("hello @bob", visibility="direct")
        await carol.follows(alice)
        assert [(event, payload["type"]) for event, payload in await hers.until("notification")] == [
            ("notification", "follow")
        ]
        heard = await his.until("notification")
        assert [(payload["type"], payload["status"]["id"]) for _, payload in heard] == [
            ("mention", status["id"])
        ]


async def test_each_sees_the_status_on_a_stream_as_in_the_api(server: Server) -> None:
    alice, bob, carol = await trio(server)
    dora = await server.joins("dora")
    for person in (carol, dora):
        await person.follows(alice)
    status = await alice.says("one", poll={"options": ["a", "b"], "expires_in": 3600})
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    await carol.post(f"/api/v1/statuses/{status['id']}/bookmark")
    await dora.post(f"/api/v1/polls/{status['poll']['id']}/votes", choices=[1])
    everybody = (alice, bob, carol, dora)
    async with (
        events(alice) as first,
        events(bob) as second,
        events(carol) as third,
        events(dora) as fourth,
        events(carol, "public") as public,
    ):
        await alice.put(
            f"/api/v1/statuses/{status['id']}",
            status="two",
            poll={"options": ["a", "b"], "expires_in": 3600},
        )
        for person, stream in zip(everybody, (first, second, third, fourth), strict=True):
            _, payload = (await stream.until("status.update"))[-1]
            assert payload == await person.get(f"/api/v1/statuses/{status['id']}")
        _, payload = (await public.until("status.update"))[-1]
        assert payload == await server.anybody.get(f"/api/v1/statuses/{status['id']}")
