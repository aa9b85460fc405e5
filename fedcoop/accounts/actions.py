"""Making accounts, letting people in, and changing profiles. Accounts of other servers are in `remote`."""

from __future__ import annotations

from typing import Any, get_args
from urllib.parse import quote

import msgspec
from msgspec import UNSET

from fedcoop import clock, emoji, ids, jobs
from fedcoop.accounts import access, attribution, finding, links, queries
from fedcoop.accounts.keys import new_seed
from fedcoop.accounts.names import checked_email, checked_username
from fedcoop.accounts.remote import delete_remote, mark_moved, save_remote
from fedcoop.accounts.types import (
    LONGEST_DISPLAY_NAME,
    LONGEST_FIELD,
    LONGEST_NOTE,
    MOST_FIELDS,
    Account,
    KeyPair,
    Kind,
    NewAccount,
    ProfileEdit,
    QuotePolicy,
    StoredField,
    User,
    UserRole,
)
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound
from fedcoop.events import AccessEnded
from fedcoop.ids import AccountId
from fedcoop.jobs.types import Federate, RemoveFiles, VerifyLinks
from fedcoop.text import compose, fit
from fedcoop.vault import ed25519_of, rsa_of

__all__ = [
    "approve", "confirm", "create", "create_actor", "delete_remote", "disable", "edit_profile", "enable", "limit",
    "mark_moved", "save_remote", "sensitize", "set_password", "set_role", "suspend", "unlimit", "unsuspend",
]  # fmt: skip

VISIBILITIES = ("public", "unlisted", "private", "direct")


async def create(tx: Tx, config: Config, new: NewAccount) -> Account:
    """Let somebody join. Raises `Invalid` when the name or the e-mail address cannot be had, also when it was
    once somebody else's."""
    username = checked_username(new.username, by_operator=new.by_operator)
    email = checked_email(new.email)
    now = clock.now()
    account = _local(config, username, new.kind, new.display_name, "", new.keys, now)
    if not await tx.execute(queries.INSERT, **msgspec.structs.asdict(account)):
        raise Invalid("Validation failed: Username has already been taken", "username", "ERR_TAKEN")
    added = await tx.execute(
        queries.INSERT_USER,
        account_id=account.id,
        email=email,
        password_hash=new.password_hash,
        role=new.role,
        locale=new.locale,
        default_visibility="public",
        default_sensitive=False,
        default_language=None,
        default_quote_policy="public",
        default_rules="",
        reason=fit(new.reason).strip()[:1000],
        created_at=now,
        confirmed_at=now if new.confirmed else None,
        approved_at=now if new.approved else None,
        disabled_at=None,
        password_changed_at=now,
    )
    if not added:
        raise Invalid("Validation failed: E-mail address has already been taken", "email", "ERR_TAKEN")
    await _keep_keys(tx, account.id, new.keys)
    await finding.index(tx, [account])
    return account


async def create_actor(
    tx: Tx, config: Config, username: str, kind: Kind, display_name: str, note: str, keys: KeyPair
) -> Account:
    """Make a local account that nobody signs in to: the server itself (kind `application`, named as the
    domain), or the assembly (kind `group`). Raises `Invalid` when the name is taken."""
    account = _local(config, username, kind, display_name, note, keys, clock.now())
    if not await tx.execute(queries.INSERT, **msgspec.structs.asdict(account)):
        raise Invalid(f"There is an account called {username} already.", "username")
    await _keep_keys(tx, account.id, keys)
    await finding.index(tx, [account])
    return account


async def _keep_keys(tx: Tx, account_id: AccountId, keys: KeyPair) -> None:
    await tx.execute(
        queries.INSERT_KEY,
        account_id=account_id,
        pem=tx.vault.lock_text(keys.private_pem, rsa_of(account_id)),
        seed=tx.vault.lock(new_seed(), ed25519_of(account_id)),
    )


_OWN = "me nofollow noopener"
"""How a profile's links say that they lead to the same person."""
PLAIN = (
    "locked", "discoverable", "indexable", "hide_collections", "avatar", "avatar_static", "header",
    "header_static", "show_media", "show_media_replies", "show_featured",
)  # fmt: skip
"""What is changed to what was sent, as it is."""


