"""What all pages of settings have in common: their list, and asking for the password before what is grave."""

from __future__ import annotations

from typing import Any, NamedTuple

from aiohttp import web

from fedcoop.accounts.types import User
from fedcoop.sessions.passwords import matches
from web.limits import PASSWORD
from web.visit import Visit, pages

WRONG_PASSWORD = "This is not your password."  # noqa: S105 # a sentence


class Section(NamedTuple):
    path: str
    name: str


SECTIONS = (
    Section("/settings/account", "Account"),
    Section("/settings/profile", "Profile"),
    Section("/settings/consent", "Consent"),
    Section("/settings/notices", "Notices"),
    Section("/settings/security", "Security"),
    Section("/settings/sessions", "Apps and sessions"),
    Section("/settings/severed", "Cut follows"),
    Section("/settings/data", "Import and export"),
    Section("/settings/move", "Moving"),
    Section("/settings/delete", "Delete"),
)


@pages.get("/settings")
async def first(visit: Visit) -> web.Response:
    return visit.redirect(SECTIONS[0].path)


async def password_is_right(visit: Visit, user: User, password: str) -> bool:
    """Whether the member has typed their password; tries are counted, as a session may be somebody else's."""
    if visit.config.rate_limits:
        visit.services.counters.hit(PASSWORD, user.account_id)
    return await matches(password, user.password_hash)


async def shown(
    visit: Visit, template: str, *, error: str = "", notice: str = "", scripts: bool = False, **values: Any
) -> web.Response:
    """A page of settings, with the list of them all. `at` names the form that an error belongs to."""
    return await visit.page(
        template,
        status=422 if error else 200,
        scripts=scripts,
        **{"at": "", **values, "sections": SECTIONS, "error": error, "notice": notice},
    )
