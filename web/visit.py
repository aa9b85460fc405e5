"""One request to a page, from a browser: who is signed in, the proof against forged forms, and how a page is
answered. The API's counterpart is `call`.

    @pages.get("/coop/{number}")
    async def proposal(visit: Visit, params: NumberParams) -> web.Response:
        return await visit.page("proposal.html", proposal=…)

Every POST is checked for its `csrf` field before the handler runs. Other sites can neither read it nor guess
it: it is derived from a cookie that only this browser has (the session's, or that of a visitor)."""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec
from aiohttp import web

from fedcoop import __version__
from fedcoop.accounts import access as accounts
from fedcoop.barring import access as barring
from fedcoop.errors import NotAllowed
from fedcoop.sessions import access as sessions
from fedcoop.sessions import actions
from web import headers, keeping
from web.api import Handler, reader_of
from web.errors import Answer, answer_to
from web.limits import PER_ADDRESS, Limit
from web.pages.environment import render
from web.params import Reader, body_of
from web.services import SERVICES, Services

if TYPE_CHECKING:
    from fedcoop.accounts.types import Account
    from fedcoop.config import Config
    from fedcoop.db import Database, Tx
    from fedcoop.ids import AccountId
    from fedcoop.sessions.types import Session

VERSION = __version__
TITLES = {
    400: "That could not be read",
    401: "Please log in first",
    403: "That is not possible",
    404: "There is nothing here",
    410: "This is gone",
    413: "That is too large",
    422: "Something is missing",
    429: "Too many tries",
    500: "Something went wrong on our end",
}


class SignInFirst(Exception):
    """The page is for whoever is signed in."""


class Person(msgspec.Struct, frozen=True):
    """Somebody as the pages show them."""

    name: str
    handle: str
    url: str
    avatar: str
    emojis: tuple[tuple[str, str], ...] = ()
    """Shortcodes in the name, and the addresses of their pictures."""


