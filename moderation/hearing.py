"""The assembly listens: a local member's mention or direct message is a way to vote like any other, from
every client. What the words mean is in `words`; what they do are the same verbs that pages and API use.

The words of accounts on other servers are not heard, since only members decide; their voices in the
assembly's poll are shown as advice. Edits are not heard either: a command counts once, as it was first
posted. In public the assembly answers only what was plainly meant for it, so that people can talk below its
posts; in direct messages it answers everything."""

import msgspec

from fedcoop import clock
from fedcoop.accounts import access as accounts
from fedcoop.accounts.types import Account
from fedcoop.config import Config
from fedcoop.db import Database, Tx
from fedcoop.errors import Invalid, NotFound, Problem
from fedcoop.paging import Page
from fedcoop.statuses import actions as statuses
from fedcoop.statuses import queries as status_queries
from fedcoop.statuses.types import Draft, Status, Visibility
from moderation import reminding, words
from moderation.assembly import page_of, quiet
from moderation.ballots import actions as ballots
from moderation.ballots.poll import TITLES
from moderation.delegations import actions as delegations
from moderation.elections import actions as elections
from moderation.elections import seats
from moderation.members import access as members
from moderation.proposals import access, actions, hydrate, queries, raising
from moderation.proposals.types import Proposal, ProposalDraft
from moderation.questions import spoken
from moderation.questions.answers import Marks

MOST_VOTES = Page(limit=20)
ALONE: Visibility = "direct"


class Said(msgspec.Struct, frozen=True):
    """What the assembly answers. `privately`: to the asker alone, however publicly they asked."""

    words: str
    privately: bool = False


async def hear(db: Database, status_id: int, *, config: Config) -> None:
    """Do what a local post asks of the assembly and answer below it. What cannot be done is explained and
    changes nothing. A post that was answered, or is gone, stays as it is: this may be asked twice."""
    try:
        async with db.write(durable=True) as tx:
            if (asked := await _asked(tx, status_id)) is not None:
                said = await _do(tx, *asked, config=config)
                if said is not None:
                    await _answer(tx, *asked, said, config=config)
    except Problem as problem:
        # What was begun is rolled back; only the explanation is kept.
        explained = problem.message or "There is no such proposal, or you may not see it."
        async with db.write(durable=True) as tx:
            if (asked := await _asked(tx, status_id)) is not None:
                await _answer(tx, *asked, Said(explained), config=config)


async def _asked(tx: Tx, status_id: int) -> tuple[Status, Account] | None:
    """The post and who wrote it, unless there is nothing to answer (any more)."""
    status = await tx.one(status_queries.BY_ID, id=status_id)
    if status is None or not status.local:
        return None
    author = await accounts.find(tx, status.account_id)
    assembly = await accounts.assembly(tx)
    if author.kind == "group" or author.domain is not None or author.deleted_at or author.suspended_at:
        return None
    if await tx.scalar(queries.ANSWER_OF, account_id=assembly.id, status_id=status.id) is not None:
        return None
    return status, author


async def _do(tx: Tx, status: Status, author: Account, *, config: Config) -> Said | None:
    assembly = await accounts.assembly(tx)
    match words.read(status.text, assembly.username):
        case words.Help():
            return Said(await _help(tx, author))
        case words.MyVotes():
            return Said(await _my_votes(tx, author), privately=True)
        case words.Reminders(wanted):
            await reminding.set_quiet(tx, author.id, not wanted)
            return Said(f"You are {'' if wanted else 'no longer '}reminded of open votes.", privately=True)
        case words.Vote() as vote:
            if vote.number is None and not vote.choice and not await _below_options(tx, status):
                return Said(f"{vote.unclear} Nothing was changed.\n\n{words.USAGE}")
            proposal = await _meant(tx, author, status, vote.number)
            if (question := proposal.asks) is not None:
                marks, reason = spoken.heard(question, vote.said)
                return await _vote(tx, author, proposal, marks, reason)
            if not vote.choice:
                return Said(f"{vote.unclear} Nothing was changed.\n\n{words.USAGE}")
            return await _vote(tx, author, proposal, vote.choice, vote.reason)
        case words.Endorse(number):
            proposal = await _meant(tx, author, status, number)
            after = await actions.endorse(tx, author, proposal.id, config=config)
            state = "" if after.state == "draft" else " That was enough: it goes on."
            return Said(f"You have endorsed proposal {after.number}, “{after.title}”.{state}")
        case words.Raise(number):
            proposal = await _meant(tx, author, status, number)
            after = await raising.raise_(tx, author, proposal.id, config=config)
            until = clock.iso(after.closes_at or 0)
            return Said(
                f"You have raised proposal {after.number}. Voting closes {until[:10]}, {until[11:16]} UTC."
            )
        case words.Stand() | words.Elected() as said:
            proposal = await _meant(tx, author, status, said.number)
            return await _elect(tx, author, proposal, said, config)
        case words.Delegate(kind, to):
            return await _delegate(tx, author, kind, to)
        case words.Propose(title, body, act, number):
            first = None if number is None else await access.visible_by_number(tx, author.id, number)
            draft = ProposalDraft(title=title, body=body, acts=[act], instead_of=first.id if first else None)
            made = await actions.propose(tx, author, draft, config=config)
            return Said(f"This is proposal {made.number} now, {_standing(made)}\n\n{page_of(made, config)}")
        case words.Unclear(sentence, meant):
            if not meant and status.visibility != "direct":
                return None
            return Said(f"{sentence} Nothing was changed.\n\n{words.USAGE}")


