"""A small server of the kind that keeps objects (S3), on loopback: real PUT, GET with ranges, HEAD, deletion by
the list, and uploads in parts. Signatures are asked for and not checked."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import unquote

from aiohttp import web

from tests.ports import free_port

XML = "application/xml"


@dataclass
class Bucket:
    """Objects by name, with their types; `broken` makes every PUT fail."""

    endpoint: str
    objects: dict[str, tuple[bytes, str]] = field(default_factory=dict)
    parts: dict[tuple[str, int], bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    broken: bool = False

    async def answer(self, request: web.Request) -> web.StreamResponse:
        assert request.headers["Authorization"].startswith("AWS4-HMAC-SHA256 Credential=the-key/")
        bucket, _, name = unquote(request.path).lstrip("/").partition("/")
        self.asked.append(f"{request.method} {name}")
        if bucket != "pictures" or self.broken:
            return web.Response(status=403, text="<Error><Code>AccessDenied</Code></Error>", content_type=XML)
        if request.method == "PUT":
            return await self._put(request, name)
        if request.method == "POST":
            return await self._parts(request, name)
        return self._get(request, name)

    async def _put(self, request: web.Request, name: str) -> web.Response:
        data = await request.read()
        if number := request.query.get("partNumber"):
            self.parts[(request.query["uploadId"], int(number))] = data
        else:
            self.objects[name] = (data, request.headers.get("Content-Type", ""))
        return web.Response(headers={"ETag": f'"{len(data)}"'})

    async def _parts(self, request: web.Request, name: str) -> web.Response:
        if "delete" in request.query:
            gone = re.findall("<Key>(.*?)</Key>", await request.text())
            for each in gone:
                self.objects.pop(each, None)
            said = "".join(f"<Deleted><Key>{each}</Key></Deleted>" for each in gone)
            return web.Response(text=f"<DeleteResult>{said}</DeleteResult>", content_type=XML)
        if "uploads" in request.query:
            self.objects[f"type of {name}"] = (b"", request.headers.get("Content-Type", ""))
            body = (
                f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
            )
            return web.Response(text=body, content_type=XML)
        _, kind = self.objects.pop(f"type of {name}")
        ours = sorted(key for key in self.parts if key[0] == request.query["uploadId"])
        self.objects[name] = (b"".join(self.parts.pop(key) for key in ours), kind)
        body = "<CompleteMultipartUploadResult><ETag>1</ETag></CompleteMultipartUploadResult>"
        return web.Response(text=body, content_type=XML)

    def _get(self, request: web.Request, name: str) -> web.Response:
        if name not in self.objects:
            return web.Response(status=404, text="<Error><Code>NoSuchKey</Code></Error>", content_type=XML)
        data, kind = self.objects[name]
        headers = {"ETag": '"1"', "Last-Modified": "Wed, 21 Oct 2015 07:28:00 GMT", "Content-Type": kind}
        wanted = request.http_range
        start, end, _ = slice(wanted.start, wanted.stop).indices(len(data))
        if "Range" in request.headers:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
            return web.Response(status=206, body=data[start:end], headers=headers)
        return web.Response(body=data, headers=headers)


@asynccontextmanager
async def bucket_server() -> AsyncIterator[Bucket]:
    port = free_port()
    bucket = Bucket(f"http://127.0.0.1:{port}")
    app = web.Application(client_max_size=256 * 1024 * 1024)
    app.router.add_route("*", "/{path:.*}", bucket.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", port).start()
        yield bucket
    finally:
        await runner.cleanup()
