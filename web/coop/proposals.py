"""Proposals and ballots, for programs. The same verbs of `moderation` serve polls and pages."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.errors import Invalid
from fedcoop.ids import ProposalId
from moderation import aftermath, enact
from moderation.ballots import actions as ballots
from moderation.ballots import exports
from moderation.proposals import actions, changes, hydrate, raising
from moderation.proposals.types import Amendment, ProposalDraft, State
from moderation.questions.answers import Marks
from moderation.questions.types import QuestionDraft
from web import cors, headers
from web.api import api
from web.call import Call
from web.coop.constitution import READ, AfterParams, viewer_of
from web.paging import Listing, PageParams

WRITE = "write:governance"


class ProposalParams(msgspec.Struct, kw_only=True):
    id: ProposalId


class ProposalsParams(PageParams, kw_only=True):
    state: list[State] = msgspec.field(default_factory=list)
    kind: str | None = None


class ExtendParams(ProposalParams, kw_only=True):
    """By how much longer: "2 days", or seconds."""

    by: str = ""


class AmendParams(ProposalParams, kw_only=True):
    title: str | None = None
    body: str | None = None
    acts: list[dict[str, Any]] | None = None
    ballot: QuestionDraft | None = None


class BallotParams(ProposalParams, kw_only=True):
    choice: str = ""
    approvals: list[str | int] | None = None
    ranking: list[str | int | list[str | int]] | None = None
    scores: dict[str, int] | None = None
    reason: str = ""


class WordsParams(ProposalParams, kw_only=True):
    words: str = ""


class BallotsParams(AfterParams, kw_only=True):
    id: ProposalId


class ExportParams(ProposalParams, kw_only=True):
    ending: str


class ReceiptParams(msgspec.Struct, kw_only=True):
    id: str


@api.get("/api/fedcoop/v1/proposals", scope=READ, public=True)
async def listed(call: Call, params: ProposalsParams) -> Listing:
    async with call.db.read() as tx:
        found = await hydrate.page(
            tx, viewer_of(call), params.page(20, 40), states=tuple(params.state), kind=params.kind
        )
    return Listing(list(found), found[0].id, found[-1].id) if found else Listing([], None, None)


@api.post("/api/fedcoop/v1/proposals", scope=WRITE)
async def propose(call: Call, draft: ProposalDraft) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        proposal = await actions.propose(tx, account, draft, config=call.config)
        return await hydrate.show(tx, account.id, proposal.id)


@api.get("/api/fedcoop/v1/proposals/{id}", scope=READ, public=True)
async def show(call: Call, params: ProposalParams) -> Any:
    async with call.db.read() as tx:
        return await hydrate.show(tx, viewer_of(call), params.id)


@api.post("/api/fedcoop/v1/proposals/{id}/open", scope=WRITE)
async def open_now(call: Call, params: ProposalParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await actions.open_now(tx, account, params.id, config=call.config)
        return await hydrate.show(tx, account.id, params.id)


@api.post("/api/fedcoop/v1/proposals/{id}/endorse", scope=WRITE)
async def endorse(call: Call, params: ProposalParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await actions.endorse(tx, account, params.id, config=call.config)
        return await hydrate.show(tx, account.id, params.id)


@api.post("/api/fedcoop/v1/proposals/{id}/amend", scope=WRITE)
async def amend(call: Call, params: AmendParams) -> Any:
    change = Amendment(title=params.title, body=params.body, acts=params.acts, ballot=params.ballot)
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await changes.amend(tx, account, params.id, change, config=call.config)
        return await hydrate.show(tx, account.id, params.id)


@api.get("/api/fedcoop/v1/proposals/{id}/versions", scope=READ, public=True)
async def versions(call: Call, params: ProposalParams) -> list[Any]:
    async with call.db.read() as tx:
        return list(await changes.versions(tx, viewer_of(call), params.id))


@api.post("/api/fedcoop/v1/proposals/{id}/extend", scope=WRITE)
async def extend(call: Call, params: ExtendParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await changes.extend(tx, account, params.id, params.by, config=call.config)
        return await hydrate.show(tx, account.id, params.id)


@api.post("/api/fedcoop/v1/proposals/{id}/withdraw", scope=WRITE)
async def withdraw(call: Call, params: ProposalParams) -> Any:
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await actions.withdraw(tx, account, params.id)
        return await hydrate.show(tx, account.id, params.id)


@api.post("/api/fedcoop/v1/proposals/{id}/raise", scope=WRITE)
async def raise_(call: Call, params: ProposalParams) -> Any:
    """Have it decided by the larger rule that its own names."""
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await raising.raise_(tx, account, params.id, config=call.config)
        return await hydrate.show(tx, account.id, params.id)


@api.post("/api/fedcoop/v1/proposals/{id}/repeal", scope=WRITE)
async def repeal(call: Call, params: WordsParams) -> Any:
    """Propose to undo what a proposal did; the answer is the new proposal."""
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        made = await aftermath.repeal(tx, account, params.id, params.words, config=call.config)
        return await hydrate.show(tx, account.id, made.id)


@api.post("/api/fedcoop/v1/proposals/{id}/outcome", scope=WRITE)
async def outcome(call: Call, params: WordsParams) -> Any:
    """Say what came of one's own proposal."""
    async with call.db.write() as tx:
        account = await call.account(tx)
        after = await aftermath.state_outcome(tx, account, params.id, params.words, config=call.config)
    return {"outcome": after.outcome, "outcome_at": clock.iso_or_none(after.outcome_at)}


