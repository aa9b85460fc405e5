"""Accounts: whoever acts here or elsewhere, and the people who sign in to the local ones."""

from fedcoop.accounts import access, actions, hydrate, keys, queries
from fedcoop.accounts.types import Account, KeyPair, NewAccount, ProfileEdit, RemoteAccount, User

__all__ = [
    "Account",
    "KeyPair",
    "NewAccount",
    "ProfileEdit",
    "RemoteAccount",
    "User",
    "access",
    "actions",
    "hydrate",
    "keys",
    "queries",
]
