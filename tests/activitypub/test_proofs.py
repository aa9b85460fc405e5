"""Signatures in documents (FEP-8b32): vectors of others, our own, forged ones; and what is passed on with or
without them (docs/security.md, C)."""

from __future__ import annotations

import base64
import copy
import json
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activitypub.errors import BadSignature
from activitypub.receive import Outcome
from activitypub.signatures import linked, load_public, proofs
from activitypub.signatures.keys import from_base58, multikey, to_base58, verify
from fedcoop import clock
from tests.activitypub.coop import Coop
from tests.activitypub.remote import AS, Remote
from tests.activitypub.samples import SAMPLES, needs_samples

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER = Ed25519PrivateKey.from_private_bytes(bytes(32))
NOW = clock.parse("2026-06-01T12:00:00Z")


def vectors(name: str) -> Any:
    path = SAMPLES / "signatures" / f"{name}.json"
    return json.loads(path.read_text("utf-8")) if path.exists() else {}


def signed(
    document: dict[str, Any], key: Ed25519PrivateKey = KEY, method: str = "https://b.test/u#key"
) -> dict[str, Any]:
    return proofs.with_proof({"@context": AS, **document}, key, method, NOW)


def test_base58_keeps_leading_zeros() -> None:
    for data in (b"", b"\0", b"\0\0\x01", bytes(range(64))):
        assert from_base58(to_base58(data)) == data


@needs_samples
def test_the_vector_of_the_fep_is_proven_by_its_key_alone() -> None:
    found = vectors("fep-8b32-eddsa-jcs-2022")
    assert proofs.method_of(found["signed"]) == found["key"]["verificationMethod"]
    proofs.check(found["signed"], load_public(found["key"]["publicKeyMultibase"]), NOW)
    with pytest.raises(BadSignature, match="not of this document"):
        proofs.check(found["signed"], OTHER.public_key(), NOW)


@needs_samples
def test_the_vector_of_the_w3c_is_proven() -> None:
    found = vectors("w3c-eddsa-jcs-2022")
    document = found.get("signed") or found["signedDocument"]
    proofs.check(document, load_public(found["keyPair"]["publicKeyMultibase"]), NOW)


def test_our_own_proof_holds_and_every_change_breaks_it() -> None:
    document = signed(
        {"id": "https://b.test/1", "type": "Note", "content": "Hello", "focalPoint": [0.5, -1.0]}
    )
    proofs.check(document, KEY.public_key(), NOW)
    for change in (
        {"content": "Bye"},
        {"more": 1},
        {"focalPoint": [0.5, -1.1]},
        {"@context": [AS]},
        {"proof": {**document["proof"], "created": "2026-06-01T11:00:00Z"}},
        {"proof": {**document["proof"], "verificationMethod": "https://b.test/u#other"}},
    ):
        with pytest.raises(BadSignature):
            proofs.check({**document, **change}, KEY.public_key(), NOW)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"expires": "2026-06-01T11:59:59Z"}, "expired"),
        ({"created": "2026-06-02T12:00:00Z"}, "in the future"),
        ({"created": "yesterday"}, "no time"),
        ({"@context": ["https://other.test/"]}, "another context"),
        ({"proofValue": "z"}, "not of this document"),
        ({"proofValue": "u123"}, "can be read"),
        ({"proofValue": "z0OIl"}, "can be read"),
        ({"proofValue": None}, "can be read"),
    ],
)
def test_a_proof_out_of_its_time_or_context_or_shape_is_refused(
    change: dict[str, Any], sentence: str
) -> None:
    document = signed({"id": "https://b.test/1", "type": "Note"})
    document["proof"] = {**document["proof"], **change}
    with pytest.raises(BadSignature, match=sentence):
        proofs.check(document, KEY.public_key(), NOW)


def test_a_proof_for_something_else_is_none_of_its_owners_words() -> None:
    document = signed({"id": "https://b.test/1", "type": "Note"})
    document["proof"]["proofPurpose"] = "authentication"
    with pytest.raises(BadSignature, match="something else"):
        proofs.method_of(document)
    assert proofs.method_of({"id": "x", "proof": {"type": "RsaSignature2017"}}) == ""


# What others pass on


def with_key(remote: Remote, name: str, key: Ed25519PrivateKey = KEY) -> str:
    """An actor elsewhere who makes proofs; the id of the key."""
    method = f"{remote.actor_id(name)}#ed25519-key"
    remote.add_actor(
        name,
        assertionMethod=[
            {
                "id": method,
                "type": "Multikey",
                "controller": remote.actor_id(name),
                "publicKeyMultibase": multikey(key.public_key()),
            }
        ],
    )
    return method


def proven(document: dict[str, Any], method: str, key: Ed25519PrivateKey = KEY) -> dict[str, Any]:
    return proofs.with_proof(document, key, method, clock.now())


async def followed(coop: Coop, remote: Remote, name: str) -> None:
    alice = await coop.joins("alice")
    await coop.follows(alice, remote, name)


