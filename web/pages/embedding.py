"""A post alone, to be framed by other sites: what anybody may read, whoever looks. Its address is told by
`web.mastodon.oembed`."""

from __future__ import annotations

from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.errors import NotFound
from fedcoop.ids import StatusId
from fedcoop.statuses import access
from web import headers
from web.pages import posts
from web.pages.environment import render
from web.paging import PageParams
from web.visit import Visit, pages

CACHED = "public, max-age=300"


class EmbedParams(PageParams):
    name: str
    id: StatusId


@pages.get("/@{name}/{id}/embed")
async def embed(visit: Visit, params: EmbedParams) -> web.Response:
    """The same for everybody: a site that frames it learns nothing of who is signed in here."""
    async with visit.db.read() as tx:
        account = await accounts.by_handle(tx, params.name)
        found = await access.visible(tx, posts.NOBODY, params.id)
        if account is None or found.account_id != account.id or not account.local or found.reblog_of_id:
            raise NotFound
        (read,) = posts.read([await visit.services.show.status(tx, posts.NOBODY, found.id)])
    config = visit.config
    text = render(
        "embed.html",
        post=posts.post(read, config.base_url),
        heading=posts.heading(read),
        site={"title": config.title, "domain": config.domain},
    )
    response = web.Response(text=text, content_type="text/html", charset="utf-8")
    response.headers.update(headers.SAFE)
    del response.headers["X-Frame-Options"]
    response.headers["Content-Security-Policy"] = headers.EMBED_POLICY
    response.headers["Cache-Control"] = CACHED
    return response
