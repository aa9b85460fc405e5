"""The job that asks for a thread, which carries along what is left to be asked. The other kinds are in `types`."""

from typing import ClassVar

import msgspec

from fedcoop.jobs.base import Job


class RefreshThread(Job, frozen=True, tag="refresh_thread"):
    """Ask other servers what was said in the thread of a status: at `most` so many posts. The rest is what is left
    to do, of a job that was not the first."""

    tries: ClassVar[int] = 3
    status_id: int
    refresh_id: int = 0
    """Whom to tell, if a client waits for it."""
    most: int = 1_000
    begun: bool = False
    context: str = ""
    sources: list[str] = msgspec.field(default_factory=list)
    """Collections that may have the whole thread,"""
    replies: str = ""
    """and the one with the answers, where these have nothing."""
    answering: bool = False
    """Answers are followed, and the answers to them."""
    pages: list[str] = msgspec.field(default_factory=list)
    posts: list[str] = msgspec.field(default_factory=list)
    pages_read: int = 0
    posts_read: int = 0
