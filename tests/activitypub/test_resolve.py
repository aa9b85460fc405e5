"""From what somebody typed to an account or a status of another server."""

from __future__ import annotations

import contextlib

import pytest

from activitypub import resolve
from activitypub.errors import BadAnswer, FetchError, Gone, Ignored
from fedcoop import clock
from fedcoop.accounts.types import Account
from fedcoop.domains import restrict
from fedcoop.errors import Invalid, NotFound
from fedcoop.statuses.types import Status
from tests.activitypub.coop import Coop
from tests.activitypub.remote import Remote
from tests.words import Server


async def test_a_handle_becomes_an_account_and_is_asked_once(coop: Coop, remote: Remote) -> None:
    remote.add_actor("bob", name="Bob", summary="<p>Hi<script>x</script></p>")
    bob = await resolve.by_handle(coop.fed, f"@bob@{remote.host}")
    assert (bob.acct, bob.display_name) == (f"bob@{remote.host}", "Bob")
    assert "script" not in bob.note
    asked = len(remote.asked)
    assert await resolve.by_handle(coop.fed, f"BOB@{remote.host}") == bob
    assert len(remote.asked) == asked


async def test_our_own_are_never_asked_for(coop: Coop) -> None:
    alice = await coop.joins("alice")
    assert await resolve.by_handle(coop.fed, "alice") == alice
    assert await resolve.by_handle(coop.fed, "@alice@coop.test") == alice
    assert await resolve.account(coop.fed, alice.uri) == alice
    for handle in ("nobody", "nobody@coop.test"):
        with pytest.raises(NotFound):
            await resolve.by_handle(coop.fed, handle)
    for address in ("http://coop.test/ap/users/1", "http://coop.test/ap/users/1/statuses/2"):
        with pytest.raises(NotFound):
            await resolve.anything(coop.fed, address)


async def test_a_profile_grows_stale_and_survives_its_server(coop: Coop, remote: Remote) -> None:
    document = remote.add_actor("bob")
    bob = await resolve.account(coop.fed, document["id"])
    document["name"] = "Robert"
    assert (await resolve.account(coop.fed, document["id"])).display_name == "Bob"
    clock.advance(seconds=25 * 3600)
    assert (await resolve.account(coop.fed, document["id"])).display_name == "Robert"
    del remote.documents["/users/bob"]
    clock.advance(seconds=25 * 3600)
    assert (await resolve.account(coop.fed, document["id"])).id == bob.id


async def test_a_renamed_account_stays_the_same(coop: Coop, remote: Remote) -> None:
    document = remote.add_actor("bob")
    bob = await resolve.account(coop.fed, document["id"])
    document["preferredUsername"] = "robert"
    renamed = await resolve.account(coop.fed, document["id"], refresh=True)
    assert renamed.id == bob.id
    assert renamed.username == "robert"


async def test_an_address_in_the_search_finds_accounts_and_statuses(coop: Coop, remote: Remote) -> None:
    remote.add_actor("bob")
    note = remote.serve(remote.note("bob"))
    assert isinstance(await resolve.anything(coop.fed, remote.actor_id("bob")), Account)
    found = await resolve.anything(coop.fed, note["id"])
    assert isinstance(found, Status)
    assert found.uri == note["id"]
    assert await resolve.anything(coop.fed, note["id"]) == found


async def test_what_is_not_there_is_not_asked_for_again_and_again(coop: Coop, remote: Remote) -> None:
    for _ in range(5):
        with pytest.raises(Gone):
            await resolve.status(coop.fed, f"{remote.base}/nowhere")
    assert len(remote.asked) == 1


async def test_a_document_of_another_origin_is_asked_for_there(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    other.add_actor("carol")
    note = other.serve(other.note("carol", content="<p>Genuine</p>"))
    remote.documents["/copy"] = {**note, "content": "<p>Forged</p>"}
    found = await resolve.anything(coop.fed, f"{remote.base}/copy")
    assert isinstance(found, Status)
    assert "Genuine" in found.content


async def test_an_author_of_another_origin_is_not_believed(coop: Coop, remote: Remote, other: Remote) -> None:
    other.add_actor("carol")
    remote.add_actor("mallory")
    remote.serve({**remote.note("mallory"), "attributedTo": other.actor_id("carol")})
    with pytest.raises(Ignored):
        await resolve.status(coop.fed, remote.note("mallory")["id"])


async def test_an_actor_may_not_take_the_place_of_another(coop: Coop, remote: Remote, other: Remote) -> None:
    other.add_actor("carol")
    carol = await resolve.account(coop.fed, other.actor_id("carol"))
    remote.documents["/users/fake"] = {**other.documents["/users/carol"], "name": "Fake"}
    with contextlib.suppress(FetchError, Ignored):
        await resolve.anything(coop.fed, f"{remote.base}/users/fake")
    assert (await resolve.account(coop.fed, carol.uri)).display_name == "Carol"


async def test_nothing_of_a_suspended_server_is_asked_for(coop: Coop, remote: Remote) -> None:
    remote.add_actor("bob")
    note = remote.serve(remote.note("bob"))
    async with coop.db.write() as tx:
        await restrict(tx, "127.0.0.1", severity="suspend", because="a test")
    for address in (note["id"], remote.actor_id("bob")):
        with pytest.raises(Ignored):
            await resolve.anything(coop.fed, address)
    with pytest.raises(Ignored):
        await resolve.by_handle(coop.fed, f"bob@{remote.host}")
    assert remote.asked == []


async def test_handles_and_answers_of_no_use(coop: Coop, remote: Remote) -> None:
    with pytest.raises(Invalid):
        await resolve.by_handle(coop.fed, "@a@b@c")
    with pytest.raises(FetchError):
        await resolve.by_handle(coop.fed, f"nobody@{remote.host}")
    remote.documents["/users/stub"] = {"type": "Person", "id": remote.actor_id("stub")}
    with pytest.raises(Ignored):
        await resolve.account(coop.fed, remote.actor_id("stub"))
    remote.documents["/text"] = {"type": "Travel", "id": f"{remote.base}/text"}
    with pytest.raises((Ignored, BadAnswer)):
        await resolve.anything(coop.fed, f"{remote.base}/text")


async def test_which_tabs_a_profile_shows_is_told_both_ways(server: Server, remote: Remote) -> None:
    alice = await server.joins("alice", show_media=False, show_media_replies=False)
    assert alice.account
    headers = {"Accept": "application/activity+json"}
    told = (await server.anybody.ask("GET", alice.account.uri, headers=headers)).body
    assert (told["showMedia"], told["showRepliesInMedia"], told["showFeatured"]) == (False, False, True)
    assert "rfc9421" in told["generator"]["implements"][0]["href"]
    server_itself = (await server.anybody.ask("GET", "/actor", headers=headers)).body
    assert server_itself["implements"] == told["generator"]["implements"]
    remote.add_actor("bob", showFeatured=False)
    account = await alice.finds(f"bob@{remote.host}")
    shown = await alice.get(f"/api/v1/accounts/{account['id']}")
    assert (shown["show_media"], shown["show_featured"]) == (True, False)
    again = remote.add_actor("bob", showMedia=False)
    await remote.tells(server, "bob", remote.activity("Update", "bob", again))
    shown = await alice.get(f"/api/v1/accounts/{account['id']}")
    assert (shown["show_media"], shown["show_featured"]) == (False, True)
