"""`make screenshots`: the pictures in `docs/images`, taken of what `fedcoop demo` makes. The rest of this folder
tests; this only looks."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import tempfile
from pathlib import Path

import requests
from PIL import Image

from fedcoop.cli.demo import PASSWORD
from tests.browser.screens import CHROMIUM, Screen, started
from tests.flows.processes import until
from tests.ports import free_port

IMAGES = Path(__file__).parents[2] / "docs" / "images"
SHOTS = {
    "proposal": ("/coop/5", "maren", 1100, 800),
    "ballot": ("/coop/6", "tomas", 1100, 800),
    "ranking": ("/coop/7", "maren", 390, 844),
    "ledger": ("/coop/ledger", "maren", 1100, 800),
}
"""Each picture: the page, who looks at it, and how large the screen is."""
COLOURS = 256


def small(picture: bytes) -> bytes:
    """The same picture with a palette, which is half its size."""
    kept = io.BytesIO()
    Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(
        kept, "PNG", optimize=True
    )
    return kept.getvalue()


async def take(base_url: str) -> None:
    async with started() as browser:
        for name, (path, who, width, height) in SHOTS.items():
            context = await browser.new_context(viewport={"width": width, "height": height})
            somebody = Screen(await context.new_page(), base_url)
            await somebody.opens(f"/login?next={path}")
            await somebody.fills(who=who, password=PASSWORD)
            await somebody.clicks("Log in")
            await somebody.page.wait_for_url(base_url + path)
            if name == "ranking":
                for _ in range(2):
                    await somebody.page.locator(".unranked button").last.click()
                await somebody.page.mouse.move(0, 0)
                await somebody.page.evaluate("document.querySelector('#ballot').scrollIntoView()")
            picture = small(await somebody.page.screenshot())
            (IMAGES / f"{name}.png").write_bytes(picture)
            print(f"docs/images/{name}.png: {len(picture) // 1000} kB")
            await context.close()


def main() -> int:
    if CHROMIUM is None:
        print("Chromium is not installed.")
        return 1
    port = free_port()
    base_url = f"http://localhost:{port}"
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "fedcoop"]
        place = ["--data", folder]
        subprocess.run([*command, "demo", *place, "--domain", f"localhost:{port}"], check=True)
        with subprocess.Popen([*command, "serve", *place, "--port", str(port)]) as serving:
            try:
                until(lambda: answers(base_url))
                asyncio.run(take(base_url))
            finally:
                serving.terminate()
    return 0


def answers(base_url: str) -> bool:
    return requests.get(f"{base_url}/about", timeout=5).ok


if __name__ == "__main__":
    sys.exit(main())
