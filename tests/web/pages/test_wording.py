"""How the pages write numbers, times and names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.clock import DAY, HOUR, MINUTE
from moderation.acts.types import ACTS as KNOWN_ACTS
from moderation.constitution import CHOICES, KINDS
from moderation.proposals.types import STATES
from web.pages import act_fields, wording
from web.pages.environment import initials, lasting, percent, plural, tint, when
from web.pages.posts import shortened


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "less than a minute"),
        (-DAY, "less than a minute"),
        (MINUTE, "1 minute"),
        (119 * MINUTE, "119 minutes"),
        (2 * HOUR, "2 hours"),
        (47 * HOUR, "47 hours"),
        (2 * DAY, "2 days"),
    ],
)
def test_a_stretch_of_time_is_said_in_its_largest_fitting_unit(milliseconds: int, words: str) -> None:
    assert lasting(milliseconds) == words


def test_numbers_are_said_as_people_say_them() -> None:
    assert percent(1, 3) == "33\u202f%"
    assert percent(0, 0) == "0\u202f%"
    assert plural(1, "reply", "replies") == "1 reply"
    assert plural(12345, "member") == "12,345 members"
    assert when(1_795_000_000_000) == '<time datetime="2026-11-18T11:06:40Z">18 Nov 2026, 11:06 UTC</time>'


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Alice Okonjo", "AO"),
        ("bob", "B"),
        ("Bob ⚓ Lindqvist", "BL"),
        ("⚓", "?"),
        ("", "?"),
        ("(dana)", "D"),
    ],
)
def test_initials_stand_in_place_of_a_picture(name: str, letters: str) -> None:
    assert initials(name) == letters


@given(st.text())
def test_any_name_has_initials_and_a_colour(name: str) -> None:
    assert initials(name)
    assert 0 <= tint(name.encode("utf-8", "replace").decode()) < 6


@given(st.text(max_size=300), st.integers(1, 100))
def test_what_is_shortened_is_short(words: str, most: int) -> None:
    assert len(shortened(words, most)) <= most + 1


def test_everything_that_can_be_decided_has_words() -> None:
    assert set(wording.KINDS) == set(KINDS)
    assert set(wording.STATES) == set(STATES)
    assert set(wording.ANSWERS) == set(CHOICES)
    offered = {choice.key for group in act_fields.groups() for choice in group.choices}
    assert offered == {act.__struct_config__.tag for act in KNOWN_ACTS}
