"""Words to the assembly are read forgivingly, and never break the reader."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from moderation.words import ANSWERS, CHOICES, Endorse, Help, MyVotes, Propose, Unclear, Vote, read

SUSPEND = {"type": "suspend_domain", "domain": "spam.example"}


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("@assembly help", Help()),
        ("HELP!", Help()),
        ("@assembly@coop.example: my votes?", MyVotes()),
        ("VOTE #12 Agree.", Vote(12, "agree", "")),
        ("vote 12 block because “it harms us.”", Vote(12, "block", "it harms us.")),
        ("vote 12 block, weil es schadet", Vote(12, "block", "es schadet")),
        ("vote agree on 12", Vote(12, "agree", "")),
        ("vote on proposal 12: agree, since it is good", Vote(12, "agree", "it is good")),
        ("@assembly „vote“ „12“ „agree“", Vote(12, "agree", "")),
        ("vote agree", Vote(None, "agree", "")),
        ("vote 12 no", Vote(12, "disagree", "")),
        ("Vote yes: 12", Vote(12, "agree", "")),
        ("@bob @assembly vote 3 abstain", Vote(3, "abstain", "")),
        ("vote 12 agree @assembly", Vote(12, "agree", "")),
        ("vote 12 block\nbecause A.\nB.", Vote(12, "block", "A.\nB.")),
        ("endorse 12", Endorse(12)),
        ("Endorse proposal no. 12, please", Endorse(12)),
        ("endorse this", Endorse(None)),
        ("propose suspend spam.example", Propose("Suspend spam.example", "", SUSPEND)),
        (
            "Propose to suspend the server “spam.example”, because They spam.",
            Propose("Suspend spam.example", "They spam.", SUSPEND),
        ),
        (
            "propose lift https://spam.example/about",
            Propose(
                "Lift the restrictions on spam.example", "", {"type": "lift_domain", "domain": "spam.example"}
            ),
        ),
        (
            "propose resolve: We meet on Tuesdays. Always at nine.",
            Propose(
                "We meet on Tuesdays.",
                "We meet on Tuesdays. Always at nine.",
                {"type": "resolve", "text": "We meet on Tuesdays. Always at nine."},
            ),
        ),
    ],
)
def test_what_is_meant_is_understood(text: str, command: object) -> None:
    found = read(text)
    # What was said after the number matters where there are options; that is read in `test_answering`.
    assert (msgspec.structs.replace(found, said="") if isinstance(found, Vote) else found) == command


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("vote", "Which answer?"),
        ("vote 12", "“vote 12 agree”"),
        ("vote 12 perhaps", "Which answer?"),
        ("vote 12 agree block", "“agree” or “block”?"),
        ("vote no. 12 agree", "“disagree” or “agree”?"),
        ("vot 12 agree", "Did you mean “vote”?"),
        ("endorse everything", "Endorse which proposal?"),
        ("propose", "Propose what?"),
        ("propose marriage", "Propose what?"),
        ("propose suspend spam", "Which server?"),
        ("propose resolve „“", "Resolve what?"),
    ],
)
def test_what_is_missing_is_said(text: str, says: str) -> None:
    found = read(text)
    if isinstance(found, Vote):
        assert (found.choice, found.reason) == ("", "")
        assert says in found.unclear
        return
    assert isinstance(found, Unclear)
    assert found.meant
    assert says in found.sentence


@pytest.mark.parametrize(
    "text",
    ["", "@assembly", "Thank you!", "proposal 12 is good", "my opinion is no", "help is what they need here"],
)
def test_talk_is_no_command(text: str) -> None:
    found = read(text)
    assert isinstance(found, Unclear)
    assert not found.meant


PIECES = st.sampled_from(
    [
        "vote",
        "12",
        "#12",
        *CHOICES,
        "because",
        "propose",
        "suspend",
        "a.b",
        "“",
        "”",
        "'",
        ":",
        "@assembly",
        "@",
        "\n",
    ]
)


@given(st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=4))).map(" ".join)))
def test_nothing_breaks_the_reader(text: str) -> None:
    found = read(text)
    if isinstance(found, Vote):
        assert found.choice in ANSWERS or (found.choice == "" and found.unclear)
        assert found.number is None or 0 <= found.number < 2**31
    if isinstance(found, Propose):
        assert len(found.title) <= 200


@given(st.integers(0, 10**9 - 1), st.sampled_from(ANSWERS), st.from_regex(r"It .*\S", fullmatch=True))
def test_a_reason_stays_as_it_was_written(number: int, choice: str, reason: str) -> None:
    found = read(f"vote {number} {choice} because {reason}", "nobody")
    assert isinstance(found, Vote)
    assert (found.number, found.choice) == (number, choice)
    assert found.reason == reason.strip('"“”„ ').strip()
