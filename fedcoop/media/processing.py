"""Takes uploads in: pictures are decoded by `pictures` in a process of its own, films and sounds by `films`, and
`storage` keeps what they made.

Pictures two at once and films one at once, on threads of their own, so that neither the event loop nor the
passwords nor a photo waits for a film.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal, NamedTuple

import msgspec

from fedcoop.config import Config
from fedcoop.errors import Invalid
from fedcoop.media import files, films
from fedcoop.media.sniffing import NEEDED, Sniffed, sniffed
from fedcoop.media.storage import Storage
from fedcoop.media.types import Made, Picture, Waiting

log = logging.getLogger("fedcoop.media")

Use = Literal["attachment", "still", "thumbnail", "avatar", "header", "emoji"]
AT_ONCE = 2
PATIENCE = 60
"""Seconds on the clock; the process itself stops sooner, by the time it has worked."""

TAKEN = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")
MOST_PIXELS = 8192 * 8192
_PICTURES = "a picture (JPEG, PNG, GIF, WebP or AVIF)"
WHY = {
    "type": f"File must be {_PICTURES}, a video (MP4, MOV, WebM) or a sound (MP3, Ogg, M4A, FLAC, WAV)",
    "no films": f"File must be {_PICTURES}; this server takes no video or sound",
    "only pictures": f"File must be {_PICTURES}",
    "pixels": f"File has too many pixels (the most is {MOST_PIXELS:,})",
    "animation": "File is too long an animation",
    "broken": "File could not be read as a picture: it seems to be broken",
    "film": "File could not be read as a video or a sound: it seems to be broken, or of a kind not known here",
    "film pixels": "File has more pixels in each frame than this server takes",
    "film frames": f"File has more than {films.FASTEST} frames in a second",
    "film time": "File takes too long to convert; a shorter or smaller one will do",
    "film size": "File would be too large once it is converted; a shorter or smaller one will do",
}
_PROGRAM = Path(__file__).with_name("pictures.py")
_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
_pictures = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")
_films = ThreadPoolExecutor(1, thread_name_prefix="films")


class Moving(Exception):
    """A picture that moves, and is better shown as a film."""


class Drawn(NamedTuple):
    """A file in the workplace that is to be kept."""

    path: Path
    suffix: str
    width: int
    height: int


@asynccontextmanager
async def taken(
    storage: Storage, config: Config, file: BinaryIO, use: Use, field: str = "file"
) -> AsyncIterator[Made]:
    """The files made of a picture, which are removed again if what is done with them fails. Raises `Invalid`,
    with a sentence for the member, where it is too large or no picture that can be shown; and `Moving` for a
    moving GIF where the use is `still`."""
    if file.seek(0, os.SEEK_END) > config.media_max_bytes:
        raise _too_large(config.media_max_bytes, field)
    loop = asyncio.get_running_loop()
    with _places(config) as (full, preview):
        try:
            made = await loop.run_in_executor(_pictures, _drawn, file, use, full, preview)
        except films.Refused as problem:
            raise Invalid(WHY[str(problem)], field=field) from None
        kept = await _kept(
            storage,
            full=_part(made, full),
            preview=_part(made.get("preview"), preview),
            still=_part(made.get("still"), preview),
        )
    result = Made(**kept, blurhash=made.get("blurhash"))
    async with _forgotten_on_failure(storage, result):
        yield result


def kind_of(config: Config, file: BinaryIO, field: str = "file") -> Sniffed:
    """What an upload is. Raises `Invalid` where it is not taken here, or is too large for what it is."""
    file.seek(0)
    what = sniffed(file.read(NEEDED))
    if what is None:
        raise Invalid(WHY["type" if films.available(config) else "no films"], field=field)
    if what.kind != "picture" and not films.available(config):
        raise Invalid(WHY["no films"], field=field)
    most = config.media_max_bytes if what.kind == "picture" else config.video_max_bytes
    if file.seek(0, os.SEEK_END) > most:
        raise _too_large(most, field)
    return what


class Aside(NamedTuple):
    """An upload in the workplace, and what its row says until it is converted."""

    path: Path
    waiting: Waiting


async def set_aside(config: Config, file: BinaryIO) -> Aside:
    """A film or sound in the workplace, for `filmed`. Raises `Invalid` where ffmpeg cannot read it."""
    path = files.workplace(config) / f"{secrets.token_hex(8)}.upload"

    def copy() -> films.Found:
        file.seek(0)
        with path.open("xb") as there:
            shutil.copyfileobj(file, there, 1_048_576)
            there.flush()
            os.fsync(there.fileno())
        return films.probed(config, path, _sniffed_file(path))

    try:
        found = await asyncio.to_thread(copy)
    except BaseException as problem:
        path.unlink(missing_ok=True)
        if isinstance(problem, films.Refused):
            raise Invalid(WHY[str(problem)], field="file") from None
        raise
    return Aside(path, Waiting(upload=path.name, kind=found.kind))


@asynccontextmanager
async def filmed(storage: Storage, config: Config, path: Path) -> AsyncIterator[Made]:
    """The files made of a film or sound that was set aside; otherwise as `taken`."""
    loop = asyncio.get_running_loop()
    with _places(config) as (full, preview):
        try:
            film = await loop.run_in_executor(_films, _filmed, config, path, full, preview)
        except films.Refused as problem:
            raise Invalid(WHY[str(problem)], field="file") from None
        found, suffix, still = film
        kept = await _kept(
            storage,
            full=Drawn(full, suffix, found.width, found.height),
            preview=_part(still, preview),
        )
    blurhash = still.get("blurhash") if still else None
    made = Made(**kept, kind=found.kind, blurhash=blurhash, stream=found.stream)
    async with _forgotten_on_failure(storage, made):
        yield made


async def thumbnail(path: Path) -> Drawn | None:
    """A small picture of a file in the workplace, beside it; None where it cannot be read. The caller keeps or
    removes it."""
    small = path.with_suffix(".small")

    def draw() -> Drawn | None:
        with path.open("rb") as file:
            made = decoded(file, "thumbnail", small, small.with_suffix(".none"))
        return None if made.get("refused") else _part(made, small)

    return await asyncio.get_running_loop().run_in_executor(_pictures, draw)


@contextmanager
def _places(config: Config) -> Iterator[tuple[Path, Path]]:
    """Two names in the workplace, which are empty again afterwards."""
    token = secrets.token_hex(8)
    full, preview = (files.workplace(config) / f"{token}.{part}" for part in ("full", "preview"))
    try:
        yield full, preview
    finally:
        for path in (full, preview):
            path.unlink(missing_ok=True)


def _part(made: dict[str, Any] | None, path: Path) -> Drawn | None:
    return Drawn(path, made["suffix"], made["width"], made["height"]) if made else None


async def _kept(storage: Storage, **parts: Drawn | None) -> dict[str, Any]:
    """The same parts as `Made` has them. What was kept goes again where a later one cannot be."""
    kept: dict[str, Any] = {}
    try:
        for part, drawn in parts.items():
            if drawn:
                name = await storage.keep(drawn.path, drawn.suffix)
                kept[part] = Picture(name, files.TYPES[drawn.suffix], drawn.width, drawn.height)
    except BaseException:
        await storage.remove(each.name for each in kept.values())
        raise
    return kept


@asynccontextmanager
async def _forgotten_on_failure(storage: Storage, made: Made) -> AsyncIterator[None]:
    try:
        yield
    except BaseException:
        await storage.remove(made.names)
        raise


def _too_large(most: int, field: str) -> Invalid:
    return Invalid(f"File is too large (the most is {round(most / 1_048_576, 1):g} MiB)", field=field)


def _filmed(
    config: Config, path: Path, full: Path, preview: Path
) -> tuple[films.Found, str, dict[str, Any] | None]:
    what = _sniffed_file(path)
    found = films.probed(config, path, what)
    suffix = films.written(config, path, what, found, full)
    # What is told of the file is what was written, not what was sent.
    result = films.probed(config, full, films.made_of(suffix))
    png = preview.with_suffix(".png")
    try:
        if not films.frame(config, path, what, found, png):
            return result, suffix, None
        with png.open("rb") as file:
            still = decoded(file, "thumbnail", preview, preview.with_suffix(".none"))
    finally:
        png.unlink(missing_ok=True)
    if still.get("refused"):
        # A cover that is no picture does not spoil the sound.
        if found.kind == "audio":
            return result, suffix, None
        raise films.Refused("film")
    return result, suffix, still


def _sniffed_file(path: Path) -> Sniffed:
    with path.open("rb") as file:
        what = sniffed(file.read(NEEDED))
    if what is None or not what.demuxer:
        raise films.Refused("film")
    return what


def _drawn(file: BinaryIO, use: Use, full: Path, preview: Path) -> dict[str, Any]:
    made = decoded(file, use, full, preview)
    if why := made.get("refused"):
        if why == "moving":
            raise Moving
        log.info("refused a picture: %s %s", why, made.get("problem", ""))
        raise films.Refused("only pictures" if why == "type" else why)
    return made


def decoded(file: BinaryIO, use: Use, full: Path, preview: Path) -> dict[str, Any]:
    """What `pictures` says it made of the file, or `{"refused": why}`. Blocks."""
    file.flush()
    file.seek(0)
    handle = file.fileno()
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        # -I: nothing from the present folder or the environment is imported.
        done = subprocess.run(  # noqa: S603 # our own program
            [sys.executable, "-I", str(_PROGRAM), use, str(full.absolute()), str(preview.absolute())],
            stdin=handle,
            capture_output=True,
            timeout=PATIENCE,
            cwd="/",
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ},
            check=False,
        )
    except subprocess.TimeoutExpired:
        return {"refused": "broken", "problem": "it took too long"}
    try:
        return msgspec.json.decode(done.stdout, type=dict[str, Any])
    except msgspec.DecodeError:
        # It was ended by a limit, or by a fault of a decoder.
        return {"refused": "broken", "problem": f"exit {done.returncode} {done.stderr[-500:]!r}"}
