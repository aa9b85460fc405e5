"""What is damaged: documents that other programs send, where they are at hand, and some of our own that reach
each handler. How they are damaged is in `mutation`."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from tests.activitypub.remote import AS, PUBLIC
from tests.activitypub.samples import SAMPLES, documents

REMOTE = "https://b.test"
ACTOR = f"{REMOTE}/users/bob"
NOTE = f"{ACTOR}/statuses/1"

HTML = (
    '<p>Hello <a href="https://b.test/@bob" class="u-url mention">@<span>bob</span></a></p>',
    "<p>one<br>two<br/>three</p><ul><li>a</li><li value=3>b</li></ul>",
    "<h1>Big</h1><blockquote><p>said</p></blockquote><pre><code>x &lt; y &amp;&amp; z</code></pre>",
    '<a href="javascript:alert(1)">x</a><img src=x onerror=alert(1)><script>alert(1)</script>',
    "<math><mi></mi><mglyph><style><!--</style><img title='--><img src=x onerror=alert(1)>'>",
    "<svg><foreignObject><p>x</p></foreignObject></svg><table><tr><td>1</table><template><p>t",
    "<![CDATA[ <? <!-- --!> <!DOCTYPE html> &#x110000; &#0; &nosuch; &amp",
    "<b>" * 80 + "deep" + "</b>" * 80,
)

PAGE = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>A page</title>'
    '<meta property="og:title" content="About &amp; around"><meta property="og:image" content="/p.png">'
    '<meta property="og:image:width" content="640"><meta name="fediverse:creator" content="@bob@b.test">'
    '<meta property="article:published_time" content="2026-01-02T03:04:05Z">'
    '<link rel="alternate" type="application/json+oembed" href="/oembed?url=x"><link rel="canonical" href="/page">'
    "</head><body><p>Words</p></body></html>"
)
OEMBED: dict[str, Any] = {
    "version": "1.0",
    "type": "video",
    "title": "A film",
    "author_name": "Bob",
    "author_url": f"{REMOTE}/@bob",
    "html": f'<iframe src="{REMOTE}/embed/1" width="640" height="360" allowfullscreen></iframe>',
    "width": 640,
    "height": 360,
    "thumbnail_url": f"{REMOTE}/p.png",
}
LISTS = (
    "#domain,#severity,#reject_media,#reject_reports,#public_comment,#obfuscate\n"
    'bad.test,suspend,true,true,"spam, and more",false\nloud.test,silence,false,false,,true\n',
    "Account address,Show boosts,Notify on new posts,Languages\nbob@b.test,true,false,en\n",
    "Account address,Hide notifications\nbob@b.test,true\n",
    "friends,bob@b.test\nfriends,ann@a.test\n",
    f"{NOTE}\n{ACTOR}/statuses/2\n",
    "bad.test\nworse.test\n",
)


def actor(uri: str = ACTOR) -> dict[str, Any]:
    """A person at this address."""
    return {
        "@context": [AS, "https://w3id.org/security/v1", {"toot": "http://joinmastodon.org/ns#"}],
        "id": uri,
        "type": "Person",
        "preferredUsername": uri.rsplit("/", 1)[-1] or "bob",
        "name": "Bob :smile:",
        "summary": HTML[0],
        "inbox": f"{uri}/inbox",
        "outbox": f"{uri}/outbox",
        "followers": f"{uri}/followers",
        "following": f"{uri}/following",
        "featured": f"{uri}/featured",
        "endpoints": {"sharedInbox": f"{REMOTE}/inbox"},
        "url": f"{REMOTE}/@bob",
        "manuallyApprovesFollowers": False,
        "discoverable": True,
        "published": "2024-01-01T00:00:00Z",
        "icon": {"type": "Image", "mediaType": "image/png", "url": f"{REMOTE}/a.png"},
        "attachment": [{"type": "PropertyValue", "name": "Web", "value": HTML[0]}],
        "tag": [{"type": "Emoji", "name": ":smile:", "icon": {"type": "Image", "url": f"{REMOTE}/s.png"}}],
        "alsoKnownAs": [f"{REMOTE}/users/old"],
        "publicKey": {"id": f"{uri}#main-key", "owner": uri, "publicKeyPem": "-----BEGIN PUBLIC KEY-----\n"},
    }


def note(uri: str = NOTE, **more: Any) -> dict[str, Any]:
    """A public note at this address."""
    return {
        "id": uri,
        "type": "Note",
        "attributedTo": ACTOR,
        "content": HTML[0],
        "contentMap": {"en": HTML[0]},
        "summary": None,
        "sensitive": False,
        "published": "2026-01-02T03:04:05.678Z",
        "to": [PUBLIC],
        "cc": [f"{ACTOR}/followers", "https://coop.test/users/1"],
        "inReplyTo": None,
        "tag": [
            {"type": "Mention", "href": "https://coop.test/users/1", "name": "@alice@coop.test"},
            {"type": "Hashtag", "href": f"{REMOTE}/tags/x", "name": "#Ünïcode"},
        ],
        "attachment": [
            {
                "type": "Document",
                "mediaType": "image/png",
                "url": f"{REMOTE}/1.png",
                "name": "alt",
                "blurhash": "UBL_:rOpGG-oBUNG,qRj2so|=eE1w^n4S5NH",
                "focalPoint": [0.1, -0.2],
                "width": 10,
                "height": 10,
            }
        ],
        "replies": {
            "id": f"{uri}/replies",
            "type": "Collection",
            "first": {"items": [], "type": "CollectionPage"},
        },
        "interactionPolicy": {"canQuote": {"automaticApproval": [PUBLIC]}},
        "quote": f"{REMOTE}/users/eve/statuses/9",
        **more,
    }


def question() -> dict[str, Any]:
    options = [
        {"type": "Note", "name": word, "replies": {"type": "Collection", "totalItems": 3}}
        for word in ("a", "b")
    ]
    return note(
        f"{ACTOR}/statuses/2", type="Question", oneOf=options, endTime="2036-01-02T03:04:05Z", votersCount=3
    )


def activities(ours: str, our_status: str) -> list[dict[str, Any]]:
    """One of each kind that a handler acts on, about a local account and a local status."""
    follow = {"id": f"{ACTOR}#f/1", "type": "Follow", "actor": ACTOR, "object": ours}
    ours_followed = {"id": f"{ours}#follows/1", "type": "Follow", "actor": ours, "object": ACTOR}
    like = {"id": f"{ACTOR}#l/1", "type": "Like", "actor": ACTOR, "object": our_status}
    vote = {
        "id": f"{ACTOR}/v/1",
        "type": "Note",
        "attributedTo": ACTOR,
        "name": "a",
        "inReplyTo": our_status,
        "to": ours,
    }
    made: list[tuple[str, Any, dict[str, Any]]] = [
        ("Create", note(), {}),
        ("Create", note(f"{ACTOR}/statuses/3", inReplyTo=our_status), {}),
        ("Create", question(), {}),
        ("Create", vote, {}),
        (
            "Create",
            note(f"{ACTOR}/a/1", type="Article", name="Title", url=[{"type": "Link", "href": REMOTE}]),
            {},
        ),
        ("Create", note(f"{ACTOR}/e/1", type="Event", name="Party", startTime="2026-05-01T10:00:00Z"), {}),
        ("Update", note(updated="2026-01-03T03:04:05Z"), {}),
        ("Update", question(), {}),
        ("Update", actor(), {}),
        ("Delete", {"id": NOTE, "type": "Tombstone"}, {}),
        ("Delete", ACTOR, {}),
        ("Follow", ours, {}),
        ("Accept", ours_followed, {}),
        ("Reject", ours_followed, {}),
        ("Undo", follow, {}),
        ("Undo", like, {}),
        ("Like", our_status, {}),
        ("EmojiReact", our_status, {"content": "🎉"}),
        ("Announce", our_status, {"to": [PUBLIC], "published": "2026-01-02T03:04:05Z"}),
        ("Announce", {"type": "Create", "id": f"{ACTOR}#c", "actor": ACTOR, "object": note()}, {}),
        ("Block", ours, {}),
        ("Move", ACTOR, {"target": f"{REMOTE}/users/new"}),
        ("Flag", [ours, our_status], {"content": "spam"}),
        ("Add", NOTE, {"target": f"{ACTOR}/featured"}),
        ("Remove", NOTE, {"target": f"{ACTOR}/featured"}),
        ("QuoteRequest", our_status, {"instrument": note(quote=our_status)}),
    ]
    return [
        {
            "@context": AS,
            "id": f"{ACTOR}#{kind}/{number}",
            "type": kind,
            "actor": ACTOR,
            "object": thing,
            **more,
        }
        for number, (kind, thing, more) in enumerate(made)
    ]


@cache
def samples() -> list[dict[str, Any]]:
    """Documents of other programs; none where the folder is not there."""
    if not SAMPLES.is_dir():
        return []
    found = [json.loads(path.read_text("utf-8")) for path in documents()]
    return [each for each in found if isinstance(each, dict)]
