"""One request to the API as a handler sees it: who asks, and what there is to answer with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fedcoop.accounts import access as accounts
from fedcoop.errors import NotAllowed
from web.errors import NoMember

if TYPE_CHECKING:
    from aiohttp import web

    from fedcoop.accounts.types import Account, User
    from fedcoop.config import Config
    from fedcoop.db import Database, Tx
    from fedcoop.ids import AccountId, AppId
    from fedcoop.media.storage import Storage
    from fedcoop.oauth.types import Token
    from fedcoop.statuses.hydrate import StatusHydrator
    from web.services import Services


class Call:
    """Who asks (`token` is None for anybody) and with what (`db`, `config`, `show`)."""

    __slots__ = ("config", "db", "headers", "request", "services", "status", "token")

    def __init__(self, services: Services, request: web.Request, token: Token | None) -> None:
        self.services = services
        self.db: Database = services.db
        self.config: Config = services.config
        self.request = request
        self.token = token
        self.headers: dict[str, str] | None = None
        self.status = 200
        """What a handler's result is answered with."""

    @property
    def show(self) -> StatusHydrator:
        """Turns ids into the API's entities."""
        return self.services.show

    @property
    def storage(self) -> Storage:
        """Where uploaded files lie."""
        return self.services.storage

    async def account(self, tx: Tx) -> Account:
        """The account of the member who asks."""
        return await accounts.find(tx, self.account_id)

    async def member(self, tx: Tx) -> tuple[Account, User]:
        """The account of the member who asks, and their settings."""
        return await accounts.member(tx, self.account_id)

    @property
    def viewer(self) -> int:
        """Through whose eyes: the member's id, or 0 for the public's."""
        return 0 if self.token is None else self.token.account_id or 0

    @property
    def account_id(self) -> AccountId:
        """The member who asks. Raises `NoMember` for an application's own token."""
        if self.token is None or self.token.account_id is None:
            raise NoMember
        return self.token.account_id

    @property
    def role(self) -> str:
        """user, moderator or admin; empty for anybody else."""
        return (self.token.role or "") if self.token else ""

    @property
    def app_id(self) -> AppId | None:
        return None if self.token is None else self.token.app_id

    @property
    def client(self) -> str:
        """The network address that limits count by."""
        return self.services.proxies.client(self.request)

    def set_header(self, name: str, value: str) -> None:
        """A header for the answer, beside the usual ones."""
        if self.headers is None:
            self.headers = {}
        self.headers[name] = value

    def require_staff(self) -> None:
        if self.role not in ("moderator", "admin"):
            raise NotAllowed("This action is not allowed")

    def require_admin(self) -> None:
        if self.role != "admin":
            raise NotAllowed("This action is not allowed")
