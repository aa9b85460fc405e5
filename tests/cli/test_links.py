"""Where no mail is sent, whoever runs the server passes links on."""

from __future__ import annotations

from pathlib import Path

import pytest

from fedcoop.cli import main


def test_links_are_printed_for_who_may_have_them(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = ["--data", str(tmp_path / "data")]
    assert main(["init", *data, "--domain", "coop.test"]) == 0
    made = ["account", "create", "bob", "--email", "b@coop.test", "--password", "long enough now"]
    assert main([*made, *data]) == 0
    capsys.readouterr()
    assert main(["account", "link", "bob", "--reset", *data]) == 0
    assert capsys.readouterr().out.startswith("https://coop.test/password/reset?token=")
    assert main(["account", "link", "bob", *data]) == 1
    assert "is confirmed" in capsys.readouterr().err
    assert main(["account", "link", "nobody", *data]) == 1