@api.post("/api/fedcoop/v1/proposals/{id}/enact", scope=WRITE)
async def carry_out(call: Call, params: ProposalParams) -> Any:
    """Carry out what the rule leaves to an office that one holds."""
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        await enact.enact_by_hand(tx, account, params.id, config=call.config)
        return await hydrate.show(tx, account.id, params.id)


@api.get("/api/fedcoop/v1/proposals/{id}/preview", scope=READ, public=True)
async def preview(call: Call, params: ProposalParams) -> list[Any]:
    """Counts large tables, so it runs off the event loop."""
    async with call.db.scan() as tx:
        return list(await hydrate.preview(tx, viewer_of(call), params.id, call.config))


@api.get("/api/fedcoop/v1/proposals/{id}/result", scope=READ, public=True)
async def result(call: Call, params: ProposalParams) -> Any:
    async with call.db.read() as tx:
        return await hydrate.result(tx, viewer_of(call), params.id)


@api.get("/api/fedcoop/v1/proposals/{id}/ballots", scope=READ, public=True)
async def cast_ballots(call: Call, params: BallotsParams) -> list[Any]:
    async with call.db.read() as tx:
        found = await ballots.ballots(
            tx, viewer_of(call), params.id, after=params.page_after, limit=params.page_limit
        )
    return list(found)


@api.get("/api/fedcoop/v1/proposals/{id}/export/{ending}", scope=READ, public=True)
async def export(call: Call, params: ExportParams) -> Any:
    """All ballots as a file, read off the event loop."""
    async with call.db.scan() as tx:
        file = await exports.export(tx, viewer_of(call), params.id, params.ending)
    response = web.Response(text=file.text, content_type=file.content_type, charset="utf-8")
    response.headers.update({**headers.SAFE, **cors.HEADERS})
    response.headers["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return response


@api.post("/api/fedcoop/v1/proposals/{id}/ballot", scope=WRITE)
async def cast(call: Call, params: BallotParams) -> Any:
    marks = Marks(
        choice=params.choice, approvals=params.approvals, ranking=params.ranking, scores=params.scores
    )
    async with call.db.write(durable=True) as tx:
        account = await call.account(tx)
        return await ballots.cast(tx, account, params.id, marks, params.reason)


@api.get("/api/fedcoop/v1/receipts/{id}", scope=READ, public=True)
async def receipt(call: Call, params: ReceiptParams) -> Any:
    """With `.tlog-proof` the public proof of inclusion; without, the voter's own receipt."""
    number, dot, kind = params.id.partition(".")
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        raise Invalid("This is not the number of a receipt", field="id")
    async with call.db.read() as tx:
        if dot and kind == "tlog-proof":
            text = await ballots.proof(tx, int(number))
            return web.Response(text=text, headers={**headers.SAFE, **cors.HEADERS})
        return await ballots.receipt(tx, await call.account(tx), int(number))
