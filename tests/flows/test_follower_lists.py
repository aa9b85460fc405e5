"""The list with which two servers compare who follows (FEP-8fcf) is for nobody else."""

import json

from tests.words import Server


async def test_the_list_is_for_the_server_of_those_in_it(server: Server, other: Server) -> None:
    alice, bob = await server.joins("alice"), await other.joins("bob")
    carol = await server.joins("carol")
    await carol.follows(alice)
    await bob.follows(alice)
    await server.settle(other)
    assert alice.account is not None
    url = f"{alice.account.uri}/followers_synchronization"
    await server.anybody.ask("GET", url, expect=401)
    assert bob.account is not None
    found = await other.instance.services.federation.client.document(url)
    assert json.loads(found.body)["orderedItems"] == [bob.account.uri]
