"""Every module that has handlers; importing them fills `web.api.api` and `web.visit.pages`."""

from importlib import import_module
from pkgutil import walk_packages

import web.coop
import web.federation
import web.mastodon
import web.oauth
import web.pages
import web.streaming

PACKAGES = (web.mastodon, web.oauth, web.federation, web.coop, web.pages, web.streaming)


def load() -> None:
    """Import them all, once."""
    for package in PACKAGES:
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
