"""Accounts for tests, made in few words: members of this server and accounts of others."""

from functools import lru_cache

from fedcoop.accounts import Account, KeyPair, NewAccount, RemoteAccount, actions, keys
from fedcoop.config import Config
from fedcoop.db import Tx

CONFIG = Config(domain="coop.test")


@lru_cache(maxsize=1)
def key_pair() -> KeyPair:
    """One real key for all accounts: making one takes long."""
    return keys.generate()


async def member(tx: Tx, username: str, **more: object) -> Account:
    """Somebody who joined this server."""
    new = NewAccount(
        username=username,
        email=f"{username}@mail.test",
        password_hash="-",
        keys=key_pair(),
        **more,  # type: ignore[arg-type] # a test's own words
    )
    return await actions.create(tx, CONFIG, new)


async def stranger(tx: Tx, handle: str, **more: object) -> Account:
    """`bob@b.test`, an account of another server."""
    username, _, domain = handle.partition("@")
    uri = f"https://{domain}/users/{username}"
    said: dict[str, object] = {
        "uri": uri,
        "username": username,
        "domain": domain,
        "url": f"https://{domain}/@{username}",
        "inbox": f"{uri}/inbox",
        "shared_inbox": f"https://{domain}/inbox",
        "followers_uri": f"{uri}/followers",
        "public_key_id": f"{uri}#main-key",
        "public_key": key_pair().public_pem,
    }
    return await actions.save_remote(tx, RemoteAccount(**(said | more)))  # type: ignore[arg-type]