class Visit:
    """Who looks at a page, and with what it is answered."""

    __slots__ = ("_minted", "_secret", "config", "db", "form", "request", "services", "session")

    def __init__(self, services: Services, request: web.Request) -> None:
        self.services = services
        self.db: Database = services.db
        self.config: Config = services.config
        self.request = request
        self.session: Session | None = None
        self._secret = request.cookies.get(self.session_cookie, "")
        self._minted = False
        self.form: dict[str, Any] = {}
        """What a POST carried, as text; read before the handler runs."""

    @property
    def session_cookie(self) -> str:
        return _name("session", self.config)

    @property
    def visitor_cookie(self) -> str:
        return _name("visitor", self.config)

    @property
    def account_id(self) -> AccountId | None:
        """The member who is signed in, or None."""
        return None if self.session is None else self.session.account_id

    @property
    def member_id(self) -> AccountId:
        """The member who is signed in. Raises `SignInFirst` where nobody is."""
        if self.session is None:
            raise SignInFirst
        return self.session.account_id

    @property
    def is_admin(self) -> bool:
        """Whether an administrator is signed in."""
        return self.session is not None and self.session.role == "admin"

    @property
    def is_staff(self) -> bool:
        """Whether somebody is signed in who looks after reports."""
        return self.session is not None and self.session.role in ("moderator", "admin")

    @property
    def client(self) -> str:
        """The network address that limits count by."""
        return self.services.proxies.client(self.request)

    async def account(self, tx: Tx) -> Account | None:
        """The account of whoever is signed in."""
        return None if self.session is None else await accounts.find(tx, self.session.account_id)

    @property
    def csrf(self) -> str:
        """The value for a form's hidden `csrf` field. Gives the visitor a cookie if there is none yet."""
        if not self._secret:
            self._secret = self.request.cookies.get(self.visitor_cookie, "")
        if not self._secret:
            self._secret = secrets.token_urlsafe(32)
            self._minted = True
        return hmac.digest(self._secret.encode(), b"csrf", "sha256").hex()

    def check_csrf(self) -> None:
        """Raises `NotAllowed` unless the form came from a page of ours in this very browser."""
        if self.request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
            raise NotAllowed("This form came from another site. Open our page and try again.")
        sent = str(self.form.get("csrf") or "")
        expected = self.csrf
        if self._minted or not hmac.compare_digest(sent.encode(), expected.encode()):
            raise NotAllowed("This form is too old. Go back, reload the page and send it again.")

    async def load(self) -> None:
        """Find the session that the cookie names."""
        if self._secret:
            async with self.db.read() as tx:
                self.session = await sessions.session(tx, self._secret)
            if self.session is None:
                self._secret = ""

    async def sign_in(self, tx: Tx, account_id: AccountId) -> None:
        """Begin a session; `finish` gives the browser its cookie. Whatever cookie it had counts no more. Raises
        `NotAllowed` for whoever comes from where nobody may."""
        await barring.check_signing_in(tx, self.services.proxies.address(self.request))
        self._secret = await actions.begin(tx, account_id, self.request.headers.get("User-Agent", ""))
        self._minted = False
        self.session = await sessions.session(tx, self._secret)

    async def sign_out(self, tx: Tx) -> None:
        if self.session is not None:
            await actions.end(tx, self.session.id_hash)
        self.session = None
        self._secret = ""

    async def page(
        self,
        template: str,
        *,
        status: int = 200,
        form_action: str = "'self'",
        scripts: bool = False,
        **values: Any,
    ) -> web.Response:
        """A page with what every page needs. `form_action`: where its forms may lead, as browsers check it.
        `scripts`: whether those of ours may run; a security key answers to nothing else."""
        me = None
        if self.session is not None:
            async with self.db.read() as tx:
                if account := await self.account(tx):
                    me = person(account, self.config)
        values.setdefault("csrf", self.csrf if me or "csrf" in _fields_of(template) else "")
        text = render(
            template,
            site=_site(await self.services.as_decided()),
            me=me,
            admin=self.is_admin,
            staff=self.is_staff,
            **values,
        )
        response = web.Response(text=text, status=status, content_type="text/html", charset="utf-8")
        response.headers.update(headers.SAFE)
        response.headers["Content-Security-Policy"] = headers.PAGE_POLICY.format(form_action) + (
            "; script-src 'self'" if scripts else ""
        )
        response.headers["Vary"] = "Cookie, Accept"
        response.headers["Cache-Control"] = "private, no-store" if values["csrf"] else "private, no-cache"
        return response

    def redirect(self, location: str) -> web.Response:
        """On to another page, with GET."""
        return web.Response(
            status=303, headers={"Location": location, "Cache-Control": "no-store", **headers.SAFE}
        )

    def to_login(self) -> web.Response:
        """First sign in, then come back here."""
        from urllib.parse import quote

        # A form is not sent again after the login; the page it stood on is the place to begin.
        back = self.request.rel_url.raw_path_qs if self.request.method == "GET" else "/settings"
        return self.redirect(f"/login?next={quote(back, safe='')}")

    def finish(self, response: web.StreamResponse) -> web.StreamResponse:
        """Set or take the cookies, if this visit changed them."""
        options: dict[str, Any] = {
            "path": "/",
            "httponly": True,
            "samesite": "Lax",
            "secure": self.config.scheme == "https",
        }
        had = self.request.cookies.get(self.session_cookie)
        if self.session is not None:
            if had != self._secret:
                seconds = actions.LIFETIME // 1000
                response.set_cookie(self.session_cookie, self._secret, max_age=seconds, **options)
        else:
            if had:
                response.del_cookie(self.session_cookie, path="/", secure=options["secure"])
            if self._minted:
                response.set_cookie(self.visitor_cookie, self._secret, **options)
        if self.config.scheme == "https":
            response.headers["Strict-Transport-Security"] = headers.SECURE_TRANSPORT
        return response


