"""Serving: `serve` (web and worker in one process), `work` (a worker alone, with PostgreSQL), `routes`."""

from __future__ import annotations

import argparse
import asyncio
import gc
import logging
import signal
from collections.abc import Coroutine
from typing import TYPE_CHECKING, Any

from fedcoop.cli.instance import command
from fedcoop.config import Config
from fedcoop.errors import Invalid

if TYPE_CHECKING:
    from fedcoop.cli import Words

log = logging.getLogger(__name__)

COLLECT_AFTER = (10_000, 20, 20)
"""Garbage collection's thresholds; Python's own begin at 700."""


def add_commands(words: Words) -> None:
    parser = words.command("serve", serve, "serve web and API, and do the work behind them")
    parser.add_argument("--port", type=int, metavar="N", help="listen on this port")
    parser.add_argument("--host", metavar="ADDRESS", help="listen on this address")
    parser.add_argument(
        "--no-work", action="store_true", help="leave the work behind to `fedcoop work` (PostgreSQL only)"
    )
    words.command("work", work, "do the work behind the scenes, without serving (PostgreSQL only)")
    words.command("routes", routes, "list every address that is served, with the scope it asks for")


async def serve(config: Config, args: argparse.Namespace) -> int:
    return await _until_stopped(_serve(config, working=not args.no_work))


async def work(config: Config, args: argparse.Namespace) -> int:
    if config.database.startswith("sqlite"):
        raise Invalid(
            "With SQLite `fedcoop serve` does the work itself; a worker beside it needs PostgreSQL."
        )
    return await _until_stopped(_work(config))


async def routes(config: Config, args: argparse.Namespace) -> int:
    from web.api import api
    from web.routes import load
    from web.visit import pages

    load()
    for route in sorted(api, key=lambda route: route.path):
        scope = " or ".join(route.scopes) or "-"
        print(f"{route.method:7} {route.path:70} {scope}")
    for page in sorted(pages, key=lambda page: page.path):
        print(f"{page.method:7} {page.path:70} (page)")
    return 0


async def _serve(config: Config, *, working: bool) -> None:
    from fedcoop.wiring import assembled
    from web.app import serve as listen

    async with assembled(config) as instance:
        if working:
            await instance.take_over()
        try:
            runner = await listen(instance.services, host=config.host, port=config.port)
        except OSError as problem:
            raise Invalid(f"Cannot listen on {config.host}:{config.port}: {problem.strerror}.") from None
        _settle_memory()
        try:
            _say_where(instance.members, config)
            async with asyncio.TaskGroup() as group:
                if working:
                    instance.start_work(group)
                group.create_task(asyncio.Event().wait())
        finally:
            await runner.cleanup()


def _settle_memory() -> None:
    """What was loaded to start stays for good, and requests make few cycles: looking for them less often makes a
    page a tenth cheaper (docs/performance.md)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


async def _work(config: Config) -> None:
    from fedcoop.wiring import assembled

    async with assembled(config) as instance:
        await instance.take_over()
        async with asyncio.TaskGroup() as group:
            instance.start_work(group)
            print(f"Working for {config.base_url}; stop with Ctrl-C.", flush=True)


async def _until_stopped(what: Coroutine[Any, Any, None]) -> int:
    """Run until SIGTERM or SIGINT, then end in an orderly way."""
    task = asyncio.create_task(what)
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, task.cancel)
    try:
        await task
    except asyncio.CancelledError:
        log.info("stopped")
    return 0


def _say_where(members: int, config: Config) -> None:
    print(f"Serving {config.base_url}  (listening on http://{config.host}:{config.port})", flush=True)
    print(f"  about      {config.base_url}/about", flush=True)
    print(f"  decisions  {config.base_url}/coop", flush=True)
    if config.allow_private_peers:
        print("  WARNING    allow_private_peers is on: other servers may lead this one to private addresses.")
    if not members:
        print("Nobody is a member yet. Make the first one, who is also an admin:")
        words = "account create NAME --email YOU@EXAMPLE --member --admin"
        print(f"  {command(config, words)}", flush=True)
