"""Real servers as real processes, started with the command line as an admin would, and killed as machines do."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import requests

from tests.environment import setting
from tests.ports import free_port

T = TypeVar("T")

PATIENCE = float(setting("FEDCOOP_CRASH_PATIENCE", "60"))
"""Seconds after which something that should happen has not; more on a machine that has much else to do."""


def until(what: Callable[[], T], *, patience: float = PATIENCE) -> T:
    """Ask again until the answer is true; returns it. Raises the last `AssertionError` when patience ends."""
    deadline = time.monotonic() + patience
    while True:
        try:
            answer = what()
            if answer:
                return answer
        except (AssertionError, requests.ConnectionError, requests.Timeout):
            if time.monotonic() > deadline:
                raise
        assert time.monotonic() < deadline, f"{what} did not happen in {patience} s"
        time.sleep(0.05)


class Process:
    """One `fedcoop serve` with its own data directory and port."""

    def __init__(self, folder: Path, *, constitution: str = "social-coop", **settings: str) -> None:
        self.port = free_port()
        self.data = folder
        self.domain = f"127.0.0.1:{self.port}"
        self.base_url = f"http://{self.domain}"
        self.env = {
            **os.environ,
            "FEDCOOP_DATA": str(folder),
            "FEDCOOP_DOMAIN": self.domain,
            "FEDCOOP_SCHEME": "http",
            "FEDCOOP_PORT": str(self.port),
            "FEDCOOP_ALLOW_PRIVATE_PEERS": "true",
            "FEDCOOP_RATE_LIMITS": "false",
            "FEDCOOP_REGISTRATIONS": "open",
            **{f"FEDCOOP_{key.upper()}": value for key, value in settings.items()},
        }
        self.process: subprocess.Popen[bytes] | None = None
        self.command("init", "--constitution", constitution)
        self.log = (folder.parent / f"{folder.name}.log").open("ab")

    def command(self, *words: str, expect: int = 0) -> str:
        """Run one command to its end; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", "fedcoop", *words],
            env=self.env,
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert done.returncode == expect, f"fedcoop {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout + done.stderr

    def start(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "fedcoop", "serve"], env=self.env, stdout=self.log, stderr=self.log
        )
        until(self._answers)

    def _answers(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, f"the server ended: {self.said()[-3000:]}"
        return requests.get(f"{self.base_url}/api/v2/instance", timeout=5).status_code == 200

    def kill(self) -> None:
        """As a power switch does: no chance to put anything in order."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    @contextmanager
    def halted(self) -> Iterator[None]:
        """Nothing runs meanwhile: its files are as a power cut at this moment would leave them."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)
        os.waitpid(self.process.pid, os.WUNTRACED)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def said(self) -> str:
        """Everything that its log holds so far."""
        return Path(self.log.name).read_text()

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)
        self.log.close()

    def joins(self, name: str, *flags: str) -> Client:
        address = ["--email", f"{name}@example.test", "--password", "long enough!"]
        self.command("account", "create", name, *address, *flags)
        scopes = "read write follow push read:governance write:governance"
        token = self.command("token", "create", name, "--scopes", scopes).strip().splitlines()[-1]
        return Client(self, name, token)


class Client:
    """Somebody with a token, speaking HTTP."""

    def __init__(self, server: Process, name: str, token: str) -> None:
        self.server = server
        self.name = name
        self.token = token
        self.http = requests.Session()
        self.http.headers["Authorization"] = f"Bearer {token}"

    @property
    def handle(self) -> str:
        return f"{self.name}@{self.server.domain}"

    def ask(self, method: str, path: str, *, expect: int | None = 200, **options: Any) -> Any:
        answer = self.http.request(method, self.server.base_url + path, timeout=30, **options)
        if expect is not None:
            assert answer.status_code == expect, f"{method} {path}: {answer.status_code} {answer.text[:500]}"
        return answer.json()

    def get(self, path: str, **params: Any) -> Any:
        return self.ask("GET", path, params=params)

    def post(self, path: str, **json: Any) -> Any:
        return self.ask("POST", path, json=json)

    def says(self, text: str, **fields: Any) -> Any:
        return self.post("/api/v1/statuses", status=text, **fields)

    def home(self) -> list[Any]:
        return list(self.get("/api/v1/timelines/home", limit=40))

    def finds(self, query: str, kind: str = "accounts") -> Any:
        found = self.get("/api/v2/search", q=query, resolve="true", type=kind)[kind]
        assert found, f"{query} was not found"
        return found[0]
