"""What members write to the assembly, understood: from a post's text to a command, without clock or database.
Doing what was asked is in `hearing`."""

import re
from difflib import get_close_matches
from typing import Literal

import msgspec

from moderation.constitution import KINDS, Choice

USAGE = """Write to me, in a post or a direct message:
• my votes
• vote 12 agree
• vote 12 block because …
• vote 12 Alice > Bob > Carol (or Parks = 5, Roads = 3; or Alice, Bob), where there are options
• propose suspend spam.example because … (or limit, or lift)
• propose resolve …
• propose instead of 12 …, a draft that competes with one not yet voted on
• endorse 12 (or raise 12, where a larger rule should decide)
• stand 12 because … (or stand down 12, accept 12, decline 12), in an election
• delegate moderation to @alice (or take back moderation)
• help
12 stands for the number of a proposal. You can change your answer until voting closes."""


class Help(msgspec.Struct, frozen=True):
    """How it works."""


class Reminders(msgspec.Struct, frozen=True):
    """Whether to be reminded of open votes."""

    wanted: bool


class MyVotes(msgspec.Struct, frozen=True):
    """What is open, and how the asker has answered."""


class Vote(msgspec.Struct, frozen=True):
    """An answer. Without a `number` it is about the proposal below whose post it stands. `said` is all that
    was written after it: what it means where there are options is for `questions.spoken`. There `choice` is
    empty, or happens to be one; where it is empty `unclear` says so to those who should have given one."""

    number: int | None
    choice: Choice | Literal[""]
    reason: str
    said: str = ""
    unclear: str = ""


class Endorse(msgspec.Struct, frozen=True):
    """An endorsement of a draft."""

    number: int | None


class Propose(msgspec.Struct, frozen=True):
    """A proposal with one act; `act` is as `moderation.acts.types` reads it, `instead_of` the number of a proposal
    with which it competes."""

    title: str
    body: str
    act: dict[str, str]
    instead_of: int | None = None


class Raise(msgspec.Struct, frozen=True):
    """A vote is to be decided by the larger rule."""

    number: int | None


class Stand(msgspec.Struct, frozen=True):
    """A candidacy with its statement, or, where `stands` is false, its end."""

    number: int | None
    statement: str
    stands: bool = True


class Elected(msgspec.Struct, frozen=True):
    """What somebody who was elected says to it."""

    number: int | None
    accepts: bool


class Delegate(msgspec.Struct, frozen=True):
    """A vote given into the hands of `to`; taken back where that is empty."""

    kind: str
    to: str


class Unclear(msgspec.Struct, frozen=True):
    """Nothing that can be done. `meant` says that it was certainly meant as a command; `sentence` what is
    missing."""

    sentence: str
    meant: bool = True


Command = Help | MyVotes | Reminders | Vote | Endorse | Propose | Raise | Stand | Elected | Delegate | Unclear

CHOICES: dict[str, Choice] = {
    **dict.fromkeys(("agree", "agreed", "yes", "yea", "aye", "support", "approve", "ja", "dafür"), "agree"),
    **dict.fromkeys(("abstain", "abstention", "enthaltung"), "abstain"),
    **dict.fromkeys(("disagree", "no", "nay", "oppose", "against", "nein", "dagegen"), "disagree"),
    **dict.fromkeys(("block", "veto"), "block"),
}
ACTS = {
    **dict.fromkeys(("suspend", "defederate", "block"), "suspend_domain"),
    **dict.fromkeys(("limit", "silence"), "limit_domain"),
    **dict.fromkeys(("lift", "unsuspend", "unlimit", "unblock", "restore"), "lift_domain"),
}
ANSWERS: tuple[str, ...] = ("agree", "abstain", "disagree", "block")
RESOLVE = ("resolve", "resolution", "that")
VERBS = ("help", "vote", "propose", "endorse", "delegate", "my", "stand", "accept", "decline")
ORDERS = {"suspend_domain": "Suspend", "limit_domain": "Limit", "lift_domain": "Lift the restrictions on"}
LONGEST_TITLE = 200
LARGEST_NUMBER = 2**31 - 1

