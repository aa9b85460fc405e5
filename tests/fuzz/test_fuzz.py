"""A fixed part of what `python -m tests.fuzz` tries, the same every time."""

from __future__ import annotations

import logging
from pathlib import Path
from random import Random

import pytest

from fedcoop.cards import reading
from tests.fuzz import corpus, targets

ROUNDS = 1_000


@pytest.fixture(autouse=True)
def _quiet() -> None:
    logging.getLogger("activitypub").setLevel(logging.CRITICAL)


@pytest.mark.parametrize("name", targets.PURE)
async def test_damaged_input_raises_nothing_unforeseen(name: str) -> None:
    for seed in range(ROUNDS):
        try:
            await targets.PURE[name](Random(seed))
        except Exception as problem:
            raise AssertionError(f"python -m tests.fuzz --only {name} --seed {seed}") from problem


async def test_damaged_activities_raise_nothing_unforeseen(tmp_path: Path) -> None:
    async with targets.inbox(tmp_path) as receive:
        for seed in range(ROUNDS):
            try:
                await receive(Random(seed))
            except Exception as problem:
                raise AssertionError(f"python -m tests.fuzz --only inbox --seed {seed}") from problem


def test_an_oembed_answer_that_is_no_utf8_says_nothing() -> None:
    page = reading.read("https://b.test/page", corpus.PAGE.encode(), "text/html")
    assert page is not None
    reading.add_oembed(page, b'{"title": "\xff\xfe"}')
    assert page.title == "About & around"
