"""Handing over to a harness that measures any server over HTTP, such as one that sets two servers side by side.

The harness is a folder with a `bench.py` that takes `--server FILE.json`: how to prepare and start a server, how
to make accounts and tokens. `run --against FOLDER` gives it this environment's `fedcoop`.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.ports import free_port


def description(port: int) -> dict[str, object]:
    """How the harness drives fedcoop. It fills in the words in braces."""
    data = ["--data", "{dir}"]
    domain = f"localhost:{port}"
    return {
        "name": "fedcoop",
        "base_url": f"http://{domain}",
        "env": {
            "FEDCOOP_DOMAIN": domain,
            "FEDCOOP_SCHEME": "http",
            "FEDCOOP_ALLOW_PRIVATE_PEERS": "true",
            "FEDCOOP_RATE_LIMITS": "false",
            "FEDCOOP_REGISTRATIONS": "open",
            "FEDCOOP_EMAIL_CONFIRMATION": "false",
        },
        "prepare": ["fedcoop", "init", *data],
        "start": ["fedcoop", "serve", *data, "--port", str(port)],
        "create_account": [
            *("fedcoop", "account", "create", "{name}", "--email", "{email}", "--password", "{password}"),
            *data,
        ],
        "token": ["fedcoop", "token", "create", "{name}", "--scopes", "read write follow push", *data],
    }


def run(folder: Path, work: Path, more: Sequence[str]) -> int:
    """Run the harness, its table and progress going where ours would; returns its exit code."""
    script = folder / "bench.py"
    if not script.is_file():
        print(f"There is no bench.py in {folder}.", file=sys.stderr)
        return 2
    described = work / "fedcoop.json"
    described.write_text(json.dumps(description(free_port()), indent=1), "utf-8")
    words = [sys.executable, str(script), "--server", str(described), "--work", str(work / "harness"), *more]
    print(shlex.join(words), file=sys.stderr, flush=True)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return subprocess.run(words, env={**os.environ, "PATH": path}, check=False).returncode
