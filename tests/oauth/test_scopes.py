"""Which scope contains which."""

import pytest

from fedcoop.errors import Invalid
from fedcoop.oauth.scopes import ALL, CONTAINS, cleaned, granted_by, within
from web.oauth.words import described


@pytest.mark.parametrize(
    ("granted", "asked", "held"),
    [
        ("read", "read:statuses", True),
        ("read", "read:governance", True),
        ("read", "write:statuses", False),
        ("read:statuses", "read", False),
        ("read:statuses", "read:accounts", False),
        ("write", "write:governance", True),
        ("follow", "write:blocks", True),
        ("follow", "write:statuses", False),
        ("read write", "push", False),
        ("read", "profile", False),
        ("admin:read", "admin:read:reports", True),
        ("read write", "admin:read:reports", False),
        ("admin:write", "admin:read:reports", False),
        ("admin:read admin:write", "admin:governance", False),
        ("read write follow push", "follow read:statuses", True),
        ("read write", "read", True),
    ],
)
def test_what_a_scope_contains(granted: str, asked: str, held: bool) -> None:
    assert within(asked, granted) is held


def test_every_contained_scope_can_be_asked_for_by_itself() -> None:
    for whole, parts in CONTAINS.items():
        assert {*parts} <= set(ALL)
        assert granted_by(whole) == {whole, *parts}


def test_scopes_are_put_in_order() -> None:
    assert cleaned("") == "read"
    assert cleaned("read  read write") == "read write"
    assert cleaned("read+write,push") == "read write push"
    with pytest.raises(Invalid):
        cleaned("read nonsense")


def test_every_scope_can_be_explained_to_a_member() -> None:
    scopes = {*ALL, *CONTAINS}
    assert {line.name for line in described(" ".join(scopes))} == scopes
    assert all(line.sentence[0].isupper() for line in described(" ".join(scopes)))
