"""Posts: Note and Question, and the longer forms that other programs write."""

from typing import Any

from activitypub.errors import Ignored
from activitypub.parse.attachments import read_attachments, read_link
from activitypub.parse.fields import (
    LONGEST_NAME,
    LONGEST_TEXT,
    address,
    audience,
    count,
    first_of_map,
    identifier,
    is_language,
    is_web,
    items,
    language_of,
    moment,
    text,
    types,
    yes,
    zone,
)
from activitypub.parse.tags import read_emojis, read_hashtags, read_mentions
from activitypub.vocabulary import ACTORS, CLOSED, Authorization, Choice, Consent, Poll, Post

MOST_CHOICES = 500
_ACTIVITY_LINK = "application/activity+json"


def read_post(document: dict[str, Any], kind: str) -> Post:
    """The post. Raises `Ignored` where nobody stands for it."""
    author = read_author(document.get("attributedTo")) or identifier(document.get("actor"))
    if not author:
        raise Ignored(f"{kind} without an author")
    content = text(document.get("content"), LONGEST_TEXT)
    content = content or first_of_map(document.get("contentMap"), LONGEST_TEXT)
    name = text(document.get("name")) or first_of_map(document.get("nameMap"), LONGEST_NAME)
    summary = text(document.get("summary"), LONGEST_TEXT)
    summary = summary or first_of_map(document.get("summaryMap"), LONGEST_TEXT)
    source = document.get("source")
    tags = document.get("tag")
    identity = identifier(document)
    media_type = text(document.get("mediaType"), 100)
    closed = document.get("commentsEnabled") is False
    return Post(
        id=identity,
        type=kind,
        attributed_to=author,
        content=content,
        source=text(source.get("content"), LONGEST_TEXT) if isinstance(source, dict) else "",
        source_type=text(source.get("mediaType"), 100) if isinstance(source, dict) else "",
        summary=summary,
        name=name,
        language=_language(document, content, name),
        url=address(document.get("url"), identity) or (identity if is_web(identity) else ""),
        to=audience(document.get("to")),
        cc=audience(document.get("cc")),
        audience=identifier(document.get("audience")),
        in_reply_to=identifier(document.get("inReplyTo")),
        quote=_quote(document),
        quote_authorization=identifier(document.get("quoteAuthorization")),
        reply_authorization=read_stamp(document, "replyAuthorization"),
        published=moment(document.get("published")),
        updated=moment(document.get("updated")),
        sensitive=yes(document.get("sensitive")),
        mentions=read_mentions(tags),
        hashtags=read_hashtags(tags),
        emojis=read_emojis(tags),
        attachments=read_attachments(document, kind),
        link=read_link(document),
        poll=_poll(document) if kind == "Question" else None,
        replies=identifier(document.get("replies")),
        context=identifier(document.get("context")) or text(document.get("conversation")),
        context_history=identifier(document.get("contextHistory")),
        starts=moment(document.get("startTime")),
        starts_zone=zone(document.get("startTime")),
        ends=moment(document.get("endTime")),
        place=_place(document.get("location")),
        preview=_preview(document.get("preview")),
        can_quote=read_consent(document, "canQuote"),
        can_reply=Consent(automatic=(CLOSED,)) if closed else read_consent(document, "canReply"),
        can_like=read_consent(document, "canLike"),
        can_announce=read_consent(document, "canAnnounce"),
        html=media_type in ("", "text/html") or not media_type.startswith("text/"),
    )


def read_author(value: Any) -> str:
    """Who stands for a post, a person first: PeerTube names a person and a channel, Kroeg embeds it."""
    found = items(value)
    for one in found:
        if isinstance(one, dict) and "Person" in types(one.get("type")) and identifier(one):
            return identifier(one)
    for one in found:
        if isinstance(one, dict) and not ACTORS.intersection(types(one.get("type"))) and "type" in one:
            continue
        if identifier(one):
            return identifier(one)
    return ""


