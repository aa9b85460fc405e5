"""Where the OAuth endpoints are and what they can do. RFC 8414,
https://docs.joinmastodon.org/methods/oauth/#authorization-server-metadata"""

from fedcoop.oauth.scopes import ALL
from web.api import api
from web.call import Call


@api.get("/.well-known/oauth-authorization-server")
async def oauth_authorization_server(call: Call) -> dict[str, object]:
    base = call.config.base_url
    call.set_header("Cache-Control", "public, max-age=3600")
    return {
        "issuer": f"{base}/",
        "service_documentation": "https://docs.joinmastodon.org/",
        "authorization_endpoint": f"{base}/oauth/authorize",
        "token_endpoint": f"{base}/oauth/token",
        "app_registration_endpoint": f"{base}/api/v1/apps",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "introspection_endpoint": f"{base}/oauth/introspect",
        "userinfo_endpoint": f"{base}/oauth/userinfo",
        "scopes_supported": list(ALL),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "none"],
        "authorization_response_iss_parameter_supported": True,
    }
