"""Checking a whole ledger from its files alone, ours or somebody else's: the signature, that the files fit
the checkpoint, that an earlier checkpoint is its beginning, every ballot counted again, every act replayed.
What the entries mean is in `replay`."""

import base64
from collections.abc import Awaitable, Callable, Iterator

import msgspec

from fedcoop.errors import NotFound
from moderation.acts.types import Act, LimitDomain, SuspendDomain, tag

from . import tiles
from .cosignatures import Witness
from .entries import decode
from .held import Recount
from .merkle import leaf_hash, root
from .notes import Checkpoint, NoteError, open_checkpoint, read_vkey, signature_lines
from .replay import Replay
from .tiles import WIDTH, Tile

Get = Callable[[str], Awaitable[bytes]]
"""Fetches what stands at a path below the ledger's address (`checkpoint`, `tile/0/000`)."""


class Report(msgspec.Struct, frozen=True):
    """What was checked. `restrictions` are the servers that the acts in the record leave restricted, with
    `suspend` or `limit`; `state` is all that acts leave in force, by place; `key_source` says where the key came
    from; `witnesses` when each of those asked for saw the checkpoint, in seconds since the epoch; `note` is the
    checkpoint, to be kept for the next time; `by_operator` counts the standings of members that whoever runs the
    server gave, without a vote."""

    origin: str
    size: int
    root: str
    vkey: str
    key_source: str
    entries: dict[str, int]
    recounts: list[Recount]
    restrictions: dict[str, str]
    state: dict[str, Act]
    witnesses: dict[str, int]
    note: str
    problems: list[str]
    by_operator: int = 0

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.problems


async def verify(
    get: Get,
    *,
    vkey: str | None = None,
    known: list[Checkpoint] | None = None,
    witnesses: list[Witness] | None = None,
) -> Report:
    """Read and check everything. `vkey` is a public key of the log as its operator has handed it out, the
    present one or one before it; without it the one that the log's first entry names is taken. `known` are
    checkpoints seen earlier: the log must be what it was then, and more. `witnesses` are those whose
    signatures are looked for. `get` says with LookupError, FileNotFoundError or NotFound that there is
    nothing at a path; its other errors pass through. All that is wrong stands in the report; under a wrong
    signature nothing more is read, unless it may be of a later key of the same log, which only its entries
    can tell."""
    problems: list[str] = []
    signed = (await _fetched(get, "checkpoint", problems)).decode("utf-8", "replace")
    size = _claimed_size(signed)
    bundles = tiles.bundles_of(min(size, WIDTH))
    first = await _bundle(get, bundles[0], problems) if bundles else []
    named = _key_in(first, problems)
    checkpoint, replay, leaves = _opened(signed, vkey or named), Replay(), list[bytes]()
    if checkpoint is not None or _signed_by_another_key(signed, vkey or named):
        replay, leaves = await _read(get, size, first, problems)
        if checkpoint is None and (vkey is None or vkey in replay.keys):
            checkpoint = _opened(signed, replay.vkey)
    if checkpoint is None:
        problems.append(
            "The checkpoint is not signed as it should be: not by this log's key, or not rightly."
        )
        replay = Replay()
    else:
        if replay.origin != checkpoint.origin:
            problems.append(
                f"The checkpoint is of {checkpoint.origin}, but the log calls itself {replay.origin}."
            )
        if vkey and vkey not in replay.keys:
            problems.append("The log names another key than the one that was given.")
        if _opened(signed, replay.vkey) is None:
            problems.append("The checkpoint is signed with an earlier key than the one in force.")
        await _check_tree(get, leaves, checkpoint, problems)
        for earlier in known or []:
            _check_beginning(earlier, checkpoint.origin, leaves, problems)
    return Report(
        origin=replay.origin,
        size=size,
        root="" if checkpoint is None else base64.b64encode(checkpoint.root).decode(),
        vkey=replay.vkey or vkey or named,
        key_source="given" if vkey else "the log's own first entry",
        entries=replay.counts,
        recounts=replay.recounts,
        restrictions={
            act.domain: tag(act).removesuffix("_domain")
            for act in replay.state.values()
            if isinstance(act, SuspendDomain | LimitDomain)
        },
        state=replay.state,
        witnesses=_witnessed(signed, witnesses or [], problems) if checkpoint else {},
        note=signed if checkpoint else "",
        problems=problems + replay.problems,
        by_operator=replay.by_operator,
    )


async def _read(get: Get, size: int, first: list[bytes], problems: list[str]) -> tuple[Replay, list[bytes]]:
    """Every entry taken in, and the hash of each."""
    replay, leaves = Replay(), list[bytes]()
    for bundle in tiles.bundles_of(size):
        for text in await _bundle(get, bundle, problems) if bundle.index else first:
            leaves.append(leaf_hash(text))
            _feed(replay, len(leaves) - 1, text)
    replay.finish()
    return replay, leaves


