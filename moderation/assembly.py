"""The assembly speaks: it asks the question when voting opens, in a post with a poll, and answers it when
voting has closed. It is the local account `@assembly`, a group."""

from fedcoop import clock, text
from fedcoop.accounts import access as accounts
from fedcoop.config import Config
from fedcoop.db import Tx
from fedcoop.polls import queries as poll_queries
from fedcoop.polls.actions import set_counts
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft, PollDraft, Status
from moderation.acts.words import say
from moderation.ballots.poll import titles
from moderation.constitution import Rule, say_rule
from moderation.proposals import queries
from moderation.proposals.types import Proposal
from moderation.questions.says import how_to_answer, listing
from moderation.tally import Outcome

_SUMMARY = 800


async def ask(tx: Tx, proposal: Proposal, rule: Rule, closes_at: int, *, config: Config) -> None:
    """Post the question, with a poll whose end is the vote's where a poll can ask it, and keep both ids with the
    proposal."""
    acts = [stored.act for stored in await tx.all(queries.ACTS, ids=[proposal.id])]
    paragraphs = [f"Proposal {proposal.number}: {quiet(proposal.title)}"]
    paragraphs += [quiet(_shortened(_unmarked(proposal.body)))] if proposal.body.strip() else []
    question = proposal.asks
    paragraphs += [quiet(listing(question))] if question else []
    paragraphs += ["If it passes: " + quiet(" ".join(say(act) for act in acts))] if acts else []
    paragraphs += [f"Urgent: {quiet(_shortened(proposal.urgent_reason))}"] if proposal.urgent_reason else []
    rules = how_to_answer(question, proposal.number) if question else say_rule(rule)
    paragraphs += [f"{rules} Voting closes {moment(closes_at)}."]
    options = titles(rule, question, config)
    poll = PollDraft(
        options=options,
        expires_at=closes_at,
        multiple=question is not None,
        hide_totals=rule.ballot.results != "live",
        kind="ballot",
    )
    text = _written(paragraphs, proposal, config)
    author = await accounts.assembly(tx)
    status = await statuses.post(tx, author, Draft(text=text, poll=poll if options else None), config=config)
    await tx.execute(queries.POSTED, proposal_id=proposal.id, posted_id=status.id, new_poll_id=status.poll_id)


async def answer(tx: Tx, proposal: Proposal, outcome: Outcome, done: str, *, config: Config) -> None:
    """Post how it came out below the question, and show the final counts in the poll."""
    poll = await tx.one(poll_queries.BY_ID, poll_id=proposal.poll_id) if proposal.poll_id else None
    if poll is not None:
        if outcome.count is None:
            counts = [outcome.counts[option] for option in proposal.decided_by.ballot.options]
        else:
            counts = [int(total or 0) for total in outcome.count.stages[-1].totals]
        await set_counts(tx, poll, counts, outcome.counts["cast"])
    said = quiet(outcome.verdict) + ("\n\n" + quiet(done) if done else "")
    status = await add(tx, proposal, said, config=config)
    await tx.execute(queries.OUTCOME_POSTED, proposal_id=proposal.id, posted_id=status.id)


async def add(tx: Tx, proposal: Proposal, said: str, *, config: Config) -> Status:
    """Post something below the question of a proposal."""
    text = _written([f"Proposal {proposal.number}: {quiet(proposal.title)}", said], proposal, config)
    author = await accounts.assembly(tx)
    draft = Draft(text=text, in_reply_to_id=proposal.status_id)
    return await statuses.post(tx, author, draft, config=config)


def page_of(proposal: Proposal, config: Config) -> str:
    """The proposal's address."""
    return f"{config.base_url}/coop/{proposal.number}"


def _unmarked(source: str) -> str:
    """Markdown as plain words: not every client shows a post's Markdown."""
    return text.plain(text.markdown(source))


def _shortened(words: str) -> str:
    words = words.strip()
    return words if len(words) <= _SUMMARY else words[:_SUMMARY].rsplit(" ", 1)[0] + " …"


def _written(paragraphs: list[str], proposal: Proposal, config: Config) -> str:
    """A post that ends in the proposal's address, cut so that both fit; many acts make long sentences."""
    words, address = "\n\n".join(paragraphs), page_of(proposal, config)
    room = config.status_max_chars - len(address) - 2
    return f"{words if len(words) <= room else words[: room - 2] + ' …'}\n\n{address}"


def quiet(words: str) -> str:
    """Names stay readable but call nobody: the assembly quotes, it does not mention."""
    return words.replace("@", "@\u200b").replace("#", "#\u200b")


def moment(ms: int) -> str:
    """A moment for people: "on 2026-11-20 at 14:05 UTC"."""
    text = clock.iso(ms)
    return f"on {text[:10]} at {text[11:16]} UTC"
