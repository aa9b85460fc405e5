"""Asking the LibreTranslate-compatible service that the settings name. https://libretranslate.com/docs/

The operator chose its address, so that it may be on a private network; redirects are not followed.
"""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

import msgspec

from activitypub.client import Client
from activitypub.errors import FetchError
from fedcoop import clock
from fedcoop.cache import ByteCache
from fedcoop.config import Config
from fedcoop.errors import NotFound, Unavailable
from fedcoop.translations import access
from fedcoop.translations.access import Languages
from fedcoop.translations.types import Texts, Translation

LARGEST = 1_000_000
KEPT_BYTES = 4_000_000
LANGUAGES_KEPT = clock.HOUR
TROUBLE = "The translation service does not answer as it should. Please try again later."


class _Language(msgspec.Struct):
    code: str
    targets: list[str] = []


class _Answer(msgspec.Struct, rename={"texts": "translatedText", "detected": "detectedLanguage"}):
    texts: list[str]
    detected: Any = None


class Translator:
    """One service, and what it translated lately. Close with `close`."""

    def __init__(self, config: Config) -> None:
        self.url = config.translation_url.rstrip("/")
        self.key = config.translation_api_key
        self.client = Client(allow_private=True, own_host=config.domain)
        self._kept = ByteCache(KEPT_BYTES)
        self._languages: tuple[int, Languages] = (0, {})

    @property
    def configured(self) -> bool:
        return bool(self.url)

    @property
    def provider(self) -> str:
        """How readers learn who translated."""
        return urlsplit(self.url).hostname or ""

    async def close(self) -> None:
        await self.client.close()

    async def languages(self) -> Languages:
        """What can be translated into what; nothing where no service is configured. Raises `Unavailable`."""
        if not self.configured:
            return {}
        until, known = self._languages
        if until <= clock.now():
            await self.client.start()
            try:
                fetched = await self.client.get(
                    f"{self.url}/languages", accept="application/json", limit=LARGEST
                )
                found = msgspec.json.decode(fetched.body, type=list[_Language])
            except (FetchError, msgspec.DecodeError) as problem:
                raise Unavailable(TROUBLE) from problem
            every = [language.code for language in found]
            known = {
                each.code: [code for code in each.targets or every if code != each.code] for each in found
            }
            self._languages = (clock.now() + LANGUAGES_KEPT, known)
        return known

    async def translate(self, texts: Texts, source: str, target: str) -> Translation:
        """These texts in another language, asked for once as long as they stay the same. Raises `NotFound` where
        no service is configured, `Unavailable` where it does not answer, `NotAllowed` for other languages."""
        if not self.configured:
            raise NotFound
        source, target = access.pair(await self.languages(), source, target)
        asked = access.asked(texts)
        digest = hashlib.sha256(msgspec.json.encode([source, target, asked, list(texts.descriptions)]))
        key = int.from_bytes(digest.digest()[:8])
        kept = self._kept.get(key, 0)
        if kept is None:
            answers, detected = await self._ask(asked, source, target)
            made = access.put_together(texts, answers, detected, target, self.provider)
            kept = msgspec.json.encode(made)
            self._kept.put(key, 0, kept)
        return msgspec.json.decode(kept, type=Translation)

    async def _ask(self, texts: list[str], source: str, target: str) -> tuple[list[str], str]:
        wanted: dict[str, Any] = {"q": texts, "source": source, "target": target, "format": "html"}
        if self.key:
            wanted["api_key"] = self.key
        await self.client.start()
        try:
            reply = await self.client.ask(
                f"{self.url}/translate", msgspec.json.encode(wanted), "application/json", limit=LARGEST
            )
            answer = msgspec.json.decode(reply.body, type=_Answer)
        except (FetchError, msgspec.DecodeError) as problem:
            raise Unavailable(TROUBLE) from problem
        if reply.status != 200 or len(answer.texts) != len(texts):
            raise Unavailable(TROUBLE)
        return answer.texts, _detected(answer.detected) or source


def _detected(said: Any) -> str:
    first = said[0] if isinstance(said, list) and said else said
    code = first.get("language") if isinstance(first, dict) else None
    return code if isinstance(code, str) else ""
