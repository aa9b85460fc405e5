"""Our own documents: one file per kind, pure functions from rows to dicts. Reading those of others is
`parse`.

What is told here about a status comes in a `Written`; `activitypub.loading` fetches it.
"""

from typing import Any

import msgspec

from activitypub.vocabulary import PUBLIC

__all__ = ["CONTEXT", "PUBLIC", "encode", "with_context"]

_encoder = msgspec.json.Encoder()

CONTEXT: list[Any] = [
    "https://www.w3.org/ns/activitystreams",
    "https://w3id.org/security/v1",
    {
        "toot": "http://joinmastodon.org/ns#",
        "schema": "http://schema.org#",
        "ostatus": "http://ostatus.org#",
        "Hashtag": "as:Hashtag",
        "Emoji": "toot:Emoji",
        "PropertyValue": "schema:PropertyValue",
        "value": "schema:value",
        "sensitive": "as:sensitive",
        "manuallyApprovesFollowers": "as:manuallyApprovesFollowers",
        "alsoKnownAs": {"@id": "as:alsoKnownAs", "@type": "@id"},
        "movedTo": {"@id": "as:movedTo", "@type": "@id"},
        "featured": {"@id": "toot:featured", "@type": "@id"},
        "featuredTags": {"@id": "toot:featuredTags", "@type": "@id"},
        "featuredCollections": {"@id": "toot:featuredCollections", "@type": "@id"},
        "discoverable": "toot:discoverable",
        "indexable": "toot:indexable",
        "attributionDomains": {"@id": "toot:attributionDomains", "@type": "@id"},
        "memorial": "toot:memorial",
        "suspended": "toot:suspended",
        "showFeatured": "toot:showFeatured",
        "showMedia": "toot:showMedia",
        "showRepliesInMedia": "toot:showRepliesInMedia",
        "implements": {
            "@id": "https://w3id.org/fep/844e/implements",
            "@type": "@id",
            "@container": "@list",
        },
        "votersCount": "toot:votersCount",
        "blurhash": "toot:blurhash",
        "focalPoint": {"@container": "@list", "@id": "toot:focalPoint"},
        "conversation": "ostatus:conversation",
        "fep044f": "https://w3id.org/fep/044f#",
        "gts": "https://gotosocial.org/ns#",
        "QuoteRequest": "fep044f:QuoteRequest",
        "QuoteAuthorization": "fep044f:QuoteAuthorization",
        "quote": {"@id": "fep044f:quote", "@type": "@id"},
        "quoteAuthorization": {"@id": "fep044f:quoteAuthorization", "@type": "@id"},
        "quoteUri": "http://fedibird.com/ns#quoteUri",
        "_misskey_quote": "https://misskey-hub.net/ns#_misskey_quote",
        "interactionPolicy": {"@id": "gts:interactionPolicy", "@type": "@id"},
        "canQuote": {"@id": "gts:canQuote", "@type": "@id"},
        "canReply": {"@id": "gts:canReply", "@type": "@id"},
        "canLike": {"@id": "gts:canLike", "@type": "@id"},
        "canAnnounce": {"@id": "gts:canAnnounce", "@type": "@id"},
        "automaticApproval": {"@id": "gts:automaticApproval", "@type": "@id"},
        "manualApproval": {"@id": "gts:manualApproval", "@type": "@id"},
        "interactingObject": {"@id": "gts:interactingObject", "@type": "@id"},
        "interactionTarget": {"@id": "gts:interactionTarget", "@type": "@id"},
        "ReplyRequest": "gts:ReplyRequest",
        "LikeRequest": "gts:LikeRequest",
        "AnnounceRequest": "gts:AnnounceRequest",
        "ReplyAuthorization": "gts:ReplyAuthorization",
        "LikeAuthorization": "gts:LikeAuthorization",
        "AnnounceAuthorization": "gts:AnnounceAuthorization",
        "replyAuthorization": {"@id": "gts:replyAuthorization", "@type": "@id"},
        "likeAuthorization": {"@id": "gts:likeAuthorization", "@type": "@id"},
        "announceAuthorization": {"@id": "gts:announceAuthorization", "@type": "@id"},
        "approvedBy": {"@id": "gts:approvedBy", "@type": "@id"},
    },
]
"""Every word that our documents use."""
FEATURING = ["https://w3id.org/fep/7aa9"]
"""The words for recommending accounts (FEP-7aa9), which stand in documents about that alone: programs that do
not know this context have to fetch it before they can read a document."""
_FEATURING_TYPES = frozenset({"FeaturedCollection", "FeaturedItem", "FeatureRequest", "FeatureAuthorization"})
OF_ACTORS = [
    "https://purl.archive.org/socialweb/webfinger",
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/multikey/v1",
]
"""The words for the handle and the keys of an actor (FEP-2c59, FEP-521a), which stand in documents of actors
alone."""


def with_context(document: dict[str, Any]) -> dict[str, Any]:
    """The document as it stands alone, with its context first."""
    inner = document.get("object")
    both = (document, inner) if isinstance(inner, dict) else (document,)
    of_actors = OF_ACTORS if any("preferredUsername" in each for each in both) else []
    featuring = FEATURING if any(each.get("type") in _FEATURING_TYPES for each in both) else []
    return {"@context": [CONTEXT[0], *of_actors, *CONTEXT[1:], *featuring], **document}


def encode(document: dict[str, Any]) -> bytes:
    """The bytes of a document that stands alone."""
    return _encoder.encode(with_context(document))
