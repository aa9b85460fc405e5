"""Quotes between servers (FEP-044f): consent is asked for, given by a stamp that binds both, and taken back."""

from __future__ import annotations

import json
from typing import Any

import pytest

from activitypub import documents
from fedcoop.accounts.types import Account
from fedcoop.errors import NotFound
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.quotes import actions as quotes
from fedcoop.statuses.types import Status
from tests.activitypub.coop import Coop
from tests.activitypub.remote import PUBLIC, Remote


def request(remote: Remote, name: str, note: Any, quoted: str, number: int = 1) -> dict[str, Any]:
    return remote.activity("QuoteRequest", name, quoted, number, instrument=note)


def stamp(remote: Remote, author: str, quoting: str, quoted: str, **changes: Any) -> dict[str, Any]:
    return remote.serve(
        {
            "@context": "https://www.w3.org/ns/activitystreams",
            "id": f"{remote.base}/stamps/1",
            "type": "QuoteAuthorization",
            "attributedTo": remote.actor_id(author),
            "interactingObject": quoting,
            "interactionTarget": quoted,
            **changes,
        }
    )


async def state_of(coop: Coop, uri: str) -> str | None:
    status = await coop.status(uri)
    return status.quote_state if status else "not here"


async def quotes_of(coop: Coop, status: Status) -> int:
    async with coop.db.read() as tx:
        found = await tx.one(status_queries.BY_ID, id=status.id)
    assert found is not None
    return found.quotes_count


