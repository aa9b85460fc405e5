"""A shared list that is a FIRES dataset: what it recommends is proposed with its reasons, what it retracts to be
lifted."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest

from fedcoop.errors import Invalid
from fedcoop.jobs.deciding import ReadSharedList
from moderation import jobs
from moderation.ledger import serve
from moderation.lists import actions, fires, reading
from moderation.proposals.types import ProposalEntity
from tests.moderation.deciding import EASY, agreed, decide
from tests.moderation.test_lists import carried, restricted
from tests.moderation.world import Coop
from tests.web.test_decided import decide as decide_here
from tests.web.test_decided import repeal
from tests.words import Server

BASE = "https://fires.example"
URL = f"{BASE}/datasets/1"
LABEL = f"{BASE}/labels/hate-speech"


def change(kind: str, domain: str, *, at: str = "2026-03-01T00:00:00Z", **more: Any) -> dict[str, Any]:
    return {"type": kind, "published": at, "entityKind": "domain", "entityKey": domain, **more}


BAD = change(
    "Recommendation",
    "Bad.example",
    labels=[LABEL],
    recommendedPolicy="drop",
    comment="Attacks\n people",
    url=f"{BASE}/evidence/7",
)
LOUD = change(
    "Recommendation",
    "loud.example",
    recommendedPolicy="filter",
    recommendedFilters=[f"{BASE}/filters#reject-media"],
)
FINE = change("Recommendation", "fine.example", recommendedPolicy="accept")
EARLY = change("Advisory", "early.example", labels=[LABEL])


class Provider:
    """A FIRES server with one dataset, of which each page has one change."""

    def __init__(self, *changes: dict[str, Any]) -> None:
        self.changes = list(changes)
        self.snapshot = f"{URL}/snapshot"

    async def fetch(self, url: str) -> str:
        if url == URL:
            return json.dumps({"type": "Dataset", "endpoints": {"snapshot": self.snapshot, "changes": URL}})
        assert url.startswith(f"{URL}/snapshot")
        number = int(url.partition("=")[2] or 0)
        page: dict[str, Any] = {
            "type": "OrderedCollectionPage",
            "orderedItems": self.changes[number : number + 1],
        }
        if number + 1 < len(self.changes):
            page["next"] = f"{URL}/snapshot?page={number + 1}"
        return json.dumps(page if number else {"type": "OrderedCollection", "first": page})


@pytest.fixture
async def coop(db: Any) -> Coop:
    coop = await Coop(db).found(EASY)
    await coop.join("ann", "bob", "cem")
    await decide(coop, {"type": "subscribe_list", "url": URL, "title": "Common ground"})
    return coop


async def reads(coop: Coop, provider: Provider) -> list[ProposalEntity]:
    """The daily job reads the dataset; what is proposed because of it."""
    before = await _proposed(coop)
    governance: Any = SimpleNamespace(db=coop.db, config=coop.config)
    await jobs.read_shared_list(governance, provider.fetch, ReadSharedList(url=URL))
    return [await coop.see(number) for number in await _proposed(coop) if number not in before]


async def _proposed(coop: Coop) -> list[int]:
    async with coop.db.read() as tx:
        found = await serve.entries(tx, types=("proposal",))
        assert [each.problem for each in await actions.subscribed(tx)] == [""]
    return [int(entry.body["proposal"]) for entry in reversed(found)]


async def test_what_is_recommended_is_proposed_with_its_evidence_and_what_is_retracted_to_be_lifted(
    coop: Coop,
) -> None:
    [proposal] = await reads(coop, Provider(BAD, LOUD, FINE, EARLY))
    assert [(act.type, act.act["domain"]) for act in proposal.acts] == [
        ("suspend_domain", "bad.example"),
        ("limit_domain", "loud.example"),
    ]
    assert proposal.acts[1].act["reject_media"] is True
    for said in ("Attacks people", "hate speech", f"{BASE}/evidence/7"):
        assert said in proposal.body
    assert await restricted(coop) == []
    await carried(coop, proposal)
    assert await restricted(coop) == ["bad.example", "loud.example"]
    retraction = change("Retraction", "bad.example", at="2026-04-01T00:00:00Z", comment="We were wrong")
    [lifting] = await reads(coop, Provider(retraction, BAD, LOUD))
    assert [act.act for act in lifting.acts] == [{"type": "lift_domain", "domain": "bad.example"}]
    assert await restricted(coop) == ["bad.example", "loud.example"]
    await carried(coop, lifting)
    assert await restricted(coop) == ["loud.example"]
    tombstone = {"type": "Tombstone", "published": "2026-05-01T00:00:00Z"}
    [last] = await reads(coop, Provider(tombstone, retraction))
    assert [act.act["domain"] for act in last.acts] == ["loud.example"]
    await agreed(coop)


async def test_a_dataset_leads_to_no_other_server_and_not_in_circles() -> None:
    provider = Provider(BAD)
    provider.snapshot = "https://elsewhere.example/snapshot"
    with pytest.raises(Invalid, match="another server"):
        await fires.whole(provider.fetch, URL)
    provider.snapshot = ""
    with pytest.raises(Invalid, match="where its snapshot is"):
        await fires.whole(provider.fetch, URL)

    async def circle(url: str) -> str:
        page = {"type": "OrderedCollectionPage", "orderedItems": [BAD], "next": f"{URL}/snapshot"}
        return json.dumps(
            {"type": "Dataset", "endpoints": {"snapshot": f"{URL}/snapshot"}} if url == URL else page
        )

    with pytest.raises(Invalid, match="in circles"):
        await fires.whole(circle, URL)


@pytest.mark.parametrize("text", ["{}", "{", '{"type": "Note"}', '{"type": "Collection", "items": [7]}'])
def test_other_documents_are_no_lists(text: str) -> None:
    with pytest.raises(Invalid):
        reading.read(text)


async def test_what_is_decided_here_is_a_dataset_that_others_can_read(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    bad = await decide_here(
        server, alice, {"type": "suspend_domain", "domain": "bad.example", "public_comment": "Attacks people"}
    )
    await decide_here(server, alice, {"type": "limit_domain", "domain": "loud.example", "reject_media": True})
    hidden = {"type": "suspend_domain", "domain": "hidden.example", "obfuscate": True}
    await repeal(server, alice, await decide_here(server, alice, hidden))
    base = server.config.base_url
    told = (await server.anybody.get("/nodeinfo/2.1"))["metadata"]["fires"]
    [listed] = (await server.anybody.get(told["datasets"]))["items"]

    async def fetch(url: str) -> str:
        answer = await server.anybody.ask("GET", url)
        assert answer.headers["Content-Type"].startswith("application/ld+json")
        return json.dumps(answer.body)

    found = reading.read(await fires.whole(fetch, listed["id"]))
    assert {each.domain: (each.severity, each.reject_media) for each in found} == {
        "bad.example": ("suspend", False),
        "loud.example": ("limit", True),
    }
    [reason] = [each.comment for each in found if each.domain == "bad.example"]
    assert reason.startswith("Attacks people · Labels: by vote · ")
    page = await server.anybody.ask("GET", reason.rpartition(" ")[2])
    assert "bad.example" in page.body
    await repeal(server, alice, bad)
    changes = json.loads(await fetch(listed["endpoints"]["changes"]))["orderedItems"]
    assert [(each["type"], each["entityKey"]) for each in changes] == [
        ("Recommendation", "bad.example"),
        ("Recommendation", "loud.example"),
        ("Retraction", "bad.example"),
    ]
    known = {each["id"] for each in json.loads(await fetch(told["labels"]))["items"]}
    assert {label for each in changes for label in each.get("labels", [])} <= known
    assert all(each["id"].startswith(f"{base}/fires/") for each in changes)
    snapshot = json.loads(await fetch(listed["endpoints"]["snapshot"]))["orderedItems"]
    assert [each["type"] for each in snapshot] == ["Retraction", "Recommendation"]
