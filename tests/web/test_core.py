"""What surrounds every operation: errors, other origins, sizes, spellings of a path."""

import asyncio
import io

import pytest

from tests.words import Server


async def test_an_unknown_operation_is_a_json_404(small: Server) -> None:
    for method, path in (("GET", "/api/v1/nothing"), ("POST", "/api/v1/instance"), ("DELETE", "/api/v9")):
        answer = await small.anybody.ask(method, path, expect=404)
        assert answer.body == {"error": "Not Found"}


async def test_a_browser_gets_a_page_that_says_so(small: Server) -> None:
    answer = await small.anybody.ask("GET", "/nowhere", expect=404, headers={"Accept": "text/html"})
    assert "There is nothing here" in answer.body
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]


async def test_other_spellings_of_a_path_lead_to_the_same_operation(small: Server) -> None:
    alice = await small.joins("alice")
    for path in ("/api/v1/accounts/verify_credentials.json", "/api/v1/accounts/verify_credentials/"):
        assert (await alice.get(path))["username"] == "alice"
    assert (await alice.get(f"/api/v1/accounts/{alice.id}.json"))["username"] == "alice"


async def test_head_is_answered_without_a_body(small: Server) -> None:
    answer = await small.anybody.ask("HEAD", "/api/v1/instance")
    assert answer.body == ""
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


@pytest.mark.parametrize(
    ("token", "status", "error"),
    [
        (None, 401, "The access token is invalid"),
        ("nonsense", 401, "The access token is invalid"),
        ("", 401, "The access token is invalid"),
    ],
)
async def test_a_token_must_be_good(small: Server, token: str | None, status: int, error: str) -> None:
    person = small.anybody
    person.token = token
    answer = await person.ask("GET", "/api/v1/accounts/verify_credentials", expect=status)
    assert answer.body == {"error": error}
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


async def test_a_token_that_is_no_good_is_refused_even_where_none_is_needed(small: Server) -> None:
    person = small.anybody
    person.token = "nonsense"
    await person.ask("GET", "/api/v1/timelines/public", expect=401)


async def test_a_scope_too_few_is_told(small: Server) -> None:
    alice = await small.joins("alice", scopes="read:accounts")
    await alice.get("/api/v1/accounts/verify_credentials")
    answer = await alice.ask("GET", "/api/v1/timelines/home", expect=403)
    assert answer.body == {"error": "This action is outside the authorized scopes"}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[1]", "application/json", 400),
        (b'{"a":' * 3000, "application/json", 400),
        (b'"\xff"', "application/json", 400),
        (b"--x\r\nbroken", "multipart/form-data; boundary=x", 400),
        (b"", "application/json", 422),
        (b"status=%ff%fe", "application/x-www-form-urlencoded", 200),
        (b"status=hello", "text/plain", 422),
        (b"x" * 1_100_000, "application/json", 413),
        (b'{"status": 5}', "application/json", 200),
        (b'{"status": {}}', "application/json", 422),
        (b'{"status": "x", "in_reply_to_id": "zzz"}', "application/json", 404),
        (b'{"status": "x", "visibility": "secret"}', "application/json", 422),
        (b'{"status": "x", "poll": {"options": ["a", "b"]}}', "application/json", 422),
    ],
)
async def test_a_bad_body_is_refused_in_a_sentence(
    small: Server, body: bytes, kind: str, status: int
) -> None:
    alice = await small.joins("alice")
    answer = await alice.ask(
        "POST", "/api/v1/statuses", expect=status, data=io.BytesIO(body), headers={"Content-Type": kind}
    )
    if status != 200:
        assert next(iter(answer.body)) == "error"
        assert len(await alice.home()) == 0


async def test_any_page_may_read_the_api_and_none_may_bring_cookies(small: Server) -> None:
    asked = {
        "Origin": "https://elk.example",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }
    for path in ("/api/v1/statuses", "/oauth/token", "/.well-known/webfinger", "/api/v1/not_there"):
        answer = await small.anybody.ask("OPTIONS", path, expect=204, headers=asked)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"]
        assert "PATCH" in answer.headers["Access-Control-Allow-Methods"]
        assert "Access-Control-Allow-Credentials" not in answer.headers
    answer = await small.anybody.ask("GET", "/api/v1/instance", headers={"Origin": "https://elk.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Link" in answer.headers["Access-Control-Expose-Headers"]
    for path in ("/login", "/about", "/settings/sessions"):
        page = await small.anybody.ask("GET", path, expect=None, headers={"Origin": "https://evil.example"})
        assert "Access-Control-Allow-Origin" not in page.headers


async def test_nothing_private_is_kept_by_caches(small: Server) -> None:
    alice = await small.joins("alice")
    answer = await alice.ask("GET", "/api/v1/timelines/home")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "aiohttp" not in answer.headers["Server"]


async def test_our_own_mistakes_show_nothing_but_a_number(
    small: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("secret detail")

    alice = await small.joins("alice")
    monkeypatch.setattr(small.instance.services.show, "statuses", broken)
    answer = await alice.ask("GET", "/api/v1/timelines/home", expect=500)
    assert "secret" not in str(answer.body)
    assert answer.headers["X-Request-Id"] in str(answer.body)
    assert "secret detail" in caplog.text
    assert answer.headers["X-Request-Id"] in caplog.text


async def test_pages_are_linked_to_their_neighbours(server: Server) -> None:
    alice = await server.joins("alice")
    ids = [(await alice.says(f"number {n}"))["id"] for n in range(5)]
    answer = await alice.ask("GET", "/api/v1/timelines/home", params={"limit": 2})
    links = dict(reversed(part.strip().split("; ")) for part in answer.headers["Link"].split(","))
    base = f"{server.config.base_url}/api/v1/timelines/home?limit=2"
    assert links == {
        'rel="next"': f"<{base}&max_id={ids[3]}>",
        'rel="prev"': f"<{base}&min_id={ids[4]}>",
    }
    seen = []
    url: str | None = base
    while url:
        answer = await alice.ask("GET", url)
        seen += [status["id"] for status in answer.body]
        links = dict(
            reversed(part.strip().split("; ")) for part in answer.headers.get("Link", "").split(",") if part
        )
        url = links.get('rel="next"', "").strip("<>") or None
    assert seen == ids[::-1]


async def test_strange_bounds_are_read_generously(server: Server) -> None:
    alice = await server.joins("alice")
    await alice.says("here")
    for params in ({"max_id": "abc"}, {"limit": "-5"}, {"limit": "999999999"}, {"max_id": "9" * 60}):
        assert len(await alice.home(**params)) == 1
    await alice.get("/api/v1/timelines/home", expect=422, limit="many")


async def test_the_same_idempotency_key_posts_once(server: Server) -> None:
    alice = await server.joins("alice")
    answers = await asyncio.gather(
        *(
            alice.ask("POST", "/api/v1/statuses", json={"status": "once"}, headers={"Idempotency-Key": "k"})
            for _ in range(8)
        )
    )
    assert len({answer["id"] for answer in answers}) == 1
    assert len(await alice.home()) == 1
