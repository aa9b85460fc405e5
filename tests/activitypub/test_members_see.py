"""What a member sees of each program's posts and profiles: the samples, served as if their servers were here."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from fedcoop.text import plain
from tests.activitypub.remote import Remote
from tests.activitypub.samples import SAMPLES, needs_samples
from tests.activitypub.test_shown import brought
from tests.words import Server, running

pytestmark = needs_samples

BROKEN = [smile.encode().decode("latin-1") for smile in "😊🙂😐🙁"]
"""The choices of one poll were spoilt before they were captured; they are shown as they came."""

POSTS: dict[str, dict[str, Any]] = {
    "akkoma/note-source": {
        "says": "Look at that!",
        "audience": "unlisted",
        "language": "en",
        "quote": "pending",
    },
    "bridgy-fed/note-bsky-1": {
        "says": "Semaphore at Park South. 20 December 2025. #railway #photography",
        "language": "en",
        "tags": ["railway", "photography"],
        "files": [("image", "A semaphore signal at Park South near Barrow-in-Furness.")],
    },
    "calckey/create-note": {"says": "meow"},
    "fedibird/fedibird-quote-post": {"says": "いつの生まれだシトリン", "language": "ja", "quote": "pending"},
    "fedibird/fedibird-quote-uri": {"says": "美味しそう", "language": "ja", "quote": "pending"},
    "friendica/update-note": {
        "says": "@test8 This is an edited comment.",
        "audience": "unlisted",
        "language": "de",
        "edited": True,
    },
    "funkwhale/funkwhale-create-audio": {
        "says": "Compositions - Test Audio for Pleroma",
        "tags": ["funkwhale", "test", "tests"],
        "files": [("audio", "Compositions - Test Audio for Pleroma")],
    },
    "gancio/gancio-v1.22": {
        "says": "Picture Show",
        "tags": ["sport", "cello"],
        "files": [("image", "Picture Show alt")],
    },
    "ghost/create-article": {"says": "Post title", "files": [("image", "")]},
    "ghost/note-with-image": {"says": "Note with image", "files": [("image", "alt text for image")]},
    "glitch-soc/create": {
        "says": "wtf :blobfoxscared:",
        "language": "en",
        "emojis": ["blobfoxscared"],
        "files": [("image", "exert from the help file for the Invoke-")],
    },
    "kroeg/kroeg-announce-with-inline-actor": {"says": "the name's jond (jeans bond)", "language": "en"},
    "lemmy/announce-create-page": {"says": "post 4"},
    "lemmy/objects-page": {"says": "Post title", "language": "fr", "files": [("image", "")]},
    "lotide/create-page-image": {"says": "image", "audience": "unlisted", "files": [("image", "")]},
    "mastodon/create-note-four-images": {
        "says": "Holidays almost finished. It's time to review and edit photos from #Prague, #Gdańsk",
        "language": "en",
        "tags": ["prague", "gdansk", "krakow", "london", "wroclaw"],
        "files": [("image", "Screenshot from Capture One (edit RAW")],
    },
    "mastodon/mastodon-create-with-attachment": {"says": "", "files": [("image", "")]},
    "mastodon/mastodon-question-activity": {
        "says": "Why is Tenshi eating a corndog so cute?",
        "language": "en",
        "choices": [
            ("Dunno", 0),
            ("Everyone knows that!", 1),
            ("25 char limit is dumb", 0),
            ("I can't even fit a funny", 1),
        ],
    },
    "mastodon/note-2025": {
        "says": "@kathaga @kathaga@vernissage.pnpde.social und nochmal mit Custom Emoji :KritischerTreffer:",
        "audience": "unlisted",
        "language": "de",
        "emojis": ["KritischerTreffer"],
    },
    "mastodon/note-with-language": {"says": "tag", "language": "ja"},
    "mastodon/question-multiple-choice": {
        "says": "foo?",
        "choices": [(mojibake, votes) for mojibake, votes in zip(BROKEN, (10, 27, 10, 4), strict=True)],
    },
    "misskey/quote": {"says": "i quompt u", "quote": "pending"},
    "nodebb/announce-create": {
        "says": "Is ActivityPub too complicated?",
        "tags": ["activitypub"],
        "files": [("image", "")],
    },
    "peertube/create-video-hls": {
        "says": 'Vu du 20/02/21 : "Planète Mars 2050"',
        "language": "fr",
        "tags": ["france3", "lezapping"],
        "edited": True,
        "files": [("video", 'Vu du 20/02/21 : "Planète Mars 2050"')],
        "lasts": 385,
    },
    "peertube/objects-video": {
        "says": "Mesa, Wayland & X.org in trouble",
        "language": "en",
        "edited": True,
        "files": [("video", "Mesa, Wayland & X.org in trouble")],
        "lasts": 1145,
    },
    "pixelfed/create-note-photo": {
        "says": "Shadows #colorphotography #streetphotography",
        "tags": ["streetphotography", "colorphotography"],
        "files": [("image", "Stickers on the glass from the stairs")],
    },
    "pixelfed/note-image": {
        "says": "At the end of last year I sat down with a bunch of magazines",
        "tags": ["collage", "art"],
        "files": [("image", "")],
    },
    "pleroma/create-pleroma-reply-to-misskey-thread": {"says": "@mametsuko meow"},
    "pleroma/note-emoji-in-summary": {
        "says": ":joker_disapprove:",
        "warning": ":joker_smile: ",
        "emojis": ["joker_disapprove", "joker_smile"],
    },
    "pleroma/question-with-attachment": {
        "says": "can you vote on this poll?",
        "files": [("image", "screenshot_mpv:Totoro@01:18:44.345.jpg")],
        "choices": [("a", 0), ("A", 0), ("Aa", 0), ("AA", 0), ("AAa", 1), ("AAA", 3)],
    },
    "plume/article": {"says": "This Month in Plume: June 2018"},
    "vernissage/note-photo-exif": {
        "says": "Waiting...",
        "tags": ["blackandwhite", "blackandwhitephotography", "photography", "street", "streetphotography"],
        "files": [("image", "The image is in black and white")],
    },
}
"""By sample. Where nothing else stands here it is public, of no stated language, and has nothing attached."""

PEOPLE: dict[str, dict[str, Any]] = {
    "bridgy-fed/actor-web": {"name": "J K", "handle": "jk.nipponalba.scot", "avatar": "profile picture"},
    "friendica/objects-person-2": {"name": "Informa Pirata", "fields": ["Telegram", "Mastodon"]},
    "funkwhale/funkwhale-channel": {"name": "Compositions"},
    "gnusocial/objects-group": {"name": "Hackers!", "group": True},
    "guppe/guppe-actor": {"name": "Bernie2020 group", "group": True},
    "hollo-fedify/actor-hongminhee": {"name": "洪 民憙", "locked": True},
    "hostile/actor-nonsense-attachment": {"name": "FediVision Vote Bot"},
    "hubzilla/actor-kaniini": {"name": "kaniini"},
    "mastodon/actor-attribution-domains": {
        "name": "Julian Fietkau",
        "fields": ["Website", "Employer", "Matrix", "ORCID"],
    },
    "mastodon/actor-emelie": {"name": "emelie 🎨", "fields": ["Ko-fi", "Instagram", "Carrd", "Artstation"]},
    "mastodon/instance-actor": {"handle": "mastodon.castle", "locked": True, "bot": True},
    "microblogpub/actor-invalid-alsoknownas": {"name": "MBP"},
    "misskey/actor-aimu": {"name": "あいむ"},
    "mobilizon/objects-group": {"name": "Contribateliers", "group": True},
    "nodebb/objects-group": {"name": "General Discussion", "group": True},
    "osada/actor-mike": {"name": "Mike Macgirvin (Osada)"},
    "pleroma/lemmy-person": {"name": "Haelwenn /элвэн/ :bzh:", "emojis": ["anarchy", "bzh", "gentoo"]},
    "smithereen/objects-person": {"name": "Григорий Клюшников"},
    "tootik/portable-actor-eddsa": {"handle": "alice"},
    "wordpress/objects-group": {"name": "A Division by Zer0", "group": True, "fields": ["Blog"]},
    "wordpress/objects-person": {"name": "Matthias Pfefferle", "fields": ["Blog", "Profile"]},
}
UNSEEN = {
    "gotosocial/actor-key-stub": "carries a key and no inbox",
    "mastodon/lemmy-private-message": "is for one person elsewhere",
}


@pytest.fixture
async def here(sqlite_url: str, tmp_path: Path) -> AsyncIterator[Server]:
    """One database is enough: nothing here depends on it."""
    async with running(sqlite_url, str(tmp_path)) as made:
        yield made


async def test_what_other_programs_write_is_shown(here: Server, remote: Remote) -> None:
    alice = await here.joins("alice")
    for name, wanted in POSTS.items():
        seen = await alice.sees(brought(remote, name)["id"])
        files = seen["media_attachments"]
        shown = {
            "audience": seen["visibility"],
            "language": seen["language"],
            "warning": seen["spoiler_text"],
            "edited": seen["edited_at"] is not None,
            "tags": [each["name"] for each in seen["tags"]],
            "emojis": [each["shortcode"] for each in seen["emojis"]],
            "choices": [
                (each["title"], each["votes_count"]) for each in (seen["poll"] or {}).get("options", [])
            ],
            "quote": (seen["quote"] or {}).get("state"),
            "files": [each["type"] for each in files],
            "lasts": _original(files).get("duration"),
        }
        plainly: dict[str, Any] = {
            "audience": "public",
            "language": None,
            "warning": "",
            "edited": False,
            "tags": [],
        }
        plainly |= {"emojis": [], "choices": [], "quote": None, "lasts": None}
        expected = plainly | {key: value for key, value in wanted.items() if key != "says"}
        expected["files"] = [kind for kind, _ in wanted.get("files", [])]
        assert shown == expected, name
        assert plain(seen["content"]).startswith(wanted["says"]), name
        for file, (_, description) in zip(files, wanted.get("files", []), strict=True):
            assert (file["description"] or "").startswith(description), name
        assert urlsplit(seen["url"]).scheme in ("http", "https"), name


async def test_who_writes_there_is_shown(here: Server, remote: Remote) -> None:
    alice = await here.joins("alice")
    for name, wanted in PEOPLE.items():
        seen = await alice.get("/api/v2/search", q=_served(remote, name), resolve="true")
        assert seen["accounts"], name
        [account] = seen["accounts"]
        assert account["display_name"].startswith(wanted.get("name", "")), name
        assert account["acct"] == f"{wanted.get('handle', account['username'])}@{remote.host}"
        assert [account[flag] for flag in ("group", "bot", "locked")] == [
            wanted.get(flag, False) for flag in ("group", "bot", "locked")
        ], name
        assert [each["name"] for each in account["fields"]] == wanted.get("fields", []), name
        assert [each["shortcode"] for each in account["emojis"]] == wanted.get("emojis", []), name
        assert account["avatar_description"] == wanted.get("avatar", ""), name


@pytest.mark.parametrize("name", UNSEEN)
async def test_what_is_for_nobody_here_is_not_shown(here: Server, remote: Remote, name: str) -> None:
    alice = await here.joins("alice")
    kind = json.loads((SAMPLES / f"{name}.json").read_text())["type"]
    address = _served(remote, name) if kind == "Person" else brought(remote, name)["id"]
    found = await alice.get("/api/v2/search", q=address, resolve="true")
    assert (found["accounts"], found["statuses"]) == ([], []), UNSEEN[name]


def _original(files: list[dict[str, Any]]) -> dict[str, Any]:
    """What is told of the first file itself."""
    meta = (files[0]["meta"] if files else None) or {}
    return dict(meta.get("original", {}))


def _served(remote: Remote, name: str) -> str:
    """Serve the profile of a sample from `remote`; its id there."""
    document = json.loads((SAMPLES / f"{name}.json").read_text())
    home = urlsplit(document["id"])
    text = json.dumps(document).replace(f"{home.scheme}://{home.netloc}", remote.base)
    found = json.loads(text)
    remote.documents[urlsplit(found["id"]).path or "/"] = found
    return str(found["id"])