async def _meant(tx: Tx, author: Account, status: Status, number: int | None) -> Proposal:
    """The proposal with this number; without one, that below whose post the words stand. Raises NotFound and
    Invalid."""
    if number is None:
        found = await tx.one(queries.BY_STATUS, status_id=status.conversation_id)
        if found is None:
            raise Invalid("Which proposal? Say its number too, for instance “vote 12 agree”.")
        return found
    try:
        return await access.visible_by_number(tx, author.id, number)
    except NotFound:
        raise NotFound(f"There is no proposal {number} that you may see.") from None


async def _below_options(tx: Tx, status: Status) -> bool:
    """Whether the words stand below the question of a vote on several options."""
    found = await tx.one(queries.BY_STATUS, status_id=status.conversation_id)
    return found is not None and found.question is not None


async def _vote(tx: Tx, author: Account, proposal: Proposal, answer: Marks | str, reason: str) -> Said:
    cast = await ballots.cast(tx, author, proposal.id, answer, reason)
    until = clock.iso(proposal.closes_at or 0)
    again = " again" if cast.ballot.number > 1 else ""
    change = ""
    if proposal.decided_by.ballot.change:
        change = f" You can change it until {until[:10]}, {until[11:16]} UTC."
    given = " with your reason" if cast.ballot.reason else ""
    answered = cast.ballot.words or TITLES[cast.ballot.choice]
    return Said(
        f"Counted{again}: “{answered}”{given} on proposal {proposal.number}, “{proposal.title}”."
        f"{change} It is entry {cast.ballot.ledger_index} of the ledger.",
        privately=proposal.decided_by.ballot.secrecy != "open",
    )


async def _elect(
    tx: Tx, author: Account, proposal: Proposal, said: words.Stand | words.Elected, config: Config
) -> Said:
    match said:
        case words.Stand(_, statement, True):
            await elections.stand(tx, author, proposal.id, statement)
            return Said(
                f"You stand in proposal {proposal.number}, “{proposal.title}”."
                f" Until voting opens, “stand down {proposal.number}” takes it back."
            )
        case words.Stand():
            await elections.stand_down(tx, author, proposal.id)
            return Said(f"You do not stand in proposal {proposal.number} any more.")
        case words.Elected(_, True):
            await seats.accept(tx, author, proposal.id, config=config)
            return Said("You have accepted. The office is yours from now on.")
        case words.Elected():
            await seats.decline(tx, author, proposal.id, config=config)
            return Said("You have declined. Whoever is next in the count is asked.")


async def _delegate(tx: Tx, author: Account, kind: str, to: str) -> Said:
    if not to:
        await delegations.take_back(tx, author, kind)
        return Said(f"You vote on “{kind}” yourself again.", privately=True)
    trusted = await accounts.by_handle(tx, to)
    if trusted is None:
        raise NotFound(f"I know no {to}.")
    await delegations.delegate(tx, author, kind, trusted.id)
    circle = kind in (await delegations.shown(tx, author)).circular
    more = " It runs in a circle now: as long as nobody in it votes, all abstain." if circle else ""
    return Said(
        f"{trusted.username} votes for you on “{kind}” unless you vote yourself. They can see that.{more}"
        f" Take it back with “take back {kind}”.",
        privately=True,
    )


async def _help(tx: Tx, author: Account) -> str:
    if await members.find(tx, author.id) is None:
        return f"{words.USAGE}\n\nThis is for members of the co-operative; this account is not one yet."
    return words.USAGE


async def _my_votes(tx: Tx, author: Account) -> str:
    await members.member(tx, author.id)
    open_ = await hydrate.page(tx, author.id, MOST_VOTES, states=("open",))
    if not open_:
        return "Nothing is open for voting today."
    lines = []
    for each in open_:
        answer = each.my_ballot
        mine = answer.words or TITLES[answer.choice] if answer else "not answered yet"
        mine = mine if answer or each.may_vote else "you do not vote on this one"
        lines.append(f"{each.number}. {each.title}: {mine}")
    return "Open for voting:\n" + "\n".join(lines)


def _standing(proposal: Proposal) -> str:
    match proposal.state:
        case "draft":
            return "a draft. It opens when enough members endorse it."
        case "discussion":
            opens = clock.iso(proposal.opens_at or 0)
            return f"being discussed. Voting opens {opens[:10]}, {opens[11:16]} UTC."
        case _:
            closes = clock.iso(proposal.closes_at or 0)
            return f"open for voting until {closes[:10]}, {closes[11:16]} UTC."


async def _answer(tx: Tx, status: Status, author: Account, said: Said, *, config: Config) -> None:
    """Below the post, to whom it was addressed and never to more: what only followers of the author read is
    answered to the author alone, since the assembly's followers are others."""
    asked = status.visibility
    start = f"@{author.username} "
    room = config.status_max_chars - len(start)
    text = quiet(said.words)
    if len(text) > room:
        text = text[: room - 2] + " …"
    draft = Draft(
        text=start + text,
        visibility=asked if asked in ("public", "unlisted") and not said.privately else ALONE,
        in_reply_to_id=status.id,
    )
    await statuses.post(tx, await accounts.assembly(tx), draft, config=config)
