"""From rows to what clients get, without I/O. Pages of accounts are put together by `fedcoop.statuses.hydrate`,
which keeps what was rendered for each revision."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET

from fedcoop import clock
from fedcoop.accounts import access, consent, entities
from fedcoop.accounts.types import Account, StoredField, User
from fedcoop.addresses import absolute, digest, proxied

_fields = msgspec.json.Decoder(list[StoredField])
_WORDS = frozenset({consent.PUBLIC, consent.FOLLOWERS, consent.FOLLOWING})
_emojis = msgspec.json.Decoder(list[entities.CustomEmoji])

ROLES = {
    "user": entities.Role(id="-99", name="", permissions="0"),
    "moderator": entities.Role(id="1", name="Moderator", permissions="1308", highlighted=True),
    "admin": entities.Role(id="3", name="Admin", permissions="1", highlighted=True),
}


class Pictures(NamedTuple):
    """Addresses of a profile's pictures; empty where there are none."""

    avatar: str = ""
    avatar_static: str = ""
    header: str = ""
    header_static: str = ""


def account_entity(account: Account, base_url: str, *, moved_to: Account | None = None) -> entities.Account:
    """An account as everybody sees it. `moved_to` is the account that it says it has moved to."""
    return entities.Account(**_shared(account, base_url, moved_to))


def muted_account(account: Account, base_url: str, mute_expires_at: int | None) -> entities.MutedAccount:
    """An account in one's list of mutes."""
    return entities.MutedAccount(
        **_shared(account, base_url, None), mute_expires_at=clock.iso_or_none(mute_expires_at)
    )


def credential_account(
    account: Account, user: User, base_url: str, *, follow_requests_count: int, attribution_domains: list[str]
) -> entities.CredentialAccount:
    """One's own account."""
    return entities.CredentialAccount(
        **_shared(account, base_url, None),
        role=ROLES[user.role],
        source=entities.Source(
            privacy=user.default_visibility,
            sensitive=user.default_sensitive,
            language=user.default_language,
            quote_policy=user.default_quote_policy,
            note=account.note_source,
            fields=_typed_fields(account),
            follow_requests_count=follow_requests_count,
            hide_collections=account.hide_collections,
            discoverable=account.discoverable,
            indexable=account.indexable,
            attribution_domains=attribution_domains,
        ),
    )


def profile(account: Account, base_url: str, attribution_domains: list[str]) -> entities.Profile:
    """One's own profile, as it was typed."""
    shown = pictures(account, base_url)
    return entities.Profile(
        id=str(account.id),
        display_name=account.display_name,
        note=account.note_source,
        fields=_typed_fields(account),
        avatar=shown.avatar or None,
        avatar_static=shown.avatar_static or None,
        avatar_description=account.avatar_description,
        header=shown.header or None,
        header_static=shown.header_static or None,
        header_description=account.header_description,
        locked=account.locked,
        bot=account.kind in ("bot", "application"),
        hide_collections=account.hide_collections,
        discoverable=account.discoverable,
        indexable=account.indexable,
        show_media=account.show_media,
        show_media_replies=account.show_media_replies,
        show_featured=account.show_featured,
        attribution_domains=attribution_domains,
    )


def stored_fields(account: Account) -> list[StoredField]:
    """The table of a profile."""
    return _fields.decode(account.fields) if account.fields not in ("", "[]") else []


def emojis(stored: str, base_url: str, *, local: bool) -> list[entities.CustomEmoji]:
    """Custom emoji as a JSON column keeps them; those of other servers are shown through us."""
    if stored in ("", "[]"):
        return []
    found: list[entities.CustomEmoji] = _emojis.decode(stored)
    for each in found:
        if local:
            each.url, each.static_url = (absolute(url, base_url) for url in (each.url, each.static_url))
        else:
            key, url = digest(each.url), each.url
            each.url = proxied(base_url, "emoji", key, url)
            each.static_url = proxied(base_url, "emoji", key, url, "small")
    return found


