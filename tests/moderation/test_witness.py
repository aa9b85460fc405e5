"""Servers sign each other's checkpoints: two of ours over HTTP, and a liar who shows a witness two histories."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from fedcoop import clock, jobs
from fedcoop.jobs.deciding import TendLedger
from moderation.ledger import merkle
from moderation.ledger.cosignatures import read_witness, witness_of
from moderation.ledger.notes import Checkpoint, NoteError, Signer, open_checkpoint, read_vkey
from moderation.ledger.verify import verify
from moderation.witness import asking, cosigning, queries
from moderation.witness.cosigning import Request, write_request
from tests.words import Answer, Server

LIAR = Signer("liar.example/ledger", bytes(range(32)))


async def keys_of(server: Server) -> dict[str, Any]:
    return dict(await server.anybody.get("/api/fedcoop/v1/witness"))


async def post(server: Server, body: bytes) -> Answer:
    return await server.anybody.ask("POST", "/witness/add-checkpoint", data=body, expect=None)


def log_of(size: int, start: str = "entry") -> list[bytes]:
    return [merkle.leaf_hash(f"{start} {number}".encode()) for number in range(size)]


def checkpoint_of(leaves: list[bytes]) -> str:
    return LIAR.sign(Checkpoint(LIAR.name, len(leaves), merkle.root(leaves)).text)


def request(old: int, leaves: list[bytes]) -> bytes:
    proof = merkle.consistency(old, len(leaves), merkle.subtree_of(leaves)) if 0 < old < len(leaves) else []
    return write_request(Request(old, proof, checkpoint_of(leaves)))


@pytest.fixture
async def watching(server: Server) -> Server:
    """A server that witnesses the liar's log."""
    async with server.db.write() as tx:
        await cosigning.watch(tx, LIAR.verifier.vkey)
    return server