def _signed_by_another_key(signed: str, vkey: str) -> bool:
    """Whether a log of this name has signed, with a key that is not this one."""
    try:
        verifier = read_vkey(vkey)
        _, lines = signature_lines(signed)
    except ValueError:
        return False
    of_this_log = [blob[:4] for name, blob in lines if name == verifier.name]
    return bool(of_this_log) and verifier.key_id not in of_this_log


def _witnessed(signed: str, witnesses: list[Witness], problems: list[str]) -> dict[str, int]:
    """When each witness saw the checkpoint, by name, in seconds since the epoch."""
    found: dict[str, int] = {}
    for witness in witnesses:
        try:
            at = witness.seen_at(signed)
        except NoteError as wrong:
            problems.append(f"The checkpoint: {wrong}.")
        else:
            if at is not None:
                found[witness.name] = at
    return found


def _claimed_size(signed: str) -> int:
    """The size in a checkpoint whose signature has not been looked at yet, to know what to fetch."""
    lines = signed.split("\n")
    if len(lines) > 1 and lines[1].isascii() and lines[1].isdigit() and len(lines[1]) < 13:
        return int(lines[1])
    return 0


async def _fetched(get: Get, path: str, problems: list[str]) -> bytes:
    try:
        return await get(path)
    except (LookupError, FileNotFoundError, NotFound):
        problems.append(f"{path} is missing.")
        return b""


def _key_in(first: list[bytes], problems: list[str]) -> str:
    """The key that the log's first entry names; empty when it names none."""
    try:
        key = decode(first[0]).body["key"]
    except (IndexError, KeyError, ValueError):
        problems.append("The log does not begin with an entry that names its key.")
        return ""
    return key if isinstance(key, str) else ""


async def _bundle(get: Get, bundle: Tile, problems: list[str]) -> list[bytes]:
    try:
        entries = tiles.unpack(await _fetched(get, bundle.path, problems))
    except ValueError as wrong:
        problems.append(f"{bundle.path}: {wrong}.")
        return []
    if len(entries) != bundle.width:
        problems.append(f"{bundle.path} has {len(entries)} entries, the checkpoint promises {bundle.width}.")
    return entries


def _feed(replay: Replay, index: int, text: bytes) -> None:
    try:
        entry = decode(text)
    except ValueError as wrong:
        replay.problems.append(f"Entry {index} is no entry: {wrong}.")
    else:
        replay.feed(index, entry)


def _opened(signed: str, vkey: str) -> Checkpoint | None:
    """The checkpoint, when this key has signed it."""
    try:
        return open_checkpoint(signed, read_vkey(vkey))
    except ValueError:
        return None


async def _check_tree(get: Get, leaves: list[bytes], checkpoint: Checkpoint, problems: list[str]) -> None:
    """Every entry is where its tile says, every tile follows from the ones below, and all lead to the root:
    then every inclusion proof holds."""
    for tile, expected in _expected_tiles(checkpoint.size, leaves):
        try:
            hashes = tiles.hashes_in(await _fetched(get, tile.path, problems))
        except ValueError as wrong:
            problems.append(f"{tile.path}: {wrong}.")
            continue
        if len(hashes) != tile.width:
            problems.append(f"{tile.path} has {len(hashes)} hashes, the checkpoint promises {tile.width}.")
        for at, (found, right) in enumerate(zip(hashes, expected, strict=False)):
            if found != right:
                place = tile.start + at
                what = f"Entry {place} is" if tile.level == 0 else f"The entries below {tile.path} are"
                problems.append(f"{what} not what its hash in {tile.path} says: it was changed.")
    if len(leaves) != checkpoint.size or root(leaves) != checkpoint.root:
        problems.append(
            "The entries do not lead to the signed root: the record is not the one that was signed."
        )


def _expected_tiles(size: int, leaves: list[bytes]) -> Iterator[tuple[Tile, list[bytes]]]:
    level, hashes = 0, leaves
    for tile in tiles.tiles_of(size):
        if tile.level != level:
            hashes = [root(hashes[at : at + WIDTH]) for at in range(0, len(hashes) - WIDTH + 1, WIDTH)]
            level += 1
        yield tile, hashes[tile.start : tile.start + tile.width]


def _check_beginning(earlier: Checkpoint, origin: str, leaves: list[bytes], problems: list[str]) -> None:
    if earlier.origin != origin:
        problems.append(f"The earlier checkpoint is of {earlier.origin}, this log is {origin}.")
    elif earlier.size > len(leaves):
        problems.append(f"The log has lost entries: it once had {earlier.size}, now {len(leaves)}.")
    elif root(leaves[: earlier.size]) != earlier.root:
        problems.append(
            f"The first {earlier.size} entries are not the ones that were signed earlier: a fork."
        )
