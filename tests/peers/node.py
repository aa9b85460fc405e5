"""Programs for Node in this folder, as processes of a test; `make peers` installs what they stand on."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

HERE = Path(__file__).parent
installed = pytest.mark.skipif(
    not shutil.which("node") or not (HERE / "node_modules").is_dir(),
    reason="needs Node, and what `make peers` installs",
)


@asynccontextmanager
async def served(script: str, *words: str) -> AsyncIterator[None]:
    """`script` runs, and has said on its first line that it is ready."""
    process = await asyncio.create_subprocess_exec(
        "node", script, *words, cwd=HERE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    try:
        assert process.stdout is not None
        assert (await process.stdout.readline()).strip() == b"ready"
        yield
    finally:
        process.kill()
        await process.communicate()


async def run(script: str, *words: str) -> tuple[int, str]:
    """Run `script` to its end; its exit code and all that it printed."""
    process = await asyncio.create_subprocess_exec(
        "node", script, *words, cwd=HERE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()
