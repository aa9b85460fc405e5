"""What the documents name is there: links, paths, commands, targets, settings, addresses."""

import re
import tomllib
from pathlib import Path

import msgspec
import pytest

from fedcoop.config import Config
from tests.quality.reading import (
    ROOT,
    assert_understood,
    blocks,
    documents,
    inline,
    name_of,
    our_arguments,
    simple_commands,
    words_of,
)
from web.api import api
from web.routes import load

DOCUMENTS = [pytest.param(path, id=name_of(path)) for path in documents()]
TOP = {path.name for path in ROOT.iterdir()}
SETTINGS = set(Config.__struct_fields__)
FOR_TESTS = {"FEDCOOP_TEST_POSTGRES", "FEDCOOP_CRASH_ROUNDS", "FEDCOOP_CRASH_PATIENCE"}
LARGEST_PICTURE = 200_000
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"[\w.-]+(/[\w.-]+)*/?")
ADDRESS = re.compile(r"(GET|POST|PUT|DELETE) (/[^\s?]+)")


def _anchors(text: str) -> set[str]:
    """The anchors of a document's headings, as forges make them."""
    titles = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def _prose_and_shell(text: str) -> list[str]:
    return [*inline(text), *(line for block in blocks(text, "sh") for line in block.splitlines())]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    for target in LINK.findall(document.read_text("utf-8")):
        if re.match(r"[a-z]+:", target):
            continue
        address, _, anchor = target.partition("#")
        found = (document.parent / address).resolve() if address else document
        assert found.exists(), f"{name_of(document)} links to {target}"
        assert found.is_relative_to(ROOT)
        if anchor:
            assert anchor in _anchors(found.read_text("utf-8")), f"{name_of(document)} links to {target}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_path_between_backticks_is_there(document: Path) -> None:
    for word in inline(document.read_text("utf-8")):
        if not PATH.fullmatch(word) or word.partition("/")[0] not in TOP:
            continue
        if word.partition("/")[0] in ("data", "demo-data"):  # what a running instance makes
            continue
        assert (ROOT / word).exists(), f"{name_of(document)} names {word}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_command_of_ours_is_understood(document: Path) -> None:
    text = document.read_text("utf-8")
    shown = [words for block in blocks(text, "sh") for words in simple_commands(block)]
    shown += [words for word in inline(text) if (words := words_of(word))]
    for words in shown:
        arguments = our_arguments(words)
        if arguments and "$@" not in arguments and "…" not in arguments:
            assert_understood(arguments)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_make_target_is_there(document: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for line in _prose_and_shell(document.read_text("utf-8")):
        if found := re.match(r"\s*make (?:-C \S+ )?([a-z-]+)", line):
            assert found[1] in targets, f"{name_of(document)} says {line}"


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_setting_is_one(document: Path) -> None:
    text = document.read_text("utf-8")
    for name in set(re.findall(r"\bFEDCOOP_[A-Z_]*[A-Z]\b", text)) - FOR_TESTS:
        assert name.removeprefix("FEDCOOP_").lower() in SETTINGS, f"{name_of(document)} names {name}"
    for block in blocks(text, "toml"):
        msgspec.convert(tomllib.loads(block), Config)


def test_the_table_of_settings_names_settings() -> None:
    text = (ROOT / "docs/operators.md").read_text("utf-8")
    table = text[text.index("| setting |") :].partition("\n\n")[0]
    named = {name for line in table.splitlines()[2:] for name in re.findall(r"`(\w+)`", line.split("|")[1])}
    assert named
    assert named <= SETTINGS


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_address_of_the_api_is_served(document: Path) -> None:
    load()
    served = {(route.method, re.sub(r"\{[^}]*\}", "*", route.path)) for route in api}
    for word in inline(document.read_text("utf-8")):
        for method, path in ADDRESS.findall(word):
            wanted = re.sub(r":\w+|\{[^}]*\}", "*", path)
            if wanted.startswith("/ledger/"):
                wanted = "/ledger/*"
            assert (method, wanted) in served, f"{name_of(document)} names {method} {path}"


def test_every_address_of_the_cooperative_is_told() -> None:
    load()
    told = (ROOT / "docs/api.md").read_text("utf-8")
    for route in api:
        if route.path.startswith("/api/fedcoop/"):
            assert f"`{route.method} {re.sub(r'{id}', ':id', route.path)}" in told, route.path


def test_pictures_are_small() -> None:
    for picture in (ROOT / "docs/images").iterdir():
        assert picture.stat().st_size <= LARGEST_PICTURE, picture.name