async def test_an_activity_with_proof_is_believed_whoever_brings_it(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    method = with_key(remote, "bob")
    await followed(coop, remote, "bob")
    other.add_actor("relay")
    create = proven(remote.activity("Create", "bob", remote.note("bob")), method)
    assert (await coop.receives(other, "relay", create)).outcome is Outcome.ACCEPTED
    status = await coop.status(remote.note("bob")["id"])
    assert status is not None
    assert "/users/bob/statuses/1" not in remote.asked


async def test_a_forged_or_foreign_proof_is_refused(coop: Coop, remote: Remote, other: Remote) -> None:
    method = with_key(remote, "bob")
    with_key(remote, "eve", OTHER)
    await followed(coop, remote, "bob")
    theirs = with_key(other, "mallory", OTHER)
    create = remote.activity("Create", "bob", remote.note("bob"))
    honest = proven(create, method)
    tampered = copy.deepcopy(honest)
    tampered["object"]["content"] = "<p>Buy now</p>"
    for forged in (
        tampered,
        proven(create, method, OTHER),
        proven(create, theirs, OTHER),
        proven(create, f"{remote.actor_id('eve')}#ed25519-key", OTHER),
        proven(create, f"{other.actor_id('nobody')}#key", OTHER),
    ):
        verdict = await coop.receives(other, "mallory", forged)
        assert verdict.outcome is Outcome.UNPROVEN, verdict
    assert await coop.status(remote.note("bob")["id"]) is None


async def test_an_answer_that_is_passed_on_without_proof_is_asked_for_where_it_lives(
    coop: Coop, remote: Remote, other: Remote
) -> None:
    alice = await coop.joins("alice")
    question = await coop.says(alice, "What do you think?")
    remote.add_actor("bob")
    other.add_actor("carol")
    answer = remote.serve(remote.note("bob", inReplyTo=question.uri, content="<p>True words</p>"))
    lie = {**answer, "content": "<p>False words</p>"}
    verdict = await coop.receives(other, "carol", remote.activity("Create", "bob", lie))
    assert verdict.outcome is Outcome.ACCEPTED
    status = await coop.status(answer["id"])
    assert status is not None
    assert status.content == "<p>True words</p>"

    clock.advance(seconds=700)
    remote.serve({**answer, "content": "<p>Better words</p>", "updated": clock.iso(clock.now())})
    await coop.receives(other, "carol", remote.activity("Update", "bob", lie, 2))
    status = await coop.status(answer["id"])
    assert status is not None
    assert status.content == "<p>Better words</p>"

    # A Delete that somebody else brings counts when the post is gone, and only then.
    clock.advance(seconds=700)
    await coop.receives(other, "carol", remote.activity("Delete", "bob", answer["id"], 3))
    assert await coop.status(answer["id"]) is not None
    clock.advance(seconds=700)
    del remote.documents["/users/bob/statuses/1"]
    await coop.receives(other, "carol", remote.activity("Delete", "bob", answer["id"], 4))
    assert await coop.status(answer["id"]) is None


async def test_what_concerns_nobody_here_is_not_asked_for(coop: Coop, remote: Remote, other: Remote) -> None:
    alice = await coop.joins("alice")
    own = await coop.says(alice, "Mine")
    remote.add_actor("bob")
    other.add_actor("carol")
    stranger = remote.serve(remote.note("bob"))
    verdict = await coop.receives(other, "carol", remote.activity("Create", "bob", stranger))
    assert verdict.outcome is Outcome.UNPROVEN
    assert "/users/bob/statuses/1" not in remote.asked
    verdict = await coop.receives(other, "carol", remote.activity("Delete", "bob", own.uri))
    assert verdict.outcome is Outcome.UNPROVEN
    assert await coop.status(own.uri) is not None


async def test_what_is_public_carries_a_proof_and_what_is_not_does_not(coop: Coop, remote: Remote) -> None:
    from activitypub import documents

    alice = await coop.joins("alice")
    remote.add_actor("bob")
    await coop.is_followed(alice, remote, "bob")
    await coop.says(alice, "To everybody")
    await coop.says(alice, "To my followers", visibility="private")
    await coop.settle()
    public, private = [document for _, document in remote.received if document["type"] == "Create"]
    actor = json.loads(await documents.actor(coop.fed, alice.id))
    [method] = actor["assertionMethod"]
    assert public["proof"]["verificationMethod"] == method["id"]
    proofs.check(public, load_public(method["publicKeyMultibase"]), clock.now())
    assert "proof" not in private


@needs_samples
@pytest.mark.parametrize(
    ("name", "owner", "holds"),
    [
        ("ld-mastodon-signed-create", "ld-mastodon-actor", True),
        ("ld-mastodon-signed-delete", "ld-mastodon-actor", True),
        ("ld-academy-signed-create", "ld-academy-actor", True),
        ("ld-mastodon-signed-create-tampered", "ld-mastodon-actor", False),
    ],
)
def test_what_an_ld_signature_signs_is_what_others_sign(name: str, owner: str, holds: bool) -> None:
    document = dict(vectors(name))
    signature = document.pop("signature")
    options = {key: signature[key] for key in ("creator", "created")}
    key = load_public(vectors(owner)["publicKey"]["publicKeyPem"])
    value = base64.b64decode(signature["signatureValue"])
    assert verify(key, value, linked.signed_bytes(document, options)) is holds


@needs_samples
@pytest.mark.parametrize("name", ["ld-mastodon-signed-create", "ld-mastodon-signed-create-tampered"])
async def test_a_signature_over_the_graph_of_a_document_proves_nothing(
    coop: Coop, remote: Remote, name: str
) -> None:
    remote.add_actor("relay")
    verdict = await coop.receives(remote, "relay", vectors(name))
    assert verdict.outcome is Outcome.UNPROVEN
    assert await coop.status(vectors(name)["object"]["id"]) is None


@needs_samples
async def test_hostile_rewrites_of_a_genuine_post_prove_nothing(coop: Coop, remote: Remote) -> None:
    remote.add_actor("relay")
    found = vectors("ld-hostile-variants")
    documents = [each["document"] for each in found["cases"] if not each["accept"]]
    assert documents
    for document in documents:
        verdict = await coop.receives(remote, "relay", document)
        assert verdict.outcome is not Outcome.ACCEPTED, verdict
