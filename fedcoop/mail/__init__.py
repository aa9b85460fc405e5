"""Letters that the server writes to its people: queued by `actions`, written by `letters`, sent by `smtp`."""

from fedcoop.mail import actions

__all__ = ["actions"]
