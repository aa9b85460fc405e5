"""Killed while members vote: each acknowledged ballot is in the ledger and in the count, the record is sound, and
closing and carrying out happen at their time or as soon as the server is back."""

from __future__ import annotations

import random
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

from tests.conftest import CRASH_ROUNDS
from tests.crash.conftest import Founded
from tests.crash.load import killed_amid
from tests.flows.processes import Client, until
from tests.flows.test_two_servers import QUICK

VOTERS = 4
CHOICES = ("agree", "abstain", "disagree")
WINDOW = 1
"""Seconds that a vote is open: the server dies before, while and after it closes."""


class Voter:
    """Answers and thinks better of it, and remembers what the server has acknowledged."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.proposal = ""
        self.acknowledged: list[dict[str, Any]] = []
        self.unsure = ""

    def vote(self, *choices: str) -> bool:
        """False when the vote has closed."""
        self.unsure = random.choice(choices)
        path = f"/api/fedcoop/v1/proposals/{self.proposal}/ballot"
        answer = self.client.ask("POST", path, json={"choice": self.unsure}, expect=None)
        if "error" in answer:
            assert "closed" in answer["error"] or "open" in answer["error"], answer
            self.unsure = ""
            return False
        self.acknowledged.append(answer)
        self.unsure = ""
        return True


def test_every_acknowledged_ballot_counts_and_the_decision_is_carried_out(
    settings: dict[str, str], founded: Founded, tmp_path: Path
) -> None:
    constitution = tmp_path / "constitution.toml"
    constitution.write_text(QUICK.read_text().replace('"6 seconds"', f'"{WINDOW} seconds"'))
    names = [f"voter{number}" for number in range(VOTERS)]
    server, people = founded(*names, constitution=str(constitution), **settings)
    server.start()
    voters = [Voter(client) for client in people]
    alice = people[0]

    for number in range(CRASH_ROUNDS):
        domain = f"n{number}.test"
        proposal = alice.post(
            "/api/fedcoop/v1/proposals",
            title=f"Suspend {domain}",
            body="They never bring biscuits.",
            kind="federation",
            closes_in=WINDOW,
            acts=[{"type": "suspend_domain", "domain": domain}],
        )["id"]
        for voter in voters:
            voter.proposal = proposal
            voter.acknowledged.clear()
            voter.unsure = ""
        until(lambda: alice.get(f"/api/fedcoop/v1/proposals/{proposal}")["state"] != "discussion")  # noqa: B023
        deeds = [partial(voters[0].vote, "agree")]
        deeds += [partial(voter.vote, *CHOICES) for voter in voters[1:]]
        killed_amid(server, deeds, latest=WINDOW * 1.3)
        server.start()

        decided = until(partial(_decided, alice, proposal))
        ballots = alice.get(f"/api/fedcoop/v1/proposals/{proposal}/ballots", limit=200)
        by_name = {ballot["acct"]: ballot for ballot in ballots}
        for voter in voters:
            _check(voter, by_name.get(voter.client.name))
        counts = Counter(ballot["choice"] for ballot in ballots)
        assert Counter({choice: decided["counts"][choice] for choice in CHOICES}) == counts
        passed = counts["agree"] > counts["disagree"]
        assert decided["state"] == ("enacted" if passed else "failed")
        blocked = {entry["domain"] for entry in alice.get("/api/v1/instance/domain_blocks")}
        assert (domain in blocked) == passed
        assert "Everything fits" in server.command("ledger", "verify")
    assert "Traceback" not in server.said()


def _decided(client: Client, proposal: str) -> Any:
    found = client.get(f"/api/fedcoop/v1/proposals/{proposal}")
    return found if found["state"] in ("enacted", "failed") else None


def _check(voter: Voter, counted: dict[str, Any] | None) -> None:
    """Each acknowledged ballot has its receipt, and the last one counts unless another was on its way."""
    for answer in voter.acknowledged[-3:]:
        promised = answer["receipt"]
        kept = voter.client.get(f"/api/fedcoop/v1/receipts/{promised['id']}")
        assert kept == promised
    if not voter.acknowledged:
        return
    assert counted is not None
    last = voter.acknowledged[-1]["ballot"]
    assert counted["ledger_index"] >= last["ledger_index"]
    assert counted["choice"] in {last["choice"], voter.unsure}
