"""The co-operative's terms in the words of its pages. What a rule says is `moderation.constitution.words`,
what an act does `moderation.acts.words`."""

from typing import NamedTuple


class Kind(NamedTuple):
    """A kind of proposal: its name, and what belongs to it."""

    label: str
    covers: str


KINDS = {
    "federation": Kind("Other servers", "suspending and limiting servers, and lifting that again"),
    "moderation": Kind("Moderation", "what happens to accounts and posts here"),
    "policy": Kind("Policy", "rules for everybody, and documents such as the code of conduct"),
    "membership": Kind("Membership", "who becomes a member, and who no longer is one"),
    "role": Kind("Offices", "who holds an office, and for how long"),
    "budget": Kind("Money", "what the co-op spends"),
    "advisory": Kind("Words only", "what members think, without binding anybody"),
    "bylaw": Kind("By-laws", "these rules themselves"),
}
STATES = {
    "draft": "Draft",
    "discussion": "Being discussed",
    "open": "Open",
    "passed": "Passed",
    "failed": "Failed",
    "enacted": "Carried out",
    "withdrawn": "Withdrawn",
    "expired": "Expired",
}
ANSWERS = {
    "agree": "I want this to happen.",
    "abstain": "I leave it to the others. Counts as taking part, for neither side.",
    "disagree": "I would rather not.",
    "block": "This would harm the co-op.",
}
STANDINGS = {
    "good": "in good standing",
    "probation": "on probation",
    "paused": "paused by own wish",
    "lapsed": "behind with dues",
    "expelled": "expelled",
}
SECRECY = {
    "open": "Ballots are open: other members see how you voted, everybody else sees a pseudonym.",
    "pseudonymous": "Nobody sees who you are beside your ballot, except whoever runs this server.",
}
ROLL = {
    "public": "Everybody may see who is a member.",
    "members": "Members may see who is a member.",
    "closed": "Who is a member is not shown.",
}
ADMISSION = {
    "operator": "Whoever runs the server can admit members, and the ledger says so.",
    "vote": "Only a vote admits members.",
}
EVERYBODY_READS = "Everybody can read it."


def kind_label(kind: str) -> str:
    return KINDS[kind].label if kind in KINDS else kind


def reason_hint(reason_for: list[str]) -> str:
    """When a ballot needs a reason."""
    if not reason_for:
        return f"If you like. {EVERYBODY_READS}"
    return f"Needed to {' or '.join(reason_for)}, welcome otherwise. {EVERYBODY_READS}"
