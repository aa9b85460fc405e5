"""Offices, follows that were cut, and shared lists, for programs. Their verbs are in `moderation`."""

from __future__ import annotations

import csv
from io import StringIO
from typing import Any

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.domains import access as domains
from moderation.lists import actions as lists
from moderation.mandates import access as mandates
from moderation.mandates import actions as mandate_actions
from web import headers
from web.api import api
from web.call import Call
from web.coop.constitution import READ


class MandatesParams(msgspec.Struct, kw_only=True):
    office: str = ""
    past: bool = False


@api.get("/api/fedcoop/v1/mandates", scope=READ, public=True)
async def listed(call: Call, params: MandatesParams) -> list[Any]:
    async with call.db.read() as tx:
        return list(await mandates.listed(tx, office=params.office, past=params.past))


@api.delete("/api/fedcoop/v1/mandates", scope="write:governance")
async def resign(call: Call, params: MandatesParams) -> dict[str, str]:
    """Give an office back before its term is over."""
    async with call.db.write(durable=True) as tx:
        await mandate_actions.resign(tx, await call.account(tx), params.office)
    return {}


@api.get("/api/fedcoop/v1/severed", scope="read:follows")
async def severed(call: Call) -> list[dict[str, Any]]:
    async with call.db.read() as tx:
        account = await call.account(tx)
        rows = await domains.severed_by_domain(tx, account.id)
    return [
        {"domain": domain, "following": following, "followers": followers, "since": clock.iso(since)}
        for domain, following, followers, since in rows
    ]


@api.get("/api/fedcoop/v1/severed.csv", scope="read:follows")
async def severed_file(call: Call) -> web.Response:
    """Handle, direction and domain of each follow that was cut."""
    async with call.db.read() as tx:
        account = await call.account(tx)
        rows = await domains.severed_handles(tx, account.id)
    return csv_file("severed.csv", severed_text(rows))


def severed_text(rows: list[Any]) -> str:
    """The file's text."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(["Account address", "Direction", "Restricted server"])
    writer.writerows((each.handle, each.direction, each.domain) for each in rows)
    return text.getvalue()


def csv_file(name: str, text: str) -> web.Response:
    """A file to keep, which no browser shows as a page."""
    disposition = f'attachment; filename="{name}"'
    response = web.Response(text=text, content_type="text/csv", charset="utf-8", headers=headers.SAFE)
    response.headers["Content-Disposition"] = disposition
    response.headers["Cache-Control"] = "private, no-store"
    return response


@api.get("/api/fedcoop/v1/lists")
async def shared_lists(call: Call) -> list[dict[str, Any]]:
    async with call.db.read() as tx:
        known = await lists.subscribed(tx)
    return [
        {
            "url": each.url,
            "title": each.title,
            "because": each.because,
            "subscribed_at": clock.iso(each.subscribed_at),
            "read_at": clock.iso_or_none(each.read_at),
            "problem": each.problem or None,
        }
        for each in known
    ]
