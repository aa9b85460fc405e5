"""Which ids share an origin."""

import json

import pytest

from activitypub.origins import authority, origin, same_origin
from fedcoop.errors import Invalid
from tests.activitypub.samples import SAMPLES, needs_samples


@needs_samples
def test_the_pairs_of_fep_fe34() -> None:
    found = json.loads((SAMPLES / "signatures" / "fep-fe34-origins.json").read_bytes())
    for one, other, expected in found["sameOrigin"]:
        assert same_origin(one, other) is expected, (one, other)


def test_what_has_no_origin_shares_none() -> None:
    for text in ("", "nonsense", "mailto:a@b.test", "https://", "https://b.test:x/", "https://[/"):
        assert not same_origin(text, text)
        with pytest.raises(Invalid):
            origin(text)


def test_the_authority_is_what_stands_in_handles() -> None:
    assert authority("https://B.test/u/1") == "b.test"
    assert authority("http://localhost:8081/u/1") == "localhost:8081"
    assert authority("https://b.test:443/u/1") == "b.test"
