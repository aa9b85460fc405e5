"""Finding accounts: the gates before `actions`."""

from collections.abc import Sequence

from fedcoop.accounts import consent, queries
from fedcoop.accounts.consent import Allowed, Standing
from fedcoop.accounts.types import Account, User
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.text.domains import canonical

ASSEMBLY = "assembly"
"""The account that speaks for all members."""


async def find(tx: Tx, id: int) -> Account:
    """The account with this id. Raises `NotFound` when there is none or it was deleted."""
    account = await tx.one(queries.BY_ID, id=id)
    if account is None or account.deleted_at is not None:
        raise NotFound
    return account


async def is_suspended(tx: Tx, id: int) -> bool:
    """Without reading the whole account. Raises `NotFound` as `find` does."""
    standing = await tx.one(queries.STANDING, id=id)
    if standing is None or standing["deleted_at"] is not None:
        raise NotFound
    return standing["suspended_at"] is not None


async def member(tx: Tx, id: int) -> tuple[Account, User]:
    """A member's account and their own settings. Raises `NotFound` as `find` does."""
    accounts, users = await tx.batch(queries.BY_ID.bind(id=id), queries.USER.bind(account_id=id))
    if not accounts or not users or accounts[0].deleted_at is not None:
        raise NotFound
    return accounts[0], users[0]


async def by_handle(tx: Tx, handle: str) -> Account | None:
    """The account called `alice` or `bob@b.test`, in any spelling, unless it was deleted."""
    account = await tx.one(queries.BY_HANDLE, handle=handle_of(handle))
    return None if account is None or account.deleted_at is not None else account


async def by_uri(tx: Tx, uri: str) -> Account | None:
    """The account with this address, unless it was deleted."""
    account = await tx.one(queries.BY_URI, uri=uri)
    return None if account is None or account.deleted_at is not None else account


async def instance_actor(tx: Tx) -> Account:
    """The account of the server itself. Raises `NotFound` before `fedcoop init` has run."""
    account = await tx.one(queries.INSTANCE_ACTOR)
    if account is None:
        raise NotFound("This server has no account of its own yet: run `fedcoop init`.")
    return account


async def assembly(tx: Tx) -> Account:
    """The account of the assembly. Raises `NotFound` before `fedcoop init` has run."""
    account = await tx.one(queries.BY_HANDLE, handle=ASSEMBLY)
    if account is None:
        raise NotFound("This server has no assembly yet: run `fedcoop init`.")
    return account


async def user(tx: Tx, account_id: int) -> User:
    """The person behind a local account. Raises `NotFound` for accounts without one."""
    found = await tx.one(queries.USER, account_id=account_id)
    if found is None:
        raise NotFound
    return found


def feature_policy(account: Account) -> Allowed | None:
    """Whom an account lets put it into collections; None where it says nothing. Members who wish to be discovered
    are in anybody's, or in their followers' where they choose their followers; others in nobody's."""
    if not account.local:
        return consent.read(account.feature_policy)
    if not account.discoverable:
        return Allowed()
    return Allowed(automatic=(consent.FOLLOWERS if account.locked else consent.PUBLIC,))


async def feature_standings(tx: Tx, viewer: int, ids: Sequence[int]) -> dict[int, Standing]:
    """Where a member stands who wants to put each of these accounts into a collection; three statements, however
    many they are."""
    who, found, ties = await tx.batch(
        queries.BY_ID.bind(id=viewer),
        queries.BY_IDS.bind(ids=list(ids)),
        queries.TIES.bind(viewer=viewer, ids=list(ids)),
    )
    tied = {row["id"]: row for row in ties}
    return {
        account.id: "denied"
        if tied[account.id]["blocked"]
        else consent.standing(
            feature_policy(account),
            uri=who[0].uri if who else "",
            own=account.id == viewer,
            follows=bool(tied[account.id]["follows"]),
            followed=bool(tied[account.id]["followed"]),
        )
        for account in found
        if account.id in tied
    }


def handle_of(text: str) -> str:
    """A handle in the form in which they are compared: `@Bob@B.TEST` → `bob@b.test`."""
    name, at, domain = text.strip().removeprefix("@").lower().partition("@")
    if not at:
        return name
    try:
        return f"{name}@{canonical(domain)}"
    except Invalid:
        return f"{name}@{domain}"
