"""What an answer means, and how long to wait: pure decisions, made as docs/security.md promises.

A host that does not answer is left alone for longer and longer, with jitter, and tried for four days; 404 and
410 end an inbox; 401 is worth some more tries, other refusals are not.
"""

import random

from activitypub.client import Answer
from activitypub.delivery.types import Fate
from fedcoop import clock

GIVE_UP_MS = 4 * clock.DAY
"""A delivery older than this is given up with its next failure."""
MOST_REFUSALS = 8
"""Tries of a delivery that is refused as not proven (401): keys may be cached or a clock wrong."""
FIRST_WAIT_MS = 30 * clock.SECOND
LONGEST_WAIT_MS = 6 * clock.HOUR
MOST_WAITED_MS = LONGEST_WAIT_MS * 5 // 4
"""No delivery is put off for longer, whatever a host asks for."""
_BUSY = frozenset({408, 425, 429, 500, 502, 503, 504})


def fate_of(answer: Answer) -> Fate:
    """What becomes of a delivery that was answered."""
    if 200 <= answer.status < 300:
        return "done"
    if answer.status in (404, 410):
        return "inbox_gone"
    if answer.status == 401:
        return "again"
    if answer.status in _BUSY or answer.status >= 520:
        return "host_down"
    return "failed"


def wait_ms(failures: int, retry_after: int | None = None) -> int:
    """How long to leave a host alone after so many failures in a row: 30 s doubled each time, 6 h at most,
    up to a quarter more by chance; never less than it asked for (`retry_after`, seconds), within the same
    limit."""
    doubled = min(FIRST_WAIT_MS * 2 ** min(max(failures - 1, 0), 20), LONGEST_WAIT_MS)
    waiting = int(doubled * random.uniform(1, 1.25))  # noqa: S311 # spreads load, guards nothing
    return max(waiting, min((retry_after or 0) * clock.SECOND, MOST_WAITED_MS))
