"""Reads a constitution: a starter by its name, a file by its path, or the JSON that the database and ledger
keep. What it may say is in `types`."""

import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from .durations import Duration, read_duration
from .types import Constitution, Rule

DEFAULT = "social-coop"
_STARTERS = resources.files(__package__) / "starters"


def starters() -> list[str]:
    """The names of the constitutions that come with the program."""
    return sorted(
        entry.name.removesuffix(".toml") for entry in _STARTERS.iterdir() if entry.name.endswith(".toml")
    )


def load(name_or_file: str = DEFAULT) -> Constitution:
    """A starter by name, or a constitution from a file. Raises ValueError with a sentence that names the
    place."""
    if name_or_file in starters():
        return read((_STARTERS / f"{name_or_file}.toml").read_text("utf-8"), name_or_file)
    path = Path(name_or_file)
    if not path.is_file():
        known = ", ".join(starters())
        raise ValueError(
            f'there is no constitution "{name_or_file}": it is neither a file nor one of {known}'
        )
    return read(path.read_text("utf-8"), str(path))


def read(text: str, source: str = "constitution") -> Constitution:
    """A constitution from TOML. Raises ValueError naming `source` and the place."""
    try:
        return msgspec.convert(tomllib.loads(text), Constitution, dec_hook=_decode)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, ValueError) as wrong:
        raise ValueError(f"{source}: {wrong}") from None


def to_data(value: Constitution | Rule) -> dict[str, Any]:
    """As plain dictionaries, lists, strings, integers and booleans: what JSON and the ledger hold."""
    data: dict[str, Any] = msgspec.to_builtins(value, enc_hook=_encode)
    return data


def without_defaults(value: object) -> Any:
    """As `to_data`, without what is as it would be anyway. A parameter that a later version adds then changes
    nothing for rules that do not use it; a default, once released, must never change."""
    if isinstance(value, msgspec.Struct):
        said = {}
        for field in msgspec.structs.fields(value):
            given = getattr(value, field.name)
            if field.default is msgspec.NODEFAULT or given != field.default:
                said[field.encode_name] = without_defaults(given)
        return said
    if isinstance(value, dict):
        return {key: without_defaults(each) for key, each in value.items()}
    return msgspec.to_builtins(value, enc_hook=_encode)


def constitution_from(data: object) -> Constitution:
    """Back from `to_data`. Raises ValueError (msgspec.ValidationError) when it is something else."""
    return msgspec.convert(data, Constitution, dec_hook=_decode)


def rule_from(data: object) -> Rule:
    """Back from `to_data`. Raises ValueError (msgspec.ValidationError) when it is something else."""
    return msgspec.convert(data, Rule, dec_hook=_decode)


def _decode(kind: type, value: object) -> object:
    if kind is Duration and isinstance(value, str):
        return read_duration(value)
    raise ValueError(f'expected a duration such as "6 days", got {value!r}')


def _encode(value: object) -> object:
    if isinstance(value, Duration):
        return str(value)
    raise NotImplementedError(f"{type(value).__name__} has no place in a constitution")
