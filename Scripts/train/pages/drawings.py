"""Small SVG drawings for pages: pictograms, shapes, pictures, codes."""

import colorsys
import math
import random

from pages import colors

SHAPES = "circle square triangle star heart diamond cross hexagon pentagon ring arrow moon".split()


def _polygon(n: int, turn: float = -90, inner: float = 0) -> str:
    points = []
    for i in range(n * (2 if inner else 1)):
        radius = 48 * (inner if inner and i % 2 else 1)
        angle = math.radians(turn + i * 360 / (n * (2 if inner else 1)))
        points.append(f"{50 + radius * math.cos(angle):.1f},{50 + radius * math.sin(angle):.1f}")
    return f'<polygon points="{" ".join(points)}"/>'


_OUTLINES = {
    "circle": '<circle cx="50" cy="50" r="48"/>',
    "square": '<rect x="5" y="5" width="90" height="90"/>',
    "triangle": '<polygon points="50,4 97,94 3,94"/>',
    "star": _polygon(5, inner=0.4),
    "heart": '<path d="M50 94C20 68 3 50 3 30A24 24 0 0 1 50 22A24 24 0 0 1 97 30C97 50 80 68 50 94Z"/>',
    "diamond": '<polygon points="50,2 92,50 50,98 8,50"/>',
    "cross": '<polygon points="34,3 66,3 66,34 97,34 97,66 66,66 66,97 34,97 34,66 3,66 3,34 34,34"/>',
    "hexagon": _polygon(6, turn=0),
    "pentagon": _polygon(5),
    "ring": '<circle cx="50" cy="50" r="38" fill="none" stroke="COLOR" stroke-width="20"/>',
    "arrow": '<polygon points="3,36 55,36 55,12 97,50 55,88 55,64 3,64"/>',
    "moon": '<path d="M68 4A48 48 0 1 0 68 96A38 38 0 1 1 68 4Z"/>',
}


def shape(name: str, color: str, size) -> str:
    body = _OUTLINES[name].replace("COLOR", color)
    return (
        f'<svg data-shape="{name}" data-shape-color="{color}" width="{size}" height="{size}" '
        f'viewBox="0 0 100 100" fill="{color}" style="flex:none">{body}</svg>'
    )


_ICONS = [
    '<path d="M3 11 12 3l9 8v10h-6v-6H9v6H3z"/>',
    '<circle cx="12" cy="12" r="9"/><path d="M12 7v5l3 3"/>',
    '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m3 7 9 6 9-6"/>',
    '<circle cx="12" cy="8" r="4"/><path d="M4 21c0-5 4-7 8-7s8 2 8 7"/>',
    '<path d="M4 6h16M4 12h16M4 18h16"/>',
    '<circle cx="11" cy="11" r="7"/><path d="m16 16 5 5"/>',
    '<path d="M5 12l5 5L20 6"/>',
    '<path d="M6 6l12 12M18 6 6 18"/>',
    '<path d="M12 4v16M4 12h16"/>',
    '<rect x="5" y="3" width="14" height="18" rx="1"/><path d="M8 8h8M8 12h8M8 16h5"/>',
    '<path d="M3 7h6l2 2h10v10H3z"/>',
    '<path d="M4 17l5-6 4 4 3-3 4 5z"/><rect x="3" y="4" width="18" height="16" rx="2"/>',
    '<path d="M6 9a6 6 0 0 1 12 0c0 6 2 7 2 7H4s2-1 2-7M10 20h4"/>',
    '<path d="M12 3l3 6 6 1-5 4 2 7-6-4-6 4 2-7-5-4 6-1z"/>',
    '<rect x="4" y="11" width="16" height="10" rx="2"/><path d="M8 11V7a4 4 0 0 1 8 0v4"/>',
    '<path d="M12 3v12m0 0-5-5m5 5 5-5M4 20h16"/>',
    '<circle cx="12" cy="12" r="3"/><path d="M12 2v4M12 18v4M2 12h4M18 12h4M5 5l3 3M16 16l3 3M19 5l-3 3M8 16l-3 3"/>',
    '<path d="M5 20V10M12 20V4M19 20v-7"/>',
    '<path d="M7 4v16l13-8z"/>',
    '<path d="M4 4h4l2 5-3 2a12 12 0 0 0 6 6l2-3 5 2v4c-9 1-17-7-16-16"/>',
]


