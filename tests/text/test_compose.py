"""What members type becomes what Mastodon would make of it. The code is `fedcoop/text/compose.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.text import markdown, plain
from fedcoop.text.compose import (
    ContentType,
    Mentioned,
    find_hashtags,
    find_mentions,
    fold,
    length,
    render,
    render_line,
)
from tests.text.test_safe_html import SOUP, look

PEOPLE = {
    "alice": Mentioned("alice", "https://coop.test/@alice"),
    "bob@b.test": Mentioned("bob@b.test", "https://b.test/@bob"),
}


def tag_url(tag: str) -> str:
    return f"https://coop.test/tags/{tag}"


@pytest.mark.parametrize(
    ("text", "handles"),
    [
        ("@alice", ["alice"]),
        ("Hello @Alice, and @bob@B.test!", ["alice", "bob@b.test"]),
        ("(@alice) @alice", ["alice"]),
        ("mail bob@b.test", []),
        ("https://b.test/@bob", []),
        ("@bob@localhost:8081: hello", ["bob@localhost:8081"]),
        ("@bob@b.test: hello", ["bob@b.test"]),
        ("@bob@b.test.", ["bob@b.test"]),
        ("@bob@bücher.example", ["bob@xn--bcher-kva.example"]),
        ("@a.b-c_d", ["a.b-c_d"]),
        ("@ @@ @!", []),
    ],
)
def test_mentions_are_found_where_mastodon_finds_them(text: str, handles: list[str]) -> None:
    assert find_mentions(text) == handles


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("#one #Two, #three.", ["one", "Two", "three"]),
        ("#Same #same #SAME", ["Same"]),
        ("#1 #2024 #_", []),
        ("#1st #a1 #2_0", ["1st", "a1", "2_0"]),
        ("a#b /#c", []),
        ("#日本語 ＃ελλάδα #हिन्दी #ไทย", ["日本語", "ελλάδα", "हिन्दी", "ไทย"]),
        ("https://a.test/#fragment", []),
        ("#l·l #one-two", ["l·l", "one"]),
        ("&#39; #x&y", ["x"]),
        ("#" + "a" * 200, []),
    ],
)
def test_hashtags_are_found_where_mastodon_finds_them(text: str, tags: list[str]) -> None:
    assert find_hashtags(text) == tags


def test_two_spellings_of_a_hashtag_are_one() -> None:
    assert {fold(tag) for tag in ("Café", "CAFE", "ＣＡＦＥ", "#café")} == {"cafe"}
    assert fold("Łódź") == "lodz"
    assert fold("日本語") == "日本語"
    assert fold("ガ") == fold("カ\u3099")


def test_a_post_looks_as_mastodon_would_write_it() -> None:
    assert render(
        "Hi @alice and @nobody\nsee https://www.example.com/a #Über\n\n<b> & so on", PEOPLE, tag_url
    ) == (
        '<p>Hi <span class="h-card" translate="no"><a href="https://coop.test/@alice" class="u-url mention">'
        "@<span>alice</span></a></span> and @nobody<br>see "
        '<a href="https://www.example.com/a" rel="nofollow noopener" target="_blank" translate="no">'
        '<span class="invisible">https://www.</span><span>example.com/a</span><span class="invisible"></span></a> '
        '<a href="https://coop.test/tags/uber" class="mention hashtag" rel="tag">#<span>Über</span></a></p>'
        "<p>&lt;b&gt; &amp; so on</p>"
    )


def test_a_long_link_shows_its_middle() -> None:
    url = "https://example.com/a/very/long/path/that/goes/on?and=on&on"
    html = render_line(url)
    assert '<span class="ellipsis">example.com/a/very/long/path/t</span>' in html
    assert plain(html) == url


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://a.test/x.", "https://a.test/x"),
        ("(https://a.test/x)", "https://a.test/x"),
        ("https://a.test/x_(y)", "https://a.test/x_(y)"),
        ("https://a.test/?q=a&b=c#d!", "https://a.test/?q=a&b=c#d"),
        ("http://localhost:8081/x", "http://localhost:8081/x"),
        ("“https://bücher.example/ä”", "https://bücher.example/ä"),
    ],
)
def test_a_link_ends_where_its_sentence_goes_on(text: str, url: str) -> None:
    assert f'href="{url.replace("&", "&amp;")}"' in render(text)


def test_only_absolute_links_become_links() -> None:
    assert "href" not in render("javascript:alert(1) example.com a://b")


def test_markdown_may_mention_but_not_inside_code() -> None:
    html = render(
        "#tag\n\n**@alice** `@alice` [x](javascript:alert(1)) <script>x</script>",
        PEOPLE,
        tag_url,
        "text/markdown",
    )
    assert html.count("u-url mention") == 1
    assert "<strong><span" in html
    assert 'class="mention hashtag"' in html
    assert "javascript" not in html.replace("[x](javascript", "")
    assert "<script" not in html


def test_markdown_becomes_the_html_that_is_allowed() -> None:
    assert markdown("# Title\n\n- *a*\n- b\n\n> said") == (
        "<p><strong>Title</strong></p>\n<ul>\n<li><em>a</em></li>\n<li>b</li>\n</ul>\n"
        "<blockquote>\n<p>said</p>\n</blockquote>"
    )


@pytest.mark.parametrize(
    "source",
    ["[" * 20_000, "![a" * 9_000, "<a " * 9_000, "> " * 9_000, ">" * 5_000, "[a](" * 9_000, "`" * 9_000 + "a",
     "<![", "<!--", "<?", "<![CDATA[", "- " * 9_000, "&" * 50_000],
)  # fmt: skip
def test_markdown_that_breaks_parsers_is_shown_as_text(source: str) -> None:
    look(markdown(source))


@given(st.one_of(SOUP, st.text()), st.sampled_from(["text/plain", "text/markdown", "text/html"]))
def test_whatever_is_typed_what_is_shown_is_on_the_list(text: str, content_type: ContentType) -> None:
    look(render(text, PEOPLE, tag_url, content_type))


@given(
    st.lists(st.sampled_from(["@", "#", "a", ".", "b.test", "https://", "/", ":", "(", ")", " ", "１", "·"]))
)
def test_finding_never_fails_and_never_overlaps(parts: list[str]) -> None:
    text = "".join(parts)
    assert plain(render(text, PEOPLE, tag_url)).replace("\n", "") is not None
    assert length(text) >= 0


def test_length_is_what_a_reader_counts() -> None:
    assert length("hello") == 5
    assert length("@alice@a.very.long.domain.example hi") == len("@alice hi")
    assert length("https://example.com/" + "x" * 500) == 23
    assert length("👨‍👩‍👧‍👦🇩🇪🇫🇷é👍🏽❤️") == 6
