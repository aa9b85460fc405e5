"""Structured field values (RFC 8941), as far as signatures need them: dictionaries, inner lists."""

import base64
import binascii
import re

import msgspec

from activitypub.errors import BadSignature

Bare = str | int | bytes | bool

_KEY = re.compile(r"[a-z*][a-z0-9_.*-]*")
_STRING = re.compile(r'"((?:[ !#-\[\]-~]|\\["\\])*)"')
_BYTES = re.compile(r":([A-Za-z0-9+/=]*):")
_INTEGER = re.compile(r"-?\d{1,15}(?![\d.])")
_TOKEN = re.compile(r"[A-Za-z*][A-Za-z0-9!#$%&'*+.^_`|~:/-]*")
_BOOLEAN = re.compile(r"\?([01])")


class Item(msgspec.Struct, frozen=True):
    """A value with its parameters; `raw` is how it was written, parameters included."""

    value: "Bare | tuple[Item, ...]"
    params: dict[str, Bare]
    raw: str


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0

    def fail(self) -> BadSignature:
        return BadSignature(f"a structured field breaks off at character {self.at}")

    def blanks(self) -> None:
        while self.at < len(self.text) and self.text[self.at] in " \t":
            self.at += 1

    def taken(self, what: str) -> bool:
        if self.text.startswith(what, self.at):
            self.at += len(what)
            return True
        return False

    def match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
        return found

    def key(self) -> str:
        found = self.match(_KEY)
        if not found:
            raise self.fail()
        return found[0]

    def bare(self) -> Bare:
        if found := self.match(_STRING):
            return re.sub(r"\\(.)", r"\1", found[1])
        if found := self.match(_BYTES):
            try:
                return base64.b64decode(found[1], validate=True)
            except binascii.Error:
                raise self.fail() from None
        if found := self.match(_BOOLEAN):
            return found[1] == "1"
        if found := self.match(_INTEGER):
            return int(found[0])
        if found := self.match(_TOKEN):
            return found[0]
        raise self.fail()

    def params(self) -> dict[str, Bare]:
        found: dict[str, Bare] = {}
        while self.taken(";"):
            self.blanks()
            key = self.key()
            if key in found:
                raise BadSignature(f"the parameter {key} stands twice")
            found[key] = self.bare() if self.taken("=") else True
        return found

    def item(self) -> Item:
        start = self.at
        if self.taken("("):
            inner: list[Item] = []
            self.blanks()
            while not self.taken(")"):
                inner.append(self.item())
                before = self.at
                self.blanks()
                if self.at == before and not self.text.startswith(")", self.at):
                    raise self.fail()
            value: Bare | tuple[Item, ...] = tuple(inner)
        else:
            value = self.bare()
        params = self.params()
        return Item(value, params, self.text[start : self.at])


def dictionary(text: str) -> dict[str, Item]:
    """A dictionary field. Raises `BadSignature` for anything else, also for a key that stands twice."""
    if len(text) > 20_000:
        raise BadSignature("a structured field of more than 20 000 characters")
    reader = _Reader(text.strip())
    found: dict[str, Item] = {}
    while True:
        key = reader.key()
        if key in found:
            raise BadSignature(f"the label {key} stands twice")
        found[key] = reader.item() if reader.taken("=") else Item(True, reader.params(), "")
        reader.blanks()
        if reader.at == len(reader.text):
            return found
        if not reader.taken(","):
            raise reader.fail()
        reader.blanks()
