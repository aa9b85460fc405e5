"""The operations about what comes to a member and about the server, each called once and more: notifications,
push, announcements, the instance, trends, a year in numbers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import aiohttp

from fedcoop import announcements, clock, documents, rules
from fedcoop.oauth import actions as oauth
from tests.conformance.description import operations, queries
from tests.conformance.journal import Journal
from tests.push.devices import Device
from tests.words import ALL_SCOPES

ALERTS = ("mention", "status", "reblog", "follow", "follow_request", "favourite", "poll", "update", "quote",
          "quoted_update", "admin.sign_up", "admin.report")  # fmt: skip
KINDS: dict[str, Any] = {"types": ["mention", "favourite"], "exclude_types": ["follow"]}


async def notifications(j: Journal) -> None:
    status = await j.alice.says("hello")
    for verb in ("favourite", "reblog"):
        await j.bob.post(f"/api/v1/statuses/{status['id']}/{verb}")
    await j.bob.says("@alice hello")
    found = await j.call("GET /api/v1/notifications", supported_types=["mention"], include_filtered=True)
    await j.call("GET /api/v1/notifications", account_id=j.bob.id, **KINDS)
    await j.call("GET /api/v1/notifications/{id}", found[0]["id"], supported_types=["mention"])
    assert (await j.call("GET /api/v1/notifications/unread_count", account_id=j.bob.id, limit=9, **KINDS))[
        "count"
    ]
    groups = await j.call(
        "GET /api/v2/notifications", expand_accounts="partial_avatars", grouped_types=["favourite"],
        supported_types=["favourite"], include_filtered=True, account_id=j.bob.id, **KINDS,
    )  # fmt: skip
    await j.call(
        "GET /api/v2/notifications/unread_count",
        account_id=j.bob.id,
        grouped_types=["reblog"],
        limit=9,
        **KINDS,
    )
    key = groups["notification_groups"][0]["group_key"]
    await j.call("GET /api/v2/notifications/{group_key}", key, supported_types=["favourite"])
    await j.call("GET /api/v2/notifications/{group_key}/accounts", key)
    await j.call("POST /api/v2/notifications/{group_key}/dismiss", key)
    await j.call("POST /api/v1/notifications/{id}/dismiss", found[-1]["id"])
    await _held_back(j)
    await j.call("POST /api/v1/notifications/clear")
    assert await j.alice.notifications() == []


async def _held_back(j: Journal) -> None:
    await j.call("GET /api/v2/notifications/policy")
    await j.call("PATCH /api/v2/notifications/policy", for_not_following="filter")
    strangers = [await j.server.joins(f"stranger{number}_{j.encoding}") for number in range(4)]
    for person in strangers:
        await person.says("@alice may I?")
    waiting = await j.call("GET /api/v1/notifications/requests")
    assert len(waiting) == 4
    await j.call("GET /api/v1/notifications/requests/merged")
    await j.call("GET /api/v1/notifications/requests/{id}", waiting[0]["id"])
    await j.call("POST /api/v1/notifications/requests/{id}/accept", waiting[0]["id"])
    await j.call("POST /api/v1/notifications/requests/{id}/dismiss", waiting[1]["id"])
    await j.call("POST /api/v1/notifications/requests/accept", id=[waiting[2]["id"]])
    await j.call("POST /api/v1/notifications/requests/dismiss", id=[waiting[3]["id"]])
    assert await j.call("GET /api/v1/notifications/requests") == []
    await j.call("PATCH /api/v2/notifications/policy", for_not_following="accept")


async def push(j: Journal) -> None:
    subscription = Device("https://push.example.org/x").subscription
    alerts = dict.fromkeys(ALERTS, True)
    made = await j.call(
        "POST /api/v1/push/subscription", subscription=subscription, data={"alerts": alerts, "policy": "all"}
    )
    assert made["alerts"]["quote"] is True, j.encoding
    await j.call("GET /api/v1/push/subscription")
    alerts["reblog"] = False
    changed = await j.call("PUT /api/v1/push/subscription", data={"alerts": alerts}, policy="followed")
    assert (changed["alerts"]["reblog"], changed["alerts"]["poll"]) == (False, True), j.encoding
    await j.call("DELETE /api/v1/push/subscription")


async def announced(j: Journal) -> None:
    async with j.server.db.write() as tx:
        made = await announcements.announce(tx, j.server.config, "We meet on #friday")
    await j.call("GET /api/v1/announcements")
    await j.call("PUT /api/v1/announcements/{id}/reactions/{name}", made.id, "👍")
    await j.call("GET /api/v1/announcements")
    await j.call("DELETE /api/v1/announcements/{id}/reactions/{name}", made.id, "👍")
    await j.call("POST /api/v1/announcements/{id}/dismiss", made.id)


async def instance(j: Journal) -> None:
    async with j.server.db.write() as tx:
        for document in ("about", "privacy_policy", "terms_of_service"):
            await documents.actions.adopt(
                tx, document, "It **holds**.", effective_at=clock.now(), because="test"
            )
        await rules.actions.add(tx, "Be kind", hint="to everybody", because="test")
    nobody = j.server.anybody
    for operation in operations():
        if "/instance" in operation and "{" not in operation:
            await j.call(operation, who=nobody)
    await j.call("GET /api/v1/instance/terms_of_service/{date}", clock.day(clock.now()), who=nobody)
    for path in ("/health", "/api/v1/streaming/health", "/api/v1/custom_emojis"):
        await j.call(f"GET {path}", who=nobody)


async def streams(j: Journal) -> None:
    """Each opens; what is told on them is in `tests/streaming`."""
    made = await j.alice.post("/api/v1/lists", title="x")
    for operation in operations():
        path = operation.removeprefix("GET /api/v1/streaming/")
        if path == operation or path == "health":
            continue
        params = {"tag": "walnut", "list": made["id"], "only_media": "true"}
        params = {name: params[name] for name in queries(operation)}
        url = f"{j.server.config.base_url}/api/v1/streaming/{path}"
        headers = {"Authorization": f"Bearer {j.alice.token}"}
        timeout = aiohttp.ClientTimeout(sock_read=10)
        async with j.server.http.get(url, params=params, headers=headers, timeout=timeout) as response:
            if response.status != 200 or await response.content.readline() != b":)\n":
                j.wrong.append(f"{operation}: {response.status}")
        j.called.add(operation)
        j.sent[operation] = set(params)


async def trends(j: Journal) -> None:
    crowd = [await j.server.joins(f"crowd{n}_{j.encoding}", discoverable=True) for n in range(6)]
    status = await crowd[0].says(f"#cashew {j.page}")
    for person in crowd[1:]:
        await person.says(f"#cashew {j.page}")
        await person.post(f"/api/v1/statuses/{status['id']}/favourite")
    await j.server.settle()
    clock.advance(seconds=3600)
    await j.server.settle()
    for kind in ("tags", "statuses", "links"):
        for found in await j.alice.get(f"/api/v1/admin/trends/{kind}"):
            await j.alice.post(f"/api/v1/admin/trends/{kind}/{found['id']}/approve")
        assert await j.call(f"GET /api/v1/trends/{kind}", who=j.server.anybody, offset=0), kind
    assert len(await j.call("GET /api/v1/timelines/link", url=j.page)) == 6


async def year(j: Journal) -> None:
    """In December, so it comes last: tokens of before have run out by then."""
    now = datetime.now(UTC)
    december = datetime(now.year + 1, 12, 10, tzinfo=UTC).timestamp()
    clock.advance(seconds=december - clock.now() / 1000)
    assert j.alice.account
    async with j.server.db.write() as tx:
        j.alice.token = await oauth.issue(tx, j.alice.account.id, ALL_SCOPES, "tests")
    for number in range(10):
        await j.alice.says(f"post {number} #walnut")
    await j.call("POST /api/v1/annual_reports/{year}/generate", now.year + 1, answers=202)
    await j.call("GET /api/v1/annual_reports/{year}/state", now.year + 1)
    await j.server.settle()
    await j.call("GET /api/v1/annual_reports")
    await j.call("GET /api/v1/annual_reports/{year}", now.year + 1)
    await j.call("POST /api/v1/annual_reports/{year}/read", now.year + 1)


HEARING = (notifications, push, announced, streams, trends, year)
