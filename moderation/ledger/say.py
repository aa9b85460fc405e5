"""An entry of the ledger in a sentence, for pages; the entry itself is in `entries`."""

from typing import Any

from moderation.acts.types import act_from
from moderation.acts.words import say

from .serve import LogEntry


def sentence(entry: LogEntry) -> str:
    """What happened, without names: the ledger has none."""
    body = entry.body
    match entry.type:
        case "log_opened":
            return "The ledger was opened."
        case "constitution":
            return f"The constitution “{body['name']}” came into force."
        case "member":
            return f"A member is now in the standing “{body['standing']}”."
        case "proposal":
            return f"Proposal {body['number']} was made: {body['title']}"
        case "proposal_amended":
            return f"The proposer amended a proposal; version {body['version']}: {body['title']}"
        case "endorsement":
            return "A member endorsed a proposal."
        case "proposal_opened":
            size = body["electorate"]["size"]
            return f"Voting opened for {size} {'member' if size == 1 else 'members'}."
        case "proposal_withdrawn":
            if body.get("because") == "nobody stood":
                return "Nobody stood in an election, so it ended without a vote."
            return "The proposer withdrew a proposal."
        case "vote_extended":
            why = "The result turned late, so voting" if body["because"] == "quiet_ending" else "Voting"
            return f"{why} goes on until {body['closes_at'][:16].replace('T', ', ')} UTC."
        case "proposal_raised":
            return f"A member raised a vote to the larger rule; it goes on until {body['closes_at'][:10]}."
        case "ballot":
            again = "A voter changed their answer to" if body["number"] > 1 else "A voter answered"
            return f"{again} “{body['choice']}”."
        case "delegation":
            what = f"their vote on “{body['kind']}”"
            return f"A member gave {what} to another." if body["to"] else f"A member took back {what}."
        case "delegated":
            return "A voter who did not answer had given their vote to another."
        case "tally":
            early = (
                ", before the closing time, since nobody could turn it any more" if body.get("early") else ""
            )
            return f"The votes were counted{early}. {body['verdict']}"
        case "act":
            return f"Carried out: {say(act_from(body['act']))}"
        case "power":
            until = body["ratify_by"]
            more = f" It expires on {until[:10]} unless members ratify it." if until else ""
            return f"By the office “{body['office']}” alone: {say(act_from(body['act']))}{more}"
        case "office":
            did = str(body["did"]).replace("_", " ")
            return f"In the daily work of the office “{body['office']}”: {did}."
        case "act_expired":
            return f"Its time is over, so it is undone: {say(act_from(body['act']))}"
        case "power_expired":
            why = (
                "Members refused it" if body["because"] == "refused" else "Members did not ratify it in time"
            )
            return f"{why}, so it is undone: {say(act_from(body['act']))}"
        case "candidacy":
            return "A member stands in an election." if body["stands"] else "A member stands no longer."
        case "election_answer":
            if body["accepts"]:
                return "Somebody who was elected accepted."
            why = {"time": "did not answer in time", "left": "left"}.get(body["because"], "declined")
            return f"Somebody who was elected {why}; {'the next is asked' if body['next'] else 'nobody is next'}."
        case "mandate_ended":
            endings = {
                "term": "Its term is over",
                "left": "The member left",
                "resigned": "The member gave it back",
            }
            return f"A member no longer holds the office “{body['office']}”. {endings[body['because']]}."
        case "drift":
            count = len(body["found"]) + body["more"]
            if not count:
                return "The server is again as the ledger says."
            places = "place" if count == 1 else "places"
            return f"The server differs from what the ledger says in {count} {places}."
        case "key_changed":
            return "The ledger is signed with a new key from here on; the old one endorses it."
        case "words_erased":
            return f"The words beside entry {entry.refs[0]} were erased: {body['because']}"
        case _:
            return f"Something of the type “{entry.type}”."


def proposal_of(entry: LogEntry) -> str | None:
    """The id of the proposal that an entry is about, if it is about one."""
    found: Any = entry.body.get("proposal")
    return found if isinstance(found, str) else None
