"""How old a signature may be: 12 hours at most, and an hour ahead where clocks differ (Mastodon's window)."""

from email.utils import parsedate_to_datetime

from activitypub.errors import BadSignature

OLDEST = 12 * 3600
SKEW = 3600


def check_date(header: str | None, now: int) -> None:
    """An HTTP date within the window; `now` in seconds. Raises `BadSignature`."""
    if header is None:
        raise BadSignature("there is no Date header")
    try:
        moment = parsedate_to_datetime(header)
        seconds = int(moment.timestamp())
    except (ValueError, TypeError, OverflowError, IndexError):
        raise BadSignature("the Date header is no date") from None
    if moment.tzinfo is None:
        raise BadSignature("the Date header has no time zone")
    check_created(seconds, now)


def check_created(created: int, now: int) -> None:
    """Raises `BadSignature` when `created` (seconds) is too old or too far ahead."""
    if created < now - OLDEST:
        raise BadSignature("signed too long ago")
    if created > now + SKEW:
        raise BadSignature("signed in the future")


def check_expires(expires: int, now: int) -> None:
    """Raises `BadSignature` when `expires` (seconds) has passed."""
    if expires <= now:
        raise BadSignature("the signature has expired")


def whole_seconds(text: str | None) -> int:
    """A number of seconds. Raises `BadSignature` for anything else."""
    if text is None or not text.isascii() or not text.isdigit() or len(text) > 12:
        raise BadSignature("a time in the signature is not a number of seconds")
    return int(text)
