"""The operations about people and oneself, each called once and more: profiles, ties, lists, filters, hashtags."""

from __future__ import annotations

from typing import Any

from tests.conformance.journal import Journal
from tests.media.drawing import picture
from tests.web.test_joining import NEW, program
from tests.words import Person

OOB = "urn:ietf:wg:oauth:2.0:oob"


async def applications(j: Journal) -> None:
    nobody = j.server.anybody
    app = await j.call(
        "POST /api/v1/apps", who=nobody, client_name="x", redirect_uris=[OOB], scopes="read write",
        website="https://x.example",
    )  # fmt: skip
    who: dict[str, Any] = {"client_id": app["client_id"], "client_secret": app["client_secret"]}
    await j.call(
        "GET /oauth/authorize", who=nobody, answers=303, response_type="code", client_id=app["client_id"],
        redirect_uri=OOB, scope="read", state="x", code_challenge="x" * 43, code_challenge_method="S256",
        force_login=False, lang="en",
    )  # fmt: skip
    token = await j.call(
        "POST /oauth/token",
        who=nobody,
        grant_type="client_credentials",
        redirect_uri=OOB,
        scope="read",
        **who,
    )
    await j.call("GET /api/v1/apps/verify_credentials", who=Person(j.server, token["access_token"]))
    await j.call("POST /oauth/revoke", who=nobody, token=token["access_token"], **who)
    await j.call("GET /oauth/userinfo")
    await j.call("GET /.well-known/oauth-authorization-server", who=nobody)
    await j.call("GET /api/v1/preferences")
    await j.call("GET /api/v1_alpha/async_refreshes/{id}", 1, answers=404)


async def joining(j: Journal) -> None:
    new: dict[str, Any] = {
        **NEW,
        "username": f"new_{j.encoding}",
        "email": f"{j.encoding}@example.test",
        "reason": "to talk",
    }
    made = await j.call(
        "POST /api/v1/accounts", who=await program(j.server), date_of_birth="1990-01-01", **new
    )
    joined = Person(j.server, made["access_token"])
    await j.call("POST /api/v1/emails/confirmations", who=joined, email=f"other.{j.encoding}@example.test")


async def profile(j: Journal) -> None:
    shown: dict[str, Any] = {
        "display_name": "Alice", "note": "Hello #world", "bot": False, "discoverable": True, "indexable": True,
        "locked": False, "hide_collections": False, "attribution_domains": ["alice.example"],
        "fields_attributes": [{"name": "Web", "value": "alice.example"}],
    }  # fmt: skip
    faces: dict[str, Any] = {"avatar": picture(), "header": picture()}
    told: dict[str, Any] = {"avatar_description": "a face", "header_description": "a hill"}
    source: dict[str, Any] = {
        "privacy": "public",
        "sensitive": False,
        "language": "en",
        "quote_policy": "public",
    }
    await j.call("PATCH /api/v1/accounts/update_credentials", source=source, **shown)
    await j.call("PATCH /api/v1/accounts/update_credentials", files=faces, **told)
    found = await j.call("GET /api/v1/accounts/verify_credentials")
    assert [each["name"] for each in found["fields"]] == ["Web"], j.encoding
    assert found["source"]["language"] == "en"
    tabs: dict[str, Any] = {"show_featured": True, "show_media": True, "show_media_replies": False}
    await j.call("PATCH /api/v1/profile", **shown, **tabs)
    await j.call("PATCH /api/v1/profile", files=faces, **told)
    await j.call("GET /api/v1/profile")
    await j.call("DELETE /api/v1/profile/avatar")
    await j.call("DELETE /api/v1/profile/header")


