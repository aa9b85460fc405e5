"""RSA keys for accounts in tests: made once for each process, because making one takes a third of a second."""

from functools import cache

from fedcoop.accounts import keys
from fedcoop.accounts.types import KeyPair
from fedcoop.vault import Vault

KEYS = 3
VAULT = Vault.of(bytes(range(32)))
"""Locks the keys of servers that have no folder of their own."""

_generate = keys.generate


@cache
def _key(number: int) -> KeyPair:
    return _generate()


def spare_keys(number: int) -> KeyPair:
    """One of a few keys; accounts of one test may share one."""
    return _key(number % KEYS)
