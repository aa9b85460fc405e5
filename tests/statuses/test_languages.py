"""The language of a post: what the client says, what the member has set, and only then what can be told."""

from __future__ import annotations

import pytest

from fedcoop.text.languages import detected
from tests.words import Server

GERMAN = "Guten Morgen zusammen, heute gehen wir alle miteinander in den Wald spazieren"
ENGLISH = "Good morning everybody, the weather is lovely and we will go for a long walk"


async def test_what_the_client_says_comes_first_then_the_members_default(server: Server) -> None:
    alice = await server.joins("alice")
    assert (await alice.says(GERMAN, language="en"))["language"] == "en"
    assert (await alice.says(GERMAN))["language"] == "de"
    assert (await alice.says("so true"))["language"] is None
    await alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"source": {"language": "fr"}})
    assert (await alice.says(GERMAN))["language"] == "fr"


async def test_an_edit_keeps_the_language(server: Server) -> None:
    alice = await server.joins("alice")
    status = await alice.says(GERMAN)
    edited = await alice.put(f"/api/v1/statuses/{status['id']}", status=ENGLISH)
    assert edited["language"] == "de"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (ENGLISH, "en"),
        ("Buenos días a todos, hoy vamos todos juntos al parque con los niños", "es"),
        ("おはようございます、今日はいい天気ですね", "ja"),
        ("Доброе утро всем, сегодня мы пойдём гулять в большой городской парк", "ru"),
        (f"https://example.com/guten/morgen @guten@morgen.example #Morgen {ENGLISH}", "en"),
    ],
)
def test_what_is_long_enough_is_told(text: str, language: str) -> None:
    assert detected(text) == language


@pytest.mark.parametrize(
    "text",
    [
        "",
        "lol",
        "so true",
        "Das ist gut",
        "https://example.com/guten/morgen/zusammen/heute/gehen/wir/in/den/wald",
        "@guten@morgen.example @zusammen@heute.example #gehenwirindenwald #spazieren",
        "1234567890 " * 10,
        "\x00\ud83d" * 50,
    ],
)
def test_what_is_not_clear_has_none(text: str) -> None:
    assert detected(text) is None
