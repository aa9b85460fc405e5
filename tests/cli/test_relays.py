"""Relays from the command line: an operator asks members, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from fedcoop.cli import main

URL = "https://relay.example/inbox"


def test_an_operator_can_only_propose_a_relay(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = str(tmp_path / "data")
    assert main(("init", "--data", data, "--domain", "coop.example")) == 0
    capsys.readouterr()

    def says(*words: str, code: int = 0) -> str:
        assert main(("federation", "relay", *words, "--data", data)) == code
        told = capsys.readouterr()
        return told.out + told.err

    assert "Proposal 1 asks members" in says("add", URL)
    assert "belongs to no relay" in says("list")
    assert "begins with https://" in says("add", "relay.example", code=1)
    assert "does not belong to the relay" in says("remove", URL, code=1)
