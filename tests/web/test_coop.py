"""The co-operative's API: proposing, voting by it and by poll, counting, proving."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import clock
from tests.web.pages.browser import Browser
from tests.words import Person, Server

API = "/api/fedcoop/v1"
SUSPEND = {
    "title": "Suspend spam.example",
    "body": "They do nothing but **advertise**.",
    "kind": "federation",
    "acts": [{"type": "suspend_domain", "domain": "spam.example"}],
}


async def proposed(person: Person, **fields: Any) -> Any:
    return await person.post(f"{API}/proposals", **(SUSPEND | fields))


async def test_a_decision_is_made_and_carried_out(server: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob", member=True)
    proposal = await proposed(alice)
    await server.settle()
    address = f"{API}/proposals/{proposal['id']}"
    proposal = await alice.get(address)
    assert proposal["state"] == "open"
    assert proposal["electorate_size"] == 2
    cast = await alice.post(f"{address}/ballot", choice="agree")
    assert cast["ballot"]["choice"] == "agree"

    # Bob votes with any Mastodon client.
    poll = (await bob.get(f"/api/v1/statuses/{proposal['status_id']}"))["poll"]
    titles = [option["title"].lower() for option in poll["options"]]
    index = next(number for number, title in enumerate(titles) if title.startswith("agree"))
    voted = await bob.post(f"/api/v1/polls/{poll['id']}/votes", choices=[index])
    assert voted["own_votes"] == [index]
    assert (await bob.get(address))["my_ballot"]["choice"] == "agree"
    assert len(await alice.get(f"{address}/ballots")) == 2

    clock.advance(seconds=7 * 86400)
    await server.settle()
    result = await server.anybody.get(f"{address}/result")
    assert result["passed"] is True
    [block] = await server.anybody.get("/api/v1/instance/domain_blocks")
    assert block["domain"] == "spam.example"
    [act] = await server.anybody.get(f"{API}/log")
    assert "spam.example" in act["sentence"]
    proof = await server.anybody.ask("GET", f"{API}/receipts/{cast['receipt']['id']}.tlog-proof")
    assert proof.body.startswith("c2sp.org/tlog-proof@v1")
    assert (await alice.get(f"{API}/receipts/{cast['receipt']['id']}"))["promise"]
    await bob.get(f"{API}/receipts/{cast['receipt']['id']}", expect=404)


async def test_a_draft_is_amended_and_an_open_vote_is_not(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    draft = await proposed(alice, hold=True)
    address = f"{API}/proposals/{draft['id']}"
    amended = await alice.post(
        f"{address}/amend",
        title="Limit spam.example",
        acts=[{"type": "limit_domain", "domain": "spam.example"}],
    )
    assert (amended["title"], amended["body"]) == ("Limit spam.example", SUSPEND["body"])
    assert [each["title"] for each in await alice.get(f"{address}/versions")] == [
        "Suspend spam.example",
        "Limit spam.example",
    ]
    await server.anybody.get(f"{address}/versions", expect=404)
    await alice.post(f"{address}/open")
    assert "is open" in (await alice.post(f"{address}/amend", expect=422, title="Other"))["error"]
    assert len(await server.anybody.get(f"{address}/versions")) == 2


async def test_the_proposer_keeps_a_vote_open_longer(server: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob", member=True)
    proposal = await proposed(alice)
    address = f"{API}/proposals/{proposal['id']}/extend"
    longer = await alice.post(address, by="2 days")
    assert clock.parse(longer["closes_at"]) == clock.parse(proposal["closes_at"]) + 2 * clock.DAY
    assert "60 days at most" in (await alice.post(address, expect=422, by="90 days"))["error"]
    await alice.post(address, expect=422)
    await bob.post(address, expect=403, by="2 days")


async def test_who_may_not_vote_is_told_why(server: Server) -> None:
    alice, carol = await server.joins("alice", member=True), await server.joins("carol")
    proposal = await proposed(alice)
    await server.settle()
    address = f"{API}/proposals/{proposal['id']}"
    poll_id = (await alice.get(address))["poll_id"]
    dora = await server.joins("dora", member=True)
    answer = await dora.post(f"/api/v1/polls/{poll_id}/votes", expect=422, choices=[0])
    assert "after voting opened" in answer["error"]
    assert (await carol.post(f"{address}/ballot", expect=403, choice="agree"))["error"]
    await carol.post(f"{API}/proposals", expect=403, **SUSPEND)
    assert (await alice.get(f"{address}/result"))["counts"]["votes"] == 0


async def test_who_is_no_member_advises_by_the_poll_and_decides_nothing(server: Server) -> None:
    alice, carol = await server.joins("alice", member=True), await server.joins("carol")
    proposal = await proposed(alice)
    await server.settle()
    address = f"{API}/proposals/{proposal['id']}"
    votes = f"/api/v1/polls/{(await alice.get(address))['poll_id']}/votes"
    await alice.post(votes, choices=[0])
    await carol.post(votes, expect=422, choices=[0, 1])
    await carol.post(votes, expect=422, choices=[99])
    assert (await carol.post(votes, choices=[0]))["own_votes"] == [0]
    assert (await carol.post(votes, choices=[2]))["own_votes"] == [2], "the last answer replaces the first"
    result = await server.anybody.get(f"{address}/result")
    assert (result["counts"]["agree"], result["counts"]["cast"]) == (1, 1)
    assert result["advisory"] == {"disagree": 1}
    assert (await server.anybody.get(f"/api/v1/polls/{votes.split('/')[4]}"))["votes_count"] == 1
    page = await Browser(server).open(f"/coop/{proposal['number']}")
    assert "Without a vote, 1 answered in the poll: 1 disagree" in page.text
    clock.advance(seconds=30 * 86_400)
    await server.settle()
    assert "closed" in (await carol.post(votes, expect=422, choices=[0]))["error"]


@pytest.mark.parametrize(
    "fields",
    [
        {"title": ""},
        {"kind": "nonsense"},
        {"acts": [{"type": "nonsense"}]},
        {"acts": [{"type": "suspend_domain"}]},
        {"acts": "suspend"},
        {"acts": [1]},
        {"closes_in": "soon"},
    ],
)
async def test_a_proposal_without_sense_is_refused(small: Server, fields: dict[str, Any]) -> None:
    alice = await small.joins("alice", member=True)
    answer = await alice.post(f"{API}/proposals", expect=422, **(SUSPEND | fields))
    assert answer["error"].startswith("Validation failed: ")
    assert await alice.get(f"{API}/proposals") == []


async def test_anybody_may_read_and_only_tokens_for_it_may_act(small: Server) -> None:
    alice = await small.joins("alice", member=True, scopes="read")
    constitution = await small.anybody.get(f"{API}/constitution")
    assert constitution["constitution"]["name"] == "social-coop"
    assert {act["type"] for act in await small.anybody.get(f"{API}/acts")} >= {"suspend_domain", "resolve"}
    assert await small.anybody.get(f"{API}/proposals") == []
    assert (await alice.get(f"{API}/members/me"))["number"] == 1
    await alice.post(f"{API}/proposals", expect=403, **SUSPEND)
    await small.anybody.post(f"{API}/proposals", expect=401, **SUSPEND)
    await small.anybody.get(f"{API}/members/me", expect=401)
    await (await small.joins("carol")).get(f"{API}/members/me", expect=403)


async def test_the_ledger_is_served_as_files(small: Server) -> None:
    await small.joins("alice", member=True)
    await small.settle()
    checkpoint = await small.anybody.ask("GET", "/ledger/checkpoint")
    assert checkpoint.headers["Content-Type"].startswith("text/plain")
    origin, size = checkpoint.body.splitlines()[:2]
    assert origin == f"{small.config.domain}/ledger"
    tile = await small.anybody.ask("GET", f"/ledger/tile/0/000.p/{size}")
    assert "immutable" in tile.headers["Cache-Control"]
    for nowhere in ("tile/0/999", "tile/x", "../../etc/passwd", "tile/0/%2e%2e"):
        await small.anybody.ask("GET", f"/ledger/{nowhere}", expect=404)


async def test_an_idea_is_withdrawn_by_who_had_it(small: Server) -> None:
    alice, bob = await small.joins("alice", member=True), await small.joins("bob", member=True)
    proposal = await proposed(alice, hold=True)
    address = f"{API}/proposals/{proposal['id']}"
    await small.anybody.get(address, expect=404)
    await bob.post(f"{address}/withdraw", expect=403)
    assert (await alice.post(f"{address}/open"))["state"] in ("discussion", "open")
    assert isinstance(await bob.get(f"{address}/preview"), list)
    assert (await alice.post(f"{address}/withdraw"))["state"] == "withdrawn"
    listed = await bob.get(f"{API}/proposals", state="withdrawn")
    assert [each["id"] for each in listed] == [proposal["id"]]
    await bob.get(f"{API}/proposals", expect=422, state="nonsense")


async def test_a_vote_is_given_to_another_member_and_taken_back(server: Server) -> None:
    alice, bob = await server.joins("alice", member=True), await server.joins("bob", member=True)
    carol = await server.joins("carol")
    given = await alice.post(f"{API}/delegations", kind="federation", account_id=bob.id)
    assert [(each["kind"], each["acct"]) for each in given["given"]] == [("federation", "bob")]
    [received] = (await bob.get(f"{API}/delegations"))["received"]
    assert received["account_id"] == alice.id
    await alice.post(f"{API}/delegations", expect=422, kind="federation", account_id=carol.id)
    await carol.get(f"{API}/delegations", expect=403)
    await server.anybody.get(f"{API}/delegations", expect=401)
    await alice.delete(f"{API}/delegations", kind="federation")
    assert (await bob.get(f"{API}/delegations"))["received"] == []
    await alice.delete(f"{API}/delegations", expect=404, kind="federation")


ELECTION = {
    "title": "Two for the board",
    "kind": "role",
    "acts": [],
    "ballot": {"kind": "ranked", "seats": 2, "options": ["Ann", "Bob", "Cas"]},
}


async def test_an_election_runs_over_the_api_from_question_to_stages(server: Server) -> None:
    people = [await server.joins(name, member=True) for name in ("alice", "bob", "carol")]
    proposal = await proposed(people[0], **ELECTION)
    assert proposal["ballot_kind"] == "ranked"
    assert proposal["question"]["method"] == "scottish-stv"
    assert [each["title"] for each in proposal["choices"]] == ["Ann", "Bob", "Cas"]
    assert "Single transferable vote" in proposal["rule"]
    address = f"{API}/proposals/{proposal['id']}"
    cast = await people[0].post(f"{address}/ballot", ranking=["Ann", "Bob"])
    assert cast["ballot"]["marks"]["ranking"] == [1, 2]
    await people[1].post(f"{address}/ballot", ranking=[2, "Ann"], reason="They know the books.")
    await people[2].post(f"{address}/ballot", choice="abstain")
    assert (await people[2].get(address))["counts"] is None, "elections are hidden until they close"
    clock.advance(seconds=7 * 86400)
    await server.settle()
    result = await server.anybody.get(f"{address}/result")
    assert result["passed"] is True
    assert sorted(result["count"]["winners"]) == [0, 1]
    assert result["count"]["stages"][0]["words"][0].startswith("2 valid ballots for 2 seats")
    shown = await server.anybody.get(f"{address}/ballots")
    assert sorted(each["words"] for each in shown) == ["Ann > Bob", "Bob > Ann", "abstain"]
    assert {each["acct"] for each in shown} == {None}


@pytest.mark.parametrize(
    "ballot",
    [
        {"ranking": ["Ann", "Ann"]},
        {"ranking": [["Ann", "Bob"]]},
        {"ranking": [None]},
        {"scores": {"Ann": 1}},
        {"approvals": [99]},
        {"choice": "agree"},
        {},
    ],
)
async def test_a_ballot_that_does_not_fit_is_refused_and_nothing_kept(server: Server, ballot: Any) -> None:
    alice = await server.joins("alice", member=True)
    proposal = await proposed(alice, **ELECTION)
    address = f"{API}/proposals/{proposal['id']}"
    refused = await alice.ask("POST", f"{address}/ballot", json=ballot, expect=None)
    assert refused.status in (400, 422)
    assert refused["error"]
    assert (await alice.get(address))["my_ballot"] is None