async def ties(j: Journal) -> None:
    bob, carol = j.bob, await j.server.joins(f"carol_{j.encoding}", discoverable=True)
    await carol.says("hello")
    await carol.follows(bob)
    await carol.follows(j.alice)
    await bob.follows(j.alice)
    follow = await j.call(
        "POST /api/v1/accounts/{id}/follow", bob.id, reblogs=False, notify=True, languages=["en", "de"]
    )
    assert (follow["showing_reblogs"], follow["languages"]) == (False, ["en", "de"]), j.encoding
    await j.call("GET /api/v1/accounts/{id}", bob.id)
    await j.call("GET /api/v1/accounts", id=[j.alice.id, bob.id])
    await j.call("GET /api/v1/accounts/relationships", id=[bob.id, carol.id], with_suspended=True)
    await j.call("GET /api/v1/accounts/familiar_followers", id=[carol.id, bob.id])
    await j.call("GET /api/v1/accounts/lookup", acct="bob")
    await j.call("GET /api/v1/accounts/search", q="bo", limit=5, offset=0, following=True, resolve=False)
    for people in ("followers", "following"):
        await j.call(f"GET /api/v1/accounts/{{id}}/{people}", bob.id)
        await j.call(f"GET /api/v1/accounts/{{id}}/{people}", j.alice.id)
    await j.call("POST /api/v1/accounts/{id}/endorse", bob.id)
    await j.call("GET /api/v1/endorsements")
    await j.call("GET /api/v1/accounts/{id}/endorsements", j.alice.id)
    for act in ("unendorse", "pin", "unpin"):
        await j.call(f"POST /api/v1/accounts/{{id}}/{act}", bob.id)
    await j.call("GET /api/v1/accounts/{id}/identity_proofs", bob.id)
    await j.call("POST /api/v1/accounts/{id}/note", bob.id, comment="from the meeting")
    for person in (bob, carol):
        await j.call("POST /api/v1/accounts/{id}/mute", person.id, notifications=True, duration=600)
    await j.call("GET /api/v1/mutes")
    for person in (bob, carol):
        await j.call("POST /api/v1/accounts/{id}/unmute", person.id)
    await j.call("POST /api/v1/accounts/{id}/remove_from_followers", carol.id)
    for person in (bob, carol):
        await j.call("POST /api/v1/accounts/{id}/block", person.id)
    await j.call("GET /api/v1/blocks")
    for person in (bob, carol):
        await j.call("POST /api/v1/accounts/{id}/unblock", person.id)
    await j.call("POST /api/v1/accounts/{id}/unfollow", bob.id)
    for domain in ("a.example", "b.example"):
        await j.call("POST /api/v1/domain_blocks", domain=domain)
    await j.call("GET /api/v1/domain_blocks")
    await j.call("DELETE /api/v1/domain_blocks", domain="a.example")
    await j.call("GET /api/v1/directory", order="new", local=True, offset=0, limit=10)
    for version in ("v1", "v2"):
        await j.call(f"GET /api/{version}/suggestions")
    await j.call("DELETE /api/v1/suggestions/{account_id}", carol.id)
    await _requests(j, carol)


async def _requests(j: Journal, carol: Person) -> None:
    await j.call("PATCH /api/v1/accounts/update_credentials", locked=True)
    asking = (carol, await j.server.joins(f"dora_{j.encoding}"))
    for person in asking:
        await person.follows(j.alice)
    assert len(await j.call("GET /api/v1/follow_requests")) == 2
    for person, answer in zip(asking, ("authorize", "reject"), strict=True):
        await j.call(f"POST /api/v1/follow_requests/{{account_id}}/{answer}", person.id)
    await j.call("PATCH /api/v1/accounts/update_credentials", locked=False)


async def lists(j: Journal) -> None:
    made = await j.call("POST /api/v1/lists", title="friends", replies_policy="list", exclusive=False)
    people = [await j.server.joins(f"listed{number}_{j.encoding}") for number in range(2)]
    for person in people:
        await j.alice.follows(person)
    ids = [person.id for person in people]
    await j.call("POST /api/v1/lists/{id}/accounts", made["id"], account_ids=ids)
    assert len(await j.call("GET /api/v1/lists/{id}/accounts", made["id"])) == 2
    await j.call("GET /api/v1/accounts/{id}/lists", people[0].id)
    for person in people:
        await person.says("hello")
    assert len(await j.call("GET /api/v1/timelines/list/{list_id}", made["id"])) == 2
    await j.call("GET /api/v1/lists")
    await j.call("GET /api/v1/lists/{id}", made["id"])
    changed = await j.call(
        "PUT /api/v1/lists/{id}", made["id"], title="x", replies_policy="none", exclusive=True
    )
    assert (changed["title"], changed["exclusive"]) == ("x", True)
    await j.call("DELETE /api/v1/lists/{id}/accounts", made["id"], account_ids=ids[:1])
    assert len(await j.call("GET /api/v1/lists/{id}/accounts", made["id"])) == 1
    await j.call("DELETE /api/v1/lists/{id}", made["id"])


