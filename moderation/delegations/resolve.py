"""From delegations to answers, without clock or database."""

from collections.abc import Mapping

CIRCLE = "abstain"
"""What those answer whose delegations run in a circle."""


def resolve(answers: Mapping[str, str], delegations: Mapping[str, str]) -> dict[str, str]:
    """What those answer who gave no answer of their own: as the one whom they, or those after them, trust. A
    circle abstains; whoever's trail ends with somebody who did not answer does not answer either."""
    found: dict[str, str | None] = {}
    for start in delegations:
        trail: list[str] = []
        seen: set[str] = set()
        at = start
        while at not in answers and at not in found and at not in seen and at in delegations:
            trail.append(at)
            seen.add(at)
            at = delegations[at]
        answer = CIRCLE if at in seen else answers.get(at, found.get(at))
        found.update(dict.fromkeys(trail, answer))
    return {voter: answer for voter, answer in found.items() if answer is not None}
