"""Articles, pages, events, films and sounds as a status shows them: what they say in short, when and where.

The title, which leads to the whole, is put above by the domain (`fedcoop.statuses.remote`); files are
attachments.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from html import escape
from urllib.parse import urlsplit

from activitypub.vocabulary import Post
from fedcoop.text import excerpt, from_plain, plain, sanitize

WHOLE = 2_000
"""Characters of an article that is shown as it is; of a longer one an excerpt is (FEP-b2b8)."""
EXCERPT = 600


def is_long_form(post: Post) -> bool:
    """Is this more than a note or a question?"""
    return post.type not in ("Note", "Question")


def content(post: Post) -> str:
    """The HTML of any post, not yet safe. What is too long to be read among others is told in its author's
    summary, else by how it begins, with a link to the rest."""
    text = from_plain(post.content) if not post.html else post.content
    if not is_long_form(post):
        return text
    short = post.preview or post.summary
    if len(plain(text)) > WHOLE:
        text = (short if plain(short).strip() else excerpt(sanitize(text), EXCERPT)) + _onward(post)
    elif not plain(text).strip():
        text = short
    return _occasion(post) + text


def _onward(post: Post) -> str:
    address = post.url or post.id
    host = urlsplit(address).hostname or address
    return f'<p>[…] <a href="{escape(address)}">{escape(host)}</a></p>'


def _occasion(post: Post) -> str:
    """When and where an event is, in words."""
    if post.type != "Event" or (post.starts is None and not post.place):
        return ""
    when = _span(post) if post.starts is not None else ""
    said = ", ".join(escape(part) for part in (when, post.place) if part)
    return f"<p>{said}</p>"


def _span(post: Post) -> str:
    zone = timezone(timedelta(minutes=post.starts_zone)) if post.starts_zone else UTC
    begin = datetime.fromtimestamp((post.starts or 0) / 1000, zone)
    end = (
        datetime.fromtimestamp(post.ends / 1000, zone)
        if post.ends and post.ends > (post.starts or 0)
        else None
    )
    words = _words(begin)
    if end is not None:
        words += f"–{end:%H:%M}" if end.date() == begin.date() else f" – {_words(end)}"
    return f"{words} {zone.tzname(None)}"


def _words(moment: datetime) -> str:
    return f"{moment:%A} {moment.day} {moment:%B %Y, %H:%M}"
