"""How others find us: WebFinger (RFC 7033), host-meta (RFC 6415), NodeInfo. Asking others is `webfinger`."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

import msgspec

from activitypub import queries
from activitypub.federation import Federation
from fedcoop import __version__, clock, settings
from fedcoop.accounts import access as account_access
from fedcoop.accounts.types import Account
from fedcoop.db import Tx
from fedcoop.errors import Invalid, NotFound

JRD = "application/jrd+json"
XRD = "application/xrd+xml"
SUBSCRIBE = "http://ostatus.org/schema/1.0/subscribe"
INTENT = "https://w3id.org/fep/3b86"

_encode = msgspec.json.Encoder().encode


async def webfinger(fed: Federation, resource: str) -> bytes:
    """Who `acct:user@domain` or one of our addresses is. Raises `Invalid`, and `NotFound` for strangers."""
    async with fed.db.read() as tx:
        account = await _asked_for(tx, fed, resource)
    base, domain = fed.config.base_url, fed.config.domain
    found = {
        "subject": f"acct:{account.username}@{domain}",
        "aliases": list(dict.fromkeys(one for one in (account.url, account.uri) if one)),
        "links": [
            {
                "rel": "http://webfinger.net/rel/profile-page",
                "type": "text/html",
                "href": account.url or account.uri,
            },
            {"rel": "self", "type": "application/activity+json", "href": account.uri},
            {"rel": SUBSCRIBE, "template": f"{base}/authorize_interaction?uri={{uri}}"},
            {"rel": f"{INTENT}/Object", "template": f"{base}/authorize_interaction?uri={{object}}"},
            {"rel": f"{INTENT}/Create", "template": f"{base}/share?text={{content}}"},
        ],
    }
    return _encode(found)


def host_meta(fed: Federation) -> bytes:
    """Where WebFinger is, for old clients, as XML."""
    template = f"{fed.config.base_url}/.well-known/webfinger?resource={{uri}}"
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<XRD xmlns="http://docs.oasis-open.org/ns/xri/xrd-1.0">'
        f'<Link rel="lrdd" type="{JRD}" template="{template}"/></XRD>\n'
    ).encode()


def nodeinfo_links(fed: Federation) -> bytes:
    """Where both versions of NodeInfo are."""
    base = fed.config.base_url
    return _encode(
        {
            "links": [
                {
                    "rel": f"http://nodeinfo.diaspora.software/ns/schema/{version}",
                    "href": f"{base}/nodeinfo/{version}",
                }
                for version in ("2.0", "2.1")
            ]
            + [{"rel": "https://www.w3.org/ns/activitystreams#Application", "href": f"{base}/actor"}]
        }
    )


async def nodeinfo(fed: Federation, version: str) -> bytes:
    """What this server is and how many use it. Raises `NotFound` for another version than 2.0 and 2.1."""
    if version not in ("2.0", "2.1"):
        raise NotFound
    now = clock.now()
    async with fed.db.scan() as tx:
        config = await settings.applied(tx, fed.config)
        row = await tx.one(queries.USAGE, month=now - 30 * clock.DAY, half_year=now - 180 * clock.DAY)
    software = {"name": "fedcoop", "version": __version__}
    if version == "2.1":
        software["homepage"] = f"{fed.config.base_url}/"
    users, month, half_year, posts = row if row is not None else (0, 0, 0, 0)
    found = {
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": []},
        "openRegistrations": config.registrations == "open",
        "usage": {
            "users": {"total": users, "activeMonth": month, "activeHalfyear": half_year},
            "localPosts": int(posts or 0),
        },
        "metadata": {
            "nodeName": config.title,
            "nodeDescription": config.description,
            "fires": {
                "datasets": f"{fed.config.base_url}/fires/datasets",
                "labels": f"{fed.config.base_url}/fires/labels",
            },
        },
    }
    return _encode(found)


async def _asked_for(tx: Tx, fed: Federation, resource: str) -> Account:
    account: Account | None
    if not resource or len(resource) > 2_048:
        raise Invalid("Say who is asked for: ?resource=acct:name@domain")
    if resource.startswith(("https://", "http://")):
        account = await _by_address(tx, fed, resource)
    else:
        name, _, domain = resource.removeprefix("acct:").lstrip("@").rpartition("@")
        if domain.lower().rstrip(".") != fed.config.domain or not name:
            raise NotFound
        if name.lower() in (fed.config.domain, "instance.actor"):
            account = await account_access.instance_actor(tx)
        else:
            account = await account_access.by_handle(tx, name)
    if account is None or not account.local or account.suspended_at is not None:
        raise NotFound
    return account


async def _by_address(tx: Tx, fed: Federation, resource: str) -> Account | None:
    """An actor's id, or the address of its page."""
    base = fed.config.base_url
    if resource.rstrip("/") == base:
        return await account_access.instance_actor(tx)
    if not fed.is_local(resource):
        return None
    found = await account_access.by_uri(tx, resource)
    path = urlsplit(resource).path
    if found is None and path.startswith("/@"):
        found = await account_access.by_handle(tx, quote(path[2:].rstrip("/"), safe=""))
    return found
