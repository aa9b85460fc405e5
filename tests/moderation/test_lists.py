"""A shared list proposes and never restricts: what is new in it, and what it takes back, is put to the vote."""

from __future__ import annotations

from typing import Any

import pytest

from fedcoop import domains
from fedcoop.errors import Invalid
from moderation.ledger import serve
from moderation.lists import actions, proposing, reading
from moderation.proposals.types import ProposalEntity
from tests.moderation.deciding import EASY, agreed, decide, undo
from tests.moderation.world import Coop

URL = "https://lists.example/blocks.csv"
HEAD = "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
SPAM = 'spam.example,suspend,False,False,"Spam, and nothing else",False\n'
LOUD = "loud.example,silence,True,False,Shouting,False\n"


@pytest.fixture
async def coop(db: Any) -> Coop:
    coop = await Coop(db).found(EASY)
    await coop.join("ann", "bob", "cem")
    await decide(coop, {"type": "subscribe_list", "url": URL, "title": "Common ground"})
    return coop


async def reads(coop: Coop, text: str) -> list[ProposalEntity]:
    """The list is read; what is proposed because of it."""
    async with coop.db.write(durable=True) as tx:
        before = len(await serve.entries(tx, types=("proposal",)))
        await proposing.take_in(tx, URL, text, config=coop.config)
        entries = await serve.entries(tx, types=("proposal",))
    made = entries[: len(entries) - before]
    return [await coop.see(int(entry.body["proposal"])) for entry in reversed(made)]


async def restricted(coop: Coop) -> list[str]:
    async with coop.db.read() as tx:
        return [each.domain for each in await domains.all_restrictions(tx)]


async def carried(coop: Coop, proposal: ProposalEntity, choice: str = "agree") -> None:
    await coop.vote("ann", proposal, choice)
    await coop.pass_time(minutes=6)


async def test_what_is_on_a_list_is_proposed_with_what_the_list_says(coop: Coop) -> None:
    [proposal] = await reads(coop, HEAD + SPAM + LOUD)
    assert await restricted(coop) == []
    assert proposal.state == "open"
    assert [act.type for act in proposal.acts] == ["suspend_domain", "limit_domain"]
    assert proposal.acts[1].act["reject_media"] is True
    assert "Spam, and nothing else" in proposal.body
    assert URL in proposal.body
    assert await reads(coop, HEAD + SPAM + LOUD) == [], "once"
    await carried(coop, proposal)
    assert await restricted(coop) == ["loud.example", "spam.example"]
    await agreed(coop)


async def test_what_members_refused_is_not_proposed_again(coop: Coop) -> None:
    [proposal] = await reads(coop, HEAD + SPAM)
    await carried(coop, proposal, "disagree")
    assert await reads(coop, HEAD + SPAM) == []
    assert await restricted(coop) == []


async def test_what_a_list_takes_back_is_proposed_to_be_lifted(coop: Coop) -> None:
    [proposal] = await reads(coop, HEAD + SPAM + LOUD)
    await carried(coop, proposal)
    [lifting] = await reads(coop, HEAD + LOUD)
    assert [act.act for act in lifting.acts] == [{"type": "lift_domain", "domain": "spam.example"}]
    assert await restricted(coop) == ["loud.example", "spam.example"]
    await carried(coop, lifting)
    assert await restricted(coop) == ["loud.example"]
    await agreed(coop)


async def test_what_is_excepted_restricted_already_or_ourselves_is_left_out(coop: Coop) -> None:
    await decide(coop, {"type": "allow_domain", "domain": "loud.example"})
    await decide(coop, {"type": "suspend_domain", "domain": "spam.example"})
    assert await reads(coop, HEAD + SPAM + LOUD + "coop.example,suspend,,,,\n") == []


async def test_many_servers_come_in_a_few_proposals_at_a_time(coop: Coop) -> None:
    lines = "".join(f"s{number}.example,suspend,,,,\n" for number in range(70))
    first = await reads(coop, HEAD + lines)
    assert [len(each.acts) for each in first] == [20, 20, 20]
    assert [len(each.acts) for each in await reads(coop, HEAD + lines)] == [10]


async def test_a_list_that_is_read_no_more_proposes_nothing(coop: Coop) -> None:
    stopped = await decide(
        coop, {"type": "subscribe_list", "url": URL, "title": "Common ground", "subscribed": False}
    )
    assert await reads(coop, HEAD + SPAM) == []
    await agreed(coop)
    await undo(coop, stopped)
    async with coop.db.read() as tx:
        assert [each.url for each in await actions.subscribed(tx)] == [URL]
    await agreed(coop)


def test_lists_are_read_in_the_forms_in_which_they_are_shared() -> None:
    found = reading.read(HEAD + SPAM + LOUD + "quiet.example,noop,,,,\nno domain,suspend,,,,\n")
    assert [(each.domain, each.severity) for each in found] == [
        ("spam.example", "suspend"),
        ("loud.example", "limit"),
    ]
    assert [each.domain for each in reading.read("\ufeffA.example\nb.example\nA.EXAMPLE\n")] == [
        "a.example",
        "b.example",
    ]
    for nothing in ("", "<html><p>Not found</p></html>", "#domain,#severity\n"):
        with pytest.raises(Invalid):
            reading.read(nothing)