def pictures(account: Account, base_url: str) -> Pictures:
    """Where clients get somebody's avatar and header, and the ones of either that do not move."""
    if account.domain is None:
        found = (
            account.avatar,
            account.avatar_static or account.avatar,
            account.header,
            account.header_static or account.header,
        )
        return Pictures(*(absolute(url, base_url) for url in found))
    return Pictures(
        proxied(base_url, "avatars", account.id, account.avatar),
        proxied(base_url, "avatars", account.id, account.avatar, "small"),
        proxied(base_url, "headers", account.id, account.header),
        proxied(base_url, "headers", account.id, account.header, "small"),
    )


def _shared(account: Account, base_url: str, moved_to: Account | None) -> dict[str, Any]:
    local = account.domain is None
    # Of somebody suspended or gone the name is shown, and nothing else they wrote.
    hidden = account.suspended_at is not None or account.deleted_at is not None
    shown = pictures(account, base_url) if not hidden else Pictures()
    return {
        "id": str(account.id),
        "username": account.username,
        "acct": account.acct,
        "display_name": "" if hidden else account.display_name,
        "locked": account.locked,
        "bot": account.kind in ("bot", "application"),
        "group": account.kind == "group",
        "discoverable": account.discoverable,
        "indexable": account.indexable,
        "noindex": not account.indexable if local else None,
        # The day is enough: the hour somebody joined is nobody's business.
        "created_at": f"{clock.day(account.created_at)}T00:00:00.000Z",
        "note": "" if hidden else account.note,
        "url": account.url or account.uri,
        "uri": account.uri,
        "avatar": shown.avatar or f"{base_url}/static/avatar.svg",
        "avatar_static": shown.avatar_static or f"{base_url}/static/avatar.svg",
        "avatar_description": account.avatar_description,
        "header": shown.header or f"{base_url}/static/header.svg",
        "header_static": shown.header_static or f"{base_url}/static/header.svg",
        "header_description": account.header_description,
        "followers_count": account.followers_count,
        "following_count": account.following_count,
        "statuses_count": account.statuses_count,
        "last_status_at": None if account.last_status_at is None else clock.day(account.last_status_at),
        "hide_collections": account.hide_collections if local else None,
        "show_media": account.show_media,
        "show_media_replies": account.show_media_replies,
        "show_featured": account.show_featured,
        "feature_approval": feature_approval(account),
        "emojis": emojis(account.emojis, base_url, local=local),
        "fields": [] if hidden else [_field(each) for each in stored_fields(account)],
        "roles": [] if local else None,
        "limited": True if account.limited_at is not None else UNSET,
        "suspended": True if hidden else UNSET,
        "memorial": True if account.memorial else UNSET,
        "moved": account_entity(moved_to, base_url) if moved_to is not None else UNSET,
    }


def feature_approval(account: Account) -> entities.FeatureApproval:
    """Who may put the account into a collection. Where that depends on who asks, it stays unknown here."""
    allowed = access.feature_policy(account)
    if allowed is None:
        return entities.FeatureApproval(automatic=[], manual=[], current_user="missing")
    named = {*allowed.automatic, *allowed.manual} - {consent.PUBLIC}
    standing = "unknown" if named and consent.PUBLIC not in allowed.automatic else consent.standing(allowed)
    return entities.FeatureApproval(_told(allowed.automatic), _told(allowed.manual), standing)


def _told(words: tuple[str, ...]) -> list[str]:
    """Who is meant, in Mastodon's words; whoever is named by address is not told."""
    return list(dict.fromkeys(each if each in _WORDS else "unsupported_policy" for each in words))


def _field(stored: StoredField) -> entities.Field:
    return entities.Field(stored.name, stored.value, clock.iso_or_none(stored.verified_at))


def _typed_fields(account: Account) -> list[entities.Field]:
    return [
        entities.Field(each.name, each.source, clock.iso_or_none(each.verified_at))
        for each in stored_fields(account)
    ]
