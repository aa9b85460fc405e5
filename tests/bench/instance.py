"""The server under measurement: a process of its own, made and started by the command line as an admin would."""

from __future__ import annotations

import http.client
import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.bench import machine
from tests.bench.caller import Caller
from tests.ports import free_port

FEDCOOP = (sys.executable, "-m", "fedcoop")
PASSWORD = "a long enough password"
STARTING = 60.0
"""Seconds after which a server that does not answer never will."""
QUIET = 0.4
"""Seconds that a server must have nothing to do before it counts as idle."""
CALM = 5.0
"""Seconds to wait for the rest of the machine. Other people's work disturbs rates, less so CPU per request."""


class Instance:
    """One `fedcoop serve` whose time, memory and CPU are measured."""

    def __init__(self, folder: Path) -> None:
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
        }
        self.log = folder.with_suffix(".log")
        self.process: subprocess.Popen[bytes] | None = None
        self.command("init")

    def command(self, *words: str) -> str:
        """Run one command to its end; returns what it printed. Raises `RuntimeError` when it fails."""
        done = subprocess.run(
            [*FEDCOOP, *words], env=self.env, capture_output=True, text=True, timeout=120, check=False
        )
        if done.returncode:
            raise RuntimeError(f"fedcoop {' '.join(words)}: {done.stdout}{done.stderr}")
        return done.stdout

    def tokens(self, names: list[str]) -> dict[str, str]:
        """Make these accounts, and a token for each: two at a time, as there is CPU."""

        def make(name: str) -> str:
            self.command("account", "create", name, "--email", f"{name}@example.test", "--password", PASSWORD)
            return self.command("token", "create", name, "--scopes", "read write follow push").split()[-1]

        with ThreadPoolExecutor(2) as pool:
            return dict(zip(names, pool.map(make, names), strict=True))

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def started(self) -> float:
        """Start, and return the seconds from then to the first answer."""
        since = time.monotonic()
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([*FEDCOOP, "serve"], env=self.env, stdout=log, stderr=log)
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
