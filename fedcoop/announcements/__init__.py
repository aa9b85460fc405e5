"""What the server says to all its members. https://docs.joinmastodon.org/methods/announcements/

Members decide on it, or whoever runs the machine: both call `announce` and `withdraw`."""

from fedcoop.announcements.actions import announce, withdraw

__all__ = ["announce", "withdraw"]
