"""What this server is, allows and restricts. https://docs.joinmastodon.org/methods/instance/

These answers are the same for everybody and asked for all the time, so each is kept as bytes for some seconds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, NamedTuple

import msgspec
from aiohttp import web
from msgspec import Raw
from multidict import CIMultiDict

from fedcoop import clock, documents, domains, emoji, instance, settings
from fedcoop.accounts.hydrate import emojis
from fedcoop.addresses import absolute
from fedcoop.annual import access as annual
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.domains.types import DomainBlock, Restriction
from fedcoop.errors import NotFound
from fedcoop.instance.types import Numbers, Rule
from fedcoop.media import films, processing
from fedcoop.media.actions import LONGEST_DESCRIPTION
from fedcoop.settings.access import Settings
from fedcoop.text import markdown
from moderation.powers.access import decisions_about
from moderation.proposals.types import Proposal
from web import headers, keeping
from web.api import api
from web.call import Call
from web.visit import VERSION

KEPT = 10 * clock.SECOND
KEPT_COUNTS = 10 * clock.MINUTE
COMPATIBLE = "4.5.0"
"""The version of Mastodon whose API is spoken; clients look at the first number."""
API_VERSION = 2

_encode = msgspec.json.Encoder().encode
Make = Callable[[Call], Awaitable[Any]]


class Kept(msgspec.Struct):
    """An answer's bytes, until when they are good enough, and what is said with them."""

    body: bytes
    until: int
    headers: CIMultiDict[str]


def _kept(path: str, span: int, make: Make) -> None:
    """An operation whose answer is made anew at most once in `span` milliseconds."""
    name = f"instance:{path}"

    async def handle(call: Call) -> web.Response:
        kept = call.services.kept.get(name)
        if kept is None or kept.until <= clock.now():
            body = _encode(await make(call))
            said = CIMultiDict({**headers.PUBLIC, "ETag": keeping.etag_of(body)})
            kept = Kept(body, clock.now() + span, said)
            call.services.kept[name] = kept
        return web.Response(body=kept.body, headers=kept.headers)

    handle.__name__ = make.__name__
    api.get(path)(handle)


async def _instance(call: Call) -> dict[str, Any]:
    async with call.db.scan() as tx:
        config = await settings.applied(tx, call.config)
        known = await _known(tx, call)
    icon = absolute("/static/icon.svg", config.base_url)
    return {
        "domain": config.domain,
        "title": known.settings.title,
        "version": f"{COMPATIBLE} (compatible; fedcoop {VERSION})",
        "source_url": config.source_url or f"{config.base_url}/about",
        "description": known.settings.description,
        "usage": {"users": {"active_month": known.numbers.active_month}},
        "thumbnail": {"url": known.settings.thumbnail or icon, "blurhash": None, "versions": None},
        "icon": [{"src": icon, "size": "any"}],
        "languages": list(config.languages),
        "configuration": _configuration(config)
        | {
            "urls": {
                "streaming": config.base_url.replace("http", "ws", 1),
                "status": None,
                "about": f"{config.base_url}/about",
                "privacy_policy": known.addresses.get("privacy_policy"),
                "terms_of_service": known.addresses.get("terms_of_service"),
            },
            "vapid": {"public_key": call.services.vapid_key},
            "translation": {"enabled": bool(config.translation_url)},
            "timelines_access": {
                "live_feeds": {"local": "public", "remote": "public"},
                "hashtag_feeds": {"local": "public", "remote": "public"},
                "trending_link_feeds": {"local": "public", "remote": "public"},
            },
            "limited_federation": False,
        },
        "registrations": {
            "enabled": config.registrations != "closed",
            "approval_required": config.registrations == "approval",
            "reason_required": config.registrations == "approval",
            "message": _paragraph(known.settings.registrations_message),
            "min_age": config.registrations_min_age or None,
            "url": f"{config.base_url}/register",
        },
        "api_versions": {"mastodon": API_VERSION},
        "contact": {"email": known.settings.contact_email, "account": known.contact},
        "rules": known.rules,
        "wrapstodon": annual.offered(),
    }


