"""Each domain has one spelling (docs/security.md E1). The code is `fedcoop/text/domains.py`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.errors import Invalid
from fedcoop.text.domains import canonical, parents


@pytest.mark.parametrize(
    "spelling", ["a.test", "A.TEST", "a.test.", "ａ．test", "a。test", "a\u200b.test", " a.te\u00adst "]
)
def test_every_spelling_of_a_domain_is_one(spelling: str) -> None:
    assert canonical(spelling) == "a.test"


@pytest.mark.parametrize(
    "spelling", ["bücher.example", "BU\u0308CHER.example", "xn--bcher-kva.example", "XN--BCHER-KVA.EXAMPLE."]
)
def test_international_names_are_one_too(spelling: str) -> None:
    assert canonical(spelling) == "xn--bcher-kva.example"


def test_a_port_is_kept() -> None:
    assert canonical("LocalHost:8081") == "localhost:8081"


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a..b",
        "-a.test",
        "http://a.test",
        "a.test/x",
        "a b",
        "a@b",
        "[::1]",
        "a:port",
        "x" * 300,
        "\x00a",
    ],
)
def test_what_can_be_no_domain_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        canonical(text)


@given(st.text())
def test_whatever_comes_it_is_refused_or_stays_as_it_became(text: str) -> None:
    try:
        once = canonical(text)
    except Invalid:
        return
    assert canonical(once) == once


def test_a_domain_lies_in_those_above_it() -> None:
    assert parents("x.b.test") == ["x.b.test", "b.test", "test"]
    assert parents("b.test:81") == ["b.test:81", "b.test", "test"]
