"""Notifications pushed to devices: who is told, what they read, and what becomes of devices that are gone."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from py_vapid import Vapid01, Vapid02

from fedcoop import accounts, clock
from tests.push.devices import EVERYTHING, SUBSCRIPTION, PushService, push_service, subscribes
from tests.words import Person, Server


@pytest.fixture
async def service() -> AsyncIterator[PushService]:
    async with push_service() as made:
        yield made


async def test_nobody_is_pushed_what_they_may_not_see(server: Server, service: PushService) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await alice.follows(bob)
    await subscribes(alice, service.device())
    secret = await bob.says("@alice for followers", visibility="private")
    await server.settle()
    assert len(service.sent) == 1
    await bob.says("@alice once more", visibility="private")
    await bob.delete(f"/api/v1/statuses/{secret['id']}")
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    await server.settle()
    assert len(service.sent) == 1, "who is blocked by now may not see it"


@pytest.mark.parametrize("ending", ["revoked", "suspended", "disabled", "unsubscribed", "muted", "filtered"])
async def test_who_has_no_business_here_is_pushed_nothing(
    server: Server, service: PushService, ending: str
) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await subscribes(alice, service.device())
    status = await alice.says("hi")
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    assert alice.account
    async with server.db.write() as tx:
        if ending == "suspended":
            await accounts.actions.suspend(tx, alice.account.id)
        elif ending == "disabled":
            await accounts.actions.disable(tx, alice.account.id)
    if ending == "revoked":
        await revokes(alice)
    elif ending == "unsubscribed":
        await alice.delete(SUBSCRIPTION)
        await alice.get(SUBSCRIPTION, expect=404)
    elif ending in ("muted", "filtered"):
        await alice.post("/api/v1/notifications/clear")
        if ending == "muted":
            await alice.post(f"/api/v1/accounts/{bob.id}/mute")
        else:
            await alice.put("/api/v2/notifications/policy", for_not_following="filter")
        await bob.says("@alice hello")
    await server.settle()
    assert service.sent == []


async def revokes(person: Person) -> None:
    from sqlalchemy import update

    from fedcoop.db import statement
    from fedcoop.db.schema.oauth import oauth_tokens

    async with person.server.db.write() as tx:
        await tx.execute(statement(update(oauth_tokens).values(revoked_at=1)))


@pytest.mark.parametrize("standard", [True, False])
async def test_a_device_reads_what_happened_with_its_own_key(
    server: Server, service: PushService, standard: bool
) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob", display_name="Bob B.")
    device = service.device(standard=standard)
    made = await subscribes(alice, device)
    assert made["endpoint"] == device.endpoint
    assert made["standard"] is standard
    await bob.says("@alice <b>hello</b> " + "x" * 300)
    (notification,) = await alice.notifications()
    await server.settle()
    (sent,) = service.sent
    message = device.reads(sent)
    assert message["body"].startswith("@alice <b>hello</b> xx")
    assert len(message.pop("body")) == 140
    assert message == {
        "access_token": alice.token,
        "preferred_locale": "en",
        "notification_id": notification["id"],
        "notification_type": "mention",
        "icon": notification["account"]["avatar"],
        "title": "Bob B. mentioned you",
    }
    assert sent.headers["Content-Encoding"] == ("aes128gcm" if standard else "aesgcm")
    assert int(sent.headers["TTL"]) > 0
    # The key that clients are given is the one that signs.
    key = made["server_key"]
    instance = await alice.get("/api/v2/instance")
    assert instance["configuration"]["vapid"]["public_key"] == key
    app = await alice.post("/api/v1/apps", client_name="x", redirect_uris=["https://x.example/"])
    assert app["vapid_key"] == key
    authorization = sent.headers["Authorization"]
    if standard:
        assert f"k={key}" in authorization
        assert Vapid02.verify(authorization)
    else:
        assert f"p256ecdsa={key}" in sent.headers["Crypto-Key"]
        assert Vapid01.verify(key, authorization)


async def test_words_are_in_the_members_language(server: Server, service: PushService) -> None:
    from sqlalchemy import update

    from fedcoop.db import statement
    from fedcoop.db.schema.accounts import users

    alice, bob = await server.joins("alice"), await server.joins("bob", note="I am Bob.")
    async with server.db.write() as tx:
        await tx.execute(statement(update(users).values(locale="de-AT")))
    device = service.device()
    await subscribes(alice, device)
    await bob.follows(alice)
    await server.settle()
    message = device.reads(service.sent[0])
    assert (message["title"], message["body"]) == ("bob folgt dir jetzt", "I am Bob.")
    assert message["preferred_locale"] == "de-AT"


async def test_only_the_types_that_were_asked_for_are_pushed(server: Server, service: PushService) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    device = service.device()
    made = await subscribes(alice, device, alerts={"favourite": True})
    assert made["alerts"]["favourite"] is True
    assert {made["alerts"][name] for name in EVERYTHING if name != "favourite"} == {False}
    status = await alice.says("hi")
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    await bob.says("@alice hello")
    await server.settle()
    assert [device.reads(each)["notification_type"] for each in service.sent] == ["favourite"]
    changed = await alice.put(SUBSCRIPTION, data={"alerts": {"mention": True}})
    assert changed["alerts"]["mention"] is True
    assert changed == await alice.get(SUBSCRIPTION)
    await bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    await bob.says("@alice again")
    await server.settle()
    assert [device.reads(each)["notification_type"] for each in service.sent[1:]] == ["mention"]


@pytest.mark.parametrize(
    ("policy", "followed", "follower", "stranger"),
    [("all", 1, 1, 1), ("followed", 1, 0, 0), ("follower", 0, 1, 0), ("none", 0, 0, 0)],
)
async def test_a_device_says_whose_acts_it_wants(
    server: Server, service: PushService, policy: str, followed: int, follower: int, stranger: int
) -> None:
    alice, bob, carol, dave = [await server.joins(name) for name in ("alice", "bob", "carol", "dave")]
    await alice.follows(bob)
    await carol.follows(alice)
    made = await subscribes(alice, service.device(), alerts={"mention": True}, policy=policy)
    assert made["policy"] == policy
    for person, expected in ((bob, followed), (carol, follower), (dave, stranger)):
        service.sent.clear()
        await person.says("@alice hello")
        await server.settle()
        assert len(service.sent) == expected, person.handle


@pytest.mark.parametrize("status", [404, 410])
async def test_a_device_that_is_gone_is_forgotten(server: Server, service: PushService, status: int) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await subscribes(alice, service.device())
    service.status = status
    await bob.says("@alice hello")
    await server.settle()
    await alice.get(SUBSCRIPTION, expect=404)
    await bob.says("@alice hello")
    await server.settle()
    assert len(service.sent) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_a_push_service_in_trouble_is_asked_again_later(
    server: Server, service: PushService, status: int
) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    device = service.device()
    await subscribes(alice, device)
    service.status, service.headers = status, {"Retry-After": "30"}
    await bob.says("@alice hello")
    await server.settle()
    assert len(service.sent) == 1
    service.status, service.headers = 201, {}
    clock.advance(seconds=600)
    await server.settle()
    assert len(service.sent) == 2
    assert device.reads(service.sent[1]) == device.reads(service.sent[0])
    clock.advance(seconds=600)
    await server.settle()
    assert len(service.sent) == 2


async def test_each_token_has_one_device(server: Server, service: PushService) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await subscribes(alice, service.device("old"))
    await subscribes(alice, service.device("new"))
    await bob.get(SUBSCRIPTION, expect=404)
    await bob.says("@alice hello")
    await server.settle()
    assert [each.path for each in service.sent] == ["/new"]


def keys(**changed: Any) -> dict[str, Any]:
    from tests.push.devices import Device

    made = Device("http://127.0.0.1:1/x").subscription
    return made | {"keys": made["keys"] | changed.pop("keys", {})} | changed


@pytest.mark.parametrize(
    "subscription",
    [
        keys(endpoint=""),
        keys(endpoint="ftp://push.example/x"),
        keys(endpoint="https://user@push.example/x"),
        keys(keys={"p256dh": "nonsense"}),
        keys(keys={"p256dh": "BA" + "A" * 85}),
        keys(keys={"auth": "c2hvcnQ"}),
        keys(keys={"auth": "!"}),
    ],
)
async def test_nonsense_is_no_device(server: Server, subscription: Any) -> None:
    alice = await server.joins("alice")
    await alice.post(SUBSCRIPTION, subscription=subscription, data={}, expect=422)
    await alice.get(SUBSCRIPTION, expect=404)


async def test_what_is_no_policy_changes_nothing(server: Server, service: PushService) -> None:
    alice = await server.joins("alice")
    await alice.put(SUBSCRIPTION, data={"alerts": {}}, expect=404)
    made = await subscribes(alice, service.device())
    await alice.put(SUBSCRIPTION, data={"policy": "some"}, expect=422)
    assert await alice.get(SUBSCRIPTION) == made
    reader = await server.joins("reader", scopes="read write")
    await reader.post(SUBSCRIPTION, subscription=service.device().subscription, expect=403)
    await server.anybody.get(SUBSCRIPTION, expect=401)


async def test_private_addresses_are_not_pushed_to(
    sqlite_url: str, tmp_path: Any, service: PushService
) -> None:
    from tests.words import running

    async with running(sqlite_url, str(tmp_path), allow_private_peers=False) as server:
        alice = await server.joins("alice")
        for endpoint in (service.address + "/x", "https://127.0.0.1/x", "https://push.localhost/x"):
            answer = await alice.ask(
                "POST", SUBSCRIPTION, json={"subscription": keys(endpoint=endpoint)}, expect=422
            )
            assert "public https address" in answer["error"]
