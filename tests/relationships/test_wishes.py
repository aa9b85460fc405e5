"""What one wants of whom one follows: languages, reblogs, and to be told of every post."""

from typing import Any

from fedcoop import clock, relationships
from fedcoop.statuses.remote import receive
from fedcoop.statuses.types import RemoteStatus
from tests.people import stranger
from tests.words import Person, Server


async def follows(person: Person, other: Person, **wishes: Any) -> Any:
    return await person.post(f"/api/v1/accounts/{other.id}/follow", **wishes)


async def at_home(person: Person) -> list[str]:
    return [each["content"] for each in await person.home()]


async def test_other_languages_are_kept_from_home(server: Server) -> None:
    alice, bob = await server.joins("alice"), await server.joins("bob")
    await bob.says("before", language="fr")
    await bob.says("avant", language="de")
    said = await follows(alice, bob, languages=["fr", "en"])
    assert said["languages"] == ["fr", "en"]
    assert await at_home(alice) == ["<p>before</p>"]
    for language in ("en", "de", "fr", "e"):
        await bob.says(f"in {language}", language=language if len(language) > 1 else None)
    assert await at_home(alice) == ["<p>in e</p>", "<p>in fr</p>", "<p>in en</p>", "<p>before</p>"]
    await follows(alice, bob, languages=[])
    await bob.says("in es", language="es")
    assert (await at_home(alice))[0] == "<p>in es</p>"


async def test_whoever_asked_is_told_of_every_post_in_their_languages(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    await follows(alice, bob, notify=True, languages=["en"])
    await follows(carol, bob)
    told = await bob.says("in English", language="en")
    await bob.says("auf Deutsch", language="de")
    answered = await carol.says("hi")
    await bob.says("@carol an answer", language="en", in_reply_to_id=answered["id"])
    await bob.says("for nobody", language="en", visibility="direct")
    notifications = await alice.notifications()
    assert [(each["type"], each["status"]["id"]) for each in notifications] == [("status", told["id"])]
    assert "status" not in [each["type"] for each in await carol.notifications()]
    await follows(alice, bob, notify=False)
    await bob.says("once more", language="en")
    assert len(await alice.notifications()) == 1


async def test_posts_from_elsewhere_are_told_as_well(server: Server) -> None:
    alice = await server.joins("alice")
    assert alice.account
    async with server.db.write() as tx:
        far = await stranger(tx, "far@b.test")
        await relationships.follow(tx, alice.account, far, notify=True)
        await relationships.accepted(tx, alice.account, far)
        for name, age in (("new", 0), ("old", 2 * clock.DAY)):
            await receive(
                tx,
                far,
                RemoteStatus(
                    uri=f"{far.uri}/{name}",
                    url=f"{far.uri}/{name}",
                    visibility="public",
                    content=f"<p>{name}</p>",
                    created_at=clock.now() - age,
                ),
            )
    (told,) = await alice.notifications()
    assert (told["type"], told["status"]["content"]) == ("status", "<p>new</p>")


async def test_reblogs_that_nobody_wants_are_kept_from_home(server: Server) -> None:
    alice, bob, carol = [await server.joins(name) for name in ("alice", "bob", "carol")]
    status = await carol.says("hello")
    assert (await follows(alice, bob, reblogs=False))["showing_reblogs"] is False
    await bob.post(f"/api/v1/statuses/{status['id']}/reblog")
    assert await at_home(alice) == []
