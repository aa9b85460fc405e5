"""How often somebody may ask."""

import itertools

import pytest

from fedcoop import clock
from tests.words import Server
from web.limits import Counters, Limit, OverLimit, bucket


async def test_a_stranger_is_told_what_is_left_and_stopped_when_it_is_used_up(limited: Server) -> None:
    answer = await limited.anybody.ask("GET", "/api/v1/timelines/public")
    assert answer.headers["X-RateLimit-Limit"] == "300"
    assert answer.headers["X-RateLimit-Remaining"] == "299"
    assert answer.headers["X-RateLimit-Reset"].endswith("Z")
    for _ in range(299):
        await limited.anybody.ask("GET", "/api/v1/timelines/public")
    answer = await limited.anybody.ask("GET", "/api/v1/timelines/public", expect=429)
    assert answer.body == {"error": "Too many requests"}
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["Retry-After"]) > 0
    clock.advance(seconds=300)
    await limited.anybody.ask("GET", "/api/v1/timelines/public")


async def test_registering_applications_is_limited_in_every_spelling(limited: Server) -> None:
    body = {"client_name": "x", "redirect_uris": "https://x.example/"}
    paths = itertools.cycle(["/api/v1/apps", "/api/v1/apps.json", "/api/v1/apps/"])
    answers = [await limited.anybody.ask("POST", next(paths), expect=None, json=body) for _ in range(6)]
    assert [answer.status for answer in answers] == [200] * 5 + [429]


async def test_only_the_trusted_proxy_says_where_somebody_is(limited: Server) -> None:
    async def left(forwarded: str) -> int:
        answer = await limited.anybody.ask(
            "GET", "/api/v1/timelines/public", headers={"X-Forwarded-For": forwarded}
        )
        return int(answer.headers["X-RateLimit-Remaining"])

    assert await left("198.51.100.7") == 299
    # What the client wrote itself stands before what the proxy added.
    assert await left("203.0.113.9, 198.51.100.7") == 298
    assert await left("198.51.100.8") == 299


async def test_a_server_without_proxies_believes_no_header(small: Server) -> None:
    proxies = small.instance.services.proxies

    class Request:
        remote = "192.0.2.1"
        headers = {"X-Forwarded-For": "198.51.100.7"}  # noqa: RUF012

    assert proxies.client(Request()) == "192.0.2.1"  # type: ignore[arg-type]


def test_an_ipv6_neighbourhood_counts_as_one() -> None:
    assert bucket("2001:db8:1:2::1") == bucket("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert bucket("::ffff:192.0.2.1") == "192.0.2.1"
    assert bucket("nonsense") == "unknown"


def test_the_table_of_counts_has_an_end() -> None:
    counters, limit = Counters(), Limit("x", 1, 60)
    for number in range(Counters.LARGEST + 10):
        counters.hit(limit, number)
    assert len(counters._counts) <= Counters.LARGEST


def test_a_window_begins_anew() -> None:
    counters, limit = Counters(), Limit("x", 1, 60)
    counters.hit(limit, "a")
    with pytest.raises(OverLimit):
        counters.hit(limit, "a")
    clock.advance(seconds=60)
    assert counters.hit(limit, "a").remaining == 0
