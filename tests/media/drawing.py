"""Pictures for the tests, and the words to upload them with."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

import aiohttp
from PIL import Image

from tests.words import Answer, Person, Server


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), mode: str = "RGB", **saved: Any) -> bytes:
    """A picture that is red on the left and blue on the right."""
    image = Image.new("RGB", size, "blue")
    image.paste("red", (0, 0, size[0] // 2, size[1]))
    file = BytesIO()
    image.convert(mode).save(file, kind, **saved)
    return file.getvalue()


def animation(kind: str = "GIF", frames: int = 3, size: tuple[int, int] = (40, 30)) -> bytes:
    drawn = [Image.new("RGB", size, (60 * n % 256, 20, 200)) for n in range(frames)]
    file = BytesIO()
    drawn[0].save(file, kind, save_all=True, append_images=drawn[1:], duration=70, loop=0)
    return file.getvalue()


def seen(data: bytes) -> Image.Image:
    return Image.open(BytesIO(data))


async def upload(
    who: Person, data: bytes, *, name: str = "photo.jpg", path: str = "/api/v2/media", expect: int = 200,
    thumbnail: bytes | None = None, **fields: str,
) -> Answer:  # fmt: skip
    form = aiohttp.FormData()
    form.add_field("file", BytesIO(data), filename=name, content_type="image/jpeg")
    if thumbnail is not None:
        form.add_field("thumbnail", thumbnail, filename="small.png")
    for key, value in fields.items():
        form.add_field(key, value)
    return await who.ask("POST", path, expect=expect, data=form)


async def fetched(server: Server, url: str, *, expect: int = 200, **headers: str) -> tuple[bytes, Any]:
    """What a browser gets from this address."""
    async with server.http.get(url, headers=headers) as response:
        assert response.status == expect, await response.text()
        return await response.read(), response.headers


def on_disk(server: Server) -> list[Path]:
    """Every file below the media folder."""
    folder = Path(server.config.data) / "media"
    return sorted(path for path in folder.rglob("*") if path.is_file())
