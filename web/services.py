"""What handlers work with, put together once by `fedcoop.wiring` and reached through `Call` and `Visit`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from aiohttp import web

from fedcoop import clock, settings
from fedcoop.config import Config
from fedcoop.db import Database
from fedcoop.media.storage import Storage
from fedcoop.statuses.hydrate import StatusHydrator
from web.limits import Counters, Proxies

if TYPE_CHECKING:
    from activitypub.copying import Copier
    from activitypub.federation import Federation
    from activitypub.translator import Translator

DECIDED, DECIDED_KEPT = "decided", 10 * clock.SECOND


@dataclass(slots=True, kw_only=True)
class Services:
    """The database, the settings, and everything that is made once for a server."""

    db: Database
    config: Config
    show: StatusHydrator
    """Turns rows into the API's entities."""
    storage: Storage
    """Where uploaded files lie."""
    copier: Copier
    """Fetches copies of other servers' files."""
    federation: Federation
    """The protocol: resolving, fetching, signing."""
    vapid_key: str
    """By which push services know this server; public."""
    translator: Translator
    """Asks the service that translates."""
    kept: dict[str, Any] = field(default_factory=dict)
    """Answers that are the same for everybody, kept for some seconds."""
    counters: Counters = field(default_factory=Counters)
    proxies: Proxies = field(init=False)

    def __post_init__(self) -> None:
        self.proxies = Proxies(self.config.trusted_proxies)

    async def as_decided(self) -> Config:
        """The configuration with what members have decided instead; what changes shows within seconds."""
        until, decided = self.kept.get(DECIDED, (0, self.config))
        if until <= clock.now():
            async with self.db.read() as tx:
                decided = await settings.applied(tx, self.config)
            self.kept[DECIDED] = (clock.now() + DECIDED_KEPT, decided)
        return cast(Config, decided)


SERVICES: web.AppKey[Services] = web.AppKey("services", Services)
"""Where an application has them."""
