"""Takes uploads in: each is decoded by `pictures` in a process of its own, and its files are kept by `files`.

At most two at once, on threads of their own, so that neither the event loop nor the passwords wait for pictures.
"""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import subprocess
import sys
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, BinaryIO, Literal

import msgspec

from fedcoop.config import Config
from fedcoop.errors import Invalid
from fedcoop.media import files
from fedcoop.media.types import Made, Picture

log = logging.getLogger("fedcoop.media")

Use = Literal["attachment", "thumbnail", "avatar", "header"]
AT_ONCE = 2
PATIENCE = 60
"""Seconds on the clock; the process itself stops sooner, by the time it has worked."""

TAKEN = ("image/jpeg", "image/png", "image/gif", "image/webp", "image/avif")
MOST_PIXELS = 8192 * 8192
WHY = {
    "type": "File must be a picture (JPEG, PNG, GIF, WebP or AVIF); this server takes no video or sound",
    "pixels": f"File has too many pixels (the most is {MOST_PIXELS:,})",
    "animation": "File is too long an animation",
    "broken": "File could not be read as a picture: it seems to be broken",
}
_PROGRAM = Path(__file__).with_name("pictures.py")
_ENVIRONMENT = ("PATH", "LANG", "LD_LIBRARY_PATH", "TMPDIR")
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="pictures")


@asynccontextmanager
async def taken(config: Config, file: BinaryIO, use: Use, field: str = "file") -> AsyncIterator[Made]:
    """The files made of an upload, which are removed again if what is done with them fails. Raises `Invalid`,
    with a sentence for the member, where it is too large or no picture that can be shown."""
    loop = asyncio.get_running_loop()
    made = await loop.run_in_executor(_threads, _make, config, file, use, field)
    try:
        yield made
    except BaseException:
        await asyncio.to_thread(files.remove, config, [files.address(name) for name in made.names])
        raise


def _make(config: Config, file: BinaryIO, use: Use, field: str) -> Made:
    size = file.seek(0, os.SEEK_END)
    if size > config.media_max_bytes:
        most = config.media_max_bytes / 1_048_576
        raise Invalid(f"File is too large (the most is {round(most, 1):g} MiB)", field=field)
    token = secrets.token_hex(8)
    full, preview = (files.workplace(config) / f"{token}.{part}" for part in ("full", "preview"))
    try:
        made = _decoded(file, use, full, preview)
        if why := made.get("refused"):
            log.info("refused a picture: %s %s", why, made.get("problem", ""))
            raise Invalid(WHY[why], field=field)
        small = made.get("preview")
        return Made(
            full=_kept(config, full, made),
            preview=_kept(config, preview, small) if small else None,
            blurhash=made.get("blurhash"),
        )
    finally:
        for path in (full, preview):
            path.unlink(missing_ok=True)


def _kept(config: Config, path: Path, made: dict[str, Any]) -> Picture:
    suffix = made["suffix"]
    return Picture(files.keep(config, path, suffix), files.TYPES[suffix], made["width"], made["height"])


def _decoded(file: BinaryIO, use: Use, full: Path, preview: Path) -> dict[str, Any]:
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
        made = msgspec.json.decode(done.stdout, type=dict[str, Any])
    except msgspec.DecodeError:
        # It was ended by a limit, or by a fault of a decoder.
        return {"refused": "broken", "problem": f"exit {done.returncode} {done.stderr[-500:]!r}"}
    return made
