"""Fixtures: websites on loopback, as for previews."""

from tests.cards.conftest import other_site, site

__all__ = ["other_site", "site"]
