"""What is true of the whole house: who does each job, how modules open, where SQL and printing stand."""

import ast
import re
import typing
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from activitypub.federation import Federation, new_client
from fedcoop import wiring
from fedcoop.config import Config
from fedcoop.db import Database
from fedcoop.jobs import types as kinds
from fedcoop.jobs.deciding import Deciding
from fedcoop.jobs.types import AnyJob
from fedcoop.media.storage import opened

ROOT = Path(__file__).parents[2]
PACKAGES = ("fedcoop", "activitypub", "moderation", "web")
LONGEST = 400
SHARED_PIECES = ("fedcoop/paging.py", "fedcoop/timelines/refs.py")
"""Where the statements of several `queries.py` have pieces in common."""


def _modules() -> list[str]:
    found = (path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
    return sorted(
        path.relative_to(ROOT).as_posix()
        for path in found
        if "migrations" not in path.parts and path.read_text().strip()
    )


MODULES = _modules()


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse((ROOT / module).read_text("utf-8"))


def _calls(module: str, name: str) -> Iterator[int]:
    """The lines where a function is called by its bare name."""
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == name:
            yield node.lineno


def _imports(module: str) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            found |= {each.name.partition(".")[0] for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


async def test_every_job_has_somebody_who_does_it(db: Database) -> None:
    config = Config(domain="coop.test")
    known = set(typing.get_args(AnyJob))
    federation = Federation(db=db, client=new_client(config), config=config)
    assert set(wiring.handlers(db, federation, config, opened(config))) == known


def test_every_kind_of_job_is_in_the_list_and_has_a_name_of_its_own() -> None:
    known = typing.get_args(AnyJob)
    families = (kinds.Job, Deciding)
    made = {job for family in families for job in family.__subclasses__()} - set(families)
    assert made == set(known)
    assert len({job.__struct_config__.tag for job in known}) == len(known)
    assert {job.lane for job in known} <= set(kinds.LANES)


def _opening(module: str) -> str:
    return (ast.get_docstring(_tree(module)) or "").partition("\n\n")[0].strip()


def test_every_module_opens_with_a_sentence_that_says_what_it_is_for() -> None:
    wanting = [
        module
        for module in MODULES
        if len(_opening(module).split()) < 3 or not re.search(r"[.:?](\s|$)", _opening(module))
    ]
    assert not wanting


def test_no_module_and_no_test_grows_past_what_one_can_read() -> None:
    tests = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").glob("**/*.py")]
    sizes = {module: len((ROOT / module).read_text("utf-8").splitlines()) for module in [*MODULES, *tests]}
    assert not {module: lines for module, lines in sizes.items() if lines > LONGEST}


def test_only_what_is_run_as_a_program_prints() -> None:
    programs = [each for each in MODULES if '__name__ == "__main__"' in (ROOT / each).read_text("utf-8")]
    assert not [
        f"{module}:{line}"
        for module in MODULES
        if not module.startswith("fedcoop/cli/") and module not in programs
        for line in _calls(module, "print")
    ]


def test_sql_stands_in_queries_alone() -> None:
    elsewhere = [
        module
        for module in MODULES
        if not module.endswith("/queries.py")
        and not module.startswith("fedcoop/db/")
        and module not in SHARED_PIECES
    ]
    assert not [
        module for module in elsewhere if "sqlalchemy" in _imports(module) or [*_calls(module, "statement")]
    ]
