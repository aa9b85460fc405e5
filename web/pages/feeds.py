"""What is open and decided, for feed readers and calendars: Atom (RFC 4287) and iCalendar (RFC 5545). Both
show what everybody may see; `coop` links to them."""

from __future__ import annotations

from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from aiohttp import web

from fedcoop import clock, text
from fedcoop.config import Config
from fedcoop.paging import Page
from moderation.proposals import hydrate
from moderation.proposals.types import ProposalEntity, State
from web import headers
from web.visit import Visit, pages

FEED, CALENDAR = "/coop/feed.atom", "/coop/calendar.ics"
SHOWN: tuple[State, ...] = ("discussion", "open", "passed", "failed", "enacted", "expired")
NEWEST = Page(limit=60)
LONGEST_LINE = 74
_XML_CANNOT = {code: None for code in range(32) if code not in (9, 10, 13)} | {0xFFFE: None, 0xFFFF: None}


@pages.get(FEED)
async def feed(visit: Visit) -> web.Response:
    body = atom(await _proposals(visit), visit.config)
    return _file(body, "application/atom+xml; charset=utf-8")


@pages.get(CALENDAR)
async def calendar(visit: Visit) -> web.Response:
    body = icalendar(await _proposals(visit), visit.config)
    return _file(body, "text/calendar; charset=utf-8")


async def _proposals(visit: Visit) -> list[ProposalEntity]:
    async with visit.db.read() as tx:
        return await hydrate.page(tx, None, NEWEST, states=SHOWN)


def atom(proposals: list[ProposalEntity], config: Config) -> str:
    """A feed whose entries change when a proposal does: made, opened, decided, carried out."""
    address = f"{config.base_url}{FEED}"
    latest = max((_changed(each) for each in proposals), default=clock.iso(0))
    entries = "".join(_entry(each, config) for each in proposals)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">\n'
        f"<id>{_xml(address)}</id>\n<title>{_xml(config.title)}: decisions</title>\n"
        f"<updated>{latest}</updated>\n<author><name>{_xml(config.title)}</name></author>\n"
        f'<link rel="self" type="application/atom+xml" href={quoteattr(address)}/>\n'
        f"<link href={quoteattr(config.base_url + '/coop')}/>\n{entries}</feed>\n"
    )


def icalendar(proposals: list[ProposalEntity], config: Config) -> str:
    """An event for each vote, from its opening to its end; one that has no dates yet is left out."""
    events = [line for each in proposals if each.opens_at and each.closes_at for line in _event(each, config)]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//fedcoop//decisions//EN",
        f"X-WR-CALNAME:{_ical(config.title)}: decisions",
        *events,
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _entry(proposal: ProposalEntity, config: Config) -> str:
    address = f"{config.base_url}/coop/{proposal.number}"
    return (
        f"<entry>\n<id>{_xml(address)}</id>\n<title>{_xml(_titled(proposal))}</title>\n"
        f"<published>{proposal.created_at}</published>\n<updated>{_changed(proposal)}</updated>\n"
        f"<link href={quoteattr(address)}/>\n<category term={quoteattr(proposal.kind)}/>\n"
        f"<summary>{_xml(_state(proposal))}</summary>\n"
        f'<content type="html">{_xml(proposal.html)}</content>\n</entry>\n'
    )


def _event(proposal: ProposalEntity, config: Config) -> list[str]:
    address = f"{config.base_url}/coop/{proposal.number}"
    ends = proposal.closed_at or proposal.closes_at or ""
    return [
        "BEGIN:VEVENT",
        f"UID:proposal-{proposal.id}@{config.domain}",
        f"DTSTAMP:{_moment(_changed(proposal))}",
        f"DTSTART:{_moment(proposal.opens_at or '')}",
        f"DTEND:{_moment(ends)}",
        f"SUMMARY:{_ical(_titled(proposal))}",
        f"DESCRIPTION:{_ical(_state(proposal) + chr(10) + text.plain(proposal.html))}",
        f"URL:{address}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
    ]


def _titled(proposal: ProposalEntity) -> str:
    return f"Proposal {proposal.number}: {proposal.title}"


def _state(proposal: ProposalEntity) -> str:
    if proposal.verdict:
        return proposal.verdict
    if proposal.state == "open":
        return f"Open for voting until {(proposal.closes_at or '')[:16].replace('T', ', ')} UTC."
    return "Being discussed."


def _changed(proposal: ProposalEntity) -> str:
    """The latest moment at which something happened to it; an opening ahead is none."""
    now = clock.iso(clock.now())
    moments = (proposal.created_at, proposal.opens_at, proposal.closed_at, proposal.enacted_at)
    return max(each for each in moments if each and (each <= now or each == proposal.created_at))


def _moment(iso: str) -> str:
    return datetime.fromtimestamp(clock.parse(iso) / 1000, UTC).strftime("%Y%m%dT%H%M%SZ")


def _xml(words: str) -> str:
    return escape(words.translate(_XML_CANNOT))


def _ical(words: str) -> str:
    kept = words.translate(_XML_CANNOT).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return kept.replace("\r\n", "\\n").replace("\r", "\\n").replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of at most 75 octets, never cut inside a character (RFC 5545, 3.1)."""
    parts, size = [""], 0
    for character in line:
        width = len(character.encode())
        if size + width > LONGEST_LINE:
            parts.append("")
            size = 0
        parts[-1] += character
        size += width
    return "\r\n ".join(parts)


def _file(body: str, kind: str) -> web.Response:
    return web.Response(
        body=body.encode(),
        headers={"Content-Type": kind, "Cache-Control": "public, max-age=300", **headers.SAFE},
    )
