"""Unusual JSON-LD into the common shape: pyld expands and compacts it against our own context.

Slow (milliseconds) and hungry, so only for documents that `shape` does not know; run it off the event loop.
No context is ever fetched: those in `activitypub/contexts` are known, any other stands for `unknown.json`,
the prefixes that everybody uses; a term that only an unknown context defines does not exist for us. What
lets a signed document be read in two ways (graphs, reverse and included nodes, scoped contexts) is refused
(CVE-2026-48028, GHSA-vgm8-frgh-rh2v).
"""

import functools
from importlib import resources
from typing import Any

import msgspec
from pyld import jsonld

from activitypub.errors import Ignored

MOST_NODES = 2_000
"""Values in a document that we expand; a real post has some hundreds."""
MOST_CONTEXT_PARTS = 30
_REFUSED = frozenset({"@graph", "@included", "@reverse", "@nest", "@import", "@propagate", "@protected"})

_FILES = {
    "https://www.w3.org/ns/activitystreams": "activitystreams.json",
    "https://w3id.org/security/v1": "security-v1.json",
    "https://w3id.org/identity/v1": "security-v1.json",
    "https://w3id.org/security/data-integrity/v1": "data-integrity.json",
    "https://w3id.org/security/data-integrity/v2": "data-integrity.json",
    "https://w3id.org/security/multikey/v1": "multikey.json",
    "https://www.w3.org/ns/did/v1": "did.json",
    "https://purl.archive.org/socialweb/webfinger": "webfinger.json",
    "https://gotosocial.org/ns": "gotosocial.json",
    "https://w3id.org/fep/7aa9": "fep-7aa9.json",
}


def compact(document: dict[str, Any]) -> dict[str, Any]:
    """The same document in our own terms. Raises `Ignored` when it is too much or too clever."""
    _inspect(document)
    options = {"documentLoader": _load, "processingMode": "json-ld-1.1"}
    try:
        expanded = jsonld.expand(document, options)
        if len(expanded) != 1:
            raise Ignored("not exactly one thing in the document")
        compacted = jsonld.compact(expanded, _own_context(), {**options, "graph": False})
    except jsonld.JsonLdError as error:
        raise Ignored(f"JSON-LD that we cannot read: {error.code or error.type}") from None
    except RecursionError:
        raise Ignored("nested too deeply") from None
    except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        raise Ignored(f"JSON-LD that breaks the processor: {error}") from None
    if not isinstance(compacted, dict) or "@graph" in compacted:
        raise Ignored("not exactly one thing in the document")
    compacted.pop("@context", None)
    return compacted


def canonical(document: dict[str, Any]) -> bytes:
    """The RDF of a document of our own in its one form (URDNA2015), as N-Quads."""
    options = {
        "algorithm": "URDNA2015",
        "format": "application/n-quads",
        "documentLoader": _load,
        "processingMode": "json-ld-1.1",
    }
    return str(jsonld.normalize(document, options)).encode()


def _inspect(document: dict[str, Any]) -> None:
    """Raises `Ignored` before any work is done for a document that is too large or uses what we refuse."""
    nodes, parts = 0, 0
    waiting: list[tuple[Any, bool]] = [(document, False)]
    while waiting:
        current, in_context = waiting.pop()
        nodes += 1
        if nodes > MOST_NODES:
            raise Ignored("too large a document to expand as JSON-LD")
        if isinstance(current, str) and in_context and current in _REFUSED:
            raise Ignored(f"{current} under another name")
        if isinstance(current, list):
            waiting.extend((child, in_context) for child in current)
        elif isinstance(current, dict):
            for key, child in current.items():
                if key in _REFUSED:
                    raise Ignored(f"{key} in a document")
                if key == "@context":
                    if in_context:
                        raise Ignored("a context inside a context")
                    parts += len(child) if isinstance(child, list) else 1
                waiting.append((child, in_context or key == "@context"))
    if parts > MOST_CONTEXT_PARTS:
        raise Ignored("too many contexts")


def _load(url: str, options: dict[str, Any]) -> dict[str, Any]:
    found = _file(_FILES.get(url.rstrip("#/").replace("http://", "https://", 1), "unknown.json"))
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": found}


@functools.cache
def _file(name: str) -> dict[str, Any]:
    text = resources.files("activitypub").joinpath("contexts", name).read_bytes()
    return msgspec.json.decode(text, type=dict[str, Any])


@functools.cache
def _own_context() -> dict[str, Any]:
    """ActivityStreams, security and the extensions that `reader` knows, as one inline context."""
    merged: dict[str, Any] = {}
    for name in ("activitystreams.json", "security-v1.json", "extensions.json"):
        merged.update(_file(name)["@context"])
    return {"@context": merged}
