"""Members decide by writing to the assembly, from any client; it answers below, to nobody more than was
asked."""

from fedcoop.accounts import access as accounts
from fedcoop.jobs.deciding import HearWords
from fedcoop.statuses import actions as statuses
from fedcoop.statuses.types import Draft
from moderation import hearing, jobs
from moderation.proposals import queries
from tests.moderation.world import Coop


async def test_a_server_is_cut_off_by_words_alone(coop: Coop) -> None:
    await coop.join("ann", "bob")
    said = await coop.told("ann", "propose suspend spam.example because They spam.")
    assert said.startswith("@ann This is proposal 1 now, open for voting until ")
    assert said.endswith("/coop/1")
    assert said.count("@") == 1
    said = await coop.told("bob", "Vote #1 “agree”")
    assert said.startswith(
        "@bob Counted: “Agree” on proposal 1, “Suspend spam.example”. You can change it until "
    )
    assert "of the ledger" in said
    assert "again: “Block” with your reason" in await coop.told("bob", "vote 1 block because No.")
    assert "1. Suspend spam.example: Block" in await coop.told("bob", "my votes")
    assert "1. Suspend spam.example: not answered yet" in await coop.told("ann", "my votes")
    await coop.told("bob", "vote 1 agree")
    await coop.pass_time(minutes=6)
    assert (await coop.see(await number(coop, 1))).state == "enacted"
    assert "Nothing is open" in await coop.told("ann", "my votes")
    assert (await coop.verified()).problems == []


async def number(coop: Coop, number: int) -> int:
    async with coop.db.read() as tx:
        found = await tx.one(queries.BY_NUMBER, number=number)
    assert found is not None
    return found.id


async def test_the_answer_goes_to_nobody_more_than_the_question(coop: Coop) -> None:
    await coop.join("ann")
    await coop.suspend_spam("ann")
    seen = {}
    for visibility in ("public", "unlisted", "private", "direct"):
        status = await coop.write("ann", "@assembly vote 1 agree", visibility=visibility)
        [answer] = await coop.answers(status)
        assert answer.conversation_id == status.conversation_id
        assert answer.text.startswith("@ann ")
        seen[visibility] = answer.visibility
    assert seen == {"public": "public", "unlisted": "unlisted", "private": "direct", "direct": "direct"}
    [votes] = await coop.answers(await coop.write("ann", "@assembly my votes"))
    assert votes.visibility == "direct", "what somebody voted is told to them alone"
    secret = await coop.propose("ann", "Ann for treasurer", kind="role")
    [counted] = await coop.answers(await coop.write("ann", f"@assembly vote {secret.number} agree"))
    assert counted.visibility == "direct", "where ballots are pseudonymous, so is the answer"


async def test_below_the_question_the_number_is_clear(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    assert proposal.status_id is not None
    await coop.write("ann", "@assembly vote agree", in_reply_to_id=int(proposal.status_id))
    mine = (await coop.see(proposal, "ann")).my_ballot
    assert mine is not None
    assert mine.choice == "agree"
    assert "Which proposal?" in await coop.told("ann", "vote agree")


async def test_people_talk_without_being_interrupted(coop: Coop) -> None:
    await coop.join("ann")
    proposal = await coop.suspend_spam("ann")
    assert proposal.status_id is not None
    talk = await coop.write("ann", "@assembly I find that hard.", in_reply_to_id=int(proposal.status_id))
    assert await coop.answers(talk) == []
    assert "I did not understand that. Nothing was changed." in await coop.told("ann", "I find that hard.")
    [answer] = await coop.answers(await coop.write("ann", "@assembly vote 1 perhaps"))
    assert "Which answer?" in answer.text


async def test_mistakes_are_explained_and_change_nothing(coop: Coop) -> None:
    await coop.join("ann", "bob")
    await coop.account("guest")
    proposal = await coop.suspend_spam("ann")
    assert "There is no proposal 7" in await coop.told("ann", "vote 7 agree")
    assert "There is no proposal" in await coop.told("ann", "vote 999999999 agree")
    assert "Only a draft can be endorsed." in await coop.told("bob", "endorse 1")
    assert "this server" in await coop.told("ann", "propose suspend coop.example")
    assert "Only members" in await coop.told("guest", "vote 1 agree")
    assert "Only members" in await coop.told("guest", "my votes")
    assert "Only members" in await coop.told("guest", "propose resolve Cake")
    assert "not one yet" in await coop.told("guest", "help")
    assert "propose suspend" in await coop.told("ann", "help")
    counts = (await coop.result(proposal)).counts
    assert counts is not None
    assert counts["cast"] == 0
    async with coop.db.read() as tx:
        assert await tx.scalar(queries.LAST_NUMBER) == 1
    assert (await coop.verified()).problems == []


async def test_a_draft_is_endorsed_by_words(coop: Coop) -> None:
    await coop.join("ann", "bob")
    await coop.pass_time(days=2)
    draft = await coop.propose("ann", "Amend", kind="bylaw")
    assert draft.state == "draft"
    said = await coop.told("bob", f"endorse {draft.number}")
    assert "You have endorsed proposal 1, “Amend”. That was enough" in said
    assert "Only a draft can be endorsed." in await coop.told("bob", "endorse 1")


async def test_words_heard_twice_count_once(coop: Coop) -> None:
    await coop.join("ann")
    status = await coop.write("ann", "@assembly propose resolve Cake on Fridays.")
    await jobs.hear_words(jobs.Governance(coop.db, coop.config), HearWords(status_id=status.id))
    await hearing.hear(coop.db, 5, config=coop.config)
    async with coop.db.read() as tx:
        assert await tx.scalar(queries.LAST_NUMBER) == 1
    assert len(await coop.answers(status)) == 1


async def test_the_assembly_does_not_talk_to_itself(coop: Coop) -> None:
    await coop.join("ann")
    async with coop.db.write() as tx:
        voice = await accounts.assembly(tx)
        status = await statuses.post(tx, voice, Draft(text="@assembly help"), config=coop.config)
    await coop.pass_time()
    assert await coop.answers(status) == []


async def test_names_in_a_title_call_nobody(coop: Coop) -> None:
    await coop.join("ann", "bob")
    await coop.told("ann", "propose resolve Thank @bob for the #cake.")
    said = await coop.told("ann", "my votes")
    assert "@bob" not in said
    assert "@\u200bbob" in said
