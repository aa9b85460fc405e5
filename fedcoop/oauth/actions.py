"""Registering applications, giving out codes and tokens, and taking them back. Finding them is `access`."""

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

import msgspec

from fedcoop import clock, ids
from fedcoop.db import Tx
from fedcoop.errors import Invalid
from fedcoop.events import AccessEnded
from fedcoop.ids import AccountId, AppId, TokenId
from fedcoop.oauth import queries
from fedcoop.oauth.scopes import cleaned
from fedcoop.oauth.types import OUT_OF_BAND, App, Code, digest, new_secret

CODE_LIFETIME = 10 * clock.MINUTE
MAX_REDIRECTS = 20
MAX_LENGTH = 2048
LOOPBACK = ("127.0.0.1", "::1")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*\Z")
# A browser would run or open these on the spot.
_FORBIDDEN_SCHEMES = {"javascript", "data", "vbscript", "file", "about", "blob"}


class BadGrant(msgspec.Struct, frozen=True):
    """Why a code cannot be exchanged, as RFC 6749's `error_description`."""

    words: str


class UnprovenClient(BadGrant, frozen=True):
    """Whoever brings the code has shown neither the application's secret nor that they began the exchange."""


async def register_app(
    tx: Tx, *, name: str, redirect_uris: list[str], scopes: str, website: str | None, public: bool = False
) -> tuple[App, str]:
    """A new application and its secret, which is not kept. A `public` one, which could not keep a secret
    either, gets none: an empty one. Raises `Invalid`."""
    name = name.strip()
    if not name:
        raise Invalid("Name can't be blank", field="client_name")
    if len(name) > 60:
        raise Invalid("Name is too long (maximum is 60 characters)", field="client_name")
    if website and (len(website) > MAX_LENGTH or _scheme(website) not in ("http", "https")):
        raise Invalid("Website must be an http or https address", field="website")
    redirects = list(dict.fromkeys(uri for text in redirect_uris for uri in text.split()))
    if not redirects:
        raise Invalid("Redirect URI can't be blank", field="redirect_uris")
    if len(redirects) > MAX_REDIRECTS:
        raise Invalid("Too many redirect URIs", field="redirect_uris")
    for uri in redirects:
        _check_redirect(uri)
    secret = "" if public else new_secret()
    made = App(
        id=AppId(ids.new_id()),
        client_id=new_secret(),
        secret_hash=b"" if public else digest(secret),
        name=name,
        website=website or None,
        redirect_uris=msgspec.json.encode(redirects).decode(),
        scopes=cleaned(scopes),
        created_at=clock.now(),
    )
    await tx.execute(queries.ADD_APP, **msgspec.structs.asdict(made))
    return made, secret


def _scheme(uri: str) -> str:
    try:
        return urlsplit(uri).scheme
    except ValueError:
        return ""


def _check_redirect(uri: str) -> None:
    if uri == OUT_OF_BAND:
        return
    try:
        parts = urlsplit(uri)
    except ValueError:
        raise Invalid("Redirect URI must be a valid URI.", field="redirect_uris") from None
    if len(uri) > MAX_LENGTH or not _SCHEME.match(parts.scheme):
        raise Invalid("Redirect URI must be an absolute URI.", field="redirect_uris")
    if parts.scheme in _FORBIDDEN_SCHEMES:
        raise Invalid("Redirect URI is forbidden by the server.", field="redirect_uris")
    if parts.scheme in ("http", "https") and not parts.hostname:
        raise Invalid("Redirect URI must be an absolute URI.", field="redirect_uris")
    if parts.fragment or "#" in uri:
        raise Invalid("Redirect URI cannot contain a fragment.", field="redirect_uris")


async def give_code(
    tx: Tx, app: App, account_id: AccountId, *, redirect_uri: str, scopes: str, challenge: str = ""
) -> str:
    """What a member's consent becomes: a code for one exchange within ten minutes.
    `challenge` is PKCE's, method S256 (RFC 7636)."""
    code = new_secret()
    await tx.execute(
        queries.ADD_CODE,
        code_hash=digest(code),
        app_id=app.id,
        account_id=account_id,
        redirect_uri=redirect_uri,
        scopes=scopes,
        challenge=challenge,
        expires_at=clock.now() + CODE_LIFETIME,
        used=False,
    )
    return code


