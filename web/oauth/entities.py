"""Applications and tokens as the API shows them.
https://docs.joinmastodon.org/entities/CredentialApplication/, …/Application/, …/Token/"""

from typing import Any

import msgspec

from fedcoop.oauth.types import App


class Application(msgspec.Struct, kw_only=True):
    id: str
    name: str
    website: str | None
    scopes: list[str]
    redirect_uris: list[str]
    redirect_uri: str
    vapid_key: str


class CredentialApplication(Application, kw_only=True):
    client_id: str
    client_secret: str
    client_secret_expires_at: int = 0


class TokenEntity(msgspec.Struct, kw_only=True):
    access_token: str
    token_type: str = "Bearer"  # noqa: S105 # RFC 6750's word
    scope: str
    created_at: int


def application(app: App, vapid_key: str) -> Application:
    return Application(**_common(app), vapid_key=vapid_key)


def credentials(app: App, secret: str, vapid_key: str) -> CredentialApplication:
    return CredentialApplication(
        **_common(app), vapid_key=vapid_key, client_id=app.client_id, client_secret=secret
    )


def _common(app: App) -> dict[str, Any]:
    return {
        "id": str(app.id),
        "name": app.name,
        "website": app.website,
        "scopes": app.scopes.split(),
        "redirect_uris": app.redirects,
        "redirect_uri": "\n".join(app.redirects),
    }
