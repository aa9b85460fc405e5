"""Applications, codes and tokens as rows. Secrets themselves are never among them, only their SHA-256."""

import hashlib
import secrets

import msgspec

from fedcoop.ids import AccountId, AppId, TokenId
from fedcoop.oauth.scopes import granted_by

OUT_OF_BAND = "urn:ietf:wg:oauth:2.0:oob"


class App(msgspec.Struct, frozen=True):
    """A row of `oauth_apps`."""

    id: AppId
    client_id: str
    secret_hash: bytes
    name: str
    website: str | None
    redirect_uris: str
    scopes: str
    created_at: int

    @property
    def public(self) -> bool:
        """It has no secret: a program on a member's machine or in a browser, which could not keep one."""
        return not self.secret_hash

    @property
    def redirects(self) -> list[str]:
        """Where a code may be sent, exactly."""
        return msgspec.json.decode(self.redirect_uris, type=list[str])


class Code(msgspec.Struct, frozen=True):
    """A row of `oauth_codes`: what a member consented to, to be exchanged once."""

    app_id: AppId
    account_id: AccountId
    redirect_uri: str
    scopes: str
    challenge: str
    expires_at: int
    used: bool


class Token(msgspec.Struct, frozen=True):
    """A token that is not revoked, and whether its bearer may come in. For a token of an application
    alone `account_id` is None and so is `role`."""

    id: TokenId
    app_id: AppId
    account_id: AccountId | None
    scopes: str
    created_at: int
    role: str | None
    confirmed_at: int | None
    approved_at: int | None
    disabled_at: int | None
    suspended_at: int | None
    deleted_at: int | None

    @property
    def granted(self) -> frozenset[str]:
        return granted_by(self.scopes)

    @property
    def trouble(self) -> str | None:
        """Why the person behind the token may not do anything now, in Mastodon's words; None if they may."""
        if self.account_id is None:
            return None
        if self.disabled_at or self.suspended_at or self.deleted_at or self.role is None:
            return "Your login is currently disabled"
        if not self.confirmed_at:
            return "Your login is missing a confirmed e-mail address"
        if not self.approved_at:
            return "Your login is currently pending approval"
        return None


class Grant(msgspec.Struct, frozen=True):
    """An application that holds tokens of a member, for the page where they take that back."""

    app_id: AppId
    name: str
    website: str | None
    scopes: str
    created_at: int


def new_secret() -> str:
    """256 random bits in 43 letters."""
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    """What is kept of a secret. They are random and long, so one round of SHA-256 is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()
