"""The whole mission once: two servers as real processes federate, until the members of one decide otherwise."""

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.flows.processes import Client, Process, until

QUICK = Path(__file__).parent / "quick-constitution.toml"


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Process, Process]]:
    with ExitStack() as stack:
        here = Process(tmp_path / "here", constitution=str(QUICK))
        stack.callback(here.stop)
        there = Process(tmp_path / "there")
        stack.callback(there.stop)
        here.start()
        there.start()
        yield here, there


def by_uri(client: Client, uri: str) -> Any:
    return next((status for status in client.home() if status["uri"] == uri), None)


def follows(one: Client, account_id: str) -> bool:
    relationships = one.get("/api/v1/accounts/relationships", **{"id[]": account_id})
    return bool(relationships[0]["following"])


def given_up(server: Process, host: str) -> bool:
    """Whether the server's admin sees deliveries to `host` that were refused for good."""
    rows = [line.split() for line in server.command("federation", "status").splitlines()]
    return any(row[0] == host and int(row[2]) > 0 for row in rows)


def test_what_people_do_travels_both_ways_and_a_vote_ends_it(servers: tuple[Process, Process]) -> None:
    here, there = servers
    alice = here.joins("alice", "--member", "--admin")
    carol = here.joins("carol", "--member")
    bob = there.joins("bob")

    # Follows, both ways.
    for one, another in ((alice, bob), (bob, alice)):
        account = one.finds(f"@{another.handle}")
        one.post(f"/api/v1/accounts/{account['id']}/follow")
        until(partial(follows, one, account["id"]))

    # A post, an answer, a boost, a like.
    post = bob.says("Hello from there, @" + alice.handle)
    seen = until(lambda: by_uri(alice, post["uri"]))
    assert seen["content"].startswith("<p>Hello from there")
    assert "mention" in {entry["type"] for entry in alice.get("/api/v1/notifications")}
    reply = alice.says(f"@{bob.handle} hello back", in_reply_to_id=seen["id"])
    assert until(lambda: by_uri(bob, reply["uri"]))["in_reply_to_id"] == post["id"]
    alice.post(f"/api/v1/statuses/{seen['id']}/favourite")
    alice.post(f"/api/v1/statuses/{seen['id']}/reblog")
    until(lambda: {"favourite", "reblog"} <= {entry["type"] for entry in bob.get("/api/v1/notifications")})
    counted = bob.get(f"/api/v1/statuses/{post['id']}")
    assert (counted["favourites_count"], counted["reblogs_count"], counted["replies_count"]) == (1, 1, 1)

    # An edit, a poll, a deletion.
    bob.ask("PUT", f"/api/v1/statuses/{post['id']}", json={"status": "Edited there"})
    until(lambda: by_uri(alice, post["uri"])["content"] == "<p>Edited there</p>")
    poll = bob.says("Tea?", poll={"options": ["yes", "no"], "expires_in": 3600})
    there_poll = until(lambda: by_uri(alice, poll["uri"]))["poll"]
    alice.post(f"/api/v1/polls/{there_poll['id']}/votes", choices=[1])
    until(lambda: bob.get(f"/api/v1/polls/{poll['poll']['id']}")["options"][1]["votes_count"] == 1)
    bob.ask("DELETE", f"/api/v1/statuses/{post['id']}")
    until(lambda: by_uri(alice, post["uri"]) is None)

    # Only for followers, and only for one.
    private = alice.says("for followers", visibility="private")
    until(lambda: by_uri(bob, private["uri"]))
    direct = alice.says(f"@{bob.handle} only you", visibility="direct")
    until(lambda: by_uri(bob, direct["uri"]))

    # The members decide to part, from a Mastodon client.
    proposal = alice.post(
        "/api/fedcoop/v1/proposals",
        title=f"Suspend {there.domain}",
        body="They never bring biscuits.",
        kind="federation",
        acts=[{"type": "suspend_domain", "domain": there.domain}],
    )
    asked: Any = until(
        lambda: next((status for status in carol.home() if status["account"]["acct"] == "assembly"), None)
    )
    options = [option["title"] for option in asked["poll"]["options"]]
    carol.post(f"/api/v1/polls/{asked['poll']['id']}/votes", choices=[options.index("Agree")])
    alice.post(f"/api/fedcoop/v1/proposals/{proposal['id']}/ballot", choice="agree")
    decided = until(
        lambda: (
            (found := alice.get(f"/api/fedcoop/v1/proposals/{proposal['id']}"))["state"] == "enacted"
            and found
        )
    )
    assert decided["counts"]["agree"] == 2

    # From that moment nothing passes, and existing follows are cut.
    me = alice.get("/api/v1/accounts/verify_credentials")
    following = alice.get(f"/api/v1/accounts/{me['id']}/following")
    assert [account["acct"] for account in following] == ["assembly"]
    assert alice.get(f"/api/v1/accounts/{me['id']}/followers") == []
    assert not [status for status in alice.home() if status["account"]["acct"].startswith("bob@")]
    late = bob.says(f"@{alice.handle} are you there?")
    unheard = alice.says(f"@{bob.handle} we are not.")
    until(lambda: given_up(there, here.domain))
    assert by_uri(alice, late["uri"]) is None
    assert by_uri(bob, unheard["uri"]) is None
    blocked = alice.get("/api/v1/instance/domain_blocks")
    assert [entry["domain"] for entry in blocked] == [there.domain]
    assert "roposal" in blocked[0]["comment"]

    # And the ledger proves why: from outside, and from the command line of a stranger.
    report = there.command("ledger", "verify", here.base_url)
    assert "suspend_domain" in report
