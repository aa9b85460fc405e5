"""Is a document in the common shape, so that its keys mean what they seem to mean?

Nearly all are: compact JSON-LD in the terms of ActivityStreams. The others (prefixed or absolute keys,
keywords, an inline context that gives one of our words another meaning) go through `jsonld`, slower and
stricter. This keeps plain reading and JSON-LD from disagreeing about one document (CVE-2022-24307).
"""

from collections.abc import Iterator
from typing import Any

AS = "https://www.w3.org/ns/activitystreams#"
SECURITY = "https://w3id.org/security#"

_CORE_WORDS = """
    id type actor object target result origin instrument to cc bto bcc audience attributedTo content
    contentMap name nameMap summary summaryMap inReplyTo published updated startTime endTime closed
    oneOf anyOf replies totalItems items orderedItems first last next prev partOf current url href
    mediaType attachment tag icon image inbox outbox followers following preferredUsername endpoints
    sharedInbox duration width height publicKey publicKeyPem owner Note Question Article Page Image
    Audio Video Event Document Person Service Application Group Organization Follow Accept Reject Undo
    Create Update Delete Announce Like Block Move Flag Add Remove Dislike Tombstone Mention Collection
    OrderedCollection CollectionPage OrderedCollectionPage alsoKnownAs movedTo manuallyApprovesFollowers
    formerType
"""
CORE = frozenset(_CORE_WORDS.split())
"""Words whose meaning decides who says what to whom; no inline context may bend them unnoticed."""

_SECURITY_WORDS = frozenset({"publicKey", "publicKeyPem", "owner"})
_PREFIXES = {
    "as": AS,
    "sec": SECURITY,
    "security": SECURITY,
    "w3id": SECURITY,
    "ldp": "http://www.w3.org/ns/ldp#",
}
_SPELLINGS = {"@id": "id", "@type": "type"}
_KEYWORD_ALIASES = {"id": "@id", "type": "@type"}
_HARMLESS = frozenset({"@language", "@version"})


def is_plain(document: dict[str, Any]) -> bool:
    """Can the keys be read as they stand?"""
    return all(_plain_object(found) for found in _objects(document))


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        current = waiting.pop()
        if isinstance(current, dict):
            yield current
            waiting.extend(child for key, child in current.items() if key != "@context")
        elif isinstance(current, list):
            waiting.extend(current)


def uses_keywords(document: dict[str, Any]) -> bool:
    """Does `@id` or `@type` stand anywhere in it?"""
    return any("@id" in found or "@type" in found for found in _objects(document))


def without_keywords(value: Any) -> Any:
    """The plain document with `@id` and `@type` written as `id` and `type`."""
    if isinstance(value, list):
        return [without_keywords(one) for one in value]
    if isinstance(value, dict):
        return {_SPELLINGS.get(key, key): without_keywords(one) for key, one in value.items()}
    return value


def _plain_object(found: dict[str, Any]) -> bool:
    for key in found:
        if key == "@context":
            if not _plain_context(found[key]):
                return False
        elif key in _SPELLINGS:
            if _SPELLINGS[key] in found:
                return False
        elif key.startswith(("@", "as:", AS, SECURITY)):
            return False
    return True


def _plain_context(context: Any) -> bool:
    if isinstance(context, list):
        return all(_plain_context(part) for part in context)
    if context is None or isinstance(context, str):
        return True
    return isinstance(context, dict) and all(_plain_term(term, to, context) for term, to in context.items())


def _plain_term(term: str, definition: Any, context: dict[str, Any]) -> bool:
    if term in _HARMLESS:
        return True
    if term.startswith("@"):
        return False
    target = definition.get("@id") if isinstance(definition, dict) else definition
    if isinstance(definition, dict) and ("@reverse" in definition or "@context" in definition):
        return False
    if isinstance(target, str) and target.startswith("@"):
        return _KEYWORD_ALIASES.get(term) == target
    if term not in CORE:
        return True
    return isinstance(target, str) and _expand(target, context) in _expected(term)


def _expand(iri: str, context: dict[str, Any]) -> str:
    prefix, colon, rest = iri.partition(":")
    if not colon or rest.startswith("//"):
        return iri
    base = context.get(prefix, _PREFIXES.get(prefix))
    if isinstance(base, dict):
        base = base.get("@id")
    return base + rest if isinstance(base, str) else iri


def _expected(term: str) -> frozenset[str]:
    if term in _SECURITY_WORDS:
        return frozenset({SECURITY + term})
    return frozenset({AS + term, f"http://www.w3.org/ns/ldp#{term}" if term == "inbox" else AS + term})
