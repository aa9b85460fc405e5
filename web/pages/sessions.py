"""What may act as a member: apps and browsers, each to be taken back. Signing in is in `web.oauth`."""

from __future__ import annotations

from aiohttp import web

from fedcoop.errors import NotFound
from fedcoop.ids import AppId, parse_id
from fedcoop.oauth import access as oauth
from fedcoop.oauth import actions as oauth_actions
from fedcoop.sessions import access, actions
from web.oauth.words import described
from web.pages.settings.sections import shown
from web.visit import SignInFirst, Visit, pages

BROWSERS = ("Firefox", "Edg", "OPR", "Chrome", "Safari", "curl")
NAMES = {"Edg": "Edge", "OPR": "Opera"}
SYSTEMS = ("Android", "iPhone", "iPad", "Windows", "Mac OS X", "CrOS", "Linux")


@pages.get("/settings/sessions")
async def overview(visit: Visit) -> web.Response:
    if visit.session is None:
        raise SignInFirst
    async with visit.db.read() as tx:
        grants = await oauth.grants(tx, visit.session.account_id)
        sessions = await access.all_sessions(tx, visit.session.account_id)
    return await shown(
        visit,
        "sessions.html",
        here="/settings/sessions",
        apps=[
            {
                "name": grant.name,
                "scopes_words": in_words(grant.scopes),
                "created_at": grant.created_at,
                "used_at": None,
                "token_id": grant.app_id,
            }
            for grant in grants
        ],
        sessions=[
            {
                "browser": browser(session.user_agent),
                "this_one": session.id_hash == visit.session.id_hash,
                "created_at": session.created_at,
                "used_at": None,
                "id": session.id_hash.hex(),
            }
            for session in sessions
        ],
    )


@pages.post("/settings/sessions/revoke")
async def revoke(visit: Visit) -> web.Response:
    """Take a token back from an app, or sign a browser out."""
    if visit.session is None:
        raise SignInFirst
    async with visit.db.write() as tx:
        if app := visit.form.get("token_id"):
            await oauth_actions.revoke_grant(tx, visit.session.account_id, AppId(parse_id(str(app))))
        else:
            wanted = str(visit.form.get("session_id", ""))
            sessions = await access.all_sessions(tx, visit.session.account_id)
            session = next((each for each in sessions if each.id_hash.hex() == wanted), None)
            if session is None:
                raise NotFound
            await actions.end(tx, session.id_hash)
    return visit.redirect("/settings/sessions")


def in_words(scopes: str) -> str:
    """What an app may do, as one sentence's middle."""
    return "; ".join(scope.sentence[:1].lower() + scope.sentence[1:] for scope in described(scopes))


def browser(user_agent: str) -> str:
    """A browser's name for itself, in words: "Firefox on Linux". What is unknown is shown as it came."""
    name = next((each for each in BROWSERS if each in user_agent), "")
    system = next((each for each in SYSTEMS if each in user_agent), "")
    if not name:
        return user_agent[:60] or "An unknown browser"
    words = NAMES.get(name, name)
    return f"{words} on {system}" if system else words
