"""Where the documents of other programs lie, when they are there: FEDCOOP_SAMPLES or beside the checkout."""

from pathlib import Path

import pytest

from tests.environment import setting

_BESIDE = Path(__file__).parents[3] / "shared" / "federation-samples"
SAMPLES = Path(setting("FEDCOOP_SAMPLES", str(_BESIDE)))

needs_samples = pytest.mark.skipif(
    not SAMPLES.is_dir(), reason="the folder federation-samples is not here (FEDCOOP_SAMPLES names it)"
)


def documents() -> list[Path]:
    """Every sample document; the test vectors under signatures/ are read by their own tests."""
    return sorted(path for path in SAMPLES.glob("*/*.json") if path.parent.name != "signatures")