def _name(what: str, config: Config) -> str:
    """Browsers accept `__Host-` only from the host itself and only when secure."""
    return f"__Host-fedcoop_{what}" if config.scheme == "https" else f"fedcoop_{what}"


def _fields_of(template: str) -> tuple[str, ...]:
    return ("csrf",) if template in FORMS else ()


FORMS = frozenset(
    {
        "login.html", "register.html", "consent.html", "proposal_new.html", "sessions.html", "form.html",
        "password_forgotten.html", "second_step.html",
    }
)  # fmt: skip
"""Pages with a form also for those who are not signed in."""


def person(account: Account, config: Config) -> Person:
    """An account as the pages show it."""
    url = f"{config.base_url}/@{account.username}" if account.domain is None else account.url or account.uri
    return Person(account.display_name or account.username, f"@{account.acct}", url, account.avatar)


def _site(config: Config) -> dict[str, str]:
    return {
        "title": config.title,
        "domain": config.domain,
        "tagline": config.description,
        "version": VERSION,
        "source_url": config.source_url,
        "base_url": config.base_url,
    }


class PageRoute(NamedTuple):
    """One page."""

    method: str
    path: str
    handler: Handler
    limit: Limit | None
    uploads: bool = False
    """Whether its form brings files."""


class Pages:
    """Collects pages as their modules are imported."""

    def __init__(self) -> None:
        self.routes: list[PageRoute] = []

    def __iter__(self) -> Iterator[PageRoute]:
        return iter(self.routes)

    def get(self, path: str, *, limit: Limit | None = None) -> Callable[[Handler], Handler]:
        return self._adding("GET", path, limit)

    def post(
        self, path: str, *, limit: Limit | None = None, uploads: bool = False
    ) -> Callable[[Handler], Handler]:
        return self._adding("POST", path, limit, uploads)

    def _adding(
        self, method: str, path: str, limit: Limit | None, uploads: bool = False
    ) -> Callable[[Handler], Handler]:
        def add(handler: Handler) -> Handler:
            self.routes.append(PageRoute(method, path, handler, limit, uploads))
            return handler

        return add


pages = Pages()


def bound(route: PageRoute) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """The page's handler with everything around it, as aiohttp wants it, for any application."""
    reader: Reader[Any] | None = reader_of(route.handler)

    async def handle(request: web.Request) -> web.StreamResponse:
        services = request.app[SERVICES]
        config = services.config
        visit = Visit(services, request)
        try:
            if config.rate_limits:
                services.counters.hit(PER_ADDRESS, visit.client)
                if route.limit:
                    services.counters.hit(route.limit, visit.client)
            await visit.load()
            if route.method == "POST":
                if route.uploads:
                    # Two pictures, and the rest of the form; aiohttp has one limit for all routes.
                    request._client_max_size = 2 * config.media_max_bytes + config.request_max_bytes
                visit.form = await body_of(request)
                visit.check_csrf()
            if reader is None:
                result = await route.handler(visit)
            else:
                values = {**request.query, **visit.form, **request.match_info}
                result = await route.handler(visit, reader.make(values))
        except asyncio.CancelledError:
            raise
        except SignInFirst:
            result = visit.to_login()
        except Exception as problem:
            result = await problem_page(visit, answer_to(problem))
        return keeping.revalidated(request, visit.finish(result))

    return handle


async def problem_page(visit: Visit, answer: Answer) -> web.Response:
    """What went wrong, as a page."""
    sentence = str(answer.body["error"]).removeprefix("Validation failed: ")
    if answer.status == 404:
        sentence = "The address may be mistyped, or what was here has been deleted."
    response = await visit.page(
        "error.html",
        status=answer.status,
        code=answer.status,
        title=TITLES.get(answer.status, "That did not work"),
        sentence=sentence,
    )
    response.headers.update(answer.headers)
    return response
