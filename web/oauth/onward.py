"""Where to go on to after a login, and addresses of pages that have another here than in Mastodon."""

from urllib.parse import urlsplit

from aiohttp import web

from web.visit import Visit, pages


def local(address: str) -> str:
    """Where to go on to: a path of this server, never anywhere else."""
    parts = urlsplit(address)
    plain = address.isascii() and address.isprintable() and "\\" not in address
    if not plain or parts.scheme or parts.netloc or not address.startswith("/") or address.startswith("//"):
        return "/"
    return address


def moved(old: str, new: str) -> None:
    """Mastodon's addresses of these pages, which clients and people know."""

    async def there(visit: Visit) -> web.Response:
        query = visit.request.rel_url.raw_query_string
        return visit.redirect(f"{new}?{query}" if query else new)

    pages.get(old)(there)