async def filters(j: Journal) -> None:
    first: dict[str, Any] = {
        "phrase": "spoiler",
        "context": ["home"],
        "irreversible": False,
        "whole_word": True,
        "expires_in": 600,
    }
    made = await j.call("POST /api/v1/filters", **first)
    await j.call("GET /api/v1/filters")
    await j.call("GET /api/v1/filters/{id}", made["id"])
    await j.call("PUT /api/v1/filters/{id}", made["id"], **{**first, "phrase": "spoilers"})
    await j.call("DELETE /api/v1/filters/{id}", made["id"])
    keyword: dict[str, Any] = {"keyword": "ham", "whole_word": True}
    made = await j.call(
        "POST /api/v2/filters", title="food", context=["home", "public"], filter_action="warn", expires_in=600,
        keywords_attributes=[{**keyword, "id": "", "_destroy": False}],
    )  # fmt: skip
    (ham,) = made["keywords"]
    await j.call("GET /api/v2/filters")
    changed = await j.call(
        "PUT /api/v2/filters/{id}", made["id"], title="meals", context=["home"], filter_action="hide",
        expires_in=900, keywords_attributes=[{**keyword, "id": ham["id"], "_destroy": True}],
    )  # fmt: skip
    assert (changed["title"], changed["keywords"]) == ("meals", [])
    await j.call("GET /api/v2/filters/{id}", made["id"])
    eggs = await j.call("POST /api/v2/filters/{filter_id}/keywords", made["id"], **keyword)
    await j.call("GET /api/v2/filters/{filter_id}/keywords", made["id"])
    await j.call("GET /api/v2/filters/keywords/{id}", eggs["id"])
    await j.call("PUT /api/v2/filters/keywords/{id}", eggs["id"], keyword="eggs", whole_word=False)
    await j.call("DELETE /api/v2/filters/keywords/{id}", eggs["id"])
    status = await j.bob.says("dinner")
    kept = await j.call("POST /api/v2/filters/{filter_id}/statuses", made["id"], status_id=status["id"])
    await j.call("GET /api/v2/filters/{filter_id}/statuses", made["id"])
    await j.call("GET /api/v2/filters/statuses/{id}", kept["id"])
    await j.call("DELETE /api/v2/filters/statuses/{id}", kept["id"])
    await j.call("DELETE /api/v2/filters/{id}", made["id"])


async def hashtags(j: Journal) -> None:
    for name in ("walnut", "chestnut"):
        await j.alice.says(f"I like #{name}")
        await j.call("GET /api/v1/tags/{name}", name)
        await j.call("POST /api/v1/tags/{name}/follow", name)
    assert len(await j.call("GET /api/v1/followed_tags")) == 2
    await j.call("POST /api/v1/tags/{name}/unfollow", "walnut")
    await j.call("POST /api/v1/tags/{id}/feature", "walnut")
    await j.call("POST /api/v1/tags/{id}/unfeature", "walnut")
    await j.call("GET /api/v1/featured_tags/suggestions")
    featured = await j.call("POST /api/v1/featured_tags", name="chestnut")
    await j.call("GET /api/v1/featured_tags")
    await j.call("GET /api/v1/accounts/{id}/featured_tags", j.alice.id)
    await j.call("DELETE /api/v1/featured_tags/{id}", featured["id"])
    await j.call(
        "GET /api/v1/timelines/tag/{hashtag}", "walnut", any=["chestnut"], all=["walnut"], none=["hazelnut"],
        local=True, remote=False, only_media=False,
    )  # fmt: skip
    assert len(await j.call("GET /api/v1/timelines/tag/{hashtag}", "walnut", any=["chestnut"])) == 2


async def collections(j: Journal) -> None:
    people = [await j.server.joins(f"collected{n}_{j.encoding}", discoverable=True) for n in range(2)]
    told: dict[str, Any] = {
        "description": "Worth it",
        "language": "en",
        "tag_name": "friends",
        "sensitive": False,
    }
    made = await j.call(
        "POST /api/v1/collections", name="Company", account_ids=[people[0].id], discoverable=True, **told
    )
    id_ = made["collection"]["id"]
    added = await j.call("POST /api/v1/collections/{collection_id}/items", id_, account_id=people[1].id)
    shown = await j.call("GET /api/v1/collections/{id}", id_)
    assert len(shown["collection"]["items"]) == 2
    told |= {"name": "Good company", "discoverable": False}
    changed = await j.call("PATCH /api/v1/collections/{id}", id_, **told)
    assert (changed["collection"]["name"], changed["collection"]["discoverable"]) == ("Good company", False)
    await j.call("GET /api/v1/accounts/{account_id}/collections", j.alice.id, limit=5, offset=0)
    found = await j.call(
        "GET /api/v1/accounts/{account_id}/in_collections", people[0].id, who=people[0], limit=5, offset=0
    )
    assert [each["id"] for each in found["collections"]] == [id_]
    item = shown["collection"]["items"][0]["id"]
    await j.call("POST /api/v1/collections/{collection_id}/items/{id}/revoke", id_, item, who=people[0])
    item = added["collection_item"]["id"]
    await j.call("DELETE /api/v1/collections/{collection_id}/items/{id}", id_, item)
    await j.call("DELETE /api/v1/collections/{id}", id_)
    await j.alice.get(f"/api/v1/collections/{id_}", expect=404)


PEOPLE = (applications, joining, profile, ties, lists, filters, hashtags, collections)
