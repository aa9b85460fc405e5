"""Which scope contains which: `fedcoop/oauth/scopes.py`."""

import pytest

from fedcoop.errors import Invalid
from fedcoop.oauth.scopes import cleaned, granted_by, within


def test_the_wide_scopes_contain_the_narrow_ones() -> None:
    assert within("read:statuses read:governance", "read")
    assert within("write:follows read:blocks", "follow")
    assert within("admin:read:reports admin:write:accounts admin:governance", "admin")
    assert not within("read write", "admin")
    assert not within("read", "read:statuses")


def test_scopes_are_named_once_and_read_when_nothing_is_asked() -> None:
    assert cleaned("read  write read") == "read write"
    assert cleaned("read write follow push admin") == "read write follow push admin"
    assert cleaned("") == "read"
    assert "read:accounts" in granted_by(cleaned(""))


def test_an_unknown_scope_is_refused_by_name() -> None:
    with pytest.raises(Invalid, match="everything"):
        cleaned("read everything")
