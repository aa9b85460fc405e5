"""Kinds of job that look something up elsewhere, of those listed in `fedcoop.jobs.types`."""

from typing import ClassVar

from fedcoop.jobs.base import Job


class VerifyLinks(Job, frozen=True, tag="verify_links"):
    """Look whether the pages on a member's profile link back."""

    tries: ClassVar[int] = 4
    account_id: int


class FetchCollection(Job, frozen=True, tag="fetch_collection"):
    """Read a collection of accounts that somebody elsewhere recommends."""

    tries: ClassVar[int] = 4
    account_id: int
    uri: str

    @property
    def order(self) -> str:
        return self.uri


class VerifyAnswer(Job, frozen=True, tag="verify_answer"):
    """Look whether the author of what a status answers, both elsewhere, consents: by this stamp, or the one
    that its own document names."""

    tries: ClassVar[int] = 4
    status_id: int
    stamp: str = ""


class AskRelay(Job, frozen=True, tag="ask_relay"):
    """Find out where a relay takes posts, and ask it to pass ours on."""

    url: str


class VerifyItem(Job, frozen=True, tag="verify_item"):
    """Look whether an account consents to being in a collection of somebody elsewhere."""

    tries: ClassVar[int] = 4
    collection_id: int
    account_uri: str
    stamp: str
    uri: str
    position: int
