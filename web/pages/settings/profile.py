"""What others see of a member, and the defaults for what they say. The API's counterpart is
`web.mastodon.accounts`."""

from __future__ import annotations

from typing import Any

import msgspec
from aiohttp import web

from fedcoop.accounts import access as accounts
from fedcoop.accounts import actions, attribution
from fedcoop.accounts.hydrate import stored_fields
from fedcoop.accounts.types import LONGEST_FIELD, MOST_FIELDS, ProfileEdit
from fedcoop.errors import VALIDATION, Invalid
from web.mastodon.accounts import FieldParams
from web.mastodon.media import profile_pictures
from web.pages import posts
from web.pages.settings.sections import shown
from web.params import Upload
from web.visit import Visit, pages, person

HERE = "/settings/profile"
SWITCHES = {
    "discoverable": "Suggest me to others, list me in the directory, and let me be put into collections",
    "indexable": "Let my public posts be found by their words, here and by search engines",
    "hide_collections": "Show nobody whom I follow and who follows me",
    "locked": "Ask me before somebody follows me",
    "bot": "This account mostly acts by itself",
}
AUDIENCES = {"public": "Everybody", "unlisted": "Everybody, quietly", "private": "Followers"}
QUOTERS = {"public": "Everybody", "followers": "Followers", "nobody": "Nobody"}


class ProfileParams(msgspec.Struct, kw_only=True):
    display_name: str = ""
    note: str = ""
    avatar: Upload | None = None
    avatar_description: str = ""
    remove_avatar: bool = False
    header: Upload | None = None
    header_description: str = ""
    remove_header: bool = False
    fields_attributes: list[FieldParams] = []
    discoverable: bool = False
    indexable: bool = False
    hide_collections: bool = False
    locked: bool = False
    bot: bool = False
    attribution_domains: str = ""


class DefaultsParams(msgspec.Struct, kw_only=True):
    privacy: str = ""
    quote_policy: str = ""
    language: str = ""
    sensitive: bool = False


@pages.get(HERE)
async def profile(visit: Visit) -> web.Response:
    return await _page(visit)


@pages.post(HERE, uploads=True)
async def save(visit: Visit, params: ProfileParams) -> web.Response:
    uploads = {
        name: upload if upload is not None and upload.filename else None
        for name, upload in (("avatar", params.avatar), ("header", params.header))
    }
    try:
        async with (
            profile_pictures(visit.services.storage, visit.config, **uploads) as pictures,
            visit.db.write() as tx,
        ):
            account = await accounts.find(tx, visit.member_id)
            await actions.edit_profile(tx, visit.config, account, _edit(params, pictures))
    except Invalid as problem:
        return await _page(visit, error=problem.message.removeprefix(VALIDATION), typed=params)
    return await _page(visit, notice="Your profile is saved. Other servers are told.")


@pages.post(f"{HERE}/defaults")
async def save_defaults(visit: Visit, params: DefaultsParams) -> web.Response:
    try:
        async with visit.db.write() as tx:
            account = await accounts.find(tx, visit.member_id)
            await actions.edit_profile(
                tx,
                visit.config,
                account,
                ProfileEdit(
                    privacy=params.privacy,
                    quote_policy=params.quote_policy,
                    language=params.language.strip() or None,
                    sensitive=params.sensitive,
                ),
            )
    except Invalid as problem:
        return await _page(visit, error=problem.message.removeprefix(VALIDATION), at="defaults")
    return await _page(visit, notice="Your next posts begin with these.")


def _edit(params: ProfileParams, pictures: dict[str, str]) -> ProfileEdit:
    for name, removed in (("avatar", params.remove_avatar), ("header", params.remove_header)):
        if removed and name not in pictures:
            pictures |= {name: "", f"{name}_static": ""}
    return ProfileEdit(
        display_name=params.display_name,
        note=params.note,
        avatar_description=params.avatar_description,
        header_description=params.header_description,
        fields=[(field.name, field.value) for field in params.fields_attributes],
        attribution_domains=params.attribution_domains.split(),
        **{name: getattr(params, name) for name in SWITCHES},
        **pictures,  # type: ignore[arg-type] # addresses of pictures
    )


async def _page(
    visit: Visit,
    *,
    error: str = "",
    notice: str = "",
    at: str = "profile",
    typed: ProfileParams | None = None,
) -> web.Response:
    async with visit.db.read() as tx:
        account = await accounts.find(tx, visit.member_id)
        user = await accounts.user(tx, visit.member_id)
        domains = await attribution.domains_of(tx, account.id)
    stored = [
        {"name": field.name, "value": field.source, "verified_at": field.verified_at or 0}
        for field in stored_fields(account)
    ]
    values: dict[str, Any] = {
        "display_name": account.display_name,
        "note": account.note_source,
        "avatar_description": account.avatar_description,
        "header_description": account.header_description,
        "attribution_domains": "\n".join(domains),
        "fields": stored,
        "bot": account.kind == "bot",
        **{name: getattr(account, name) for name in SWITCHES if name != "bot"},
    }
    if typed is not None:
        # What was typed is not lost by a mistake.
        values |= {name: getattr(typed, name) for name in values if hasattr(typed, name)}
        values["fields"] = [
            {"name": each.name, "value": each.value, "verified_at": 0} for each in typed.fields_attributes
        ]
    empty = {"name": "", "value": "", "verified_at": 0}
    values["fields"] = (values["fields"] + [empty] * MOST_FIELDS)[:MOST_FIELDS]
    return await shown(
        visit,
        "settings/profile.html",
        error=error,
        notice=notice,
        at=at,
        here=HERE,
        values=values,
        me_shown=person(account, visit.config),
        header=posts.picture(account.header) if account.header else "",
        switches=SWITCHES,
        longest_field=LONGEST_FIELD,
        audiences=AUDIENCES,
        quoters=QUOTERS,
        defaults={
            "privacy": user.default_visibility,
            "quote_policy": user.default_quote_policy,
            "language": user.default_language or "",
            "sensitive": user.default_sensitive,
        },
    )
