"""Pins: what an account shows first on its profile. An Add from elsewhere ends here too."""

from fedcoop.pins.actions import add, remove

__all__ = ["add", "remove"]