async def _instance_v1(call: Call) -> dict[str, Any]:
    async with call.db.scan() as tx:
        config = await settings.applied(tx, call.config)
        known = await _known(tx, call)
    return {
        "uri": config.domain,
        "title": known.settings.title,
        "short_description": known.settings.description,
        "description": known.settings.description,
        "email": known.settings.contact_email,
        "version": f"{COMPATIBLE} (compatible; fedcoop {VERSION})",
        "urls": {"streaming_api": config.base_url.replace("http", "ws", 1)},
        "stats": {
            "user_count": known.numbers.users,
            "status_count": known.numbers.statuses,
            "domain_count": known.numbers.domains,
        },
        "thumbnail": known.settings.thumbnail or absolute("/static/icon.svg", config.base_url),
        "languages": list(config.languages),
        "registrations": config.registrations != "closed",
        "approval_required": config.registrations == "approval",
        "invites_enabled": False,
        "configuration": _configuration(config),
        "contact_account": known.contact,
        "rules": known.rules,
    }


def _configuration(config: Config) -> dict[str, Any]:
    """The limits that are kept when posting, so that clients can say so beforehand."""
    filming = films.available(config)
    return {
        "accounts": {
            "max_featured_tags": 10,
            "max_pinned_statuses": 5,
            "max_profile_fields": 6,
            "profile_field_name_limit": 255,
            "profile_field_value_limit": 255,
            "max_display_name_length": 60,
            "max_note_length": 1000,
            "max_avatar_description_length": 1000,
            "max_header_description_length": 1000,
        },
        "statuses": {
            "max_characters": config.status_max_chars,
            "max_media_attachments": 4,
            "characters_reserved_per_url": 23,
            "supported_mime_types": ["text/plain", "text/markdown"],
        },
        "media_attachments": {
            "description_limit": LONGEST_DESCRIPTION,
            "supported_mime_types": [*processing.TAKEN, *(films.TAKEN if filming else ())],
            "image_size_limit": config.media_max_bytes,
            "image_matrix_limit": processing.MOST_PIXELS,
            "video_size_limit": config.video_max_bytes if filming else 0,
            "video_frame_rate_limit": films.FASTEST if filming else 0,
            "video_matrix_limit": config.video_max_pixels if filming else 0,
        },
        "polls": {
            "max_options": config.poll_max_options,
            "max_characters_per_option": config.poll_max_option_chars,
            "min_expiration": 300,
            "max_expiration": 2_629_746,
        },
    }


class Known(NamedTuple):
    """What the database knows of the instance."""

    settings: Settings
    numbers: Numbers
    rules: list[dict[str, Any]]
    contact: Raw | None
    addresses: dict[str, str]
    """Of the pages of documents that are in force."""


def _paragraph(text: str) -> str | None:
    """A message as HTML; None where there is none."""
    return markdown(text) if text else None


async def _known(tx: Tx, call: Call) -> Known:
    found = await settings.access.read(tx, call.config)
    return Known(
        settings=found,
        numbers=await instance.access.numbers(tx),
        rules=[_rule(rule) for rule in await instance.access.rules(tx)],
        contact=await _contact(tx, call, found),
        addresses={
            each: f"{call.config.base_url}/about/{each.replace('_', '-')}"
            for each in ("privacy_policy", "terms_of_service")
            if await documents.current(tx, each) is not None
        },
    )


async def _contact(tx: Tx, call: Call, found: Settings) -> Raw | None:
    """Who answers for the server: whom members named, or else the first admin."""
    account_id = found.contact_account_id or await tx.scalar(instance.queries.FIRST_ADMIN)
    if account_id is None:
        return None
    return (await call.show.accounts(tx, [account_id])).get(account_id)


async def _rules(call: Call) -> list[dict[str, Any]]:
    async with call.db.read() as tx:
        return [_rule(rule) for rule in await instance.access.rules(tx)]


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": str(rule.id),
        "text": rule.text,
        "hint": rule.hint,
        "translations": msgspec.Raw(rule.translations.encode()),
    }


async def _peers(call: Call) -> list[str]:
    async with call.db.scan() as tx:
        return await instance.access.peers(tx)


