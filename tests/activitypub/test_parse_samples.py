"""Documents of forty other programs: each becomes a typed object or is ignored with a reason."""

from pathlib import Path

import pytest

from activitypub.errors import Ignored
from activitypub.parse import parse
from activitypub.vocabulary import (
    PUBLIC,
    Activity,
    Actor,
    Announce,
    Authorization,
    Collection,
    Create,
    EmojiReact,
    Like,
    Post,
    Tombstone,
    Undo,
)
from tests.activitypub.samples import SAMPLES, documents, needs_samples

pytestmark = needs_samples


def sample(name: str) -> object:
    return parse((SAMPLES / f"{name}.json").read_bytes())


@pytest.mark.parametrize("path", documents(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_document_is_typed_or_ignored_with_a_reason(path: Path) -> None:
    found: object
    try:
        found = parse(path.read_bytes())
    except Ignored as ignored:
        found = ignored
    if isinstance(found, Ignored):
        assert len(found.reason) > 10
    else:
        assert isinstance(found, Activity | Actor | Post | Collection | Tombstone | Authorization)


def test_nearly_all_documents_are_understood() -> None:
    ignored = []
    for path in documents():
        try:
            parse(path.read_bytes())
        except Ignored:
            ignored.append(path.name)
    assert len(ignored) <= 8, ignored


def test_the_short_name_of_the_public_collection_is_spelt_out() -> None:
    found = sample("ghost/create-article")
    assert isinstance(found, Create)
    assert isinstance(found.object, Post)
    assert PUBLIC in found.object.to


def test_a_video_has_its_file_its_person_and_its_page() -> None:
    found = sample("peertube/objects-video")
    assert isinstance(found, Post)
    assert found.type == "Video"
    assert found.url.startswith("https://")
    assert found.attributed_to.startswith("https://")
    assert any(one.media_type.startswith("video/") for one in found.attachments)


def test_inline_actors_and_prefixed_keys_are_read_through_json_ld() -> None:
    found = sample("kroeg/kroeg-announce-with-inline-actor")
    assert isinstance(found, Announce)
    assert found.actor == "https://puckipedia.com/"
    assert isinstance(found.object, Post)
    assert found.object.attributed_to == "http://mastodon.example.org/users/admin"
    assert found.object.to == (PUBLIC,)


def test_several_votes_in_one_activity_are_several_objects() -> None:
    found = sample("gotosocial/create-multiple-votes")
    assert isinstance(found, Create)
    assert [one.name for one in found.objects if isinstance(one, Post)] == ["tissues", "financial times"]


def test_a_poll_has_its_choices_its_end_and_its_totals() -> None:
    found = sample("mastodon/mastodon-question-activity")
    assert isinstance(found, Create)
    assert isinstance(found.object, Post)
    poll = found.object.poll
    assert poll is not None
    assert len(poll.choices) == 4
    assert poll.ends is not None


def test_the_quirks_of_profiles_are_taken() -> None:
    assert isinstance(sample("hubzilla/actor-kaniini"), Actor)
    stub = sample("gotosocial/actor-key-stub")
    assert isinstance(stub, Actor)
    assert stub.keys
    assert not stub.inbox
    lonely = sample("microblogpub/actor-invalid-alsoknownas")
    assert isinstance(lonely, Actor)
    nonsense = sample("hostile/actor-nonsense-attachment")
    assert isinstance(nonsense, Actor)
    assert nonsense.fields == ()


def test_reactions_carry_their_emoji() -> None:
    custom = sample("akkoma/emojireact-custom")
    assert isinstance(custom, EmojiReact)
    assert custom.content.startswith(":")
    assert custom.emojis
    misskey = sample("misskey/misskey-like")
    assert isinstance(misskey, Like)
    assert misskey.content


def test_quotes_are_found_under_each_of_their_names() -> None:
    for name in ("fedibird/fedibird-quote-post", "fedibird/fedibird-quote-uri", "misskey/quote"):
        found = sample(name)
        assert isinstance(found, Post)
        assert found.quote.startswith("https://")


def test_what_is_undone_comes_embedded() -> None:
    found = sample("mastodon/mastodon-unfollow-activity")
    assert isinstance(found, Undo)
    assert isinstance(found.object, Activity)
    assert found.object.type == "Follow"


def test_groups_announce_activities() -> None:
    found = sample("lemmy/announce-create-page")
    assert isinstance(found, Announce)
    assert isinstance(found.object, Create)
    assert isinstance(found.object.object, Post)
