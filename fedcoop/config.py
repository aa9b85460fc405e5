"""How this instance is set up: one TOML file plus `FEDCOOP_…` environment variables.

Every setting is explained in `deploy/config.example.toml`. What members decide is not here but in the
constitution and in `fedcoop.settings`.
"""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from fedcoop.errors import Invalid

FILE_NAME = "config.toml"


class Config(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All settings with their defaults. Sizes are bytes, times seconds."""

    domain: str = "localhost:8080"
    scheme: Literal["http", "https"] = "https"
    title: str = "A fedcoop co-operative"
    description: str = "A social network server that belongs to its members."
    contact_email: str = ""
    source_url: str = ""
    languages: tuple[str, ...] = ("en",)

    host: str = "127.0.0.1"
    port: int = 8080
    trusted_proxies: tuple[str, ...] = ()

    data: str = "data"
    database_url: str = ""
    database_readers: int = 2
    key_file: str = ""

    registrations: Literal["open", "approval", "closed"] = "approval"
    registrations_min_age: int = 0
    email_confirmation: bool = False

    smtp_host: str = ""
    smtp_port: int = 587
    smtp_username: str = ""
    smtp_password: str = ""
    smtp_tls: Literal["starttls", "tls", "none"] = "starttls"
    mail_from: str = ""

    rate_limits: bool = True
    allow_private_peers: bool = False

    witness_quorum: int = 0

    featured_accounts: tuple[str, ...] = ()
    trends: Literal["off", "reviewed", "all"] = "reviewed"

    translation_url: str = ""
    translation_api_key: str = ""

    status_max_chars: int = 5000
    poll_max_options: int = 8
    poll_max_option_chars: int = 200
    document_max_bytes: int = 1_048_576
    request_max_bytes: int = 1_048_576
    media_max_bytes: int = 16_777_216
    video_max_bytes: int = 103_809_024
    video_max_pixels: int = 8_294_400
    ffmpeg: str = "ffmpeg"
    media_proxy: bool = True
    media_cache_bytes: int = 2_147_483_648
    media_cache_days: int = 14
    s3_bucket: str = ""
    s3_endpoint: str = ""
    s3_region: str = "us-east-1"
    s3_access_key: str = ""
    s3_secret_key: str = ""
    s3_public_url: str = ""
    delivery_concurrency: int = 64
    worker_concurrency: int = 8
    entity_cache_bytes: int = 12_582_912
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @property
    def base_url(self) -> str:
        """`https://coop.example`, without a slash at the end."""
        return f"{self.scheme}://{self.domain}"

    @property
    def data_dir(self) -> Path:
        return Path(self.data)

    @property
    def database(self) -> str:
        """The database's URL: SQLite in the data directory unless `database_url` says otherwise."""
        return self.database_url or f"sqlite:///{self.data_dir / 'fedcoop.sqlite3'}"

    @property
    def key_path(self) -> Path:
        """The file whose key opens the private keys in the database."""
        return Path(self.key_file) if self.key_file else self.data_dir / "keys.secret"

    @property
    def sends_mail(self) -> bool:
        return bool(self.smtp_host)

    @property
    def sender(self) -> str:
        """The address that mail comes from."""
        return self.mail_from or f"no-reply@{self.domain.partition(':')[0]}"

    def database_exists(self) -> bool:
        """False only where an SQLite file is expected that is not there: opening it would make an empty
        one."""
        scheme, _, path = self.database.partition(":///")
        return scheme != "sqlite" or Path(path).exists()


def load(
    data: str | None = None,
    *,
    env: Mapping[str, str] | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> Config:
    """Read `config.toml` in the data directory if it is there, then the environment, then `overrides`.

    Raises `Invalid` with the setting's name when a key is unknown or a value does not fit.
    """
    env = os.environ if env is None else env
    folder = data or env.get("FEDCOOP_DATA") or Config().data
    path = Path(folder) / FILE_NAME
    values: dict[str, Any] = {}
    if path.exists():
        try:
            values.update(tomllib.loads(path.read_text("utf-8")))
        except tomllib.TOMLDecodeError as problem:
            raise Invalid(f"{path}: {problem}") from None
    values |= _from_environment(env)
    values |= dict(overrides or {})
    values["data"] = folder
    try:
        config = msgspec.convert(values, Config)
    except msgspec.ValidationError as problem:
        raise Invalid(f"Configuration ({path} and FEDCOOP_… variables): {problem}") from None
    return msgspec.structs.replace(config, domain=config.domain.lower())


def _from_environment(env: Mapping[str, str]) -> dict[str, Any]:
    fields = {field.encode_name: field for field in msgspec.structs.fields(Config)}
    values: dict[str, Any] = {}
    for key, text in env.items():
        if not key.startswith("FEDCOOP_"):
            continue
        name = key.removeprefix("FEDCOOP_").lower()
        if name not in fields:
            raise Invalid(f"The environment variable {key} is not a setting of fedcoop.")
        values[name] = _typed(text, fields[name].type, key)
    return values


def _typed(text: str, kind: Any, key: str) -> Any:
    if kind == tuple[str, ...]:
        return [part.strip() for part in text.split(",") if part.strip()]
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError as problem:
        raise Invalid(f"{key}: {problem}") from None
