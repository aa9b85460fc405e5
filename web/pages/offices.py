"""Pages about what acts leave behind: who holds which office, the documents that members adopted, the follows
that somebody lost to a restriction."""

from __future__ import annotations

import difflib

import msgspec
from aiohttp import web

from fedcoop import clock, documents
from fedcoop.documents.types import Version
from fedcoop.domains import access as domains
from fedcoop.errors import NotFound
from fedcoop.text import markdown
from moderation.acts.words import DOCUMENTS, office_name
from moderation.mandates import access as mandates
from moderation.mandates.types import OFFICES
from moderation.proposals.reasons import decisions
from web.coop.mandates import csv_file, severed_text
from web.pages.settings.sections import shown
from web.visit import Visit, pages

ENDED = {
    "term": "the term was over",
    "recalled": "recalled by a vote",
    "left": "left the co-op",
    "resigned": "gave it back",
    "renewed": "given anew",
}


class DocumentParams(msgspec.Struct, kw_only=True):
    document: str
    version: int = 0


@pages.get("/coop/offices")
async def offices(visit: Visit) -> web.Response:
    async with visit.db.read() as tx:
        everybody = await mandates.listed(tx, past=True)
        behind = await decisions(tx, [each.because for each in everybody])
    shown = [
        {
            "office": office_name(each.office),
            "what": OFFICES.get(each.office, ""),
            "acct": each.acct,
            "from": clock.parse(each.started_at),
            "until": clock.parse(each.ended_at or each.ends_at),
            "ended": ENDED.get(each.ended_because or "", ""),
            "number": behind[each.because].number if each.because in behind else None,
            "index": each.ledger_index,
        }
        for each in everybody
    ]
    return await visit.page(
        "offices.html",
        held=[each for each in shown if not each["ended"]],
        past=[each for each in reversed(shown) if each["ended"]],
    )


@pages.get("/about/{document:[a-z-]+}")
async def document(visit: Visit, params: DocumentParams) -> web.Response:
    """A document as it is in force, or one version of it. Raises `NotFound`."""
    name = params.document.replace("-", "_")
    if name not in DOCUMENTS:
        raise NotFound
    async with visit.db.read() as tx:
        versions = await documents.versions(tx, name)
        current = await documents.current(tx, name)
        behind = await decisions(tx, [each.because for each in versions])
    asked = [each for each in versions if each.version == params.version] if params.version else []
    shown = asked[0] if asked else current
    if shown is None or (params.version and not asked):
        raise NotFound
    before = next((each for each in versions if each.version == shown.version - 1), None)
    return await visit.page(
        "document.html",
        title=DOCUMENTS[name].capitalize(),
        address=f"/about/{params.document}",
        html=markdown(shown.text),
        version=shown.version,
        in_force=current is not None and shown.version == current.version,
        effective_at=shown.effective_at,
        changes=_changes(before, shown),
        versions=[
            {
                "version": each.version,
                "effective_at": each.effective_at,
                "withdrawn": not each.text,
                "number": behind[each.because].number if each.because in behind else None,
            }
            for each in versions
        ],
    )


def _changes(before: Version | None, now: Version) -> list[dict[str, str]]:
    """Line by line, what is new and what is gone."""
    if before is None or not before.text:
        return []
    lines = difflib.unified_diff(before.text.splitlines(), now.text.splitlines(), n=1, lineterm="")
    marks = {"+": "new", "-": "gone", " ": "same"}
    return [
        {"mark": marks[line[0]], "words": line[1:]}
        for line in list(lines)[2:]
        if line[:1] in marks and line[1:].strip()
    ]


@pages.get("/settings/severed")
async def severed(visit: Visit) -> web.Response:
    """The follows that somebody lost to restrictions."""
    if visit.account_id is None:
        return visit.to_login()
    async with visit.db.read() as tx:
        rows = await domains.severed_by_domain(tx, visit.account_id)
    return await shown(
        visit,
        "settings/severed.html",
        lost=[
            {"domain": domain, "following": following, "followers": followers, "since": since}
            for domain, following, followers, since in rows
        ],
    )


@pages.get("/settings/severed.csv")
async def severed_file(visit: Visit) -> web.Response:
    if visit.account_id is None:
        return visit.to_login()
    async with visit.db.read() as tx:
        rows = await domains.severed_handles(tx, visit.account_id)
    return csv_file("severed.csv", severed_text(rows))
