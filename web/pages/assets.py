"""The stylesheet, scripts and drawings of the pages, named by their content so that browsers may keep them
for ever. `static` serves them; templates ask for `asset("fedcoop.css")`."""

import hashlib
from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).parent / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


class Asset(NamedTuple):
    """One file as it is served: `body` never changes under the same `address`."""

    address: str
    content_type: str
    body: bytes


def _load(path: Path) -> Asset:
    body = path.read_bytes()
    digest = hashlib.sha256(body).hexdigest()[:10]
    return Asset(f"/static/{path.stem}.{digest}{path.suffix}", TYPES[path.suffix], body)


BY_NAME = {path.name: _load(path) for path in sorted(FOLDER.iterdir()) if path.suffix in TYPES}
BY_ADDRESS = {asset.address: asset for asset in BY_NAME.values()}


def address_of(name: str) -> str:
    """The address under which `name` is served now. Raises `KeyError` for a file that is not there."""
    return BY_NAME[name].address
