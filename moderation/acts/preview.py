"""What an act would change, counted in the database before anybody votes."""

import msgspec

from fedcoop.config import Config
from fedcoop.db import Tx

from . import coop, people, servers, texts
from .consequence import Consequence
from .types import Act, Resolve, tag
from .words import say


class ActPreview(msgspec.Struct, frozen=True):
    """An act in words, and what it would do."""

    type: str
    sentence: str
    impact: str
    counts: dict[str, int]


async def preview(tx: Tx, acts: list[Act], config: Config) -> list[ActPreview]:
    """Each act with its sentence, its consequence in words, and the numbers behind it."""
    return [await _previewed(tx, act, config) for act in acts]


async def _previewed(tx: Tx, act: Act, config: Config) -> ActPreview:
    found = await consequence(tx, act, config)
    return ActPreview(type=tag(act), sentence=say(act), impact=found.words, counts=found.counts)


async def consequence(tx: Tx, act: Act, config: Config) -> Consequence:
    """What an act would change."""
    match act:
        case Resolve():
            return Consequence("Words only; the server changes nothing.")
        case _ if isinstance(act, servers.ServerAct):
            return await servers.consequence(tx, act)
        case _ if isinstance(act, people.AccountAct | people.StatusAct):
            return await people.consequence(tx, act)
        case _ if isinstance(act, coop.CoopAct):
            return await coop.consequence(tx, act)
        case _:
            return await texts.consequence(tx, act, config)
