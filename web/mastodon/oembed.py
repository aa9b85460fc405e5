"""How other sites show a post of ours within their own pages. https://docs.joinmastodon.org/methods/oembed/
The frame's page is `web.pages.embedding`."""

from __future__ import annotations

from html import escape
from typing import Any

import msgspec

from fedcoop.accounts import access as accounts
from fedcoop.errors import NotFound
from fedcoop.statuses import access
from fedcoop.statuses.types import Status
from web.api import api
from web.call import Call
from web.mastodon.elsewhere import own_at

KEPT_SECONDS = 86_400
WIDTH, HEIGHT = 400, 400
NARROWEST, WIDEST = 200, 2_000
MAY = "allow-popups allow-popups-to-escape-sandbox"
NOBODY = 0


class OembedParams(msgspec.Struct, kw_only=True):
    url: str = ""
    maxwidth: int | None = None
    maxheight: int | None = None
    format: str = "json"


@api.get("/api/oembed")
async def oembed(call: Call, params: OembedParams) -> dict[str, Any]:
    """Of a status that anybody may read. Raises `NotFound` for anything else."""
    config = call.config
    url = params.url.strip().removesuffix("/embed")
    found = await own_at(call, url) if url.startswith(f"{config.base_url}/@") else None
    if not isinstance(found, Status) or params.format != "json":
        raise NotFound
    async with call.db.read() as tx:
        status = await access.visible(tx, NOBODY, found.id)
        author = await accounts.find(tx, status.account_id)
    if not status.local or status.reblog_of_id is not None:
        raise NotFound
    width = min(max(params.maxwidth or WIDTH, NARROWEST), WIDEST)
    height = params.maxheight and min(max(params.maxheight, NARROWEST), WIDEST)
    return {
        "type": "rich",
        "version": "1.0",
        "title": f"New status by {author.username}",
        "author_name": author.display_name or author.username,
        "author_url": author.url,
        "provider_name": config.domain,
        "provider_url": f"{config.base_url}/",
        "cache_age": KEPT_SECONDS,
        "html": _frame(f"{status.url}/embed", width, height or HEIGHT),
        "width": width,
        "height": height,
    }


def _frame(url: str, width: int, height: int) -> str:
    """No script comes with it: who shows our posts need not trust us."""
    return (
        f'<iframe src="{escape(url)}" class="mastodon-embed" style="max-width: 100%; border: 0" width="{width}" '
        f'height="{height}" allowfullscreen="allowfullscreen" sandbox="{MAY}"></iframe>'
    )
