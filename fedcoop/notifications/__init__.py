"""Notifications: what concerns a member and was done by somebody else. Showing them is
`fedcoop.statuses.hydrate`'s, reading marks are `fedcoop.markers`."""

from fedcoop.notifications.actions import clear, dismiss, forget, notify

__all__ = ["clear", "dismiss", "forget", "notify"]
