"""Asking somebody to prove that they read an address, and what follows when they do. The letters are
`fedcoop.mail`, the pages `web.oauth.addresses` and `web.oauth.passwords`.

A link is good once and only as the latest of its kind; following it is a POST, so that programs which open every
link of a letter change nothing."""

from __future__ import annotations

from fedcoop import clock, mail
from fedcoop.accounts import access as accounts
from fedcoop.accounts import actions as account_actions
from fedcoop.accounts import queries as account_queries
from fedcoop.accounts.names import checked_email
from fedcoop.accounts.types import User
from fedcoop.barring import access as barring
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.emails import access, queries
from fedcoop.emails.types import LINKS, Purpose
from fedcoop.errors import Invalid, NotAllowed
from fedcoop.oauth import actions as oauth
from fedcoop.oauth.types import digest, new_secret
from fedcoop.sessions import actions as sessions


async def link(tx: Tx, config: Config, user: User, purpose: Purpose, email: str = "") -> str:
    """A new link for this purpose, in place of an earlier one. `email`: another address than the account's."""
    secret, now = new_secret(), clock.now()
    await tx.execute(queries.REPLACE, account_id=user.account_id, purpose=purpose)
    await tx.execute(
        queries.ADD,
        token_hash=digest(secret),
        account_id=user.account_id,
        purpose=purpose,
        email=email or user.email,
        created_at=now,
        expires_at=now + LINKS[purpose].lifetime,
    )
    return f"{config.base_url}{LINKS[purpose].path}{secret}"


async def ask_to_confirm(tx: Tx, config: Config, user: User) -> None:
    """Write to the address of somebody who has just joined, or has it sent again."""
    await _write(tx, config, user, user.email, "confirm", url=await link(tx, config, user, "confirm"))


async def confirm(tx: Tx, secret: str) -> User:
    """The address is theirs. Raises `Invalid`."""
    token = await access.token(tx, secret, "confirm")
    user = await accounts.user(tx, token.account_id)
    if token.email != user.email:
        raise Invalid("This link was for another address. Ask for a new one.")
    await tx.execute(queries.SPEND, token_hash=token.token_hash)
    await account_actions.confirm(tx, user.account_id)
    return await accounts.user(tx, user.account_id)


async def confirm_again(tx: Tx, config: Config, user: User, email: str = "") -> None:
    """Send the letter again, to another address if one is given. Raises `NotAllowed` for those whose address is
    confirmed, `Invalid` for one that cannot be had."""
    if user.confirmed_at:
        raise NotAllowed("This method is only available while the e-mail is awaiting confirmation")
    if email and (email := checked_email(email)) != user.email:
        if await tx.one(account_queries.USER_BY_EMAIL, email=email):
            raise Invalid("E-mail address has already been taken", "email", "ERR_TAKEN")
        await barring.check_email(tx, email)
        await tx.execute(queries.SET_EMAIL, of_account=user.account_id, new_email=email)
        user = await accounts.user(tx, user.account_id)
    await ask_to_confirm(tx, config, user)


async def ask_to_change(tx: Tx, config: Config, user: User, email: str) -> None:
    """Write to the new address for its confirmation, and tell the old one. An address that is somebody else's gets
    no letter, and whoever asked learns nothing of it. Raises `Invalid` for what is no address."""
    email = checked_email(email)
    if email == user.email:
        raise Invalid("This is the address that your account has.", "email")
    await barring.check_email(tx, email)
    await _write(tx, config, user, user.email, "change_asked", new_email=email)
    if await tx.one(account_queries.USER_BY_EMAIL, email=email) is None:
        await _write(tx, config, user, email, "change", url=await link(tx, config, user, "change", email))


async def change(tx: Tx, config: Config, secret: str) -> str:
    """The new address is theirs, and is the account's from now on; returns it. Raises `Invalid`."""
    token = await access.token(tx, secret, "change")
    user = await accounts.user(tx, token.account_id)
    if await tx.one(account_queries.USER_BY_EMAIL, email=token.email):
        raise Invalid("Another account has this address by now.", "email", "ERR_TAKEN")
    # A link that is on its way to the old address must not open the account any more.
    await tx.execute(queries.REMOVE_OF_ACCOUNT, account_id=user.account_id)
    await tx.execute(queries.SET_EMAIL, of_account=user.account_id, new_email=token.email)
    await account_actions.confirm(tx, user.account_id)
    await _write(tx, config, user, user.email, "changed", new_email=token.email)
    return token.email


async def ask_to_reset(tx: Tx, config: Config, email: str) -> None:
    """Write to whoever has this address how to choose a new password; nothing happens where nobody has it."""
    user = await tx.one(account_queries.USER_BY_EMAIL, email=email)
    if user is not None and not user.disabled_at:
        await _write(tx, config, user, email, "reset", url=await link(tx, config, user, "reset"))


async def reset(tx: Tx, config: Config, secret: str, password_hash: str) -> User:
    """A new password by the link of a letter, which proves the address as well. Raises `Invalid`."""
    token = await access.token(tx, secret, "reset")
    user = await accounts.user(tx, token.account_id)
    if token.email == user.email:
        await account_actions.confirm(tx, user.account_id)
    await set_password(tx, config, user, password_hash)
    return user


async def set_password(tx: Tx, config: Config, user: User, password_hash: str) -> None:
    """A new password: every session, token and link ends, and the member is told."""
    await account_actions.set_password(tx, user.account_id, password_hash)
    await tx.execute(queries.REMOVE_OF_ACCOUNT, account_id=user.account_id)
    await sessions.end_all(tx, user.account_id)
    await oauth.revoke_all(tx, user.account_id)
    await _write(tx, config, user, user.email, "password_changed")


async def tell_second_factor(tx: Tx, config: Config, user: User, what: str) -> None:
    """What changed of a member's second factors, as the beginning of a sentence."""
    await _write(tx, config, user, user.email, "second_factor", what=what)


async def clean_up(tx: Tx) -> None:
    await tx.execute(queries.REMOVE_EXPIRED, now=clock.now())


async def _write(tx: Tx, config: Config, user: User, to: str, letter: str, **values: str) -> None:
    account = await accounts.find(tx, user.account_id)
    await mail.actions.send(tx, config, to, letter, username=account.username, **values)
