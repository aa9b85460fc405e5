"""Drawings of counts as plain numbers for templates: how votes flow from stage to stage. What they show also
stands beside them as a table and in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Sequence

    from moderation.counting.types import Count, Stage

LABELS, STEP, NODE, HIGH, GAP = 150, 110, 12, 300, 6
"""In the drawing's own units: room for names, from stage to stage, a node's width, all votes, between
nodes."""
TONES = 8


class Node(msgspec.Struct, frozen=True):
    """What an option holds at a stage; `tone` is its colour's number, None for votes that nobody holds."""

    x: float
    y: float
    high: float
    tone: int | None
    elected: bool


class Band(msgspec.Struct, frozen=True):
    """Votes on their way from one stage to the next, as the `d` of an SVG path."""

    path: str
    tone: int | None


class Label(msgspec.Struct, frozen=True):
    """A name beside the first node of an option, or above a stage."""

    x: float
    y: float
    text: str


class Drawing(msgspec.Struct, frozen=True):
    """Votes flowing between options over all stages."""

    width: float
    height: float
    nodes: list[Node]
    bands: list[Band]
    names: list[Label]
    stages: list[Label]


def tone(option: int) -> int:
    """The number of an option's colour."""
    return option % TONES


def flows(count: Count, titles: Sequence[str]) -> Drawing | None:
    """How the votes of a count moved, or None where nothing moved."""
    if not any(stage.flows for stage in count.stages):
        return None
    held = [_held(stage) for stage in count.stages]
    votes = sum(held[0].values()) or 1
    order = sorted(range(len(titles)), key=lambda option: (-(held[0].get(option) or 0), option))
    scale = HIGH / votes
    nodes: list[Node] = []
    tops: list[dict[int | None, float]] = []
    for at, (stage, amounts) in enumerate(zip(count.stages, held, strict=True)):
        top, places = 24.0, {}
        for option in [*order, None]:
            if amount := amounts.get(option):
                places[option] = top
                elected, high = option in stage.elected, round(max(amount * scale, 1), 1)
                nodes.append(Node(LABELS + at * STEP, round(top, 1), high, _tone(option), elected))
                top += amount * scale + GAP
        tops.append(places)
    bands = [
        band
        for at in range(len(held) - 1)
        for band in _between(at, held[at], count.stages[at + 1], tops, scale, order)
    ]
    names = [
        Label(LABELS - 8, round(tops[0][option] + held[0][option] * scale / 2 + 4, 1), _short(titles[option]))
        for option in order
        if option in tops[0]
    ]
    stages = [Label(LABELS + at * STEP + NODE / 2, 14, str(at + 1)) for at in range(len(held))]
    height = 24 + HIGH + GAP * (len(titles) + 1)
    return Drawing(LABELS + (len(held) - 1) * STEP + NODE + 30, height, nodes, bands, names, stages)


def _held(stage: Stage) -> dict[int | None, float]:
    held: dict[int | None, float] = {option: float(total or 0) for option, total in enumerate(stage.totals)}
    held[None] = float(stage.aside)
    return held


def _between(
    at: int,
    before: dict[int | None, float],
    after: Stage,
    tops: list[dict[int | None, float]],
    scale: float,
    order: list[int],
) -> list[Band]:
    """What stays and what moves from one stage to the next."""
    leaving, arriving = dict(tops[at]), dict(tops[at + 1])
    moved: dict[int | None, float] = {}
    for flow in after.flows:
        moved[flow.source] = moved.get(flow.source, 0) + float(flow.amount)
    moves: list[tuple[int | None, int | None, float]] = [
        (option, option, before[option] - moved.get(option, 0))
        for option in [*order, None]
        if option in leaving
    ]
    moves += [(flow.source, flow.to, float(flow.amount)) for flow in after.flows]
    bands = []
    left, right = LABELS + at * STEP + NODE, LABELS + (at + 1) * STEP
    for source, to, amount in moves:
        if amount * scale < 0.05 or source not in leaving or to not in arriving:
            continue
        y0, y1, high = leaving[source], arriving[to], amount * scale
        bands.append(Band(_band(left, y0, right, y1, high), _tone(source)))
        leaving[source] += high
        arriving[to] += high
    return bands


def _band(left: float, y0: float, right: float, y1: float, high: float) -> str:
    middle = (left + right) / 2
    a, b, c, d = (round(value, 1) for value in (y0, y1, y1 + high, y0 + high))
    return (
        f"M{left} {a}C{middle} {a} {middle} {b} {right} {b}L{right} {c}C{middle} {c} {middle} {d} {left} {d}Z"
    )


def _tone(option: int | None) -> int | None:
    return None if option is None else tone(option)


def _short(title: str) -> str:
    return title if len(title) <= 18 else title[:17] + "…"
