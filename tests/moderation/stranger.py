"""Builds the Go program that knows nothing of ours, so that a test can have a stranger check a log."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent / "go"
GOPATH = Path(os.environ.get("GOPATH_SUMDB", "/usr/share/gocode"))


def build(into: Path) -> Path:
    """The program's path; skips the test where Go or Debian's golang-golang-x-mod-dev is missing."""
    go = shutil.which("go")
    if go is None:
        pytest.skip("Go is not installed (Debian: golang-go)")
    if not (GOPATH / "src/golang.org/x/mod/sumdb").is_dir():
        pytest.skip("golang.org/x/mod/sumdb is not installed (Debian: golang-golang-x-mod-dev)")
    program = into / "stranger"
    environment = os.environ | {
        "GO111MODULE": "off",
        "GOPATH": str(GOPATH),
        "GOFLAGS": "",
        "GOCACHE": str(into / "cache"),
        "CGO_ENABLED": "0",
    }
    subprocess.run([go, "build", "-o", program, "main.go"], cwd=SOURCE, env=environment, check=True)
    return program


def check(program: Path, directory: Path, vkey: str, index: int) -> tuple[bool, str]:
    """Whether the stranger believes that the file `entry` in the directory is the log's entry `index`."""
    run = subprocess.run(
        [program, directory, vkey, str(index)], capture_output=True, text=True, check=False, timeout=60
    )
    return run.returncode == 0, run.stdout + run.stderr
