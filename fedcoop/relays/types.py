"""A relay that members decided to join."""

from typing import Literal

import msgspec

Style = Literal["mastodon", "litepub"]
State = Literal["asked", "accepted", "refused"]


class Relay(msgspec.Struct, frozen=True):
    """A row of `relays`. `url` is what members decided on: an inbox, which makes it one of Mastodon's style, or an
    actor. `actor_uri` is who answers for it, and `inbox` where it takes posts; both may be empty at first."""

    url: str
    actor_uri: str
    inbox: str
    follow_uri: str
    """The id of our Follow, which its answer names."""
    state: State
    problem: str
    because: str
    since: int

    @property
    def style(self) -> Style:
        """Mastodon's relays are followed at their inbox, those of LitePub as actors."""
        return style_of(self.url)


def style_of(url: str) -> Style:
    """Which kind of relay lives at an address."""
    return "mastodon" if url.rstrip("/").rpartition("/")[2] == "inbox" else "litepub"
