"""Exchanging codes for tokens, taking tokens back, and telling what they are.
RFC 6749 (errors in 5.2), RFC 7009 (revocation), RFC 7662 (introspection),
https://docs.joinmastodon.org/methods/oauth/"""

from __future__ import annotations

from base64 import b64decode
from binascii import Error as NotBase64
from urllib.parse import unquote

import msgspec
from aiohttp import web

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.errors import Invalid, Unauthorized
from fedcoop.oauth import access, actions
from fedcoop.oauth.actions import BadGrant, UnprovenClient
from fedcoop.oauth.scopes import cleaned, within
from fedcoop.oauth.types import App
from web.api import api
from web.call import Call
from web.limits import TOKENS
from web.oauth.entities import TokenEntity
from web.oauth.problems import OAuthError


class TokenParams(msgspec.Struct, kw_only=True):
    grant_type: str = ""
    code: str = ""
    client_id: str = ""
    client_secret: str = ""
    redirect_uri: str = ""
    code_verifier: str = ""
    scope: str = ""
    token: str = ""


UNKNOWN_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included, "
    "or unsupported authentication method."
)


@api.post("/oauth/token", limit=TOKENS)
async def token(call: Call, params: TokenParams) -> TokenEntity | web.Response:
    try:
        match params.grant_type:
            case "authorization_code":
                return await _of_code(call, params)
            case "client_credentials":
                return await _of_client(call, params)
            case "":
                raise OAuthError("invalid_request", "Missing required parameter: grant_type.")
        raise OAuthError(
            "unsupported_grant_type",
            "The authorization grant type is not supported by the authorization server.",
        )
    except OAuthError as problem:
        return problem.response()


async def _of_code(call: Call, params: TokenParams) -> TokenEntity:
    app = await _client_of_code(call, params)
    if not params.code:
        raise OAuthError("invalid_request", "Missing required parameter: code.")
    secret = ""
    async with call.db.write() as tx:
        spent = await actions.spend_code(
            tx, app, params.code, redirect_uri=params.redirect_uri, verifier=params.code_verifier
        )
        if not isinstance(spent, BadGrant):
            secret = await actions.give_token(tx, app.id, spent.account_id, spent.scopes)
    if isinstance(spent, UnprovenClient):
        raise OAuthError("invalid_client", UNKNOWN_CLIENT, 401)
    if isinstance(spent, BadGrant):
        raise OAuthError("invalid_grant", spent.words)
    return _token(secret, spent.scopes)


async def _of_client(call: Call, params: TokenParams) -> TokenEntity:
    app = await _client(call, params)
    try:
        scopes = cleaned(params.scope)
    except Invalid as problem:
        raise OAuthError("invalid_scope", problem.message) from None
    if not within(scopes, app.scopes):
        raise OAuthError("invalid_scope", "The requested scope is invalid, unknown, or malformed.")
    async with call.db.write() as tx:
        secret = await actions.give_token(tx, app.id, None, scopes)
    return _token(secret, scopes)


def _token(secret: str, scopes: str) -> TokenEntity:
    return TokenEntity(access_token=secret, scope=scopes, created_at=clock.now() // clock.SECOND)


@api.post("/oauth/revoke", limit=TOKENS)
async def revoke(call: Call, params: TokenParams) -> web.Response | None:
    """An unknown token is as good as revoked (RFC 7009, 2.2); another application's is not this one's."""
    try:
        app = await _client(call, params)
    except OAuthError:
        problem = OAuthError("unauthorized_client", "You are not authorized to revoke this token", 403)
        return problem.response()
    async with call.db.write() as tx:
        try:
            found = await access.bearer(tx, params.token)
        except Unauthorized:
            return None
        if found.app_id == app.id:
            await actions.revoke(tx, found.id)
            return None
    return OAuthError("unauthorized_client", "You are not authorized to revoke this token", 403).response()


@api.post("/oauth/introspect", limit=TOKENS)
async def introspect(call: Call, params: TokenParams) -> dict[str, object] | web.Response:
    try:
        app = await _client(call, params)
    except OAuthError as problem:
        return problem.response()
    async with call.db.read() as tx:
        try:
            found = await access.bearer(tx, params.token)
        except Unauthorized:
            return {"active": False}
        if found.app_id != app.id or found.trouble:
            return {"active": False}
        told: dict[str, object] = {
            "active": True,
            "scope": found.scopes,
            "client_id": app.client_id,
            "token_type": "Bearer",
            "iat": found.created_at // clock.SECOND,
        }
        if found.account_id:
            account = await accounts.find(tx, found.account_id)
            told |= {"sub": account.uri, "username": account.username}
        return told


async def _userinfo(call: Call) -> dict[str, str]:
    async with call.db.read() as tx:
        account = await accounts.find(tx, call.account_id)
    return {
        "iss": f"{call.config.base_url}/",
        "sub": account.uri,
        "name": account.display_name or account.username,
        "preferred_username": account.username,
        "profile": account.url or account.uri,
        "picture": account.avatar or f"{call.config.base_url}/avatars/missing.png",
    }


api.get("/oauth/userinfo", scope="profile")(_userinfo)
api.post("/oauth/userinfo", scope="profile")(_userinfo)


async def _client_of_code(call: Call, params: TokenParams) -> App:
    """The application that brings a code: by its name alone if it is public, else by its secret. Raises
    `OAuthError`."""
    if params.client_secret or "Authorization" in call.request.headers:
        return await _client(call, params)
    async with call.db.read() as tx:
        app = await access.app(tx, params.client_id)
    if app is None or not app.public:
        raise OAuthError("invalid_client", UNKNOWN_CLIENT, 401)
    return app


async def _client(call: Call, params: TokenParams) -> App:
    """The application that asks, by its secret in the body or in a Basic header. Raises `OAuthError`."""
    client_id, secret = params.client_id, params.client_secret
    header = call.request.headers.get("Authorization", "")
    if header.lower().startswith("basic "):
        try:
            name, _, password = b64decode(header[6:], validate=True).decode().partition(":")
        except (NotBase64, UnicodeDecodeError, ValueError):
            raise OAuthError("invalid_client", UNKNOWN_CLIENT, 401) from None
        client_id, secret = unquote(name), unquote(password)
    async with call.db.read() as tx:
        app = await access.authenticated_app(tx, client_id, secret)
    if app is None:
        raise OAuthError("invalid_client", UNKNOWN_CLIENT, 401)
    return app
