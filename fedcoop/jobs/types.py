"""Every kind of job there is, in one typed list. Who does them is told in `fedcoop.wiring`."""

from typing import Any, ClassVar, Literal

import msgspec

from fedcoop.jobs.base import LANES, DeadJob, GiveUp, Job, Lane
from fedcoop.jobs.deciding import AnyDeciding
from fedcoop.jobs.fetching import AskRelay, FetchCollection, VerifyAnswer, VerifyItem, VerifyLinks
from fedcoop.jobs.threads import RefreshThread

__all__ = [  # beside the kinds themselves
    "LANES",
    "AnyJob",
    "AskRelay",
    "DeadJob",
    "FetchCollection",
    "GiveUp",
    "Job",
    "Lane",
    "RefreshThread",
    "VerifyAnswer",
    "VerifyItem",
    "VerifyLinks",
]  # fmt: skip


class Federate(Job, frozen=True, tag="federate"):
    """Tell other servers what a local account did. `activity` is in Mastodon's words."""

    lane: ClassVar[Lane] = "federate"
    activity: Literal[
        "post", "edit", "delete", "reblog", "unreblog", "favourite", "unfavourite",
        "follow", "unfollow", "accept_follow", "reject_follow", "remove_follower",
        "block", "unblock", "vote", "poll", "profile", "delete_account", "move", "pin", "unpin",
        "quote_request", "accept_quote", "reject_quote", "revoke_quote", "report",
        "add_collection", "update_collection", "remove_collection", "add_item", "remove_item",
        "feature_request", "accept_feature", "reject_feature", "revoke_feature",
        "interaction_request", "accept_interaction", "reject_interaction", "revoke_interaction",
        "join_relay", "leave_relay",
    ]  # fmt: skip
    account_id: int
    """Who did it."""
    object_id: int = 0
    """The status, account or poll it was done to."""
    uri: str = ""
    """Where the object may be gone: its address; for an undo or an answer: the first activity's."""
    detail: dict[str, Any] = msgspec.field(default_factory=dict)
    """What can no longer be read from the database, such as the audience of a deleted status."""

    @property
    def order(self) -> str:
        return str(self.account_id)


class ReceiveActivity(Job, frozen=True, tag="receive_activity"):
    """Process what came to an inbox: the raw body, and the actor whose signature was verified."""

    lane: ClassVar[Lane] = "inbox"
    actor_uri: str
    body: str

    @property
    def order(self) -> str:
        return self.actor_uri


class ReceiveForwarded(Job, frozen=True, tag="receive_forwarded"):
    """Ask for a post that another server passed on without proof, where it lives."""

    lane: ClassVar[Lane] = "inbox"
    tries: ClassVar[int] = 4
    uri: str
    in_reply_to: str = ""
    relayed: bool = False
    """A relay brought it: kept only if it is for everybody."""

    @property
    def order(self) -> str:
        return self.uri


class SynchroniseFollowers(Job, frozen=True, tag="synchronise_followers"):
    """Compare who follows an account elsewhere with the list at `url`, which is that server's."""

    account_id: int
    url: str


class FetchThread(Job, frozen=True, tag="fetch_thread"):
    """Fetch the status that a known status answers."""

    status_id: int
    uri: str


class FetchQuote(Job, frozen=True, tag="fetch_quote"):
    """Fetch what a status quotes, and look at the consent that it names."""

    tries: ClassVar[int] = 4
    status_id: int
    stamp: str = ""


class FetchFeatured(Job, frozen=True, tag="fetch_featured"):
    """Read what an account elsewhere has pinned to its profile, its hashtags, and whom it recommends."""

    tries: ClassVar[int] = 3
    account_id: int


class PublishScheduled(Job, frozen=True, tag="publish_scheduled"):
    """Post what a member wrote for this time, unless it was moved or dropped."""

    scheduled_id: int


class LeaveDomain(Job, frozen=True, tag="leave_domain"):
    """End the follows between a member and a server that they want nothing from any more."""

    account_id: int
    domain: str


class ClosePoll(Job, frozen=True, tag="close_poll"):
    """Tell voters and author that a poll has ended."""

    poll_id: int


class TellTotals(Job, frozen=True, tag="tell_totals"):
    """Tell other servers how a local poll stands."""

    poll_id: int


