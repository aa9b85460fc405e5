"""Uploaded files on the local disk, under names that nobody can guess. Serving them is `web.media`."""

from __future__ import annotations

import os
import re
import secrets
import time
from collections.abc import Iterable
from pathlib import Path

from fedcoop.config import Config

PREFIX = "/media/"
LONGEST_WORK = 3600
"""Seconds, and far more than decoding is given."""
TYPES = {"jpg": "image/jpeg", "png": "image/png", "gif": "image/gif", "webp": "image/webp"}
_NAME = re.compile(rf"[0-9a-f]{{2}}/[0-9a-f]{{2}}/[0-9a-f]{{28}}\.(?:{'|'.join(TYPES)})")


def folder(config: Config) -> Path:
    return config.data_dir / "media"


def address(name: str) -> str:
    """The path that a file is served at."""
    return PREFIX + name


def name_of(url: str) -> str | None:
    """The file behind one of our own addresses, with or without the host before it; None for anything else."""
    name = url.rpartition(PREFIX)[2]
    return name if _NAME.fullmatch(name) else None


def path_of(config: Config, url: str) -> Path | None:
    """Where the file behind one of our own addresses lies, if it can be one at all."""
    name = name_of(url)
    return folder(config) / name if name else None


def workplace(config: Config) -> Path:
    """A folder on the same disk, where files are written before they get their names."""
    place = folder(config) / "unfinished"
    place.mkdir(parents=True, exist_ok=True)
    return place


def keep(config: Config, finished: Path, suffix: str) -> str:
    """Give a file that is wholly on the disk a name of its own; it survives a power cut from here on."""
    token = secrets.token_hex(16)
    name = f"{token[:2]}/{token[2:4]}/{token[4:]}.{suffix}"
    path = folder(config) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    finished.rename(path)
    # The folders may be new as well.
    for parent in (path.parent, path.parent.parent, folder(config)):
        _sync(parent)
    return name


def remove(config: Config, urls: Iterable[str]) -> None:
    """Remove the files behind these addresses of ours, as far as they are there."""
    for url in urls:
        if path := path_of(config, url):
            path.unlink(missing_ok=True)


def clean_up(config: Config) -> None:
    """Remove what was never finished, because the server was ended while a picture was decoded."""
    for path in workplace(config).iterdir():
        if path.stat().st_mtime < time.time() - LONGEST_WORK:
            path.unlink(missing_ok=True)


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
