"""This server as a witness: it signs checkpoints of other servers' ledgers (C2SP tlog-witness), and says with
which keys it signs and who signs for it. The rules are `moderation.witness`."""

from __future__ import annotations

from typing import Any

from aiohttp import web

from moderation.ledger import serve
from moderation.witness import cosigning, queries
from web import cors, headers
from web.api import api
from web.call import Call
from web.limits import PER_SERVER


@api.post("/witness/add-checkpoint", per_address=PER_SERVER)
async def add_checkpoint(call: Call) -> web.Response:
    """Answers with our signature, as text. https://c2sp.org/tlog-witness"""
    body = await call.request.content.read(cosigning.LARGEST_REQUEST + 1)
    try:
        if len(body) > cosigning.LARGEST_REQUEST:
            raise cosigning.Refusal(413, "The request is too large.\n")
        request = cosigning.read_request(body)
        line = await _signed(call, request)
    except cosigning.Refusal as refusal:
        kind = "text/plain; charset=utf-8" if refusal.size is None else "text/x.tlog.size"
        return _text(refusal.words, status=refusal.status, kind=kind)
    return _text(line)


async def _signed(call: Call, request: cosigning.Request) -> str:
    async with call.db.write(durable=True) as tx:
        try:
            return await cosigning.add_checkpoint(tx, request, call.config.domain)
        except cosigning.Refusal as refusal:
            refused = refusal  # The evidence of a fork is kept: the transaction ends well.
    raise refused


@api.get("/api/fedcoop/v1/witness", per_address=PER_SERVER)
async def about(call: Call) -> dict[str, Any]:
    """The keys, for those who want to witness this ledger or have theirs witnessed."""
    async with call.db.write() as tx:
        witness = await cosigning.identity(tx, call.config.domain)
        log = await serve.verifier_key(tx)
        asked = await tx.all(queries.WITNESSES)
        watched = await tx.all(queries.LOGS)
    return {
        "log": log,
        "witness": witness.vkey,
        "url": f"{call.config.base_url}/witness",
        "witnesses": [{"vkey": each.vkey, "url": each.url} for each in asked],
        "watched": [{"vkey": each.vkey, "size": each.size, "forked": bool(each.fork)} for each in watched],
    }


@api.get("/ledger/policy", per_address=PER_SERVER)
async def policy(call: Call) -> web.Response:
    """Whom this server has witness its ledger, in the form that verifiers of tiled logs read.
    https://c2sp.org/tlog-policy"""
    async with call.db.read() as tx:
        log = await serve.verifier_key(tx)
        asked = await tx.all(queries.WITNESSES)
    return _text(cosigning.policy(log, f"{call.config.base_url}/ledger", asked, call.config.witness_quorum))


def _text(said: str, *, status: int = 200, kind: str = "text/plain; charset=utf-8") -> web.Response:
    return web.Response(
        body=said.encode(),
        status=status,
        headers={"Content-Type": kind, "Cache-Control": "no-store", **headers.SAFE, **cors.HEADERS},
    )
