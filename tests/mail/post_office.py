"""A real mail server on loopback, which keeps what it is given and refuses what it is told to refuse."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP

from tests.ports import free_port


@dataclass
class PostOffice:
    """`refuses`: what is answered to each recipient instead of taking the letter, while it is set."""

    port: int
    refuses: str = ""
    letters: list[EmailMessage] = field(default_factory=list)
    tries: int = 0

    async def handle_RCPT(  # aiosmtpd finds it by this name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        self.tries += 1
        if self.refuses:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # the same
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        self.letters.append(message)
        return "250 OK"

    def to(self, address: str) -> list[EmailMessage]:
        return [letter for letter in self.letters if letter["To"] == address]

    def link(self, address: str) -> str:
        """The path of the link in the latest letter to this address; text and HTML carry the same."""
        letter = self.to(address)[-1]
        (path,) = set(re.findall(r"https?://[^/\s]+(/\S+\?\S+)", text_of(letter)))
        assert path.replace("&", "&amp;") in html_of(letter)
        return str(path)


def text_of(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


@asynccontextmanager
async def post_office() -> AsyncIterator[PostOffice]:
    loop = asyncio.get_running_loop()
    office = PostOffice(free_port())
    listening = await loop.create_server(
        lambda: SMTP(office, hostname="post.test", loop=loop), "127.0.0.1", office.port
    )
    try:
        yield office
    finally:
        listening.close()
        await listening.wait_closed()


def settings(office: PostOffice) -> dict[str, Any]:
    """A server's settings for sending through it."""
    return {"smtp_host": "127.0.0.1", "smtp_port": office.port, "smtp_tls": "none"}
