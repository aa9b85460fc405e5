"""The public posts with a hashtag, as a page. The API's counterpart is in `web.mastodon`."""

from urllib.parse import quote

from aiohttp import web

from fedcoop.text import compose
from fedcoop.timelines import pages as timelines
from web.pages import posts, turning
from web.paging import PageParams
from web.visit import Visit, pages


class TagParams(PageParams):
    name: str


@pages.get("/tags/{name}")
async def tag(visit: Visit, params: TagParams) -> web.Response:
    page = turning.asked(params)
    async with visit.db.read() as tx:
        viewer = visit.account_id or posts.NOBODY
        refs = await timelines.tagged(tx, viewer, compose.fold(params.name), page)
        leaf = turning.leaf(page, refs, f"/tags/{quote(params.name)}")
        shown = posts.read(await visit.services.show.statuses(tx, viewer, leaf.shown))
    return await visit.page(
        "tag.html",
        name=params.name,
        posts=posts.shown(shown, visit.config.base_url),
        newer_url=leaf.newer_url,
        older_url=leaf.older_url,
    )
