"""The table of attacks in docs/security.md: every row has tests that are there, every attack a row or a reason."""

from __future__ import annotations

import re

import pytest

from tests.quality.reading import ROOT

TEXT = (ROOT / "docs/security.md").read_text("utf-8")
ROW = re.compile(r"^\| ([A-J]\d[^|]*) \|(.*)\|$", re.MULTILINE)
ID = re.compile(r"([A-J])(\d+)(?:–[A-J](\d+))?")
CATALOGUES = [folder / "shared/design/security.md" for folder in ROOT.parents]
"""Where attacks on others are written down with their sources, beside the repository."""


def ids_of(cell: str) -> set[str]:
    """`B2–B4, C1` → B2, B3, B4, C1."""
    found = set()
    for letter, first, last in ID.findall(cell):
        found |= {f"{letter}{number}" for number in range(int(first), int(last or first) + 1)}
    return found


def test_every_row_names_tests_that_are_there() -> None:
    attacks, _, reasons = TEXT.partition("Those of the catalogue")
    assert len(ROW.findall(attacks)) > 40
    for cell, rest in ROW.findall(attacks):
        files = re.findall(r"`(tests/[\w/]+\.py)`", rest)
        assert files, f"{cell} names no test"
        for file in files:
            assert (ROOT / file).exists(), f"{cell} names {file}"
    assert all(rest.strip() for _, rest in ROW.findall(reasons))


def test_every_test_of_an_attack_has_its_row() -> None:
    told = {id_ for cell, _ in ROW.findall(TEXT) for id_ in ids_of(cell)}
    for path in (ROOT / "tests/security").glob("test_*.py"):
        for name in re.findall(r"^async def test_((?:[a-j]\d+_)+)", path.read_text("utf-8"), re.MULTILINE):
            assert ids_of(name.upper()) <= told, f"{path.name}: {name}"


def test_every_attack_of_the_catalogue_has_a_row_or_a_reason() -> None:
    catalogue = next((path for path in CATALOGUES if path.exists()), None)
    if catalogue is None:
        pytest.skip("the catalogue of attacks is not at hand")
    told = {id_ for cell, _ in ROW.findall(TEXT) for id_ in ids_of(cell)}
    listed = {cell for cell, _ in ROW.findall(catalogue.read_text("utf-8"))}
    assert {id_ for cell in listed for id_ in ids_of(cell)} - told == set()