def may_redirect(app: App, uri: str) -> bool:
    """Whether a code may be sent there: to an address the application was registered with, letter by letter.
    A program on the member's own machine listens on whatever port is free (RFC 8252, 7.3)."""
    registered = app.redirects
    return uri in registered or (
        (portless := _without_port(uri)) is not None and portless in map(_without_port, registered)
    )


def _without_port(uri: str) -> tuple[str, ...] | None:
    """An address of the loopback interface but for its port; None for any other."""
    try:
        parts = urlsplit(uri)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme != "http" or parts.hostname not in LOOPBACK or parts.username is not None or port == 0:
        return None
    return (parts.hostname, parts.path, parts.query, parts.fragment)


async def spend_code(tx: Tx, app: App, code: str, *, redirect_uri: str, verifier: str) -> Code | BadGrant:
    """What the code stands for, or why it is not good; the caller commits in either case. A code can be tried
    once: also after an exchange that is refused it is used up, so that nobody guesses what belongs to it.
    When it comes a second time, whatever was given for it is revoked (RFC 6749, 4.1.2). An application
    without a secret must have begun with PKCE (RFC 9700, 2.1.1)."""
    code_hash = digest(code)
    found = await tx.one(queries.CODE, code_hash=code_hash)
    if found is None or found.app_id != app.id:
        return BadGrant("The provided authorization grant is invalid.")
    if found.used or not await tx.execute(queries.USE_CODE, code=code_hash, unused=False, now_used=True):
        await tx.execute(
            queries.REVOKE_OF_APP,
            of_account=found.account_id,
            of_app=app.id,
            since=found.expires_at - CODE_LIFETIME,
            at=clock.now(),
        )
        tx.events.append(AccessEnded())
        return BadGrant("The authorization code was used before.")
    if found.expires_at <= clock.now():
        return BadGrant("The authorization code has expired.")
    if found.redirect_uri != redirect_uri:
        return BadGrant("The redirect_uri does not match the one the code was given for.")
    if not found.challenge and app.public:
        return UnprovenClient("An application without a secret needs a code_challenge.")
    if found.challenge and not _proves(verifier, found.challenge):
        return BadGrant("The code_verifier does not match the code_challenge.")
    return found


def _proves(verifier: str, challenge: str) -> bool:
    made = urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
    return hmac.compare_digest(made.encode(), challenge.rstrip("=").encode())


async def give_token(tx: Tx, app_id: AppId, account_id: AccountId | None, scopes: str) -> str:
    """A new token; without an account it is the application's own."""
    secret = new_secret()
    await tx.execute(
        queries.ADD_TOKEN,
        id=ids.new_id(),
        token_hash=digest(secret),
        app_id=app_id,
        account_id=account_id,
        scopes=scopes,
        created_at=clock.now(),
        revoked_at=None,
    )
    return secret


async def issue(tx: Tx, account_id: AccountId, scopes: str, app_name: str) -> str:
    """A token made on the spot, for the command line: no code, no consent. Raises `Invalid`."""
    app, _ = await register_app(tx, name=app_name, redirect_uris=[OUT_OF_BAND], scopes=scopes, website=None)
    return await give_token(tx, app.id, account_id, app.scopes)


async def revoke(tx: Tx, token_id: TokenId) -> None:
    await tx.execute(queries.REVOKE_TOKEN, token_id=token_id, at=clock.now())
    tx.events.append(AccessEnded())


async def revoke_grant(tx: Tx, account_id: AccountId, app_id: AppId) -> None:
    """Take back everything this application holds of this member."""
    await tx.execute(queries.REVOKE_OF_APP, of_account=account_id, of_app=app_id, since=0, at=clock.now())
    tx.events.append(AccessEnded())


async def revoke_all(tx: Tx, account_id: AccountId) -> None:
    """After a new password, a suspension, or an account's end."""
    await tx.execute(queries.REVOKE_OF_ACCOUNT, of_account=account_id, at=clock.now())
    tx.events.append(AccessEnded())


async def clean_up(tx: Tx) -> None:
    """Remove codes that have long expired; a day longer, so that a replay is still recognised."""
    await tx.execute(queries.REMOVE_OLD_CODES, before=clock.now() - clock.DAY)