async def test_who_may_quote_gets_a_stamp_that_names_both_ends(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    status = await coop.says(alice, "quote me")
    remote.add_actor("bob")
    note = remote.note("bob", quote=status.uri)
    await coop.receives(remote, "bob", request(remote, "bob", note, status.uri))
    await coop.settle()
    assert await state_of(coop, note["id"]) == "accepted"
    assert await quotes_of(coop, status) == 1
    ((path, accept),) = remote.received
    assert (path, accept["type"], accept["object"]["type"]) == ("/users/bob/inbox", "Accept", "QuoteRequest")
    assert accept["object"]["instrument"] == note["id"]
    quoting = await coop.status(note["id"])
    assert quoting is not None
    assert accept["result"] == f"{alice.uri}/quote_authorizations/{quoting.id}"
    served = json.loads(await documents.quote_authorization(coop.fed, alice.id, quoting.id))
    assert served["id"] == accept["result"]
    assert (served["type"], served["attributedTo"]) == ("QuoteAuthorization", alice.uri)
    assert (served["interactingObject"], served["interactionTarget"]) == (note["id"], status.uri)


@pytest.mark.parametrize("kind", ["nobody", "blocked", "private"])
async def test_who_may_not_quote_is_refused_and_nothing_kept(coop: Coop, remote: Remote, kind: str) -> None:
    from fedcoop.relationships import actions as relationships

    alice = await coop.joins("alice")
    more: dict[str, Any] = {"nobody": {"quote_policy": "nobody"}, "private": {"visibility": "private"}}
    status = await coop.says(alice, "mine", **more.get(kind, {}))
    remote.add_actor("bob")
    if kind == "blocked":
        from activitypub import resolve

        bob = await resolve.account(coop.fed, remote.actor_id("bob"))
        async with coop.db.write() as tx:
            await relationships.block(tx, alice, bob)
    await coop.settle()
    remote.received.clear()
    note = remote.note("bob", quote=status.uri)
    await coop.receives(remote, "bob", request(remote, "bob", note, status.uri))
    await coop.settle()
    assert await state_of(coop, note["id"]) == "not here"
    assert await quotes_of(coop, status) == 0
    assert [(sent["type"], sent.get("result")) for _, sent in remote.received] == [("Reject", None)]


async def test_a_request_is_about_what_it_quotes_and_by_its_author(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    status, another = await coop.says(alice, "one"), await coop.says(alice, "two")
    remote.add_actor("bob")
    other.add_actor("mallory")
    quotes_another = remote.note("bob", quote=another.uri)
    await coop.receives(remote, "bob", request(remote, "bob", quotes_another, status.uri))
    of_bob = remote.serve(remote.note("bob", 2, quote=status.uri))
    await coop.receives(other, "mallory", request(other, "mallory", of_bob, status.uri))
    await coop.receives(other, "mallory", request(other, "mallory", of_bob["id"], status.uri, 2))
    await coop.settle()
    assert (remote.received, other.received) == ([], [])
    assert await quotes_of(coop, status) == 0


async def test_a_quote_of_ours_that_came_before_its_request_waits(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    status = await coop.says(alice, "quote me")
    note = remote.note("bob", quote=status.uri, quoteAuthorization=f"{alice.uri}/quote_authorizations/1")
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    assert await state_of(coop, note["id"]) == "pending"
    await coop.receives(remote, "bob", request(remote, "bob", note, status.uri))
    assert await state_of(coop, note["id"]) == "accepted"
    assert await quotes_of(coop, status) == 1


async def our_quote(coop: Coop, remote: Remote) -> tuple[Account, Status, dict[str, Any], dict[str, Any]]:
    """Alice quotes bob's note; the request as it went out."""
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    note = remote.note("bob", interactionPolicy={"canQuote": {"automaticApproval": [PUBLIC]}})
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    quoted = await coop.status(note["id"])
    assert quoted is not None
    status = await coop.says(alice, "see", quoted_id=quoted.id)
    await coop.settle()
    asked = next(sent for _, sent in remote.received if sent["type"] == "QuoteRequest")
    return alice, status, note, asked


async def test_our_quote_asks_and_is_told_with_its_stamp(coop: Coop, remote: Remote) -> None:
    alice, status, note, asked = await our_quote(coop, remote)
    await coop.is_followed(alice, remote, "bob")
    assert await state_of(coop, status.uri) == "pending"
    assert (asked["object"], asked["instrument"]["id"]) == (note["id"], status.uri)
    said = asked["instrument"]
    assert said["quote"] == said["quoteUri"] == said["_misskey_quote"] == note["id"]
    assert [tag["href"] for tag in said["tag"] if tag["type"] == "Link"] == [note["id"]]
    assert "quoteAuthorization" not in said
    consent = stamp(remote, "bob", status.uri, note["id"])
    accept = remote.activity("Accept", "bob", asked["id"], 7, result=consent["id"])
    await coop.receives(remote, "bob", accept)
    assert await state_of(coop, status.uri) == "accepted"
    await coop.settle()
    update = next(sent for _, sent in remote.received if sent["type"] == "Update")
    assert update["object"]["quoteAuthorization"] == consent["id"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"interactingObject": "https://coop.test/another"},
        {"interactionTarget": "https://b.test/another"},
        {"attributedTo": "MALLORY"},
        {"type": "Note"},
    ],
)
async def test_a_stamp_that_does_not_bind_both_ends_is_no_consent(
    coop: Coop, remote: Remote, wrong: dict[str, Any]
) -> None:
    _, status, note, asked = await our_quote(coop, remote)
    wrong = {key: remote.actor_id("mallory") if value == "MALLORY" else value for key, value in wrong.items()}
    consent = stamp(remote, "bob", status.uri, note["id"], **wrong)
    accept = remote.activity("Accept", "bob", asked["id"], 7, result=consent["id"])
    await coop.receives(remote, "bob", accept)
    assert await state_of(coop, status.uri) == "pending"


async def test_nobody_else_answers_for_the_author(coop: Coop, remote: Remote, other: Remote) -> None:
    _, status, note, asked = await our_quote(coop, remote)
    remote.add_actor("mallory")
    other.add_actor("mallory")
    consent = stamp(other, "mallory", status.uri, note["id"])
    for server in (remote, other):
        accept = server.activity("Accept", "mallory", asked["id"], 7, result=consent["id"])
        await coop.receives(server, "mallory", accept)
        await coop.receives(server, "mallory", server.activity("Reject", "mallory", asked["id"], 8))
    # The author names a stamp on another server.
    await coop.receives(remote, "bob", remote.activity("Accept", "bob", asked["id"], 9, result=consent["id"]))
    assert await state_of(coop, status.uri) == "pending"


async def test_a_refusal_ends_our_quote(coop: Coop, remote: Remote) -> None:
    _, status, _, asked = await our_quote(coop, remote)
    embedded = {key: asked[key] for key in ("id", "type", "actor", "object")} | {"instrument": status.uri}
    await coop.receives(remote, "bob", remote.activity("Reject", "bob", embedded, 7))
    assert await state_of(coop, status.uri) == "rejected"


async def test_consent_is_taken_back_by_deleting_the_stamp(coop: Coop, remote: Remote) -> None:
    _, status, note, asked = await our_quote(coop, remote)
    consent = stamp(remote, "bob", status.uri, note["id"])
    await coop.receives(remote, "bob", remote.activity("Accept", "bob", asked["id"], 7, result=consent["id"]))
    remote.add_actor("mallory")
    await coop.receives(remote, "mallory", remote.activity("Delete", "mallory", consent["id"]))
    assert await state_of(coop, status.uri) == "accepted"
    await coop.receives(remote, "bob", remote.activity("Delete", "bob", consent["id"]))
    assert await state_of(coop, status.uri) == "revoked"
    quoted = await coop.status(note["id"])
    assert quoted is not None
    assert quoted.quotes_count == 0


async def test_a_member_takes_consent_back_and_the_stamp_is_gone(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    status = await coop.says(alice, "quote me")
    remote.add_actor("bob")
    note = remote.note("bob", quote=status.uri)
    await coop.receives(remote, "bob", request(remote, "bob", note, status.uri))
    await coop.settle()
    quoting = await coop.status(note["id"])
    assert quoting is not None
    async with coop.db.write() as tx:
        await quotes.revoke(tx, alice, status, quoting)
    await coop.settle()
    _, delete = remote.received[-1]
    assert (delete["type"], delete["object"]) == (
        "Delete",
        f"{alice.uri}/quote_authorizations/{quoting.id}",
    )
    with pytest.raises(NotFound):
        await documents.quote_authorization(coop.fed, alice.id, quoting.id)
    # Asked once more, the answer is no.
    await coop.receives(remote, "bob", request(remote, "bob", note, status.uri, 2))
    await coop.settle()
    assert remote.received[-1][1]["type"] == "Reject"
    assert await state_of(coop, note["id"]) == "revoked"


@pytest.mark.parametrize("key", ["quote", "quoteUri", "quoteUrl", "_misskey_quote"])
async def test_what_is_quoted_elsewhere_is_fetched_and_shown_with_consent(
    coop: Coop, remote: Remote, other: Remote, key: str
) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    other.add_actor("carol")
    await coop.follows(alice, remote, "bob")
    quoted = other.serve(other.note("carol"))
    note = remote.note("bob", **{key: quoted["id"]})
    await coop.receives(remote, "bob", remote.activity("Create", "bob", note))
    assert await coop.status(quoted["id"]) is not None
    assert await state_of(coop, note["id"]) == "pending"
    consent = stamp(other, "carol", note["id"], quoted["id"])
    edited = note | {"quoteAuthorization": consent["id"], "updated": "2026-01-02T04:00:00Z"}
    await coop.receives(remote, "bob", remote.activity("Update", "bob", edited))
    assert await state_of(coop, note["id"]) == "accepted"


async def test_quotes_of_oneself_need_no_stamp(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    first = remote.serve(remote.note("bob", 1))
    second = remote.note("bob", 2, quote=first["id"])
    await coop.receives(remote, "bob", remote.activity("Create", "bob", second))
    assert await state_of(coop, second["id"]) == "accepted"


async def test_a_chain_of_quotes_is_followed_only_as_far_as_it_is_shown(coop: Coop, remote: Remote) -> None:
    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    notes = [
        remote.serve(remote.note("bob", n, quote=f"{remote.actor_id('bob')}/statuses/{n + 1}"))
        for n in range(1, 9)
    ]
    await coop.receives(remote, "bob", remote.activity("Create", "bob", notes[0]))
    here = [await coop.status(note["id"]) is not None for note in notes]
    assert here == [True, True, True, False, False, False, False, False]


async def test_the_line_for_older_servers_is_left_out_where_the_quote_is_shown(
    coop: Coop, remote: Remote
) -> None:
    from fedcoop.statuses.hydrate import StatusHydrator

    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.follows(alice, remote, "bob")
    first = remote.serve(remote.note("bob", 1))
    line = f'<p class="quote-inline">RE: <a href="{first["id"]}">{first["id"]}</a></p>'
    unknown = f"{remote.actor_id('bob')}/statuses/77"
    for number, quoted in ((2, first["id"]), (3, unknown)):
        note = remote.note("bob", number, quote=quoted, content=line + "<p>so true</p>")
        await coop.receives(remote, "bob", remote.activity("Create", "bob", note, number))
    show = StatusHydrator("http://coop.test", 1_000_000)
    async with coop.db.read() as tx:
        texts = []
        for number in (2, 3):
            status = await tx.one(status_queries.BY_URI, uri=f"{remote.actor_id('bob')}/statuses/{number}")
            assert status is not None
            texts.append(json.loads(bytes(await show.status(tx, alice.id, status.id)))["content"])
    assert texts[0] == "<p>so true</p>"
    assert "RE:" in texts[1]
