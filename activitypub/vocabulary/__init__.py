"""The words of ActivityStreams as typed objects; `activitypub.parse` makes them out of documents.

Fields carry the meaning that was read, in one shape, whatever shape it came in: lists are tuples, times are
milliseconds, an embedded object stands only where its content is of use, else its id.
"""

from activitypub.vocabulary.activity import (
    ACTIVITIES,
    Accept,
    Activity,
    Add,
    Announce,
    Block,
    Create,
    Delete,
    Dislike,
    EmojiReact,
    FeatureRequest,
    Flag,
    Follow,
    Like,
    Move,
    Object,
    QuoteRequest,
    Reject,
    Remove,
    Undo,
    Unknown,
    Update,
)
from activitypub.vocabulary.actor import ACTORS, Actor, Field, PublicKey
from activitypub.vocabulary.collection import COLLECTIONS, Collection, FeaturedCollection, FeaturedItem
from activitypub.vocabulary.post import (
    POSTS,
    Attachment,
    Authorization,
    Choice,
    Consent,
    CustomEmoji,
    Hashtag,
    Mention,
    Poll,
    Post,
    Tombstone,
)

PUBLIC = "https://www.w3.org/ns/activitystreams#Public"
"""The collection that everybody is in: an audience that holds it is public or unlisted."""

__all__ = [
    "ACTIVITIES",
    "ACTORS",
    "COLLECTIONS",
    "POSTS",
    "PUBLIC",
    "Accept",
    "Activity",
    "Actor",
    "Add",
    "Announce",
    "Attachment",
    "Authorization",
    "Block",
    "Choice",
    "Collection",
    "Consent",
    "Create",
    "CustomEmoji",
    "Delete",
    "Dislike",
    "EmojiReact",
    "FeatureRequest",
    "FeaturedCollection",
    "FeaturedItem",
    "Field",
    "Flag",
    "Follow",
    "Hashtag",
    "Like",
    "Mention",
    "Move",
    "Object",
    "Poll",
    "Post",
    "PublicKey",
    "QuoteRequest",
    "Reject",
    "Remove",
    "Tombstone",
    "Undo",
    "Unknown",
    "Update",
]