_QUOTES = "\"'“”„‟«»‹›‘’‚‛`"
_AROUND = _QUOTES + " \t\r\n.,;:!?*_()[]<>–—-"
_MENTION = r"@[\w.-]+(?:@[\w.-]+)?"
_LEADING = re.compile(rf"\s*(?:{_MENTION}[\s,:;]+|{_MENTION}$)")
_BECAUSE = re.compile(r"[\s,;:.!–—-]*(?:\b(?:because|since|weil|reason)\b(?!\w))?[\s,:–—-]*", re.IGNORECASE)
_NUMBER = re.compile(r"(?:no\.?|nr\.?|№)?#?(\d{1,9})", re.IGNORECASE)
_FILLERS = ("on", "for", "proposal", "with", "as", "number", "to", "the", "a", "is", "we", "server", "domain")


def read(text: str, assembly: str = "assembly") -> Command:
    """What a post asks of the assembly. Case, quotes, punctuation and mentions before the command do not
    matter. Never raises: what makes no sense comes back as `Unclear`, with a sentence for the writer."""
    words = _addressed_to(text, assembly)
    first, rest = _word(words)
    match first:
        case "help" | "hilfe" if not rest.strip(_AROUND) or len(rest.split()) < 4:
            return Help()
        case "my" | "meine" if _word(rest)[0] in ("vote", "votes", "ballots", "stimmen"):
            return MyVotes()
        case "no" | "reminders" if first == "reminders" or _word(rest)[0] == "reminders":
            return Reminders(wanted=first == "reminders" and _word(rest)[0] not in ("off", "no"))
        case "vote" | "stimme":
            return _vote(rest)
        case "endorse":
            return _endorse(rest)
        case "raise" if (number := _number(_after_fillers(rest)[0])) is not None or not rest.strip():
            return Raise(number)
        case "stand":
            return _stand(rest)
        case "accept" | "decline" if (
            number := _number(_after_fillers(rest)[0])
        ) is not None or not rest.strip():
            return Elected(number, first == "accept")
        case "delegate":
            return _delegate(rest)
        case "undelegate":
            return _taken_back(rest)
        case "take" if _word(rest)[0] == "back":
            return _taken_back(_word(rest)[1])
        case "propose":
            return _propose(rest)
    likely = get_close_matches(first, VERBS, 1, 0.75)
    if likely and first not in (*VERBS, "proposal", "proposals"):
        return Unclear(f"I know no “{first}”. Did you mean “{likely[0]}”?", meant=bool(_NUMBER.search(rest)))
    return Unclear("I did not understand that.", meant=False)


def _vote(rest: str) -> Command:
    said, number, choice = rest, None, None
    while choice is None or number is None:
        word, after = _word(rest)
        if choice is None and word in CHOICES:
            choice = CHOICES[word]
        elif number is None and (found := _number(word)) is not None:
            number = found
        elif not word or word not in _FILLERS or (choice and number is None and not _number_follows(after)):
            break
        rest = after
    first, after = _after_fillers(said)
    named = _number(first)
    if named is not None and not after.lstrip().startswith((">", "=")):
        said = after
    else:
        named = None
    if choice is None:
        where = f"vote {number or 12} agree"
        why = f"Which answer? Write for instance “{where}”; there are agree, abstain, disagree, block."
        return Vote(named, "", "", said.strip(), why)
    follows = _word(rest)[0]
    if follows in ANSWERS and follows != choice:
        why = f"“{choice}” or “{follows}”? Give one answer, and your reason after “because”."
        return Vote(number, "", "", said.strip(), why)
    return Vote(number, choice, _reason(rest), said.strip())


def _endorse(rest: str) -> Command:
    for word in rest.split()[:4]:
        cleaned = word.strip(_AROUND)
        if (number := _number(cleaned.lower())) is not None:
            return Endorse(number)
        if cleaned.lower() not in (*_FILLERS, "no", "nr", "this", "it", ""):
            return Unclear("Endorse which proposal? Write for instance “endorse 12”.")
    return Endorse(None)


def _stand(rest: str) -> Command:
    word, after = _after_fillers(rest)
    down = word == "down"
    if down:
        word, after = _after_fillers(after)
    number = _number(word)
    if word and number is None and word not in ("in", "because"):
        return Unclear(
            "Stand where? Write for instance “stand 12 because …”, or “stand down 12”.", meant=down
        )
    return Stand(number, "" if down else _reason(after if number is not None else rest), not down)


