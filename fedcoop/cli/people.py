"""Accounts and tokens, for whoever runs the machine."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from typing import TYPE_CHECKING

from fedcoop import accounts, clock, emails, second_factors
from fedcoop.accounts import keys
from fedcoop.accounts.types import Account, NewAccount, UserRole
from fedcoop.config import Config
from fedcoop.db import Tx, opened
from fedcoop.errors import Invalid
from fedcoop.ids import LARGEST

if TYPE_CHECKING:
    from fedcoop.cli import Words


def add_commands(words: Words) -> None:
    account = words.group("account", "make and list accounts")
    parser = account.command("create", create, "make an account, confirmed and approved at once")
    parser.add_argument("name", metavar="NAME", help="the handle, without @")
    parser.add_argument("--email", required=True, metavar="E")
    parser.add_argument("--password", metavar="P", help="asked for when it is not given")
    parser.add_argument("--admin", action="store_true", help="may administer the server")
    parser.add_argument("--moderator", action="store_true", help="may moderate")
    parser.add_argument("--member", action="store_true", help="admit the account to the co-operative")
    account.command("list", list_, "list the accounts of this server, and who waits to be let in")
    parser = account.command(
        "approve", approve, "let somebody in who asked to join, and confirm their address"
    )
    parser.add_argument("name", metavar="NAME")
    parser = account.command(
        "link", make_link, "print the link that a letter would carry, to pass it on yourself"
    )
    parser.add_argument("name", metavar="NAME")
    parser.add_argument(
        "--reset",
        action="store_true",
        help="for choosing a new password; otherwise for confirming the address",
    )
    parser = account.command("admit", admit, "make an account a member of the co-operative")
    parser.add_argument("name", metavar="NAME")
    parser = account.command("password", set_password, "set a new password, and end all sessions and tokens")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--password", metavar="P", help="asked for when it is not given")

    parser = account.command(
        "second-factor",
        remove_second_factors,
        "remove the second step of somebody who has lost it",
    )
    parser.add_argument("name", metavar="NAME")

    token = words.group("token", "make tokens for programs")
    parser = token.command("create", create_token, "print a new bearer token that acts for an account")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--scopes", default="read write follow push", metavar="SCOPES")


async def create(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.sessions import passwords
    from moderation.members import actions as members

    password = passwords.checked(args.password or _asked_password())
    async with opened(config) as db:
        made, hashed = await asyncio.gather(asyncio.to_thread(keys.generate), passwords.hashed(password))
        role: UserRole = "admin" if args.admin else "moderator" if args.moderator else "user"
        async with db.write(durable=args.member) as tx:
            new = NewAccount(
                username=args.name.removeprefix("@"),
                email=args.email,
                password_hash=hashed,
                role=role,
                keys=made,
                by_operator=True,
            )
            account = await accounts.actions.create(tx, config, new)
            if args.member:
                await members.admit(tx, account, because="admin:command line")
    print(f"@{account.username}@{config.domain}{' (a member)' if args.member else ''}: {account.url}")
    return 0


def _asked_password() -> str:
    if not sys.stdin.isatty():
        raise Invalid("Give a password with --password, or run this where it can be asked for.")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise Invalid("The two passwords differ; nothing was made.")
    return password


async def list_(config: Config, args: argparse.Namespace) -> int:
    from moderation.members import queries as members

    async with opened(config) as db, db.scan() as tx:
        users = await tx.all(accounts.queries.USERS, limit=LARGEST)
        found = await tx.all(accounts.queries.BY_IDS, ids=[user.account_id for user in users])
        standing = {row["account_id"]: row["standing"] for row in await tx.all(members.STANDINGS)}
    known = {account.id: account for account in found}
    for user in users:
        account = known[user.account_id]
        words = [user.role if user.role != "user" else "", standing.get(account.id, "")]
        words += ["suspended" if account.suspended_at else ""]
        words += ["" if user.approved_at and user.confirmed_at else f"waits to be let in: {user.reason}"]
        since = clock.day(account.created_at)
        print(f"@{account.username:30} {user.email:40} {since} {' '.join(filter(None, words))}".rstrip())
    return 0


async def approve(config: Config, args: argparse.Namespace) -> int:
    async with opened(config) as db, db.write() as tx:
        account = await _local(tx, args.name)
        changed = [
            await accounts.actions.confirm(tx, account.id),
            await accounts.actions.approve(tx, account.id),
        ]
    print(f"@{account.username} may log in." if any(changed) else f"@{account.username} was let in before.")
    return 0


async def make_link(config: Config, args: argparse.Namespace) -> int:
    async with opened(config) as db, db.write() as tx:
        account = await _local(tx, args.name)
        user = await accounts.access.user(tx, account.id)
        if user.confirmed_at and not args.reset:
            raise Invalid(f"The address of @{account.username} is confirmed. For a new password add --reset.")
        print(await emails.actions.link(tx, config, user, "reset" if args.reset else "confirm"))
    return 0


async def admit(config: Config, args: argparse.Namespace) -> int:
    from moderation.members import actions as members

    async with opened(config) as db, db.write(durable=True) as tx:
        account = await _local(tx, args.name)
        member = await members.admit(tx, account, because="admin:command line")
    print(f"@{account.username} is member {member.number}.")
    return 0


async def set_password(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.oauth import actions as oauth
    from fedcoop.sessions import actions as sessions
    from fedcoop.sessions import passwords

    async with opened(config) as db:
        async with db.read() as tx:
            account = await _local(tx, args.name)
        hashed = await passwords.hashed(passwords.checked(args.password or _asked_password()))
        async with db.write() as tx:
            await accounts.actions.set_password(tx, account.id, hashed)
            await oauth.revoke_all(tx, account.id)
            await sessions.end_all(tx, account.id)
    print(f"@{account.username} has a new password; every app has to log in again.")
    return 0


async def remove_second_factors(config: Config, args: argparse.Namespace) -> int:
    async with opened(config) as db, db.write() as tx:
        account = await _local(tx, args.name)
        user = await accounts.access.user(tx, account.id)
        await second_factors.actions.remove_all(tx, account.id)
        await emails.actions.tell_second_factor(
            tx, config, user, "Whoever runs the server removed the second step"
        )
    print(f"@{account.username} logs in with the password alone.")
    return 0


async def _local(tx: Tx, name: str) -> Account:
    """The account of this server with that name. Raises `Invalid`."""
    account = await accounts.access.by_handle(tx, name.removeprefix("@").lower())
    if account is None or not account.local:
        raise Invalid(f"There is no account @{name.removeprefix('@')} on this server.")
    return account


async def create_token(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.oauth import actions, scopes

    async with opened(config) as db, db.write() as tx:
        account = await _local(tx, args.name)
        wanted = scopes.cleaned(args.scopes)
        print(await actions.issue(tx, account.id, wanted, "command line"))
    return 0