def read_authorization(document: dict[str, Any], kind: str) -> Authorization:
    """A stamp of consent; GoToSocial once called its ends `object` and `target`. Raises `Ignored` where one
    of them is missing."""
    older = kind.endswith("Approval")
    stamp = Authorization(
        id=identifier(document),
        type=kind.replace("Approval", "Authorization"),
        attributed_to=identifier(document.get("attributedTo")),
        interacting_object=identifier(document.get("object" if older else "interactingObject")),
        interaction_target=identifier(document.get("target" if older else "interactionTarget")),
    )
    # Who features is bound to the account itself, so that nobody else need be named (FEP-7aa9).
    attributed = stamp.attributed_to or kind == "FeatureAuthorization"
    if not all((stamp.id, attributed, stamp.interacting_object, stamp.interaction_target)):
        raise Ignored(f"{kind} does not say who allows what")
    return stamp


def _place(value: Any) -> str:
    """Name and address of where an event is; Mobilizon's addresses have parts."""
    for one in items(value):
        if isinstance(one, dict):
            address_ = one.get("address")
            keys = ("streetAddress", "postalCode", "addressLocality")
            parts = [address_.get(key) for key in keys] if isinstance(address_, dict) else [address_]
            named = [text(part, 300) for part in (one.get("name"), *parts)]
            return ", ".join(dict.fromkeys(part for part in named if part))
    return ""


def _preview(value: Any) -> str:
    for one in items(value):
        if isinstance(one, dict) and "Note" in types(one.get("type")):
            return text(one.get("content"), LONGEST_TEXT)
    return ""


def _language(document: dict[str, Any], content: str, name: str) -> str:
    found = language_of(document.get("contentMap"), content) if content else ""
    found = found or language_of(document.get("nameMap"), name)
    if found:
        return found
    stated = document.get("language") or document.get("inLanguage")
    code = text(stated.get("identifier"), 35) if isinstance(stated, dict) else text(stated, 35)
    return code if is_language(code) else ""


def _quote(document: dict[str, Any]) -> str:
    for key in ("quote", "quoteUri", "quoteUrl", "_misskey_quote"):
        found = identifier(document.get(key))
        if found:
            return found
    for tag in items(document.get("tag")):  # FEP-e232
        if isinstance(tag, dict) and "Link" in types(tag.get("type")):
            media_type = text(tag.get("mediaType"), 200).replace(" ", "")
            spoken = _ACTIVITY_LINK in media_type or "profile=" in media_type
            if spoken and is_web(text(tag.get("href"))):
                return text(tag.get("href"))
    return ""


def _poll(document: dict[str, Any]) -> Poll | None:
    multiple = "anyOf" in document and bool(items(document["anyOf"]))
    choices = []
    for one in items(document.get("anyOf" if multiple else "oneOf"))[:MOST_CHOICES]:
        title = text(one.get("name"), 500) if isinstance(one, dict) else ""
        if title:
            replies = one.get("replies")
            votes = count(replies.get("totalItems")) if isinstance(replies, dict) else None
            choices.append(Choice(title, votes or 0))
    if not choices:
        return None
    ends, closed = moment(document.get("endTime")), moment(document.get("closed"))
    if closed is None and yes(document.get("closed")):
        closed = ends or 0
    return Poll(
        choices=tuple(choices),
        multiple=multiple,
        ends=ends if ends is not None else closed,
        closed=closed,
        voters=count(document.get("votersCount")),
    )


_RULES = frozenset({"automaticApproval", "manualApproval", "always", "approvalRequired"})


def read_stamp(document: dict[str, Any], word: str) -> str:
    """Where the consent is that an answer, a Like or an Announce needs; GoToSocial once said `approvedBy`."""
    return identifier(document.get(word)) or identifier(document.get("approvedBy"))


def read_consent(document: dict[str, Any], what: str) -> Consent | None:
    """One rule of an `interactionPolicy`; GoToSocial once said `always` and `approvalRequired`."""
    policy = document.get("interactionPolicy")
    rules = policy.get(what) if isinstance(policy, dict) else None
    if not isinstance(rules, dict) or not _RULES.intersection(rules):
        return None
    return Consent(
        automatic=audience(rules.get("automaticApproval", rules.get("always"))),
        manual=audience(rules.get("manualApproval", rules.get("approvalRequired"))),
    )
