"""People who keep doing things until the server is killed under them. What they were told is in the tests."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import requests

from tests.flows.processes import Process

LATEST_KILL = 0.7
"""Seconds of load within which the server is killed."""

Deed = Callable[[], bool]
"""Does one thing; False when there is nothing more to do. Raises `requests.RequestException` without an answer."""


@contextmanager
def meanwhile(deeds: Sequence[Deed]) -> Iterator[threading.Event]:
    """Do all `deeds` side by side, again and again, until the block ends. Raises every answer that was no
    acknowledgement, and what found no server before the event was set that the block gets."""
    over = threading.Event()
    wrong: list[BaseException] = []

    def keep_doing(deed: Deed) -> None:
        try:
            while not over.is_set() and deed():
                pass
        except requests.RequestException as problem:
            if not over.is_set():
                wrong.append(problem)
        except BaseException as problem:
            wrong.append(problem)

    threads = [threading.Thread(target=keep_doing, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    try:
        yield over
    finally:
        over.set()
        for thread in threads:
            thread.join()
    if wrong:
        raise wrong[0]


def killed_amid(server: Process, deeds: Sequence[Deed], *, latest: float = LATEST_KILL) -> None:
    """Do all `deeds`, and kill the server at a random moment meanwhile. Raises as `meanwhile` does."""
    with meanwhile(deeds) as over:
        any_moment(latest)
        over.set()
        server.kill()


def any_moment(latest: float = LATEST_KILL) -> None:
    """Let a random part of `latest` seconds pass: nothing is waited for, the moment is meant to be any."""
    threading.Event().wait(random.uniform(0, latest))
