"""Asking a member whether an application may use their account. RFC 6749, 4.1; RFC 7636 (PKCE).
What the answer is worth is `token`."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

import msgspec
from aiohttp import web

from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.oauth import access, actions
from fedcoop.oauth.scopes import cleaned, within
from fedcoop.oauth.types import OUT_OF_BAND, App
from web.oauth.problems import OAuthError
from web.oauth.words import described
from web.visit import Visit, pages

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}=?\Z")


class AuthorizeParams(msgspec.Struct, kw_only=True):
    client_id: str = ""
    redirect_uri: str = ""
    response_type: str = ""
    scope: str = ""
    state: str = ""
    code_challenge: str = ""
    code_challenge_method: str = ""
    force_login: bool = False
    prompt: str = ""
    decision: str = ""


class Refusal(Exception):
    """What the application did wrong, to be told to it at its redirect URI."""

    def __init__(self, error: str, description: str) -> None:
        super().__init__(description)
        self.error = error
        self.description = description


@pages.get("/oauth/authorize")
async def ask(visit: Visit, params: AuthorizeParams) -> web.Response:
    async with visit.db.read() as tx:
        try:
            app = await _app(tx, params)
        except Invalid as problem:
            if "json" not in visit.request.headers.get("Accept", ""):
                raise
            # A program looks at this, not a person.
            return OAuthError("invalid_client", problem.message, 401).response()
        account = await visit.account(tx)
    try:
        scopes = _checked(app, params)
    except Refusal as refusal:
        return _back(visit, params, error=refusal.error, error_description=refusal.description)
    if account is None or params.force_login or params.prompt == "login":
        # Once: the way back from the login does not ask for it again.
        here = visit.request.rel_url.without_query_params("force_login", "prompt").raw_path_qs
        return visit.redirect("/login?" + urlencode({"next": here, "again": "1"}))
    return await visit.page(
        "consent.html",
        form_action=_form_action(params.redirect_uri),
        app={"name": app.name, "website": app.website or ""},
        scopes=described(scopes),
        redirect_host=_host(params.redirect_uri),
        hidden=_hidden(params),
    )


@pages.post("/oauth/authorize")
async def answer(visit: Visit, params: AuthorizeParams) -> web.Response:
    if visit.account_id is None:
        return visit.redirect(
            "/login?" + urlencode({"next": "/oauth/authorize?" + urlencode(_hidden(params))})
        )
    async with visit.db.read() as tx:
        app = await _app(tx, params)
    try:
        scopes = _checked(app, params)
    except Refusal as refusal:
        return _back(visit, params, error=refusal.error, error_description=refusal.description)
    if params.decision != "approve":
        return _back(
            visit,
            params,
            error="access_denied",
            error_description="The resource owner or authorization server denied the request.",
        )
    async with visit.db.write() as tx:
        code = await actions.give_code(
            tx,
            app,
            visit.account_id,
            redirect_uri=params.redirect_uri,
            scopes=scopes,
            challenge=params.code_challenge,
        )
    if params.redirect_uri == OUT_OF_BAND:
        response = await visit.page("oob.html", app_name=app.name, code=code)
        response.headers["Cache-Control"] = "no-store"
        return response
    return _back(visit, params, code=code)


async def _app(tx: Tx, params: AuthorizeParams) -> App:
    """Whoever asks, with a redirect URI that is their own. Nothing may be sent anywhere before this is
    certain, so these mistakes are told here. Raises `Invalid`."""
    app = await access.app(tx, params.client_id)
    if app is None:
        raise Invalid(
            "Client authentication failed: this server does not know the application. "
            "Try to log in from the application again."
        )
    if not actions.may_redirect(app, params.redirect_uri):
        raise Invalid("The redirect URI that the application gave is not one it was registered with.")
    return app


def _checked(app: App, params: AuthorizeParams) -> str:
    """The scopes to be granted. Raises `Refusal`."""
    if params.response_type != "code":
        raise Refusal(
            "unsupported_response_type", "The authorization server does not support this response type."
        )
    try:
        scopes = cleaned(params.scope)
    except Invalid as problem:
        raise Refusal("invalid_scope", problem.message) from None
    if not within(scopes, app.scopes):
        raise Refusal("invalid_scope", "The requested scope is more than the application registered for.")
    if params.code_challenge or params.code_challenge_method:
        if params.code_challenge_method != "S256":
            raise Refusal("invalid_request", "The code_challenge_method must be S256.")
        if not _CHALLENGE.match(params.code_challenge):
            raise Refusal("invalid_request", "The code_challenge is not a SHA-256 in base64url.")
    return scopes


def _back(visit: Visit, params: AuthorizeParams, **values: str) -> web.Response:
    """To the application, with the code or an error, and always with the state it gave."""
    if params.redirect_uri == OUT_OF_BAND:
        raise Invalid(values["error_description"])
    if params.state:
        values["state"] = params.state
    # So that an application that speaks to several servers knows whose answer this is (RFC 9207).
    values["iss"] = f"{visit.config.base_url}/"
    separator = "&" if "?" in params.redirect_uri else "?"
    response = visit.redirect(f"{params.redirect_uri}{separator}{urlencode(values)}")
    response.set_status(302)
    return response


def _hidden(params: AuthorizeParams) -> dict[str, Any]:
    names = ("client_id", "redirect_uri", "response_type", "scope", "state", "code_challenge",
             "code_challenge_method")  # fmt: skip
    return {name: value for name in names if (value := getattr(params, name))}


def _host(redirect_uri: str) -> str:
    return "" if redirect_uri == OUT_OF_BAND else urlsplit(redirect_uri).netloc


def _form_action(redirect_uri: str) -> str:
    """Browsers check the redirect that follows a form against its page's policy, so the application's own
    address must be in it, or the code would never arrive."""
    if redirect_uri == OUT_OF_BAND:
        return "'self'"
    parts = urlsplit(redirect_uri)
    if parts.scheme in ("http", "https"):
        return f"'self' {parts.scheme}://{parts.netloc}"
    return f"'self' {parts.scheme}:"
