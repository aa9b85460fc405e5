"""The server under measurement: a process of its own, made and started by the command line as an admin would."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from tests.bench import machine
from tests.bench.caller import Caller
from tests.ports import free_port

ROOT = Path(__file__).resolve().parents[2]
# Without the folder one stands in: it may hold another version.
PYTHON = (sys.executable, "-P")
FEDCOOP = (*PYTHON, "-m", "fedcoop")
ENDED = "\f"
IN_TURN = f"""
import json, sys
from fedcoop.cli import main
for words in json.load(sys.stdin):
    if main(words):
        sys.exit(1)
    print(end={ENDED!r}, flush=True)
"""
PASSWORD = "a long enough password"
STARTING = 300.0
"""Seconds after which a server that does not answer never will, even one that is watched at every step."""
QUIET = 0.4
"""Seconds that a server must have nothing to do before it counts as idle."""
CALM = 5.0
"""Seconds to wait for the rest of the machine. Other people's work disturbs rates, less so CPU per request."""


class Instance:
    """One `fedcoop serve` whose time, memory and CPU are measured. `source`: where its code lies."""

    def __init__(self, folder: Path, source: Path = ROOT) -> None:
        self.folder = folder
        self.port = free_port()
        self.domain = f"127.0.0.1:{self.port}"
        self.base_url = f"http://{self.domain}"
        self.caller = Caller("127.0.0.1", self.port)
        self.env = {
            **os.environ,
            "FEDCOOP_DATA": str(folder),
            "FEDCOOP_DOMAIN": self.domain,
            "FEDCOOP_SCHEME": "http",
            "FEDCOOP_PORT": str(self.port),
            "FEDCOOP_ALLOW_PRIVATE_PEERS": "true",
            "FEDCOOP_RATE_LIMITS": "false",
            "FEDCOOP_REGISTRATIONS": "open",
            "FEDCOOP_LOG_LEVEL": "warning",
            "PYTHONPATH": str(source),
        }
        self.log = folder.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.commands(("init",))

    def commands(self, *each: Sequence[str]) -> list[str]:
        """Run commands to their end, in one process; returns what each printed. Raises `RuntimeError` when one
        fails."""
        done = subprocess.run(
            [*PYTHON, "-c", IN_TURN],
            env=self.env,
            input=json.dumps(each),
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"{each[0]} …: {done.stdout}{done.stderr}")
        return done.stdout.split(ENDED)[:-1]

    def tokens(self, names: list[str]) -> dict[str, str]:
        """Make these accounts, and a token for each."""
        self.commands(
            *[
                ("account", "create", name, "--email", f"{name}@example.test", "--password", PASSWORD)
                for name in names
            ]
        )
        said = self.commands(
            *[("token", "create", name, "--scopes", "read write follow push") for name in names]
        )
        return {name: words.split()[-1] for name, words in zip(names, said, strict=True)}

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def started(self, under: Sequence[str] = ()) -> float:
        """Start, and return the seconds from then to the first answer. `under`: a program that watches it."""
        since = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [*under, *FEDCOOP, "serve"], env=self.env, stdout=log, stderr=log, cwd=self.folder
            )
        while not self._is_up():
            if self.process.poll() is not None or time.monotonic() - since > STARTING:
                raise RuntimeError(f"the server does not start: {self.log.read_text()[-3000:]}")
            time.sleep(0.005)
        return time.monotonic() - since

    def _is_up(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/api/v2/instance")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()

    def stop(self) -> None:
        """Stop in an orderly way, if it runs; it may be started again."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=30)

    def cpu(self) -> float:
        """CPU seconds so far."""
        return machine.cpu_seconds(self.pid)

    def resident(self) -> float:
        """MiB of memory."""
        return machine.resident_mib(self.pid)

    def settle(self, limit: float = 300.0) -> float:
        """Wait until the server has nothing left to do; the seconds for which it was busy still."""
        since = idle_since = time.monotonic()
        while idle_since - since < limit:
            before = self.cpu()
            time.sleep(QUIET)
            if self.cpu() - before <= 0.02:
                break
            idle_since = time.monotonic()
        return idle_since - since

    def ready(self) -> None:
        """Settle, and wait a little for a calm machine too."""
        self.settle()
        since = time.monotonic()
        while time.monotonic() - since < CALM:
            before = machine.busy_seconds()
            time.sleep(QUIET)
            if machine.busy_seconds() - before < 0.1:
                return
