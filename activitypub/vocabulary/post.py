"""What is said: notes, questions, articles, pictures, events, and what they carry."""

import msgspec

POSTS = frozenset({"Note", "Question", "Article", "Page", "Image", "Audio", "Video", "Event", "Document"})


class Mention(msgspec.Struct, frozen=True):
    """Somebody is spoken to; only `href` counts, `name` is what the author's server calls them."""

    href: str
    name: str = ""


class Hashtag(msgspec.Struct, frozen=True):
    """A topic, without its `#`, in the letters of the author."""

    name: str


class CustomEmoji(msgspec.Struct, frozen=True, kw_only=True):
    """A small picture that stands for `:shortcode:`; `shortcode` is without colons."""

    shortcode: str
    url: str
    static_url: str = ""
    id: str = ""
    updated: int | None = None


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    """A picture, sound or film; `focus` is x and y from -1 to 1, `duration` in seconds."""

    url: str
    media_type: str = ""
    kind: str = "Document"
    description: str = ""
    blurhash: str = ""
    focus: tuple[float, float] | None = None
    width: int | None = None
    height: int | None = None
    duration: float | None = None
    sensitive: bool = False
    preview_url: str = ""


class Choice(msgspec.Struct, frozen=True):
    """An answer of a poll and how many chose it, as the author's server claims."""

    title: str
    votes: int = 0


class Poll(msgspec.Struct, frozen=True, kw_only=True):
    """What makes a post a Question. `ends` and `closed` are milliseconds or None."""

    choices: tuple[Choice, ...]
    multiple: bool = False
    ends: int | None = None
    closed: int | None = None
    voters: int | None = None


class Consent(msgspec.Struct, frozen=True):
    """Whose wish is granted at once, and whose after the author was asked: addresses of people and collections."""

    automatic: tuple[str, ...] = ()
    manual: tuple[str, ...] = ()


CLOSED = "closed"
"""Among those whose wish is granted: nobody's is any more (`commentsEnabled`)."""


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """A Note, Question or longer form. `content` and `summary` are the other server's HTML, unsanitised."""

    id: str
    type: str
    attributed_to: str
    content: str = ""
    source: str = ""
    source_type: str = ""
    summary: str = ""
    name: str = ""
    language: str = ""
    url: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    audience: str = ""
    in_reply_to: str = ""
    quote: str = ""
    quote_authorization: str = ""
    reply_authorization: str = ""
    """Where it is said that it may answer what it answers (GoToSocial)."""
    published: int | None = None
    updated: int | None = None
    sensitive: bool = False
    mentions: tuple[Mention, ...] = ()
    hashtags: tuple[Hashtag, ...] = ()
    emojis: tuple[CustomEmoji, ...] = ()
    attachments: tuple[Attachment, ...] = ()
    link: str = ""
    """A page that is attached (FEP-8967)."""
    poll: Poll | None = None
    replies: str = ""
    context: str = ""
    context_history: str = ""
    starts: int | None = None
    starts_zone: int = 0
    """Minutes ahead of UTC where an event is."""
    ends: int | None = None
    place: str = ""
    preview: str = ""
    """HTML of the note that stands for a long form (FEP-b2b8)."""
    can_quote: Consent | None = None
    """Who may do what with this (`interactionPolicy`, FEP-044f and GoToSocial); None where nothing is said."""
    can_reply: Consent | None = None
    can_like: Consent | None = None
    can_announce: Consent | None = None
    html: bool = True
    """False where `content` is plain text or Markdown (`mediaType`)."""


class Tombstone(msgspec.Struct, frozen=True):
    """Something was here and is not any more."""

    id: str
    former_type: str = ""


class Authorization(msgspec.Struct, frozen=True, kw_only=True):
    """A stamp of consent (QuoteAuthorization, FEP-044f, and its like) that binds who, what and where."""

    id: str
    type: str
    attributed_to: str
    interacting_object: str
    interaction_target: str
