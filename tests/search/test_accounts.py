"""Finding accounts by words of handle, name and bio: `fedcoop/accounts/finding.py`, through the API."""

from typing import Any

from tests.words import Person, Server


async def found(person: Person, text: str, **more: Any) -> list[str]:
    answer = await person.get("/api/v1/accounts/search", q=text, **more)
    return [account["acct"] for account in answer]


async def test_accounts_are_found_by_the_beginning_of_any_word_of_their_names(server: Server) -> None:
    alice = await server.joins("alice", display_name="Alice Ärcher")
    await server.joins("bob", display_name="ALBERT the Archer")
    assert await found(alice, "archer") == ["alice", "bob"]
    assert await found(alice, "al arch") == ["alice", "bob"]
    assert await found(alice, "@bo") == ["bob"]
    assert await found(alice, "%") == []
    assert await found(alice, "cher") == []


async def test_a_bio_is_searched_only_where_its_owner_wishes_to_be_discovered(server: Server) -> None:
    alice = await server.joins("alice", note="I grow walnuts", discoverable=True)
    await server.joins("bob", note="I eat walnuts")
    assert await found(alice, "walnuts") == ["alice"]
    await alice.ask("PATCH", "/api/v1/accounts/update_credentials", json={"discoverable": False})
    assert await found(alice, "walnuts") == []


async def test_whom_one_follows_comes_first_and_alone_if_asked(server: Server) -> None:
    alice = await server.joins("alice")
    for number in range(5):
        await server.joins(f"walnut{number}")
    await alice.follows(server.people["walnut3"])
    assert (await found(alice, "walnut", limit=2))[0] == "walnut3"
    assert await found(alice, "walnut", limit=2, following="true") == ["walnut3"]
    assert await found(alice, "walnut", limit=2, offset=4) == ["walnut4"]


async def test_who_blocks_or_is_suspended_is_not_found(server: Server) -> None:
    from fedcoop.accounts import actions

    alice, bob, carol = await server.joins("alice"), await server.joins("bob"), await server.joins("carol")
    await bob.post(f"/api/v1/accounts/{alice.id}/block")
    async with server.db.write() as tx:
        await actions.suspend(tx, carol.account.id)  # type: ignore[union-attr]
    assert await found(alice, "bob") == []
    assert await found(alice, "carol") == []


async def test_accounts_elsewhere_are_found_once_known_and_asked_for_if_wished(
    server: Server, other: Server
) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob", display_name="Walnut")
    assert await found(alice, bob.handle) == []
    assert await found(alice, bob.handle, resolve="true") == [bob.handle]
    assert await found(alice, "walnut") == [bob.handle]