async def edit_profile(tx: Tx, config: Config, account: Account, edit: ProfileEdit) -> Account:
    """Change a member's profile and defaults, and tell other servers. Raises `Invalid` for too much text."""
    changes = _changed_texts(edit, account)
    for name in PLAIN:
        if (value := getattr(edit, name)) is not UNSET:
            changes[name] = value
    if edit.bot is not UNSET and account.kind in ("person", "bot"):
        changes["kind"] = "bot" if edit.bot else "person"
    if "note_source" in changes:
        changes["note"] = await _rendered_note(tx, config, changes["note_source"])
    if changes.keys() & {"display_name", "note_source", "fields"}:
        fields = changes.get("fields", account.fields)
        texts = [changes.get(name, getattr(account, name)) for name in ("display_name", "note_source")]
        changes["emojis"] = await emoji.access.named_in(tx, *texts, *_typed(fields))
    changed = msgspec.structs.replace(
        account, **changes, updated_at=clock.now(), revision=account.revision + 1
    )
    await tx.execute(
        queries.SAVE_PROFILE,
        account_id=account.id,
        **{f"new_{name}": getattr(changed, name) for name in queries.PROFILE},
    )
    await finding.index_changed(tx, account, changed)
    if edit.attribution_domains is not UNSET:
        await attribution.set_domains(tx, account.id, edit.attribution_domains)
    await _save_defaults(tx, account, edit)
    replaced = _pictures(account) - _pictures(changed)
    if replaced:
        await jobs.add(tx, RemoveFiles(urls=sorted(replaced)))
    await jobs.add(tx, Federate(activity="profile", account_id=account.id))
    if links.claimed(changed):
        await jobs.add(tx, VerifyLinks(account_id=account.id))
    return changed


def _typed(fields: str) -> list[str]:
    """What a member wrote into the table of a profile."""
    return [
        text
        for each in msgspec.json.decode(fields, type=list[StoredField])
        for text in (each.name, each.source)
    ]


def _pictures(account: Account) -> set[str]:
    found = {account.avatar, account.avatar_static, account.header, account.header_static}
    return found - {""}


async def approve(tx: Tx, account_id: AccountId) -> bool:
    """Let somebody in who asked to join. False when that had happened before."""
    return bool(await tx.execute(queries.APPROVE, of_account=account_id, at=clock.now()))


async def confirm(tx: Tx, account_id: AccountId) -> bool:
    """The e-mail address is theirs. False when that was known."""
    return bool(await tx.execute(queries.CONFIRM, of_account=account_id, at=clock.now()))


async def disable(tx: Tx, account_id: AccountId) -> None:
    """Nobody signs in to this account any more; what it wrote stays."""
    await _of_user(tx, account_id, await tx.execute(queries.DISABLE, of_account=account_id, at=clock.now()))
    tx.events.append(AccessEnded())


async def enable(tx: Tx, account_id: AccountId) -> None:
    """The reverse of `disable`."""
    await _of_user(tx, account_id, await tx.execute(queries.DISABLE, of_account=account_id, at=None))


async def set_role(tx: Tx, account_id: AccountId, role: UserRole) -> None:
    await _of_user(tx, account_id, await tx.execute(queries.SET_ROLE, of_account=account_id, new_role=role))


async def set_password(tx: Tx, account_id: AccountId, password_hash: str) -> None:
    changed = await tx.execute(
        queries.SET_PASSWORD, of_account=account_id, new_hash=password_hash, at=clock.now()
    )
    await _of_user(tx, account_id, changed)


async def suspend(tx: Tx, account_id: AccountId) -> None:
    """Nothing of this account is shown or accepted any more; it can be brought back by `unsuspend`."""
    await tx.execute(queries.SUSPEND, account_id=account_id, at=clock.now())
    tx.events.append(AccessEnded())


async def unsuspend(tx: Tx, account_id: AccountId) -> None:
    await tx.execute(queries.SUSPEND, account_id=account_id, at=None)


async def limit(tx: Tx, account_id: AccountId) -> None:
    """Only those who follow this account come across it."""
    await tx.execute(queries.LIMIT, account_id=account_id, at=clock.now())


async def sensitize(tx: Tx, account_id: AccountId, sensitive: bool) -> None:
    """All that this account posts is sensitive, or only what its author calls so."""
    await tx.execute(queries.SENSITIZE, account_id=account_id, at=clock.now() if sensitive else None)


async def unlimit(tx: Tx, account_id: AccountId) -> None:
    await tx.execute(queries.LIMIT, account_id=account_id, at=None)


