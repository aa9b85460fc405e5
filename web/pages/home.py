"""The front door: members come to what is being decided, everybody else to what this place is."""

from aiohttp import web

from web.visit import Visit, pages


@pages.get("/")
async def home(visit: Visit) -> web.Response:
    return visit.redirect("/about" if visit.account_id is None else "/coop")
