"""Outlines of the shapes that questions name."""

import math

Point = tuple[float, float]


def _regular(n: int, radius: float = 1.0, turn: float = 0.0) -> list[Point]:
    angles = [turn + 2 * math.pi * i / n for i in range(n)]
    return [(radius * math.sin(a), -radius * math.cos(a)) for a in angles]


def _ellipse(rx: float, ry: float) -> list[Point]:
    return [(rx * x, ry * y) for x, y in _regular(48)]


def _arc(start: float, sweep: float, steps: int = 24) -> list[Point]:
    angles = [math.pi * (start + sweep * i / steps) for i in range(steps + 1)]
    return [(math.cos(a), math.sin(a)) for a in angles]


def _heart() -> list[Point]:
    curve = [i * math.pi / 20 for i in range(40)]
    y = lambda t: 13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)
    return [(16 * math.sin(t) ** 3 / 17, -y(t) / 17) for t in curve]


_STAR = [p for pair in zip(_regular(5), _regular(5, 0.42, math.pi / 5)) for p in pair]
_CROSS = [
    (-0.36, -1),
    (0.36, -1),
    (0.36, -0.36),
    (1, -0.36),
    (1, 0.36),
    (0.36, 0.36),
    (0.36, 1),
    (-0.36, 1),
    (-0.36, 0.36),
    (-1, 0.36),
    (-1, -0.36),
    (-0.36, -0.36),
]
_OUTER = [(0.3 + x, y) for x, y in _arc(0.35, 1.3)]
_INNER = [(0.62 + 0.75 * x, 0.82 * y) for x, y in reversed(_arc(0.35, 1.3))]

# Within the square from (-1, -1) to (1, 1).
OUTLINES: dict[str, list[Point]] = {
    "circle": _ellipse(1, 1),
    "oval": _ellipse(1, 0.6),
    "square": [(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
    "rectangle": [(-1, -0.52), (1, -0.52), (1, 0.52), (-1, 0.52)],
    "triangle": [(0, -1), (1, 0.8), (-1, 0.8)],
    "diamond": [(0, -1), (0.75, 0), (0, 1), (-0.75, 0)],
    "star": _STAR,
    "pentagon": _regular(5),
    "hexagon": _regular(6, 1, math.pi / 6),
    "octagon": _regular(8, 1, math.pi / 8),
    "cross": _CROSS,
    "arrow": [(-1, -0.3), (0, -0.3), (0, -0.8), (1, 0), (0, 0.8), (0, 0.3), (-1, 0.3)],
    "heart": _heart(),
    "moon": _OUTER + _INNER,
    "drop": [(0, -1)] + [(0.68 * x, 0.32 + 0.68 * y) for x, y in _arc(-0.15, 1.3)],
}


def outline_of(name: str, cx: float, cy: float, size: float) -> list[Point]:
    """The outline as pixels, centred and scaled to `size`."""
    return [(cx + x * size / 2, cy + y * size / 2) for x, y in OUTLINES[name]]
