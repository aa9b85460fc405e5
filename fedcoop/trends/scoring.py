"""How much something is a trend: by how far it exceeds what was to be expected, fading from its peak."""

from __future__ import annotations

from fedcoop.trends.types import FADING, Kind, Trend, Used


def scored(kind: Kind, used: Used, before: Trend | None, now: int) -> Trend | None:
    """The trend as it stands now, None for what is none (any more)."""
    fading = FADING[kind]
    expected, observed = max(used.yesterday, 1), used.today
    grown = observed >= fading.threshold and observed > expected
    score = (observed - expected) ** 2 / expected if grown else 0.0
    if used.since:
        peak, peak_at = score, used.since
    elif before is None or before.peak_at < now - fading.cooldown or score > before.peak:
        peak, peak_at = score, now
    else:
        peak, peak_at = before.peak, before.peak_at
    faded = peak * 0.5 ** (max(0, now - peak_at) / fading.half_life)
    return Trend(kind, used.subject_id, faded, peak, peak_at) if faded >= fading.ends else None