def icon(rng: random.Random, color: str | None = None, kind: int | str | None = None) -> str:
    body = _ICONS[kind % len(_ICONS)] if isinstance(kind, int) else rng.choice(_ICONS)
    return (
        f'<svg width="1.2em" height="1.2em" viewBox="0 0 24 24" fill="none" stroke="{color or "currentColor"}" '
        f'stroke-width="2" style="flex:none;vertical-align:-.2em">{body}</svg>'
    )


def photo(rng: random.Random, width, height) -> str:
    """Something that looks like a picture and says nothing: sky, hills, sun, blobs."""
    tone = lambda s, v: colors.css(
        tuple(round(255 * c) for c in colorsys.hsv_to_rgb(rng.random(), s, v))
    )
    parts = [f'<rect width="100" height="100" fill="{tone(0.3, 0.85)}"/>']
    for _ in range(rng.randint(1, 3)):
        parts.append(f'<circle cx="{rng.randint(5, 95)}" cy="{rng.randint(5, 60)}" r="{rng.randint(4, 22)}" fill="{tone(0.4, 0.8)}" opacity=".8"/>')
    for i in range(rng.randint(1, 3)):
        y = 45 + 16 * i
        parts.append(
            f'<path d="M0 {y + rng.randint(0, 15)}C25 {y - rng.randint(0, 20)} 60 {y + rng.randint(0, 20)} 100 {y - rng.randint(0, 10)}V100H0Z" fill="{tone(0.45, 0.6)}"/>'
        )
    return (
        f'<svg class="photo" width="{width}" height="{height}" viewBox="0 0 100 100" preserveAspectRatio="none" '
        f'style="display:block;flex:none">{"".join(parts)}</svg>'
    )


def avatar(name: str, color: str, on: str) -> str:
    initials = "".join(w[0] for w in name.split()[:2]).upper()
    return (
        f'<span data-skip style="display:inline-flex;align-items:center;justify-content:center;flex:none;width:2.2em;'
        f'height:2.2em;border-radius:50%;background:{color};color:{on};font-weight:600">{initials}</span>'
    )


def barcode(rng: random.Random) -> str:
    x, bars = 0, []
    while x < 180:
        w = rng.choice([1, 1, 2, 3])
        bars.append(f'<rect x="{x}" width="{w}" height="50"/>')
        x += w + rng.choice([1, 1, 2, 3])
    return f'<svg class="barcode" width="180" height="50" viewBox="0 0 180 50" fill="#000" preserveAspectRatio="none" style="background:#fff">{"".join(bars)}</svg>'


def qr(rng: random.Random) -> str:
    eye = lambda x, y: f'<path fill-rule="evenodd" d="M{x} {y}h7v7h-7zM{x + 1} {y + 1}v5h5v-5zM{x + 2} {y + 2}h3v3h-3z"/>'
    free = lambda x, y: not (x < 8 and y < 8 or x > 16 and y < 8 or x < 8 and y > 16)
    dots = "".join(
        f'<rect x="{x}" y="{y}" width="1" height="1"/>'
        for x in range(25) for y in range(25) if free(x, y) and rng.random() < 0.5
    )
    return f'<svg class="qr" width="100" height="100" viewBox="-1 -1 27 27" style="background:#fff" fill="#000" shape-rendering="crispEdges">{eye(0, 0)}{eye(18, 0)}{eye(0, 18)}{dots}</svg>'


def spark(rng: random.Random) -> str:
    y, points = 15.0, []
    for x in range(0, 101, 10):
        y = min(28, max(2, y + rng.uniform(-8, 8)))
        points.append(f"{x},{y:.0f}")
    return f'<svg width="100" height="30" viewBox="0 0 100 30" fill="none" stroke="var(--accent)" stroke-width="2"><polyline points="{" ".join(points)}"/></svg>'
