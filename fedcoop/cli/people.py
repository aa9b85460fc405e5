"""Accounts and tokens, for whoever runs the machine."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from typing import TYPE_CHECKING

from fedcoop import accounts, clock
from fedcoop.accounts import keys
from fedcoop.accounts.types import NewAccount, UserRole
from fedcoop.config import Config
from fedcoop.db import opened
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
    account.command("list", list_, "list the accounts of this server")

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
        since = clock.day(account.created_at)
        print(f"@{account.username:30} {user.email:40} {since} {' '.join(filter(None, words))}".rstrip())
    return 0


async def create_token(config: Config, args: argparse.Namespace) -> int:
    from fedcoop.oauth import actions, scopes

    async with opened(config) as db, db.write() as tx:
        account = await accounts.access.by_handle(tx, args.name.removeprefix("@"))
        if account is None or not account.local:
            raise Invalid(f"There is no account @{args.name} on this server.")
        wanted = scopes.cleaned(args.scopes)
        print(await actions.issue(tx, account.id, wanted, "command line"))
    return 0
