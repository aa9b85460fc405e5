"""The names of files: what they may be called, what they are, and the folder where they are made. Where
finished ones lie is `storage`; serving them is `web.media`."""

from __future__ import annotations

import re
import secrets
import time
from pathlib import Path

from fedcoop.config import Config

PREFIX = "/media/"
LONGEST_WORK = 6 * 3600
"""Seconds that an unfinished file is kept: far more than making it takes, with others waiting before it."""
TYPES = {
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "avif": "image/avif",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mp3": "audio/mpeg",
    "ogg": "audio/ogg",
    "m4a": "audio/mp4",
    "flac": "audio/flac",
    "wav": "audio/wav",
    "zip": "application/zip",
}
NAME = re.compile(rf"[0-9a-f]{{2}}/[0-9a-f]{{2}}/[0-9a-f]{{28}}\.(?:{'|'.join(TYPES)})")


PRIVATE = ".zip"
"""How the names of those end that only their owner gets: archives of accounts."""


def new_name(suffix: str) -> str:
    """A name that nobody can guess, in one of 65,536 folders."""
    token = secrets.token_hex(16)
    return f"{token[:2]}/{token[2:4]}/{token[4:]}.{suffix}"


def type_of(name: str) -> str:
    """The media type of a file of ours."""
    return TYPES[name.rpartition(".")[2]]


def workplace(config: Config) -> Path:
    """The folder where files are written before they get their names; on the local disk's own file system."""
    place = config.data_dir / "media" / "unfinished"
    place.mkdir(parents=True, exist_ok=True)
    return place


def clean_up(config: Config) -> None:
    """Remove what was never finished, because the server was ended while a file was made."""
    for path in workplace(config).iterdir():
        if path.stat().st_mtime < time.time() - LONGEST_WORK:
            path.unlink(missing_ok=True)
