"""Starts a program with little memory, little time and no network: `python confined.py MEMORY SECONDS LARGEST
PROGRAM …`.

For `ffmpeg`, which reads what strangers sent. The limits hold for it and whatever it starts; it is started by
`films`, and this file imports nothing of ours.
"""

from __future__ import annotations

import ctypes
import os
import resource
import sys

NEW_USER, NEW_NETWORK = 0x10000000, 0x40000000


def confine(memory: int, seconds: int, largest: int) -> None:
    """Limit this process for good. Sizes are bytes; `largest` is that of any file it writes."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, largest),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    os.nice(10)
    # A network of its own, with nobody in it. Not every kernel lets everybody have one; the program is told
    # besides to open files only.
    ctypes.CDLL(None).unshare(NEW_USER | NEW_NETWORK)


if __name__ == "__main__":
    confine(*(int(number) for number in sys.argv[1:4]))
    os.execv(sys.argv[4], sys.argv[4:])  # noqa: S606 # no shell is wanted
