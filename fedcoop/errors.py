"""What can be wrong, in the domain's words. Which HTTP status each becomes is known by `web.errors` alone.

Problem
├── Invalid        what was sent makes no sense, or too much or too little of it
├── Unauthorized   nobody, or somebody unknown, asks for something personal
├── NotAllowed     somebody known asks for what is not theirs to do
├── NotFound       it is not there, or not for these eyes; the two look the same
├── Gone           it was there once
├── Conflict       somebody was faster
└── TooMany        too often, too soon

Unavailable is not among them: then nothing is wrong with what was asked, and whoever takes a Problem for an
answer must not take this for one.
"""

from collections.abc import Sequence

VALIDATION = "Validation failed: "
"""How Mastodon begins a sentence about what was sent."""


class Problem(Exception):
    """A sentence that the person who asked understands; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class Invalid(Problem):
    """What was sent makes no sense. `field` names the part at fault, where there is one; `code` says what is wrong
    with it in Mastodon's word (https://docs.joinmastodon.org/methods/accounts/#422-unprocessable-entity)."""

    def __init__(self, message: str, field: str | None = None, code: str = "ERR_INVALID") -> None:
        super().__init__(message)
        self.field = field
        self.code = code


class InvalidFields(Invalid):
    """Several fields of one form are wrong; the first is this problem's own."""

    def __init__(self, faults: Sequence[Invalid]) -> None:
        sentences = ", ".join(fault.message.removeprefix(VALIDATION) for fault in faults)
        super().__init__(VALIDATION + sentences, faults[0].field, faults[0].code)
        self.faults = faults


class Unauthorized(Problem):
    pass


class NotAllowed(Problem):
    pass


class NotFound(Problem):
    def __init__(self, message: str = "Record not found") -> None:
        super().__init__(message)


class Gone(Problem):
    pass


class Conflict(Problem):
    pass


class TooMany(Problem):
    """`retry_after` is in seconds."""

    def __init__(self, message: str = "Too many requests", retry_after: int = 60) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Unavailable(Exception):
    """The database cannot do it now: busy, full, gone. Nothing was changed, and trying again later may help."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message