def _local(
    config: Config, username: str, kind: Kind, display_name: str, note: str, keys: KeyPair, now: int
) -> Account:
    id_ = AccountId(ids.new_id())
    # Ids hold no name: an account may be renamed one day, its id never changes.
    is_server = kind == "application"
    uri = f"{config.base_url}/actor" if is_server else f"{config.base_url}/ap/users/{id_}"
    return Account(
        id=id_,
        username=username,
        domain=None,
        handle=username.lower(),
        uri=uri,
        url=f"{config.base_url}/about" if is_server else f"{config.base_url}/@{username}",
        kind=kind,
        display_name=display_name,
        note=compose.render(note),
        note_source=note,
        fields="[]",
        emojis="[]",
        avatar="",
        avatar_static="",
        avatar_description="",
        header="",
        header_static="",
        header_description="",
        locked=is_server,
        discoverable=False,
        indexable=False,
        hide_collections=False,
        show_media=True,
        show_media_replies=True,
        show_featured=True,
        memorial=False,
        also_known_as="[]",
        moved_to_id=None,
        inbox=f"{uri}/inbox",
        shared_inbox=f"{config.base_url}/inbox",
        outbox=f"{uri}/outbox",
        followers_uri=f"{uri}/followers",
        following_uri=f"{uri}/following",
        featured_uri=f"{uri}/collections/featured",
        featured_tags_uri="",
        collections_uri="",
        feature_policy="",
        public_key_id=f"{uri}#main-key",
        public_key=keys.public_pem,
        followers_count=0,
        following_count=0,
        statuses_count=0,
        last_status_at=None,
        created_at=now,
        updated_at=now,
        fetched_at=None,
        limited_at=None,
        sensitized_at=None,
        suspended_at=None,
        deleted_at=None,
        revision=1,
    )


def _changed_texts(edit: ProfileEdit, account: Account) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    texts = {
        "display_name": (edit.display_name, "Display name", LONGEST_DISPLAY_NAME),
        "note_source": (edit.note, "Bio", LONGEST_NOTE),
        "avatar_description": (edit.avatar_description, "Avatar description", LONGEST_NOTE),
        "header_description": (edit.header_description, "Header description", LONGEST_NOTE),
    }
    for column, (value, name, most) in texts.items():
        if value is UNSET:
            continue
        text = fit(value).replace("\r\n", "\n").strip()
        if compose.length(text) > most:
            raise Invalid(f"Validation failed: {name} is too long (maximum is {most} characters)", column)
        changes[column] = text
    if edit.fields is not UNSET:
        changes["fields"] = _written_fields(edit.fields, account)
    return changes


def _written_fields(fields: list[tuple[str, str]], account: Account) -> str:
    kept = [(fit(name).strip(), fit(value).strip()) for name, value in fields]
    kept = [pair for pair in kept if any(pair)]
    if len(kept) > MOST_FIELDS or any(len(part) > LONGEST_FIELD for pair in kept for part in pair):
        raise Invalid(
            f"Validation failed: A profile has at most {MOST_FIELDS} fields of {LONGEST_FIELD} characters",
            "fields",
        )
    before = msgspec.json.decode(account.fields, type=list[StoredField])
    known = {field.source: field.verified_at for field in before}
    stored = [
        StoredField(name, compose.render_line(value, rel=_OWN), known.get(value), value)
        for name, value in kept
    ]
    return msgspec.json.encode(stored).decode()


async def _rendered_note(tx: Tx, config: Config, source: str) -> str:
    typed = {
        handle: handle.removesuffix(f"@{config.domain}") for handle in compose.find_mentions(source)[:20]
    }
    known = await tx.all(queries.BY_HANDLES, handles=list(typed.values())) if typed else []
    by_handle = {each.handle: compose.Mentioned(each.acct, each.url) for each in known}
    people = {handle: by_handle[plain] for handle, plain in typed.items() if plain in by_handle}
    return compose.render(source, people, lambda tag: f"{config.base_url}/tags/{quote(tag)}")


async def _save_defaults(tx: Tx, account: Account, edit: ProfileEdit) -> None:
    if all(each is UNSET for each in (edit.privacy, edit.sensitive, edit.language, edit.quote_policy)):
        return
    user: User = await access.user(tx, account.id)
    visibility = user.default_visibility if edit.privacy is UNSET else edit.privacy
    if visibility not in VISIBILITIES:
        raise Invalid("Validation failed: Default privacy is not included in the list", "privacy")
    quote_policy = user.default_quote_policy if edit.quote_policy is UNSET else edit.quote_policy
    if quote_policy not in get_args(QuotePolicy):
        raise Invalid("Validation failed: Default quote policy is not included in the list", "quote_policy")
    await tx.execute(
        queries.SAVE_DEFAULTS,
        of_account=account.id,
        visibility=visibility,
        sensitive=user.default_sensitive if edit.sensitive is UNSET else edit.sensitive,
        language=user.default_language if edit.language is UNSET else edit.language or None,
        quote_policy=quote_policy,
    )


async def _of_user(tx: Tx, account_id: AccountId, changed: int) -> None:
    if not changed:
        raise NotFound
