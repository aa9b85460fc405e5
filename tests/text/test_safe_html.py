"""HTML from elsewhere is shown safely, whatever it is (docs/security.md F1–F10): `fedcoop/text/safe.py`."""

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.text import plain, safe, sanitize

MASTODON_POST = (
    '<p>Hello <span class="h-card" translate="no"><a href="https://a.test/@x" class="u-url mention" '
    'rel="nofollow noopener" target="_blank">@<span>x</span></a></span><br>and '
    '<a href="https://example.com/?a=1&amp;b=2" rel="nofollow noopener" target="_blank">'
    '<span class="invisible">https://</span><span class="ellipsis">example.com</span></a></p>'
    "<p>&lt;b&gt; is &quot;quoted&quot;</p>"
)
PIECES = [
    "<p>", "</p>", "<br>", "<br/>", "<b>", "</b>", "<i>", "</i>", "<a>", '<a href="https://a.test/?x=1&amp;y">',
    '<a href="javascript:alert(1)">', "</a>", "<span class='x'>", '<span class="h-card evil">', "</span>",
    "<script>", "</script>", "<style>", "</style>", "<svg>", "<math>", "<mi>", "</math>", "<table>", "<td>",
    "<!--", "-->", "<![CDATA[", "]]>", "<?x", "<h1>", "</h1>", "<pre>", "</pre>", "<code>", "</code>", "<ul>",
    "<li>", "</li>", "</ul>", "<blockquote>", "</blockquote>", "<img src=x onerror=alert(1)>", "<template>",
    "<", ">", "&", "&amp;", "&lt;", "&#60;", '"', "'", "text", " ", "\n", "\x00", "\ud800", "é", "<p onclick='x'>",
]  # fmt: skip
SOUP = st.lists(st.one_of(st.sampled_from(PIECES), st.text(max_size=5)), max_size=40).map("".join)


class Looker(HTMLParser):
    """Reads HTML as a browser might, and objects to all that is not on the list."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in safe.TAGS
        for name, value in attrs:
            assert name in {"href", "rel", "class", "target", "translate", "start", "reversed", "value"}
            if name == "href":
                assert safe.is_link(value or "")
            if name == "class":
                assert all(safe.CLASSES.fullmatch(each) for each in (value or "").split())
        if tag != "br":
            self.opened.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.opened.pop() == tag

    def handle_comment(self, data: str) -> None:
        raise AssertionError("a comment")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError("a declaration")

    def handle_pi(self, data: str) -> None:
        raise AssertionError("a processing instruction")


def look(html: str) -> None:
    looker = Looker()
    looker.feed(html)
    looker.close()
    assert looker.opened == []
    html.encode()
    assert "\x00" not in html


def test_a_post_as_mastodon_writes_it_stays_as_it_is() -> None:
    assert sanitize(MASTODON_POST) == MASTODON_POST


@given(SOUP)
def test_whatever_comes_what_is_shown_is_on_the_list(source: str) -> None:
    look(sanitize(source))


@given(SOUP)
def test_the_fast_way_and_the_full_parse_agree(source: str) -> None:
    source = safe.fit(source)
    quick = safe._in_one_pass(source)
    if quick is not None:
        assert quick.strip("\n") == safe._parsed(source)


@given(SOUP)
def test_cleaning_again_takes_no_text_away(source: str) -> None:
    once = sanitize(source)
    # Words may come to stand in paragraphs of their own; none is lost or made.
    assert "".join(plain(sanitize(once)).split()) == "".join(plain(once).split())


def test_cleaning_again_may_part_words_but_takes_none_away() -> None:
    once = sanitize("<h1><<p>-->")
    assert "".join(plain(sanitize(once)).split()) == "".join(plain(once).split()) == "<-->"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("<script>alert(1)</script>x", "x"),
        ("<img src=x onerror=alert(1)>x", "x"),
        ('<a href="javascript:alert(1)">x</a>', "x"),
        ('<a href="java\nscript:alert(1)">x</a>', "x"),
        ('<a href="data:text/html,x">x</a>', "x"),
        ('<a href="/relative">x</a>', "x"),
        ('<p onclick="x()" style="color:red">x</p>', "<p>x</p>"),
        ('<span class="h-card evil status__content">x</span>', '<span class="h-card">x</span>'),
        ("<h2>Title</h2><p>x</p>", "<p><strong>Title</strong></p><p>x</p>"),
        ("<math><mi><table></math>x", "x"),
        ("<svg><style><img src=x onerror=alert(1)></style></svg>x", "x"),
        ("<!-- a comment -->x<!-- open", "x"),
        ("<b>never closed", "<b>never closed</b>"),
        ("a & b &amp; c &copy;", "a &amp; b &amp; c &copy;"),
        ("", ""),
    ],
)
def test_what_may_harm_is_taken_out_and_the_text_stays(source: str, shown: str) -> None:
    assert sanitize(source) == shown


def test_a_link_gets_the_relations_that_tell_nobody_who_asked() -> None:
    assert sanitize('<a href="https://a.test/tags/x" class="mention hashtag" rel="tag me">x</a>') == (
        '<a href="https://a.test/tags/x" class="mention hashtag" rel="tag nofollow noopener" target="_blank">x</a>'
    )


@pytest.mark.parametrize(
    "source",
    [
        "<b>" * 10_000, "<p>" * 10_000, "<div>" * 100_000, "<!--" * 20_000, "<a " * 10_000, "<table>" * 5_000,
        "<svg><title><b>" * 3_000, "<script>" * 50_000, "</b>" * 100_000, "&" * 200_000, "<" * 200_000,
        '<a href="x' * 10_000, "<blockquote>" * 10_000 + "x", "<font>" * 4_000 + "<p>" * 100,
        ("<" + "x" * 4_000) * 50,
    ],
)  # fmt: skip
def test_floods_and_deep_nesting_become_text_without_an_exception(source: str) -> None:
    began = time.process_time()
    look(sanitize(source))
    assert plain(source) is not None
    assert time.process_time() - began < 5  # endless is what this guards against, not slow


def test_plain_text_has_lines_and_characters_in_place_of_markup() -> None:
    assert plain("<p>one<br>two &lt;3</p><p>three<script>x</script></p>") == "one\ntwo <3\n\nthree"
    assert plain("no markup &amp; an entity") == "no markup & an entity"


@given(st.text())
def test_plain_text_made_html_and_back_is_the_same_text(text: str) -> None:
    text = re.sub(r"\n{2,}", "\n\n", safe.fit(text).replace("\r", "")).strip("\n")
    assert plain(safe.from_plain(text)) == text
