"""What clients send, in every form in which they send it."""

from contextlib import suppress
from typing import Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fedcoop.errors import Invalid, NotFound
from fedcoop.ids import StatusId
from web.errors import Malformed
from web.params import MOST_PAIRS, Reader, Upload, nested


class Option(msgspec.Struct, kw_only=True):
    name: str = ""
    value: str = ""


class Poll(msgspec.Struct, kw_only=True):
    options: list[str] = []
    multiple: bool = False
    expires_in: int | None = None


class Everything(msgspec.Struct, kw_only=True):
    text: str = ""
    limit: int = 20
    flag: bool | None = None
    id: StatusId | None = None
    media_ids: list[StatusId] = []
    fields_attributes: list[Option] = []
    poll: Poll | None = None
    kind: Literal["a", "b"] | None = None
    avatar: Upload | None = None


class Strict(msgspec.Struct, kw_only=True):
    client_name: str
    id: StatusId


read = Reader(Everything).make


def form(*pairs: tuple[str, str]) -> Everything:
    return read(nested(pairs))


def test_brackets_make_lists() -> None:
    assert form(("media_ids[]", "1"), ("media_ids[]", "2")).media_ids == [1, 2]
    assert form(("media_ids", "1"), ("media_ids", "2")).media_ids == [1, 2]
    assert form(("media_ids", "7")).media_ids == [7]
    assert form(("media_ids[1]", "2"), ("media_ids[0]", "1")).media_ids == [1, 2]


def test_brackets_make_structs() -> None:
    poll = form(
        ("poll[options][]", "x"),
        ("poll[options][]", "y"),
        ("poll[multiple]", "on"),
        ("poll[expires_in]", "60"),
    )
    assert poll.poll == Poll(options=["x", "y"], multiple=True, expires_in=60)


@pytest.mark.parametrize(
    "pairs",
    [
        [
            ("fields_attributes[0][name]", "a"),
            ("fields_attributes[0][value]", "b"),
            ("fields_attributes[1][name]", "c"),
        ],
        [
            ("fields_attributes[][name]", "a"),
            ("fields_attributes[][value]", "b"),
            ("fields_attributes[][name]", "c"),
        ],
    ],
)
def test_lists_of_structs_come_numbered_or_one_after_the_other(pairs: list[tuple[str, str]]) -> None:
    assert form(*pairs).fields_attributes == [Option(name="a", value="b"), Option(name="c")]


def test_json_may_number_its_lists_too() -> None:
    assert read({"fields_attributes": {"0": {"name": "a"}, "1": {"name": "b"}}}).fields_attributes == [
        Option(name="a"),
        Option(name="b"),
    ]


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        *((word, True) for word in ("true", "1", "on", "t", "yes")),
        *((word, False) for word in ("false", "0", "off", "F")),
        ("", None),
    ],
)
def test_booleans_come_in_many_spellings(sent: str, meant: bool | None) -> None:
    assert read({"flag": sent}).flag is meant


def test_json_types_are_taken_as_they_are() -> None:
    everything = read({"flag": False, "limit": 5, "id": 12, "text": "x", "media_ids": ["3", 4], "kind": "a"})
    assert everything == Everything(
        flag=False, limit=5, id=StatusId(12), text="x", media_ids=[StatusId(3), StatusId(4)], kind="a"
    )


def test_null_is_as_if_not_sent() -> None:
    assert read({"text": None, "limit": None, "media_ids": None, "poll": None}) == Everything()


def test_of_several_values_the_last_counts() -> None:
    assert form(("limit", "1"), ("limit", "2")).limit == 2


def test_a_file_is_an_upload_and_nothing_else_is() -> None:
    upload = Upload("a.png", "image/png", None)
    assert read({"avatar": upload}).avatar == upload
    with pytest.raises(Invalid):
        read({"avatar": "data:image/png;base64,AAAA"})


@pytest.mark.parametrize(
    "values",
    [{"limit": "many"}, {"limit": []}, {"flag": {}}, {"text": {"a": 1}}, {"kind": "c"}, {"poll": "x"}],
)
def test_what_does_not_fit_is_refused_by_name(values: dict[str, object]) -> None:
    with pytest.raises(Invalid) as caught:
        read(values)
    assert caught.value.field == next(iter(values))


@pytest.mark.parametrize("id_", ["abc", "-1", "1.5", "9" * 30, "", {"a": 1}])
def test_an_impossible_id_is_of_nothing(id_: object) -> None:
    with pytest.raises((NotFound, Invalid)):
        Reader(Strict).make({"client_name": "x", "id": id_})


def test_what_is_missing_is_named() -> None:
    with pytest.raises(Invalid, match="Client name can't be blank"):
        Reader(Strict).make({"id": "1"})


def test_floods_are_refused() -> None:
    with pytest.raises(Malformed):
        nested([("id[]", "1")] * (MOST_PAIRS + 1))
    with pytest.raises(Malformed):
        nested([("a" + "[b]" * 50, "1")])


json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(Everything.__struct_fields__, json)))
def test_no_json_breaks_the_reader(values: dict[str, object]) -> None:
    with suppress(Invalid, NotFound):
        assert isinstance(read(values), Everything)


@given(
    st.lists(
        st.tuples(st.text(alphabet="abpoll[]options0123idmedia_", max_size=20), st.text(max_size=5)),
        max_size=10,
    )
)
def test_no_form_breaks_the_reader(pairs: list[tuple[str, str]]) -> None:
    with suppress(Invalid, NotFound, Malformed):
        assert isinstance(read(nested(pairs)), Everything)
