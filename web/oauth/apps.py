"""Registering applications. https://docs.joinmastodon.org/methods/apps/"""

import msgspec

from fedcoop.errors import Unauthorized
from fedcoop.oauth import actions, queries
from web.api import ANY_TOKEN, api
from web.call import Call
from web.limits import REGISTER_APP
from web.oauth.entities import Application, CredentialApplication, application, credentials


class AppParams(msgspec.Struct, kw_only=True):
    client_name: str
    redirect_uris: list[str]
    scopes: str = ""
    website: str | None = None
    token_endpoint_auth_method: str = ""
    """`none` asks for no secret (RFC 7591): for programs that cannot keep one, which then need PKCE."""

    @property
    def public(self) -> bool:
        return self.token_endpoint_auth_method == "none"  # noqa: S105 # RFC 7591's word


@api.post("/api/v1/apps", limit=REGISTER_APP)
async def create(call: Call, params: AppParams) -> CredentialApplication:
    async with call.db.write() as tx:
        app, secret = await actions.register_app(
            tx,
            name=params.client_name,
            redirect_uris=params.redirect_uris,
            scopes=params.scopes,
            website=params.website,
            public=params.public,
        )
    return credentials(app, secret, call.services.vapid_key)


@api.get("/api/v1/apps/verify_credentials", scope=ANY_TOKEN, app_token=True)
async def verify_credentials(call: Call) -> Application:
    async with call.db.read() as tx:
        app = await tx.one(queries.APP_BY_ID, id=call.app_id)
    if app is None:
        raise Unauthorized("The access token is invalid")
    return application(app, call.services.vapid_key)
