"""Errors of OAuth, as RFC 6749, 5.2 words them. Those of the rest of the API are `web.errors`."""

import msgspec
from aiohttp import web

from web import headers


class OAuthError(Exception):
    """An error as RFC 6749, 5.2 words it."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(description)
        self.error = error
        self.description = description
        self.status = status

    def response(self) -> web.Response:
        said = headers.API.copy()
        if self.status == 401:
            said["WWW-Authenticate"] = 'Basic realm="fedcoop"'
        body = msgspec.json.encode({"error": self.error, "error_description": self.description})
        return web.Response(status=self.status, body=body, headers=said)
