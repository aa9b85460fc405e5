"""How CPU per request changed from run to run, drawn by hand as one small SVG."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from pathlib import Path

from tests.bench.figures import Report

WIDTH, HEIGHT = 900, 480
LEFT, RIGHT, TOP, BOTTOM = 60, 250, 30, 50
COLOURS = ("#0b6e99", "#c2410c", "#4d7c0f", "#7e22ce", "#be123c", "#0f766e", "#a16207", "#475569")


def draw(reports: Sequence[Report], path: Path) -> bool:
    """A line for each scenario over all runs, on a logarithmic scale. False when there is only one run."""
    if len(reports) < 2:
        return False
    lines = _lines(reports)
    values = [value for line in lines.values() for _, value in line]
    if not values:
        return False
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    path.write_text(_picture(reports, lines, low, max(high, low + 1)), "utf-8")
    return True


def _lines(reports: Sequence[Report]) -> dict[str, list[tuple[int, float]]]:
    """By scenario: which run, and its median of CPU milliseconds."""
    found: dict[str, list[tuple[int, float]]] = {}
    for number, report in enumerate(reports):
        for scenario, figures in report.medians().items():
            # One connection says nothing that eight do not.
            if figures.get("cpu_ms", 0) > 0 and not scenario.endswith(", 1"):
                found.setdefault(scenario, []).append((number, figures["cpu_ms"]))
    return found


def _picture(
    reports: Sequence[Report], lines: dict[str, list[tuple[int, float]]], low: int, high: int
) -> str:
    across, up = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def x(number: int) -> float:
        return LEFT + across * number / (len(reports) - 1)

    def y(value: float) -> float:
        return TOP + up * (high - math.log10(value)) / (high - low)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" '
        'font-size="11"><title>CPU milliseconds per request, run by run</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="18">CPU milliseconds per request (medians, logarithmic)</text>',
    ]
    for power in range(low, high + 1):
        at = y(10.0**power)
        parts.append(f'<path d="M{LEFT} {at:.1f}h{across}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    for number, report in enumerate(reports):
        if number % max(1, len(reports) // 8) == 0:
            said = html.escape(f"{report.when[5:16].replace('T', ' ')} {report.commit}")
            parts.append(
                f'<text x="{x(number):.1f}" y="{HEIGHT - BOTTOM + 14}" '
                f'transform="rotate(20 {x(number):.1f} {HEIGHT - BOTTOM + 14})">{said}</text>'
            )
    labels = sorted(lines.items(), key=lambda item: y(item[1][-1][1]))
    beneath = 0.0
    for place, (scenario, line) in enumerate(labels):
        colour = COLOURS[place % len(COLOURS)]
        points = " ".join(f"{x(number):.1f},{y(value):.1f}" for number, value in line)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="1.5"/>')
        parts += [
            f'<circle cx="{x(number):.1f}" cy="{y(value):.1f}" r="2" fill="{colour}"/>'
            for number, value in line
        ]
        # Labels never lie on each other: each begins under the one before.
        beneath = max(y(line[-1][1]) + 4, beneath + 12)
        label = html.escape(f"{scenario}: {line[-1][1]:.3g}")
        parts.append(f'<text x="{WIDTH - RIGHT + 10}" y="{beneath:.1f}" fill="{colour}">{label}</text>')
    return "\n".join([*parts, "</svg>\n"])
