"""How the co-operative decides, in plain words: the constitution in force, the members, the offices."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp import web

from moderation.acts.words import office_name
from moderation.constitution import say, worked
from moderation.constitution.force import in_force
from moderation.members import queries as members
from web.pages import act_fields, wording
from web.visit import Visit, pages

if TYPE_CHECKING:
    from moderation.constitution import Constitution, Rule

PROPOSERS = {
    "members": "Any member",
    "moderators": "Moderators",
    "anyone": "Anybody with an account here",
}
BALLOTS = {
    "approval": "by approval",
    "score": "by points",
    "dots": "by dots",
    "ranked": "by ranking (instant run-off, STV)",
    "condorcet": "by comparing every two (Schulze)",
    "budget": "by spending a budget",
}
RESULTS = {
    "live": "shown as they come in",
    "after_voting": "shown to those who have voted",
    "after_closing": "shown when voting has ended",
}


@pages.get("/coop/constitution")
async def constitution(visit: Visit) -> web.Response:
    async with visit.db.read() as tx:
        force = await in_force(tx)
        counted: dict[str, int] = {row[0]: row[1] for row in await tx.all(members.COUNT_BY_STANDING)}
    known = force.constitution
    return await visit.page(
        "constitution.html",
        summary=known.summary,
        rules=sorted(map(partial(_shown, known), set(known.kinds.values())), key=_how_much),
        powers=_powers(known),
        appeals="Whoever thinks that one of them was wrong can have members vote on taking it back. The"
        f" constitution foresees appeals within {known.appeals.within} to a panel of {known.appeals.panel}"
        " without the one who decided; this server does not draw panels yet.",
        standings=[
            {"label": label, "count": counted[standing]}
            for standing, label in wording.STANDINGS.items()
            if standing in counted
        ],
        roll_words=wording.ROLL[known.roll],
        dues=known.dues,
        probation=known.probation,
        admitted=wording.ADMISSION[known.admission],
        adopted_at=force.adopted_at,
        constitution_name=known.title,
        ledger_url=f"/coop/ledger/{force.ledger_index}",
        ledger_index=force.ledger_index,
    )


def _how_much(shown: dict[str, Any]) -> tuple[int, str]:
    """What decides most stands first."""
    return -len(shown["kinds"]), shown["key"]


def _shown(constitution: Constitution, name: str) -> dict[str, Any]:
    """One way of deciding, with all that is decided so."""
    rule = constitution.rules[name]
    kinds = [kind for kind in wording.KINDS if constitution.kinds.get(kind) == name]
    return {
        "key": name,
        "kinds": [{"key": kind, **wording.KINDS[kind]._asdict()} for kind in kinds],
        "parts": [{"label": label, "words": words} for label, words in _parts(rule)],
        "examples": worked(rule),
    }


def _parts(rule: Rule) -> list[tuple[str, str]]:
    """A rule in the order in which somebody meets it."""
    parts = [("Who proposes", _who_proposes(rule))]
    if rule.gates.discussion.ms:
        parts.append(("Discussion", f"{rule.gates.discussion} at least, before voting opens."))
    parts.append(("Who votes", _who_votes(rule)))
    how_long = f"{rule.window.minimum} at least, {rule.window.maximum} at most."
    if rule.window.urgent is not None:
        how_long += f" {rule.window.urgent} when it is urgent, with the reason in writing."
    parts.append(("How long", how_long))
    takes = rule.says.removeprefix("Passes when ") or f"{say(rule.predicate)}."
    parts.append(("What it takes", takes[:1].upper() + takes[1:]))
    if rule.window.early_close:
        parts.append(("Ends early", "As soon as those who have not voted could not turn the result."))
    if rule.window.quiet_ending is not None:
        quiet = rule.window.quiet_ending
        parts.append(
            ("Ends late", f"If the result turns in the last {quiet}, voting goes on for {quiet}, once.")
        )
    parts.append(("Ballots", _ballots(rule)))
    if after := _afterwards(rule):
        parts.append(("Afterwards", after))
    return parts


def _afterwards(rule: Rule) -> str:
    after, said = rule.after, []
    if after.executor:
        said.append(f"The office “{office_name(after.executor)}” carries it out.")
    if after.delay.ms:
        said.append(f"Carried out {after.delay} after it passed.")
    if after.review is not None:
        said.append(f"Put before the members again after {after.review}.")
    if after.expiry is not None:
        said.append(f"Undone by itself after {after.expiry}.")
    return " ".join(said)


def _powers(constitution: Constitution) -> list[dict[str, str]]:
    """What a moderator does alone, act by act."""
    return [
        {
            "act": act_fields.label(act),
            "what": act_fields.summary(act),
            "until": f"Members must agree within {power.ratify_within}, or it is undone."
            if power.ratify_within
            else "Holds until somebody takes it back.",
        }
        for act, power in constitution.moderators.items()
    ]


def _who_proposes(rule: Rule) -> str:
    words = PROPOSERS[rule.gates.proposer]
    if rule.gates.endorsement_share:
        return f"{words}; {rule.gates.endorsement_share} of those who may vote must endorse it first."
    if rule.gates.endorsements:
        return f"{words}; {rule.gates.endorsements} members must endorse it first."
    return f"{words}."


def _who_votes(rule: Rule) -> str:
    who = rule.electorate
    words = f"Members {' or '.join(wording.STANDINGS[each] for each in who.standings)}"
    if who.mandate:
        words += f" who hold the office “{office_name(who.mandate)}”"
    if who.member_for.ms:
        words += f", {who.member_for} after joining"
    if who.paid_up:
        words += ", with dues paid"
    return f"{words}. Who that is, is settled when voting opens."


def _kinds(kinds: tuple[str, ...]) -> str:
    """Which ballots there are beside agreeing or not."""
    others = [BALLOTS[kind] for kind in kinds if kind != "consent"]
    return f"Between several options also {', '.join(others)}. " if others else ""


def _ballots(rule: Rule) -> str:
    ballot = rule.ballot
    words = f"{', '.join(ballot.options)}. {_kinds(ballot.kinds)}Results are {RESULTS[ballot.results]}."
    if ballot.reason_for:
        words += f" Whoever chooses {' or '.join(ballot.reason_for)} says why."
    if not ballot.change:
        words += " An answer cannot be changed."
    return words[:1].upper() + words[1:]
