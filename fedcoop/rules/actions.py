"""Making, changing and repealing rules, when members have decided so."""

from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from fedcoop import clock, ids
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.rules import queries
from fedcoop.text import fit

LONGEST = 2000
Translations = Mapping[str, Mapping[str, str]]
NO_TRANSLATIONS: Translations = MappingProxyType({})


async def add(
    tx: Tx,
    text: str,
    *,
    hint: str = "",
    translations: Translations = NO_TRANSLATIONS,
    because: str = "",
    id_: int = 0,
) -> int:
    """Put a rule in force, after the others; returns its id. One that was repealed and is named by its id comes
    back to its place. `because` names the decision: `proposal:ID`. Raises `Invalid` for a rule without words, or
    with too many."""
    text, hint = checked(text, hint)
    id_ = id_ or ids.new_id()
    said = {"text": text, "hint": hint, "translations": _written(translations), "because": because}
    if await tx.execute(queries.BRING_BACK, rule_id=id_, **_new(said)):
        return id_
    position = await tx.scalar(queries.LAST_POSITION) + 1
    await tx.execute(queries.INSERT, id=id_, position=position, repealed_at=None, **said)
    return id_


async def amend(
    tx: Tx,
    rule_id: int,
    text: str,
    *,
    hint: str = "",
    translations: Translations = NO_TRANSLATIONS,
    because: str = "",
) -> None:
    """Say a rule that is in force in other words. Raises `NotFound` when it is not, and `Invalid`."""
    text, hint = checked(text, hint)
    said = {"text": text, "hint": hint, "translations": _written(translations), "because": because}
    if not await tx.execute(queries.AMEND, rule_id=rule_id, **_new(said)):
        raise NotFound


async def repeal(tx: Tx, rule_id: int) -> None:
    """Have a rule in force no more. Raises `NotFound` when it is not."""
    if not await tx.execute(queries.REPEAL, rule_id=rule_id, at=clock.now()):
        raise NotFound


def checked(text: str, hint: str) -> tuple[str, str]:
    """Text and hint as they are kept. Raises `Invalid` for a rule without words, or with too many."""
    text, hint = fit(text).strip(), fit(hint).strip()
    if not text or len(text) > LONGEST or len(hint) > LONGEST:
        raise Invalid(f"A rule has between 1 and {LONGEST} characters.", "text")
    return text, hint


def _written(translations: Translations) -> str:
    return msgspec.json.encode(dict(translations)).decode()


def _new(said: dict[str, str]) -> dict[str, str]:
    return {f"new_{name}": value for name, value in said.items()}
