"""Statuses in another language. https://docs.joinmastodon.org/methods/statuses/#translate"""

from __future__ import annotations

from fedcoop.accounts import queries as accounts
from fedcoop.errors import NotFound
from fedcoop.translations import access
from fedcoop.translations.types import Translation
from web.api import api
from web.call import Call
from web.mastodon.statuses import StatusParams


class TranslateParams(StatusParams, kw_only=True):
    lang: str = ""


@api.post("/api/v1/statuses/{id}/translate", scope="read:statuses")
async def translate(call: Call, params: TranslateParams) -> Translation:
    translator = call.services.translator
    if not translator.configured:
        raise NotFound
    async with call.db.read() as tx:
        texts, source = await access.texts(tx, call.viewer, params.id)
        user = await tx.one(accounts.USER, account_id=call.account_id)
    usual = (user.locale if user else "") or call.config.languages[0]
    return await translator.translate(texts, source, params.lang or usual)


@api.get("/api/v1/instance/translation_languages")
async def languages(call: Call) -> access.Languages:
    """Empty where nothing is translated."""
    return await call.services.translator.languages()
