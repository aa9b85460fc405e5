"""`fedcoop init` cut off at any moment: doing it again makes the instance, or ends what was begun."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from fedcoop.config import FILE_NAME
from tests.conftest import CRASH_ROUNDS
from tests.crash.load import any_moment
from tests.flows.processes import until

LATEST_KILL = 1.5


def test_init_can_be_done_again_after_it_was_killed(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "fedcoop"]
    for number in range(max(1, CRASH_ROUNDS // 2)):
        folder = tmp_path / str(number)
        env = {**os.environ, "FEDCOOP_DATA": str(folder), "FEDCOOP_DOMAIN": "coop.test"}
        cut_off = subprocess.Popen([*words, "init"], env=env, stdout=subprocess.DEVNULL)
        until(folder.exists)
        any_moment(LATEST_KILL)
        cut_off.kill()
        cut_off.wait()
        complete = (folder / FILE_NAME).exists()
        again = subprocess.run([*words, "init"], env=env, capture_output=True, text=True)
        assert again.returncode == complete, again.stderr
        assert not complete or "already" in again.stderr
        assert (folder / FILE_NAME).read_text()
        verified = subprocess.run([*words, "ledger", "verify"], env=env, capture_output=True, text=True)
        assert "Everything fits." in verified.stdout, verified.stderr


def test_init_writes_the_settings_that_one_before_it_did_not_come_to(tmp_path: Path) -> None:
    env = {**os.environ, "FEDCOOP_DATA": str(tmp_path), "FEDCOOP_DOMAIN": "coop.test"}
    init = [sys.executable, "-m", "fedcoop", "init"]
    subprocess.run(init, env=env, check=True, capture_output=True)
    (tmp_path / FILE_NAME).unlink()
    subprocess.run(init, env=env, check=True, capture_output=True)
    assert "coop.test" in (tmp_path / FILE_NAME).read_text()