async def test_two_servers_sign_each_others_checkpoints(server: Server, other: Server) -> None:
    async with other.db.write() as tx:
        await cosigning.watch(tx, (await keys_of(server))["log"])
    theirs = await keys_of(other)
    async with server.db.write() as tx:
        await asking.add(tx, theirs["witness"], theirs["url"])
    await server.settle(other)
    await server.joins("alice", member=True)
    await server.settle()
    clock.advance(seconds=60)
    await server.settle(other)

    served = (await server.anybody.ask("GET", "/ledger/checkpoint")).body
    witness = read_witness(theirs["witness"])
    at = witness.seen_at(served)
    assert at is not None
    assert abs(at - clock.now() // 1000) < 120
    log = open_checkpoint(served, read_vkey((await keys_of(server))["log"]))
    [watched] = (await keys_of(other))["watched"]
    assert watched["size"] == log.size

    async def get(path: str) -> bytes:
        async with server.http.get(f"{server.config.base_url}/ledger/{path}") as answer:
            assert answer.status == 200
            return await answer.read()

    report = await verify(get, witnesses=[witness, witness_of("stranger/witness", bytes(32))])
    assert report.problems == []
    assert report.witnesses == {witness.name: at}
    page = (await server.anybody.ask("GET", "/coop/ledger")).body
    assert witness.name in page
    policy = (await server.anybody.ask("GET", "/ledger/policy")).body
    assert policy.splitlines()[1:] == [
        f"witness w1 {theirs['witness']} {theirs['url']}",
        "group witnesses 1 w1",
        "quorum witnesses",
    ]


async def test_a_log_that_nobody_signs_says_so(server: Server) -> None:
    page = (await server.anybody.ask("GET", "/coop/ledger")).body
    assert "self-signed only" in page
    assert (await server.anybody.ask("GET", "/ledger/policy")).body.endswith("quorum none\n")


async def test_a_history_that_goes_on_is_signed_each_time(watching: Server) -> None:
    witness = read_witness((await keys_of(watching))["witness"])
    leaves: list[bytes] = []
    for old, size in ((0, 3), (3, 3), (3, 10), (10, 300)):
        leaves = log_of(size)
        answer = await post(watching, request(old, leaves))
        assert answer.status == 200, answer.body
        assert witness.seen_at(checkpoint_of(leaves) + answer.body) is not None
    with pytest.raises(NoteError, match="is wrong"):
        witness.seen_at(checkpoint_of(log_of(299)) + answer.body)


async def test_a_second_history_is_not_signed_and_kept_as_evidence(watching: Server) -> None:
    assert (await post(watching, request(0, log_of(5)))).status == 200
    forked = request(5, log_of(5, "another"))
    answer = await post(watching, forked)
    assert (answer.status, answer.body) == (409, "5\n")
    assert answer.headers["Content-Type"] == "text/x.tlog.size"
    answer = await post(watching, request(5, log_of(9, "another")))
    assert answer.status == 422
    async with watching.db.read() as tx:
        [log] = await tx.all(queries.LOGS)
    assert log.size == 5
    assert log.note == checkpoint_of(log_of(5))
    assert log.fork == checkpoint_of(log_of(5, "another"))
    page = (await watching.anybody.ask("GET", "/coop/ledger")).body
    assert "liar.example/ledger shows two histories" in page


async def test_what_is_no_request_is_refused_and_changes_nothing(watching: Server) -> None:
    assert (await post(watching, request(0, log_of(5)))).status == 200
    stranger = Signer("stranger.example/ledger", bytes(32))
    forged = Signer(LIAR.name, bytes(32))
    unknown = stranger.sign(Checkpoint(stranger.name, 6, merkle.root(log_of(6))).text)
    unsigned = forged.sign(Checkpoint(LIAR.name, 6, merkle.root(log_of(6))).text)
    hash_ = base64.b64encode(bytes(32)).decode()
    for body, status in (
        (b"", 400),
        (b"\xff\xfe", 400),
        (b"old five\n\n" + checkpoint_of(log_of(6)).encode(), 400),
        (b"old 05\n\n" + checkpoint_of(log_of(6)).encode(), 400),
        (b"old 5\nnonsense\n\n" + checkpoint_of(log_of(6)).encode(), 400),
        (f"old 5\n{chr(10).join([hash_] * 64)}\n\n{checkpoint_of(log_of(6))}".encode(), 400),
        (request(5, log_of(3)), 400),
        (b"old 5\n\n" + unknown.encode(), 404),
        (b"old 5\n\n" + unsigned.encode(), 403),
        (request(0, log_of(6)), 409),
        (request(4, log_of(6)), 409),
        (write_request(Request(5, [bytes(32)], checkpoint_of(log_of(6)))), 422),
        (write_request(Request(5, [bytes(32)], checkpoint_of(log_of(5)))), 422),
        (b"old 5\n\n" + b"x" * 20_000, 413),
    ):
        assert (await post(watching, body)).status == status, body[:60]
    async with watching.db.read() as tx:
        [log] = await tx.all(queries.LOGS)
    assert (log.size, log.fork) == (5, "")


async def test_a_witness_that_lost_its_memory_is_told_all_again(server: Server, other: Server) -> None:
    ours, theirs = await keys_of(server), await keys_of(other)
    async with other.db.write() as tx:
        await cosigning.watch(tx, ours["log"])
    async with server.db.write() as tx:
        await asking.add(tx, theirs["witness"], theirs["url"])
    await server.settle(other)
    async with other.db.write() as tx:
        await cosigning.unwatch(tx, read_vkey(ours["log"]).name)
        await cosigning.watch(tx, ours["log"])
    await server.joins("alice", member=True)
    await server.settle()
    clock.advance(seconds=60)
    await server.settle(other)
    async with server.db.read() as tx:
        [asked] = await tx.all(queries.WITNESSES)
    assert asked.failure == ""
    assert (await keys_of(other))["watched"] == [{"vkey": ours["log"], "size": asked.size, "forked": False}]


async def test_a_witness_that_does_not_answer_is_shown_and_asked_again_tomorrow(server: Server) -> None:
    name = "gone.example/witness"
    async with server.db.write() as tx:
        await asking.add(tx, witness_of(name, bytes(32)).vkey, "http://127.0.0.1:9/witness")
    await server.settle()
    async with server.db.read() as tx:
        [asked] = await tx.all(queries.WITNESSES)
    assert asked.failed_at is not None
    assert "127.0.0.1:9" in asked.failure
    page = (await server.anybody.ask("GET", "/coop/ledger")).body
    assert "too few have yet" in page


async def test_the_assembly_posts_each_days_checkpoint_once(server: Server) -> None:
    alice = await server.joins("alice", member=True)
    await server.settle()
    for _ in range(2):
        async with server.db.write() as tx:
            await jobs.add(tx, TendLedger())
        await server.settle()
    assembly = await alice.finds(f"assembly@{server.config.domain}")
    posts = await alice.get(f"/api/v1/accounts/{assembly['id']}/statuses")
    told = [each for each in posts if "Our public record has" in each["content"]]
    assert [each["visibility"] for each in told] == ["unlisted"]
    root = (await server.anybody.ask("GET", "/ledger/checkpoint")).body.split("\n")[2]
    assert root in told[0]["content"]
