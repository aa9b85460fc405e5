"""The custom emoji of this server: which there are, and which a text names. They are made on the command line
(`fedcoop.cli.emoji`); those of other servers are known to `fedcoop.media.copies` by their addresses."""

from fedcoop.emoji import access, actions

__all__ = ["access", "actions"]
