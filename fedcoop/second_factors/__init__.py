"""The second step of a login: codes of an authenticator app, recovery codes, security keys. The first, the
password, is `fedcoop.sessions`; the pages are `web.oauth.second_step` and `web.pages.settings.factors`."""

from fedcoop.second_factors import access, actions

__all__ = ["access", "actions"]