def _delegate(rest: str) -> Command:
    kind, rest = _after_fillers(rest)
    named = re.search(r"@([\w.-]*\w)", rest)
    if kind not in KINDS or named is None:
        return Unclear(
            "What, and to whom? Write for instance “delegate moderation to @alice”;"
            f" the kinds of proposals are {', '.join(KINDS)}."
        )
    return Delegate(kind, named[1])


def _taken_back(rest: str) -> Command:
    kind, _ = _after_fillers(rest)
    if kind not in KINDS:
        return Unclear(
            f"Take back what? Write for instance “take back moderation”; there are {', '.join(KINDS)}."
        )
    return Delegate(kind, "")


def _propose(rest: str) -> Command:
    act, rest = _after_fillers(rest)
    if act == "instead":
        _, after = _word(rest)  # “of”
        word, after = _after_fillers(after)
        rival = _number(word)
        if rival is None:
            return Unclear("Instead of which? Write for instance “propose instead of 12 resolve …”.")
        made = _propose(after)
        return msgspec.structs.replace(made, instead_of=rival) if isinstance(made, Propose) else made
    if act in RESOLVE:
        words = rest.strip().strip(_QUOTES + " :–—-\t\r\n")
        if not words:
            return Unclear("Resolve what? Write for instance “propose resolve We meet every Tuesday.”")
        return Propose(_title(words), words, {"type": "resolve", "text": words})
    if act not in ACTS:
        return Unclear(
            "Propose what? Write “propose suspend spam.example because …”, or limit, or lift,"
            " or “propose resolve …”."
        )
    name, rest = _after_fillers(rest, keep_case=True)
    domain = re.sub(r"^https?://", "", name, flags=re.IGNORECASE).split("/")[0].rpartition("@")[2]
    if "." not in domain:
        return Unclear(f"Which server? Write for instance “propose {act} spam.example because …”.")
    kind = ACTS[act]
    return Propose(f"{ORDERS[kind]} {domain.lower()}", _reason(rest), {"type": kind, "domain": domain})


def _addressed_to(text: str, assembly: str) -> str:
    """The text without mentions before it, and without the assembly's anywhere."""
    named = re.compile(rf"(?<![\w@])@{re.escape(assembly)}(?:@[\w.-]*\w)?(?![\w@])", re.IGNORECASE)
    words = named.sub(" ", text)
    while (found := _LEADING.match(words)) and found.end():
        words = words[found.end() :]
    return words.strip()


def _word(text: str, *, keep_case: bool = False) -> tuple[str, str]:
    """The next word without what surrounds it, and what follows it."""
    text = text.lstrip(_AROUND)
    parts = text.split(None, 1)
    if not parts:
        return "", ""
    # “agree:because” and “12,agree” are two words each; a server's name has dots and hyphens inside.
    inside = re.match(r"[^\s,;!?]+?(?=[,;!?]|:(?!//)|\s|$)", text)
    taken = inside[0] if inside else parts[0]
    word = taken.strip(_AROUND)
    return (word if keep_case else word.lower()), text[len(taken) :]


def _after_fillers(text: str, *, keep_case: bool = False) -> tuple[str, str]:
    word, rest = _word(text, keep_case=keep_case)
    while word.lower() in _FILLERS:
        word, rest = _word(rest, keep_case=keep_case)
    return word, rest


def _number(word: str) -> int | None:
    found = _NUMBER.fullmatch(word)
    return min(int(found[1]), LARGEST_NUMBER) if found else None


def _number_follows(text: str) -> bool:
    word, rest = _word(text)
    return _number(word) is not None or (word in _FILLERS and _number(_word(rest)[0]) is not None)


def _reason(rest: str) -> str:
    """What stands behind "because", or behind the answer itself, as it was written."""
    found = _BECAUSE.match(rest)
    reason = rest[found.end() if found else 0 :].strip()
    quoted = len(reason) > 1 and reason[0] in _QUOTES and reason[-1] in _QUOTES
    return reason[1:-1].strip() if quoted else reason.strip('"“”„ ') if reason.strip(_AROUND) else ""


def _title(words: str) -> str:
    """The first sentence or line, as a title."""
    first = re.split(r"(?<=[.!?])\s|\n", words, maxsplit=1)[0].strip()
    return first if len(first) <= LONGEST_TITLE else first[: LONGEST_TITLE - 2].rsplit(" ", 1)[0] + " …"