class CreditCards(Job, frozen=True, tag="credit_cards"):
    """Name an account on the cards of the sites that it lets, and on no others."""

    account_id: int


class FetchCard(Job, frozen=True, tag="fetch_card"):
    """Ask the page at this address what it is about, for the statuses that link to it."""

    tries: ClassVar[int] = 2
    url: str


class IndexAccount(Job, frozen=True, tag="index_account"):
    """Make an account's statuses found, or found no longer, by everybody: those below an id, or all for 0."""

    account_id: int
    below: int = 0


class MakeAnnualReport(Job, frozen=True, tag="make_annual_report"):
    """Count a member's year."""

    account_id: int
    year: int


class ComputeTrends(Job, frozen=True, tag="compute_trends"):
    """Count what is used more than usual, and come again a little later."""


class TellAnnouncement(Job, frozen=True, tag="tell_announcement"):
    """Tell members who listen what is announced, or that it is no more."""

    announcement_id: int
    withdrawn: bool = False


class Push(Job, frozen=True, tag="push"):
    """Find the devices that a notification is pushed to."""

    lane: ClassVar[Lane] = "push"
    account_id: int
    notification_id: int


class PushTo(Job, frozen=True, tag="push_to"):
    """Push a notification to one device."""

    lane: ClassVar[Lane] = "push"
    subscription_id: int
    account_id: int
    notification_id: int


class RestoreFollows(Job, frozen=True, tag="restore_follows"):
    """Bring back the follows that a restriction of this domain had cut, some at a time."""

    domain: str


class CleanUp(Job, frozen=True, tag="clean_up"):
    """Remove what has expired: codes, sessions, idempotency keys, ids of received activities."""


class GoAlong(Job, frozen=True, tag="go_along"):
    """Have our followers of an account that has moved follow the new one. `last`: whoever was not accepted by now
    follows the old one no more either."""

    account_id: int
    target_id: int
    after: int = 0
    """The last follow that was looked at."""
    last: bool = False


class EraseAccount(Job, frozen=True, tag="erase_account"):
    """Remove everything of a member who has deleted their account."""

    account_id: int


class ImportLines(Job, frozen=True, tag="import_lines"):
    """Do the next lines of an imported file. `first`: what the file replaces goes before."""

    import_id: int
    first: bool = False


class SendMail(Job, frozen=True, tag="send_mail"):
    """Send a letter. While it waits its body holds the link that the letter carries."""

    tries: ClassVar[int] = 12
    to: str
    letter: str
    """The template's name."""
    values: dict[str, str]
    until: int
    """Later it makes no sense any more (milliseconds since the epoch)."""


class RemindOfPassword(Job, frozen=True, tag="remind_of_password"):
    """Write to whoever has this address how to choose a new password. A job, so that the page which asks for it
    takes as long for an address that nobody has."""

    email: str


class MakeArchive(Job, frozen=True, tag="make_archive"):
    """Put everything a member has here into one file, as asked for at that time (milliseconds)."""

    lane: ClassVar[Lane] = "media"
    tries: ClassVar[int] = 5
    account_id: int
    requested_at: int


class RemoveFiles(Job, frozen=True, tag="remove_files"):
    """Remove uploaded files that no row refers to any more, by their addresses."""

    urls: list[str]


class ProcessMedia(Job, frozen=True, tag="process_media"):
    """Convert a film or sound that was uploaded, and show it as what it is. `upload` is its file in the
    workplace."""

    lane: ClassVar[Lane] = "media"
    tries: ClassVar[int] = 3
    media_id: int
    upload: str


AnyJob = (
    Federate
    | ReceiveActivity
    | ReceiveForwarded
    | SynchroniseFollowers
    | FetchThread
    | RefreshThread
    | FetchFeatured
    | FetchCollection
    | VerifyAnswer
    | VerifyItem
    | AskRelay
    | VerifyLinks
    | PublishScheduled
    | LeaveDomain
    | FetchQuote
    | ClosePoll
    | TellTotals
    | CreditCards
    | FetchCard
    | IndexAccount
    | MakeAnnualReport
    | ComputeTrends
    | TellAnnouncement
    | Push
    | PushTo
    | RestoreFollows
    | CleanUp
    | MakeArchive
    | RemoveFiles
    | ProcessMedia
    | GoAlong
    | EraseAccount
    | ImportLines
    | SendMail
    | RemindOfPassword
    | AnyDeciding
)
