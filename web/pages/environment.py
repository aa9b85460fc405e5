"""How a page is put together from a template and plain values. The templates stand in `templates/`;
the handlers that call `render` in the modules beside this one and in `web/oauth`.

Everything is escaped. The one exception are values whose name ends in `_html`: the server made or
sanitised them itself, and the templates mark exactly those as safe."""

import zlib
from datetime import UTC, datetime
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from web.pages.assets import address_of
from web.pages.emoji import emoji

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000
TINTS = 6


def render(template: str, **values: object) -> str:
    """The page `template` filled with `values`. Raises `jinja2.UndefinedError` when one is missing."""
    return _environment.get_template(template).render(values)


def iso(milliseconds: int) -> str:
    """A moment as machines read it: 2026-11-20T14:05:00Z."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def day(milliseconds: int) -> Markup:
    """A date in words: 20 November 2026."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return _time(milliseconds, f"{moment.day} {moment:%B %Y}")


def when(milliseconds: int) -> Markup:
    """A moment in words, in the one time zone everybody shares: 20 Nov 2026, 14:05 UTC."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return _time(milliseconds, f"{moment.day} {moment:%b %Y, %H:%M} UTC")


def lasting(milliseconds: int) -> str:
    """A stretch of time in its largest fitting unit, rounded down: 3 days, 5 hours, 1 minute."""
    for unit, size in (("day", DAY), ("hour", HOUR), ("minute", MINUTE)):
        count = milliseconds // size
        if count >= (2 if unit != "minute" else 1):
            return f"{count} {unit}{'' if count == 1 else 's'}"
    return "less than a minute"


def thousands(number: int) -> str:
    """12345 as 12,345, without a digit that would break over the line."""
    return f"{number:,}"


def tidy(number: str) -> str:
    """A decimal number without zeros at its end, and with three decimals at most."""
    whole, _, part = number.partition(".")
    part = part[:3].rstrip("0")
    return f"{whole}.{part}" if part else whole


def percent(part: int, whole: int) -> str:
    """A share as people say it: 63 %. A share of nothing is 0 %."""
    return f"{round(100 * part / whole) if whole else 0}\u202f%"


def plural(number: int, one: str, many: str | None = None) -> str:
    """1 member, 2 members."""
    return f"{thousands(number)} {one if number == 1 else many or one + 's'}"


def initials(name: str) -> str:
    """What stands in place of a picture: the first letters of the first two words that have one."""
    letters = [next(char for char in word if char.isalnum()) for word in name.split() if _sayable(word)]
    return "".join(letters[:2]).upper() or "?"


def tint(text: str) -> int:
    """Which of the stylesheet's colours somebody without a picture gets: always the same one."""
    return zlib.crc32(text.encode()) % TINTS


def _sayable(word: str) -> bool:
    return any(char.isalnum() for char in word)


def _time(milliseconds: int, words: str) -> Markup:
    return Markup('<time datetime="{}">{}</time>').format(iso(milliseconds), words)


_environment = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_environment.globals["asset"] = address_of
_environment.filters.update(
    iso=iso,
    day=day,
    when=when,
    lasting=lasting,
    thousands=thousands,
    percent=percent,
    tidy=tidy,
    plural=plural,
    initials=initials,
    tint=tint,
    emoji=emoji,
)
