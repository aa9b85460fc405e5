"""What `fedcoop doctor` looks at. Each examination says what it found and, if need be, what to do."""

from __future__ import annotations

import asyncio
import shutil
import socket
import ssl
import time
from collections.abc import AsyncIterator
from email.utils import parsedate_to_datetime
from typing import Literal, NamedTuple

from fedcoop import clock
from fedcoop.config import Config
from fedcoop.db import Database, migrate, opened
from fedcoop.db.locking import keys_stand_open, lock_keys
from fedcoop.errors import Invalid, Unavailable
from fedcoop.jobs import queries as job_queries

GIB = 1 << 30
DISK_WANTED = 2 * GIB
CERTIFICATE_DAYS = 14
SKEW_ALLOWED = 30
QUEUE_OLD = 10 * clock.MINUTE


class Finding(NamedTuple):
    mark: Literal["✓", "!", "✗"]
    what: str
    how: str
    advice: str = ""


async def examine(config: Config) -> AsyncIterator[Finding]:
    """One finding after the other, from the ground up."""
    yield _disk(config)
    for finding in await _database(config):
        yield finding
    yield await _domain(config)
    yield await _tls(config)
    yield await _clock(config)
    yield await _mail(config)
    if config.scheme == "https" and not config.trusted_proxies:
        yield Finding(
            "!",
            "proxy",
            "no reverse proxy is trusted, so all visitors through one share one rate limit",
            'set trusted_proxies = ["127.0.0.1"], or its address',
        )
    if config.allow_private_peers:
        yield Finding("!", "peers", "private addresses are allowed", "set allow_private_peers = false")


def _disk(config: Config) -> Finding:
    try:
        free = shutil.disk_usage(config.data_dir).free
    except OSError as problem:
        return Finding(
            "✗", "disk", f"{config.data_dir}: {problem.strerror}", "make an instance: fedcoop init"
        )
    how = f"{free / GIB:.1f} GiB free for {config.data_dir}"
    return (
        Finding("✓", "disk", how) if free > DISK_WANTED else Finding("✗", "disk", how, "free at least 2 GiB")
    )


async def _database(config: Config) -> list[Finding]:
    if not config.database_exists():
        return [Finding("✗", "database", "there is none", "make an instance: fedcoop init")]
    try:
        async with opened(config) as db:
            if not await migrate.is_current(db):
                return [Finding("✗", "database", "its schema is of another version", "run: fedcoop migrate")]
            async with db.scan() as tx:
                lanes = await tx.all(job_queries.COUNTS, now=clock.now())
            keys = await keys_of(db)
    except (OSError, Unavailable) as problem:
        return [Finding("✗", "database", str(problem), "is it running, and is database_url right?")]
    due = sum(row["due"] for row in lanes)
    dead = sum(row["dead"] for row in lanes)
    oldest = min((row["oldest"] for row in lanes if row["oldest"]), default=clock.now())
    late = clock.now() - oldest > QUEUE_OLD and due > 0
    return [
        Finding("✓", "database", f"{db.dialect}, schema {migrate.newest()}"),
        keys,
        Finding(
            "✗" if late else "✓",
            "queue",
            f"{due} jobs waiting, the oldest since {max(0, clock.now() - oldest) // 1000} s",
            "is `fedcoop serve` (or `fedcoop work`) running?" if late else "",
        ),
        Finding("!" if dead else "✓", "given up", f"{dead} jobs", "see the log for why" if dead else ""),
    ]


async def keys_of(db: Database) -> Finding:
    """Whether private keys are locked, and what opens them is there for us alone."""
    path = db.vault.path
    try:
        if await keys_stand_open(db):
            return Finding("✗", "keys", "private keys stand open in the database", "run: fedcoop migrate")
        await lock_keys(db)
    except Invalid as problem:
        return Finding(
            "✗", "keys", problem.message, "without it nobody can sign; restore it from your backup"
        )
    if path is not None and path.exists() and path.stat().st_mode & 0o077:
        return Finding("✗", "keys", f"others may read {path}", f"run: chmod 600 {path}")
    return Finding("✓", "keys", f"private keys are locked, and {path} opens them")


async def _domain(config: Config) -> Finding:
    host = config.domain.partition(":")[0]
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except OSError:
        return Finding("✗", "domain", f"{host} has no address", "add an A or AAAA record for it")
    return Finding("✓", "domain", f"{host} is {', '.join(sorted({str(item[4][0]) for item in found}))}")


async def _tls(config: Config) -> Finding:
    if config.scheme == "http":
        return Finding("!", "TLS", "off (scheme is http)", 'for anything but a trial: scheme = "https"')
    host, _, port = config.domain.partition(":")
    try:
        async with asyncio.timeout(10):
            _, writer = await asyncio.open_connection(
                host, int(port or 443), ssl=ssl.create_default_context()
            )
    except (OSError, TimeoutError) as problem:
        return Finding("✗", "TLS", str(problem) or "no answer", "is the reverse proxy running? see deploy/")
    certificate = writer.get_extra_info("peercert")
    writer.close()
    days = (ssl.cert_time_to_seconds(certificate["notAfter"]) - time.time()) / 86400
    how = f"certificate good for {days:.0f} days"
    return Finding("✓", "TLS", how) if days > CERTIFICATE_DAYS else Finding("✗", "TLS", how, "renew it")


async def _mail(config: Config) -> Finding:
    if not config.sends_mail:
        return Finding(
            "!",
            "mail",
            "none is sent, so nobody resets a password alone",
            "set smtp_host; until then: fedcoop account link NAME",
        )
    where = f"{config.smtp_host}:{config.smtp_port}"
    try:
        async with asyncio.timeout(10):
            _, writer = await asyncio.open_connection(config.smtp_host, config.smtp_port)
    except (OSError, TimeoutError) as problem:
        return Finding(
            "✗", "mail", f"{where}: {problem or 'no answer'}", "are smtp_host and smtp_port right?"
        )
    writer.close()
    return Finding("✓", "mail", f"{where} answers; letters come from {config.sender}")


async def _clock(config: Config) -> Finding:
    """Compares with whoever answers at our own address: the reverse proxy's clock, or our own."""
    host, _, port = config.domain.partition(":")
    context = ssl.create_default_context() if config.scheme == "https" else None
    try:
        async with asyncio.timeout(10):
            reader, writer = await asyncio.open_connection(
                host, int(port or (443 if context else 80)), ssl=context
            )
            writer.write(
                f"HEAD /about HTTP/1.1\r\nHost: {config.domain}\r\nConnection: close\r\n\r\n".encode()
            )
            answer = (await reader.read(65536)).decode("latin-1")
            writer.close()
    except (OSError, TimeoutError):
        return Finding(
            "!", "clock", "nobody answers at our address to compare with", "run doctor while serving"
        )
    dates = [line[5:].strip() for line in answer.split("\r\n") if line.lower().startswith("date:")]
    if not dates:
        return Finding("!", "clock", "the answer had no date")
    skew = abs(parsedate_to_datetime(dates[0]).timestamp() - time.time())
    how = f"{skew:.0f} s off what our address says"
    return Finding("✓", "clock", how) if skew < SKEW_ALLOWED else Finding("✗", "clock", how, "switch on NTP")
