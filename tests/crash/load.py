"""People who keep doing things until the server is killed under them. What they were told is in the tests."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Sequence

import requests

from tests.flows.processes import Process

LATEST_KILL = 0.7
"""Seconds of load within which the server is killed."""

Deed = Callable[[], bool]
"""Does one thing; False when there is nothing more to do. Raises `requests.RequestException` without an answer."""


def killed_amid(server: Process, deeds: Sequence[Deed], *, latest: float = LATEST_KILL) -> None:
    """Do all `deeds` side by side, again and again, and kill the server at a random moment meanwhile. Raises what
    went wrong before that moment, and every answer that was no acknowledgement."""
    killed = threading.Event()
    wrong: list[BaseException] = []

    def keep_doing(deed: Deed) -> None:
        try:
            while not killed.is_set() and deed():
                pass
        except requests.RequestException as problem:
            if not killed.is_set():
                wrong.append(problem)
        except BaseException as problem:
            wrong.append(problem)

    threads = [threading.Thread(target=keep_doing, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    # No synchronisation: the moment is meant to be any.
    threading.Event().wait(random.uniform(0, latest))
    killed.set()
    server.kill()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
