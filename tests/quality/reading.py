"""What documents and deployment files say in code: commands, paths, targets. Used by the tests of both."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from fedcoop.cli import _parser

ROOT = Path(__file__).parents[2]
PROGRAM = re.compile(r"(?:.*/)?fedcoop")
ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
SEPARATORS = re.compile(r"\$\(|[()|;`]|&&|\|\|")
FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.MULTILINE | re.DOTALL)


def documents() -> list[Path]:
    """Every document of the project, from README on."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def blocks(text: str, language: str) -> list[str]:
    """What stands in the fenced blocks of a language."""
    return [found[3] for found in FENCE.finditer(text) if found[2] == language]


def inline(text: str) -> list[str]:
    """What stands between single backticks, outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", FENCE.sub("", text))


def words_of(line: str) -> list[str]:
    """A line as the shell splits it, without its comment; nothing where it is no command."""
    try:
        return shlex.split(line, comments=True)
    except ValueError:
        return []


def simple_commands(script: str) -> Iterator[list[str]]:
    """The words of each simple command in a shell script, roughly: enough for what documents show."""
    for line in script.replace("\\\n", " ").splitlines():
        for part in SEPARATORS.split(line):
            words = words_of(part)
            while words and (ASSIGNMENT.match(words[0]) or words[0] in ("{", "}", "do", "set")):
                words = words[1:]
            if words:
                yield words


def our_arguments(words: list[str]) -> list[str] | None:
    """What is said to our program, if it is it that a simple command runs, also by way of another."""
    if words[:2] == ["docker", "compose"] and {"run", "exec"} & set(words):
        service = words.index("fedcoop")
        rest = words[service + 1 :]
        return rest[1:] if rest[0] == "fedcoop" else rest
    if words[0] == "runuser" and "--" in words:
        words = words[words.index("--") + 1 :]
    return words[1:] if PROGRAM.fullmatch(words[0]) else None


def assert_understood(arguments: list[str]) -> None:
    """Our real parser takes these arguments."""
    try:
        _parser().parse_args(arguments)
    except SystemExit:
        pytest.fail(f"fedcoop does not understand: {' '.join(arguments)}")
