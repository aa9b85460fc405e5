"""Fixtures: a website to link to."""

from tests.cards.conftest import site

__all__ = ["site"]
