"""A status among those it answers and those that answer it, as far as the viewer may see them."""

from collections import defaultdict

from fedcoop.db import Tx
from fedcoop.statuses import queries

# Mastodon's limits: https://docs.joinmastodon.org/methods/statuses/#context
MOST_ANCESTORS = 4096
MOST_DESCENDANTS = 4096
MOST_ANCESTORS_FOR_STRANGERS = 40
MOST_DESCENDANTS_FOR_STRANGERS = 60
DEEPEST_FOR_STRANGERS = 20


async def context(tx: Tx, viewer: int, status_id: int) -> tuple[list[int], list[int]]:
    """Ids of what comes before, oldest first, and of what comes after, each answer below what it answers.
    Not yet narrowed to what the viewer may see: rendering does that."""
    known = viewer != 0
    rows = await tx.all(
        queries.THREAD,
        id=status_id,
        most_above=MOST_ANCESTORS if known else MOST_ANCESTORS_FOR_STRANGERS,
        most_below=MOST_DESCENDANTS if known else MOST_DESCENDANTS_FOR_STRANGERS,
        deepest=MOST_DESCENDANTS if known else DEEPEST_FOR_STRANGERS,
    )
    above: list[tuple[int, int]] = []
    answers: defaultdict[int, list[int]] = defaultdict(list)
    for id_, answered, depth in rows:
        if depth < 0:
            above.append((depth, id_))
        else:
            answers[answered].append(id_)
    return [id_ for _, id_ in sorted(above)], _depth_first(answers, status_id)


def _depth_first(answers: dict[int, list[int]], root: int) -> list[int]:
    ordered: list[int] = []
    waiting = sorted(answers.get(root, ()), reverse=True)
    while waiting:
        id_ = waiting.pop()
        ordered.append(id_)
        waiting += sorted(answers.get(id_, ()), reverse=True)
    return ordered
