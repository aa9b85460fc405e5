"""A photo of 12 megapixels: how soon it can be posted, and how long others wait meanwhile."""

from __future__ import annotations

import http.client
import json
import statistics
import threading
import time
from io import BytesIO

from PIL import Image, ImageFilter

from tests.bench.figures import Report
from tests.bench.load import Meter
from tests.bench.seeding import Town

SIZE = (4000, 3000)
BOUNDARY = "a-photo"


def photo() -> bytes:
    """As large as a phone's: shapes, with the noise of a sensor."""
    coarse = [Image.effect_noise((SIZE[0] // 40, SIZE[1] // 40), 120).resize(SIZE) for _ in range(3)]
    image = Image.merge("RGB", coarse).filter(ImageFilter.GaussianBlur(3))
    noise = Image.merge("RGB", [Image.effect_noise(SIZE, 12)] * 3)
    file = BytesIO()
    Image.blend(image, noise, 0.3).save(file, "JPEG", quality=92)
    return file.getvalue()


def upload(town: Town, report: Report) -> None:
    """One photo, while somebody else asks for one page after the other."""
    server, token = town.server, town.reader
    server.ready()
    body = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n"
    ).encode() + photo() + f"\r\n--{BOUNDARY}--\r\n".encode()  # fmt: skip
    waits: list[float] = []
    done = threading.Event()

    def read() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", server.port)
        while not done.is_set():
            since = time.perf_counter()
            connection.request(
                "GET", "/api/v1/timelines/home?limit=20", headers={"Authorization": f"Bearer {token}"}
            )
            connection.getresponse().read()
            waits.append(1000 * (time.perf_counter() - since))
            time.sleep(0.002)

    reader = threading.Thread(target=read)
    reader.start()
    meter = Meter(server)
    since = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", server.port)
    said = {
        "Authorization": f"Bearer {token}",
        "Content-Type": f"multipart/form-data; boundary={BOUNDARY}",
    }
    connection.request("POST", "/api/v2/media", body, said)
    answer = connection.getresponse()
    media = json.loads(answer.read())
    seconds = time.perf_counter() - since
    done.set()
    reader.join()
    if answer.status != 200 or not media["url"]:
        raise RuntimeError(f"the photo was not taken: {answer.status} {media}")
    cpu, _ = meter.read()
    report.add(
        "a photo of 12 megapixels",
        seconds=seconds,
        p50_ms=statistics.median(waits),
        slowest_ms=max(waits),
        cpu_ms=1000 * cpu,
    )
