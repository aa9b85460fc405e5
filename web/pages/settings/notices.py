"""What a member is told without having asked. Policies about notifications are set in apps
(`web.mastodon.notification_policies`)."""

from __future__ import annotations

import msgspec
from aiohttp import web

from fedcoop.errors import NotAllowed
from moderation import reminding
from moderation.members import access as members
from web.pages.settings.sections import shown
from web.visit import Visit, pages

HERE = "/settings/notices"


class NoticesParams(msgspec.Struct, kw_only=True):
    reminders: bool = False


@pages.get(HERE)
async def notices(visit: Visit) -> web.Response:
    return await _page(visit)


@pages.post(HERE)
async def save(visit: Visit, params: NoticesParams) -> web.Response:
    try:
        async with visit.db.write() as tx:
            await reminding.set_quiet(tx, visit.member_id, not params.reminders)
    except NotAllowed as problem:
        return await _page(visit, error=problem.message)
    said = (
        "You are reminded of votes that end soon." if params.reminders else "You are not reminded any more."
    )
    return await _page(visit, notice=said)


async def _page(visit: Visit, *, error: str = "", notice: str = "") -> web.Response:
    async with visit.db.read() as tx:
        try:
            belongs = (await members.member(tx, visit.member_id)).standing != "expelled"
        except NotAllowed:
            belongs = False
        quiet = await reminding.is_quiet(tx, visit.member_id)
    return await shown(
        visit,
        "settings/notices.html",
        error=error,
        notice=notice,
        here=HERE,
        belongs=belongs,
        reminders=not quiet,
    )
