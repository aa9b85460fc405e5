"""The one place that speaks SMTP. Called by the job `SendMail` alone, never inside a transaction."""

from __future__ import annotations

import aiosmtplib

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.jobs.queue import doing
from fedcoop.jobs.types import GiveUp, SendMail
from fedcoop.mail import letters

TIMEOUT = 30
"""Seconds for each step of the conversation."""


async def send(config: Config, job: SendMail) -> None:
    """Hand the letter to the configured server. Raises `GiveUp` when that refuses it for good, or when it is too
    late for it; whatever else it raises may pass."""
    if not config.sends_mail:
        raise GiveUp("This server sends no mail: smtp_host is not set.")
    if job.until < clock.now():
        raise GiveUp(f"The letter “{job.letter}” could not be sent in time.")
    message = letters.written(config, job, doing.get() or clock.now())
    try:
        await aiosmtplib.send(
            message,
            sender=config.sender,
            recipients=[job.to],
            hostname=config.smtp_host,
            port=config.smtp_port,
            username=config.smtp_username or None,
            password=config.smtp_password or None,
            use_tls=config.smtp_tls == "tls",
            start_tls=config.smtp_tls == "starttls",
            timeout=TIMEOUT,
        )
    except aiosmtplib.SMTPRecipientsRefused as problem:
        if all(each.code >= 500 for each in problem.recipients):
            raise GiveUp(f"The mail server refuses the recipient: {problem.recipients[0].message}") from None
        raise
    except aiosmtplib.SMTPAuthenticationError:
        # Somebody will correct the password; the letters wait for that.
        raise
    except aiosmtplib.SMTPResponseException as problem:
        if problem.code >= 500:
            raise GiveUp(f"The mail server refuses the letter: {problem.message}") from None
        raise
