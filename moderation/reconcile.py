"""Comparing the record with what is in force: what the database does without the ledger knowing. Checking
the record itself is `moderation.ledger.verify`."""

from fedcoop import clock
from fedcoop.db import Tx
from moderation.acts import live
from moderation.acts.types import Act, tag
from moderation.acts.words import say
from moderation.ledger import actions as ledger
from moderation.ledger import serve
from moderation.ledger.fold import CHANGING, fold
from moderation.ledger.verify import Report, verify

MOST_ACTS = 100_000
MOST_TOLD = 20
"""How many differences an entry of the ledger names."""


async def verify_local(tx: Tx) -> Report:
    """Check this server's own ledger as a stranger would, from the files it serves."""

    async def get(path: str) -> bytes:
        return await serve.file(tx, path)

    return await verify(get, vkey=await serve.verifier_key(tx))


async def drift(tx: Tx, report: Report) -> list[str]:
    """Where what is in force differs from what the recorded acts amount to; a sentence for each."""
    return await _differences(tx, report.state)


async def drift_now(tx: Tx) -> list[str]:
    """The same without checking the record itself: only what changes what is in force is read, so that a page may
    ask."""
    state: dict[str, Act] = {}
    for entry in reversed(await serve.entries(tx, types=CHANGING, limit=MOST_ACTS)):
        fold(state, entry.type, entry.body, clock.parse(entry.time))
    return await _differences(tx, state)


async def record_drift(tx: Tx) -> list[str]:
    """Write into the ledger what differs, once for each change of it, so that whoever keeps copies learns of
    it too."""
    found = await drift_now(tx)
    told = await serve.entries(tx, types=("drift",), limit=1)
    body = {"found": found[:MOST_TOLD], "more": max(0, len(found) - MOST_TOLD)}
    if body != (told[0].body if told else {"found": [], "more": 0}):
        await ledger.append(tx, "drift", body=body)
    return found


async def _differences(tx: Tx, recorded: dict[str, Act]) -> list[str]:
    found = await live.everything(tx, recorded)
    told = []
    for place in sorted(found.keys() | recorded.keys()):
        now, said = found.get(place), recorded.get(place)
        if now is None or said is None or not live.same(now, said):
            told.append(_difference(place, now, said))
    return told


def _difference(place: str, now: Act | None, said: Act | None) -> str:
    kind, _, name = place.partition(":")
    if kind == "domain" and (now is None or said is None or tag(now) != tag(said)):
        now_word, said_word = _severity(now), _severity(said)
        if said is None:
            return f"{name} is restricted ({now_word}), but no act in the ledger says so."
        return f"The ledger says {said_word} for {name}, but it is {now_word or 'not restricted'}."
    if now is None:
        return f"The ledger says of {place}: {say(said)} But that is not so." if said else place
    if said is None:
        return f"This is so of {place}, but no act in the ledger says so: {say(now)}"
    if tag(now) == tag(said) and say(now) == say(said):
        fields = [each for each in now.__struct_fields__ if getattr(now, each) != getattr(said, each)]
        words = "; ".join(
            f"{each} is “{getattr(now, each)}” and not “{getattr(said, each)}”" for each in fields
        )
        return f"This is not as the ledger says of {place}: {words}."
    return f"The ledger says of {place}: {say(said)} But this is so: {say(now)}"


def _severity(act: Act | None) -> str:
    return "" if act is None else tag(act).removesuffix("_domain")
