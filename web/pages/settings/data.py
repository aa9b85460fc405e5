"""Taking one's own data along: files to download, and files to bring."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from aiohttp import web

from fedcoop import archives, clock
from fedcoop.accounts import access as accounts
from fedcoop.archives.types import KEPT, Archive
from fedcoop.errors import Conflict, Invalid, NotFound
from fedcoop.media.storage import NEVER
from fedcoop.transfers import access, actions, files
from fedcoop.transfers.types import EXPORTS, LARGEST_FILE, Kind
from web import headers
from web.limits import EXPORT, IMPORT
from web.media import served
from web.pages.settings.sections import shown
from web.params import Upload
from web.visit import Visit, pages

KINDS: dict[Kind, str] = {
    "following": "Whom to follow",
    "lists": "Lists",
    "blocks": "Whom to block",
    "domain_blocks": "Servers to block",
    "mutes": "Whom to mute",
    "bookmarks": "Bookmarks",
}


class FileParams(msgspec.Struct, kw_only=True):
    kind: str


class ImportParams(msgspec.Struct, kw_only=True):
    kind: str = ""
    mode: str = "merge"
    file: Upload | None = None


@pages.get("/settings/data")
async def data(visit: Visit) -> web.Response:
    return await _page(visit)


@pages.get("/settings/data/{kind}.csv", limit=EXPORT)
async def download(visit: Visit, params: FileParams) -> web.Response:
    kind = next((kind for kind, each in EXPORTS.items() if each.file == f"{params.kind}.csv"), "")
    if not kind:
        raise NotFound
    async with visit.db.scan() as tx:
        text = await access.export(tx, visit.config, visit.member_id, kind)
    response = web.Response(text=text, content_type="text/csv", charset="utf-8")
    response.headers.update(headers.SAFE)
    response.headers["Content-Disposition"] = f'attachment; filename="{EXPORTS[kind].file}"'
    response.headers["Cache-Control"] = NEVER
    return response


@pages.post("/settings/data/archive", limit=EXPORT)
async def ask_for_archive(visit: Visit) -> web.Response:
    member_id = visit.member_id
    try:
        async with visit.db.write() as tx:
            await archives.actions.request(tx, member_id)
    except Conflict as problem:
        return await _page(visit, error=problem.message, at="archive")
    return visit.redirect("/settings/data")


@pages.get("/settings/data/archive.zip", limit=EXPORT)
async def archive(visit: Visit) -> web.StreamResponse:
    """The member's own archive; there is no other way to it."""
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.member_id)
        found = await archives.access.there(tx, account.id)
    storage = visit.services.storage
    name = storage.name_of(found.url)
    if name is None:
        raise NotFound
    return await served(visit.request, storage, name, NEVER, f"archive-{account.username}.zip")


@pages.post("/settings/data", limit=IMPORT)
async def bring(visit: Visit, params: ImportParams) -> web.Response:
    member_id = visit.member_id
    kind = next((each for each in KINDS if each == params.kind), None)
    if kind is None or params.mode not in ("merge", "overwrite") or params.file is None:
        return await _page(visit, error="Choose a file and say what is in it.")
    try:
        raw = await asyncio.to_thread(params.file.file.read, LARGEST_FILE + 1)
        lines = await asyncio.to_thread(files.read, kind, raw)
        async with visit.db.write() as tx:
            await actions.begin(tx, member_id, kind, lines, overwrite=params.mode == "overwrite")
    except (Invalid, Conflict) as problem:
        return await _page(visit, error=problem.message)
    return visit.redirect("/settings/data")


async def _page(visit: Visit, *, error: str = "", at: str = "") -> web.Response:
    async with visit.db.read() as tx:
        kept = await archives.access.of_account(tx, visit.member_id)
        imports = await access.imports(tx, visit.member_id)
    return await shown(
        visit,
        "settings/data.html",
        error=error,
        at=at,
        archive=_told(kept),
        here="/settings/data",
        exports=list(EXPORTS.values()),
        kinds=KINDS,
        imports=[
            {
                "words": KINDS[each.kind],
                "total": each.total,
                "done": each.done,
                "created_at": each.created_at,
                "running": each.finished_at is None,
                "failed": [{"name": access.line_of(line).name, "why": line.problem} for line in failed],
            }
            for each, failed in imports
        ],
    )


def _told(kept: Archive | None) -> dict[str, Any]:
    """How a member's archive stands."""
    if kept is None:
        return {"askable": True, "running": False, "there": False}
    return {
        "askable": clock.now() >= kept.again_at,
        "again_at": kept.again_at,
        "running": kept.ready_at is None,
        "there": kept.there,
        "until": (kept.ready_at or 0) + KEPT,
        "megabytes": max(1, kept.size // 1_000_000),
    }
