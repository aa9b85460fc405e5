"""What was measured: kept by scenario, repetition by repetition; shown as a table of medians; written as JSON."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import msgspec

from tests.bench import machine

Figures = dict[str, float]

COLUMNS = {
    "rate": "per second",
    "rate_low": "lowest",
    "rate_high": "highest",
    "p50_ms": "p50 ms",
    "p99_ms": "p99 ms",
    "cpu_ms": "CPU ms each",
    "ms": "ms",
    "slowest_ms": "slowest ms",
    "found": "found",
    "seconds": "seconds",
    "refused": "refused",
    "rss_mib": "RSS MiB",
    "rss_alone_mib": "RSS MiB alone",
    "statements": "statements",
    "longest_step_cpu_ms": "longest step ms",
    "ratio": "ratio",
}
"""What a table shows of each scenario, as far as it was measured."""


class Report(msgspec.Struct):
    """One run of the benchmark."""

    when: str
    commit: str
    python: str
    machine: dict[str, str | int]
    options: dict[str, str | int | float | bool | None]
    figures: dict[str, list[Figures]] = {}

    def add(self, scenario: str, **figures: float) -> None:
        """One repetition of one scenario, told at once."""
        self.figures.setdefault(scenario, []).append(
            {name: round(value, 4) for name, value in figures.items()}
        )
        said = "  ".join(f"{name}={value:.4g}" for name, value in figures.items())
        print(f"{time.strftime('%H:%M:%S')}  {scenario:28} {said}", file=sys.stderr, flush=True)

    def medians(self) -> dict[str, Figures]:
        """Each figure's median over the repetitions; of rates the lowest and the highest too."""
        found: dict[str, Figures] = {}
        for scenario, runs in self.figures.items():
            names = dict.fromkeys(name for run in runs for name in run)
            row = {name: statistics.median([run[name] for run in runs if name in run]) for name in names}
            rates = [run["rate"] for run in runs if "rate" in run]
            if len(rates) > 1:
                row |= {"rate_low": min(rates), "rate_high": max(rates)}
            found[scenario] = row
        return found

    def table(self) -> str:
        """The medians in Markdown."""
        medians = self.medians()
        used = [name for name in COLUMNS if any(name in row for row in medians.values())]
        lines = [
            "| | " + " | ".join(COLUMNS[name] for name in used) + " |",
            "|---|" + "---:|" * len(used),
        ]
        for scenario, row in medians.items():
            cells = [_short(row[name]) if name in row else "" for name in used]
            lines.append(f"| {scenario} | " + " | ".join(cells) + " |")
        return "\n".join(lines)

    def write(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(msgspec.json.format(msgspec.json.encode(self), indent=1))


def begun(options: dict[str, str | int | float | bool | None]) -> Report:
    """An empty report of a run that begins now."""
    asked = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent,
    )
    return Report(
        when=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        commit=asked.stdout.strip() or "unknown",
        python=sys.version.split()[0],
        machine=machine.described(),
        options=options,
    )


def read_all(folder: Path) -> list[Report]:
    """Every readable report of a folder, the oldest first."""
    found = []
    for path in folder.glob("*.json"):
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=Report))
        except msgspec.DecodeError:
            print(f"{path} is no report of this benchmark", file=sys.stderr)
    return sorted(found, key=lambda report: report.when)


def _short(value: float) -> str:
    if value == int(value):
        return f"{int(value):,}"
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 10 else f"{value:.1f}"
