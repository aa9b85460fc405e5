"""Documents made up here: the limits, the ambiguous and the malicious."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activitypub.errors import Ignored
from activitypub.parse import parse, parse_document
from activitypub.vocabulary import Actor, Create, Follow, Like, Post

AS = "https://www.w3.org/ns/activitystreams"
NOTE = {
    "id": "https://a.test/n/1",
    "type": "Note",
    "attributedTo": "https://a.test/u/alice",
    "content": "<p>hello</p>",
    "to": ["as:Public"],
}


def ignored(document: object) -> str:
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    with pytest.raises(Ignored) as caught:
        parse(body)
    return caught.value.reason


def note(**changes: Any) -> Post:
    found = parse_document({**NOTE, **changes})
    assert isinstance(found, Post)
    return found


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b'{"actor":1,"actor":2}', "twice"),
        (b'{"id":1e999}', "number"),
        (b'{"id":' + b"9" * 5000 + b"}", "number"),
        (b'{"id":NaN}', "NaN"),
        (b'{"id":"\\ud800"}', "UTF-8"),
        (b'{"id":"\\u0000"}', "NUL"),
        (b'{"id":"\xff"}', "UTF-8"),
        (b"[" * 100_000 + b"]" * 100_000, "nested"),
        (b'{"a":' * 40 + b"1" + b"}" * 40, "nested"),
        (b'"hello"', "not a JSON object"),
        (b"[]", "not a JSON object"),
        (b"", "not JSON"),
        (b'{"id":"' + b"a" * 1_000_001 + b'"}', "1 MB"),
    ],
)
def test_what_two_parsers_could_read_differently_or_not_at_all_is_refused(body: bytes, reason: str) -> None:
    assert reason in ignored(body)


def test_a_surrogate_pair_is_fine() -> None:
    assert note(content="\U0001f600").content == "\U0001f600"
    assert isinstance(parse(json.dumps({**NOTE, "content": "\U0001f600"}).encode()), Post)


@pytest.mark.parametrize(
    "context",
    [
        [AS, {"content": "https://evil.test/content"}],
        [AS, {"content": {"@id": "as:summary"}}],
        [AS, {"x": "https://evil.test/#", "attributedTo": "x:by"}],
    ],
)
def test_a_word_of_ours_bent_by_an_inline_context_loses_its_meaning(context: list[object]) -> None:
    found = None
    try:
        found = parse_document({**NOTE, "@context": context})
    except Ignored:
        return
    assert isinstance(found, Post)
    assert found.content == ""


def test_keywords_under_another_name_and_graphs_are_refused() -> None:
    for extra in (
        {"@graph": [NOTE]},
        {"@included": [NOTE]},
        {"@reverse": {"object": NOTE}},
        {"@context": [AS, {"inc": "@included"}], "inc": [NOTE]},
        {"@context": [AS, {"of": {"@reverse": "as:object"}}], "of": NOTE},
        {"@context": [AS, {"thing": {"@id": "as:Thing", "@context": {}}}]},
    ):
        ignored({**NOTE, **extra})


def test_expanded_documents_are_read_like_compact_ones() -> None:
    as_ = AS + "#"
    found = parse_document(
        {
            "@id": "https://a.test/n/1",
            "@type": [as_ + "Note"],
            as_ + "attributedTo": [{"@id": "https://a.test/u/alice"}],
            as_ + "content": [{"@value": "<p>hello</p>"}],
            as_ + "to": [{"@id": as_ + "Public"}],
        }
    )
    assert isinstance(found, Post)
    assert found.content == "<p>hello</p>"
    assert found.to == (as_ + "Public",)


def test_an_unknown_context_is_not_fetched_and_its_words_do_not_exist() -> None:
    found = parse_document(
        {**NOTE, "@context": [AS, "http://169.254.169.254/latest"], "as:sensitive": True, "odd:word": 1}
    )
    assert isinstance(found, Post)


def test_huge_documents_are_not_expanded() -> None:
    many = [{"as:name": str(number)} for number in range(3_000)]
    assert "too large" in ignored({**NOTE, "@context": AS, "tag": many})


def test_single_values_lists_and_objects_mean_the_same() -> None:
    for written in ("https://a.test/u/bob", ["https://a.test/u/bob"], [{"id": "https://a.test/u/bob"}]):
        assert note(cc=written).cc == ("https://a.test/u/bob",)
    assert note(url=[{"type": "Link", "href": "https://a.test/p", "mediaType": "text/html"}]).url.endswith(
        "/p"
    )
    assert note(url={"type": "Link", "href": "/p"}).url == "https://a.test/p"
    assert note(content=None, contentMap={"eo": "saluton"}).content == "saluton"
    assert note(contentMap={"en": "<p>hello</p>"}).language == "en"
    assert note(to="Public").to == (AS + "#Public",)


@pytest.mark.parametrize(
    ("written", "milliseconds"),
    [
        ("2026-01-02T03:04:05Z", 1_767_323_045_000),
        ("2026-01-02T03:04:05.678Z", 1_767_323_045_678),
        ("2026-01-02T04:04:05.678901+01:00", 1_767_323_045_678),
        ("SCRUBBED_DATE", None),
        ("0001-01-01T00:00:00+14:00", -62_135_647_200_000),
        (17, None),
        (None, None),
    ],
)
def test_times_come_in_many_precisions(written: object, milliseconds: int | None) -> None:
    assert note(published=written).published == milliseconds


def test_javascript_addresses_and_broken_attachments_are_dropped() -> None:
    found = note(
        url="javascript:alert(1)",
        attachment=[{"type": "Image", "url": "data:image/png;base64,AAAA"}, "nonsense", {"haha": 1}, None],
    )
    assert found.url == "https://a.test/n/1"
    assert found.attachments == ()


def test_floods_are_cut() -> None:
    tags = [{"type": "Mention", "href": f"https://a.test/u/{number}"} for number in range(900)]
    options = [{"type": "Note", "name": str(number)} for number in range(900)]
    assert len(note(tag=tags).mentions) == 100
    poll = note(type="Question", oneOf=options).poll
    assert poll is not None
    assert len(poll.choices) == 500


def test_counts_are_whole_positive_and_bounded() -> None:
    def votes(total: object) -> int:
        found = note(type="Question", oneOf=[{"name": "yes", "replies": {"totalItems": total}}]).poll
        assert found is not None
        return found.choices[0].votes

    assert votes(3) == 3
    assert votes(-3) == 0
    assert votes(2.5) == 0
    assert votes(True) == 0
    assert votes(10**12) == 100_000_000


def test_hashtags_and_emojis_come_without_decoration() -> None:
    found = note(
        tag=[
            {"type": "Hashtag", "name": "#Coop"},
            {"type": "Hashtag", "name": "coop"},
            {"type": "Hashtag", "name": "two words"},
            {"type": "Emoji", "name": "blob", "icon": {"url": "https://a.test/blob.png"}},
            {"type": "Emoji", "name": ":bad:name:", "icon": {"url": "https://a.test/blob.png"}},
        ]
    )
    assert [tag.name for tag in found.hashtags] == ["Coop"]
    assert [emoji.shortcode for emoji in found.emojis] == ["blob"]


def test_an_activity_without_actor_says_nothing() -> None:
    assert "actor" in ignored({"type": "Follow", "object": "https://a.test/u/alice"})
    assert "Arrive" in ignored({"type": "Arrive", "actor": "https://a.test/u/alice"})


def test_lists_of_types_and_missing_contexts_are_taken() -> None:
    found = parse_document(
        {"type": ["Thing", "Follow"], "actor": {"id": "https://a.test/u/a"}, "object": "https://b.test/u/b"}
    )
    assert isinstance(found, Follow)
    assert found.object_id == "https://b.test/u/b"


words = st.sampled_from(
    ["id", "type", "actor", "object", "to", "content", "tag", "url", "attachment", "publicKey", "@context"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([AS, "Note"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words | st.text(), inner, max_size=5),
    max_leaves=20,
)
kinds = st.sampled_from(["Note", "Question", "Person", "Create", "Announce", "Like", "OrderedCollection"])


@settings(max_examples=150)
@given(st.dictionaries(words | st.text(), values, max_size=8), kinds)
def test_no_document_breaks_the_parser(document: dict[str, Any], kind: str) -> None:
    try:
        found = parse_document({"actor": "https://a.test/u", **document, "type": kind})
    except Ignored:
        return
    assert isinstance(found, Post | Actor | Create | Like | object)


@settings(max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_break_the_parser(body: bytes) -> None:
    with pytest.raises(Ignored):
        parse(body)
