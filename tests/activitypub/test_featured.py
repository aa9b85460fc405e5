"""What accounts elsewhere have pinned: read when we meet them, and changed by nobody but themselves."""

from __future__ import annotations

from activitypub import resolve
from fedcoop.paging import Page
from fedcoop.timelines import pages
from tests.activitypub.coop import Coop
from tests.activitypub.remote import Remote


async def test_nobody_pins_to_the_profile_of_another(coop: Coop, remote: Remote) -> None:
    featured = f"{remote.base}/users/bob/featured"
    remote.add_actor("bob", featured=featured)
    remote.add_actor("eve", featured=f"{remote.base}/users/eve/featured")
    theirs = remote.serve(remote.note("eve"))
    own = [remote.serve(remote.note("bob", number)) for number in range(2, 24)]
    remote.documents["/users/bob/featured"] = {
        "id": featured,
        "type": "OrderedCollection",
        "orderedItems": [theirs["id"], "https://elsewhere.example/1", *(note["id"] for note in own)],
    }
    bob = await resolve.account(coop.fed, remote.actor_id("bob"))
    await coop.settle()

    async def pins() -> int:
        async with coop.db.read() as tx:
            return len(await pages.pinned(tx, 0, bob.id, Page(limit=40)))

    assert await pins() == 18
    for number, (actor, thing) in enumerate((("eve", theirs), ("eve", own[0]), ("bob", theirs))):
        add = remote.activity("Add", actor, thing["id"], number, target=featured)
        await coop.receives(remote, actor, add)
    assert await pins() == 18
    remove = remote.activity("Remove", "bob", own[0]["id"], target=featured)
    await coop.receives(remote, "bob", remove)
    assert await pins() == 17
