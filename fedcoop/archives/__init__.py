"""Archives of accounts: everything a member has here in one file. Building it is `activitypub.archiving`."""

from fedcoop.archives import access, actions

__all__ = ["access", "actions"]
