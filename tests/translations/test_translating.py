"""Having statuses translated by a service on loopback: `fedcoop/translations`, `activitypub/translator.py`."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web

from tests.activitypub.remote import Remote, remote_server
from tests.media.drawing import picture, upload
from tests.words import Server, running


def _louder(html: str) -> str:
    """The words in capitals; markup stays as it is."""
    return re.sub(r"(<[^>]*>|&\w+;)|([^<&]+)", lambda found: found[1] or found[2].upper(), html)


class Service:
    """Speaks LibreTranslate's words: says every text louder."""

    def __init__(self, remote: Remote) -> None:
        self.remote = remote
        self.asked: list[Any] = []
        self.status = 200
        self.answer: Any = None
        remote.handlers["/languages"] = self.languages
        remote.handlers["/translate"] = self.translate

    async def languages(self, request: web.Request) -> web.Response:
        return web.json_response(
            [
                {"code": "en", "name": "English", "targets": ["en", "de"]},
                {"code": "de", "targets": ["en", "de"]},
            ]
        )

    async def translate(self, request: web.Request) -> web.Response:
        wanted = await request.json()
        self.asked.append(wanted)
        louder = {
            "translatedText": [_louder(text) for text in wanted["q"]],
            "detectedLanguage": [{"language": "en", "confidence": 90}] * len(wanted["q"]),
        }
        answer = louder if self.answer is None else self.answer
        return web.json_response(answer, status=self.status)


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    async with remote_server() as remote:
        yield Service(remote)


@asynccontextmanager
async def _translating(url: str, path: Path, service: Service) -> AsyncIterator[Server]:
    settings = {"translation_url": service.remote.base, "translation_api_key": "secret"}
    async with running(url, str(path), **settings) as made:
        yield made


@pytest.fixture
async def translating(database_url: str, tmp_path: Path, service: Service) -> AsyncIterator[Server]:
    async with _translating(database_url, tmp_path, service) as made:
        yield made


# Who may not


@pytest.mark.parametrize("visibility", ["private", "direct"])
async def test_what_is_not_for_everybody_is_not_sent_to_a_service(
    translating: Server, service: Service, visibility: str
) -> None:
    alice = await translating.joins("alice")
    status = await alice.says("hello", visibility=visibility, language="en")
    await alice.post(f"/api/v1/statuses/{status['id']}/translate", lang="de", expect=403)
    bob = await translating.joins("bob")
    await bob.post(f"/api/v1/statuses/{status['id']}/translate", lang="de", expect=404)
    assert service.asked == []


async def test_translating_is_for_members(translating: Server) -> None:
    alice = await translating.joins("alice")
    status = await alice.says("hello", language="en")
    await translating.anybody.post(f"/api/v1/statuses/{status['id']}/translate", lang="de", expect=401)


async def test_a_server_without_a_service_says_so(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says("hello", language="en")
    await alice.post(f"/api/v1/statuses/{status['id']}/translate", lang="de", expect=404)
    assert await server.anybody.get("/api/v1/instance/translation_languages") == {}
    configuration = (await server.anybody.get("/api/v2/instance"))["configuration"]
    assert configuration["translation"] == {"enabled": False}


# Who may


async def test_everything_that_is_to_be_read_is_translated(translating: Server, service: Service) -> None:
    alice, bob = await translating.joins("alice"), await translating.joins("bob")
    status = await alice.says(
        "hello & goodbye",
        language="en",
        spoiler_text="a < b",
        poll={"options": ["yes", "no"], "expires_in": 600},
    )
    found = await bob.post(f"/api/v1/statuses/{status['id']}/translate", lang="de")
    assert found == {
        "detected_source_language": "en",
        "language": "de",
        "provider": "127.0.0.1",
        "content": "<p>HELLO &amp; GOODBYE</p>",
        "spoiler_text": "A < B",
        "poll": {"id": status["poll"]["id"], "options": [{"title": "YES"}, {"title": "NO"}]},
        "media_attachments": [],
    }
    (asked,) = service.asked
    assert (asked["format"], asked["api_key"], asked["source"]) == ("html", "secret", "en")
    configuration = (await bob.get("/api/v2/instance"))["configuration"]
    assert configuration["translation"] == {"enabled": True}


async def test_descriptions_of_media_are_translated(translating: Server) -> None:
    alice = await translating.joins("alice")
    media = await upload(alice, picture(), description="a walnut")
    status = await alice.says("look", language="en-GB", media_ids=[media["id"]])
    found = await alice.post(f"/api/v1/statuses/{status['id']}/translate", lang="de-AT")
    assert found["media_attachments"] == [{"id": media["id"], "description": "A WALNUT"}]


async def test_the_same_words_are_sent_once_for_each_language(translating: Server, service: Service) -> None:
    alice, bob = await translating.joins("alice"), await translating.joins("bob")
    status = await alice.says("hello")
    path = f"/api/v1/statuses/{status['id']}/translate"
    for person in (alice, bob):
        assert (await person.post(path, lang="de"))["detected_source_language"] == "en"
    await bob.post(f"/api/v1/statuses/{status['id']}/favourite")
    await bob.post(path, lang="de")
    assert len(service.asked) == 1
    await alice.post(path, lang="en")
    await alice.put(f"/api/v1/statuses/{status['id']}", status="goodbye")
    await alice.post(path, lang="de")
    assert [asked["source"] for asked in service.asked] == ["auto"] * 3


async def test_what_a_service_answers_is_made_safe(translating: Server, service: Service) -> None:
    alice = await translating.joins("alice")
    status = await alice.says("hello", language="en")
    service.answer = {"translatedText": ["<p onclick=x>hallo<script>alert(1)</script></p>", "<b>x</b>"]}
    found = await alice.post(f"/api/v1/statuses/{status['id']}/translate", lang="de")
    assert (found["content"], found["spoiler_text"]) == ("<p>hallo</p>", "x")


@pytest.mark.parametrize(("source", "target"), [("xx", "de"), ("en", "xx"), ("en", "en"), ("en", "'; --")])
async def test_other_languages_are_refused(translating: Server, source: str, target: str) -> None:
    alice = await translating.joins("alice")
    status = await alice.says("hello", language=source)
    await alice.post(f"/api/v1/statuses/{status['id']}/translate", lang=target, expect=403)


@pytest.mark.parametrize(
    ("status", "answer"), [(500, None), (403, None), (200, []), (200, {"translatedText": ["one too few"]})]
)
async def test_a_service_in_trouble_is_told(
    translating: Server, service: Service, status: int, answer: Any
) -> None:
    alice = await translating.joins("alice")
    said = await alice.says("hello", language="en")
    service.status, service.answer = status, answer
    found = await alice.post(f"/api/v1/statuses/{said['id']}/translate", lang="de", expect=503)
    assert "translation service" in found["error"]


async def test_languages_are_those_of_the_service(translating: Server) -> None:
    found = await translating.anybody.get("/api/v1/instance/translation_languages")
    assert found == {"en": ["de"], "de": ["en"]}