async def _activity(call: Call) -> list[dict[str, str]]:
    async with call.db.scan() as tx:
        weeks = await instance.access.activity(tx)
    return [
        {
            "week": str(week.start // clock.SECOND),
            "statuses": str(week.statuses),
            "logins": str(week.authors),
            "registrations": str(week.joined),
        }
        for week in weeks
    ]


async def _domain_blocks(call: Call) -> list[Any]:
    """Each with its reason, and with the decision that it comes from."""
    async with call.db.read() as tx:
        restrictions = await domains.access.all_restrictions(tx)
        behind = await decisions_about(tx, [restriction.because for restriction in restrictions])
    return [_domain_block(call, each, behind.get(each.because)) for each in restrictions]


def _domain_block(call: Call, restriction: Restriction, decision: Proposal | None) -> DomainBlock:
    block = domains.access.domain_block(restriction)
    if decision is None:
        return block
    decided = f"Proposal {decision.number}: {decision.title} ({call.config.base_url}/coop/{decision.number})"
    comment = f"{block.comment}. {decided}" if block.comment else decided
    return msgspec.structs.replace(block, comment=comment)


async def _emojis(call: Call) -> list[Any]:
    """Custom emoji of this server, for choosing from."""
    async with call.db.read() as tx:
        found = await emoji.access.listed(tx)
    return list(emojis(emoji.access.encoded(found), call.config.base_url, local=True))


_kept("/api/v2/instance", KEPT, _instance)
_kept("/api/v1/instance", KEPT, _instance_v1)
_kept("/api/v1/instance/rules", KEPT, _rules)
_kept("/api/v1/instance/peers", KEPT_COUNTS, _peers)
_kept("/api/v1/instance/activity", KEPT_COUNTS, _activity)
_kept("/api/v1/custom_emojis", KEPT, _emojis)


@api.get("/api/v1/instance/domain_blocks")
async def domain_blocks(call: Call) -> list[Any]:
    """Not kept: what members decided shows at once."""
    return await _domain_blocks(call)


@api.get("/api/v1/instance/extended_description")
async def extended_description(call: Call) -> dict[str, str]:
    """What members have adopted as the description of this server, or else the short one."""
    async with call.db.read() as tx:
        adopted = await documents.current(tx, "about")
        found = await settings.access.read(tx, call.config)
    text = adopted.text if adopted else found.description
    return {"updated_at": clock.iso(adopted.effective_at if adopted else 0), "content": markdown(text)}


@api.get("/api/v1/instance/privacy_policy")
async def privacy_policy(call: Call) -> dict[str, str]:
    """Documents are adopted by vote; until one is, there is none."""
    async with call.db.read() as tx:
        adopted = await documents.current(tx, "privacy_policy")
    if adopted is None:
        raise NotFound
    return {"updated_at": clock.iso(adopted.effective_at), "content": markdown(adopted.text)}


class DateParams(msgspec.Struct, kw_only=True):
    date: str = ""


@api.get("/api/v1/instance/terms_of_service")
@api.get("/api/v1/instance/terms_of_service/{date}")
async def terms_of_service(call: Call, params: DateParams) -> dict[str, Any]:
    """The terms in force, or those that began to hold on a day. Raises `NotFound` for a day on which none did."""
    async with call.db.read() as tx:
        if params.date:
            known = await documents.versions(tx, "terms_of_service")
            begun = [each for each in known if clock.day(each.effective_at) == params.date and each.text]
            adopted = begun[0] if begun else None
        else:
            adopted = await documents.current(tx, "terms_of_service")
        if adopted is None:
            raise NotFound
        following = await documents.next_after(tx, adopted)
    return {
        "effective_date": clock.day(adopted.effective_at),
        "effective": adopted.effective_at <= clock.now(),
        "content": markdown(adopted.text),
        "succeeded_by": clock.day(following.effective_at) if following else None,
    }


@api.get("/health")
async def health(call: Call) -> web.Response:
    """For proxies and supervisors: the database answers."""
    async with call.db.read() as tx:
        await instance.access.rules(tx)
    return web.Response(text="OK", headers=headers.SAFE)
