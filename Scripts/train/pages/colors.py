"""Colours that everyone calls by the same name."""

import colorsys
import random

NAMES = (
    "red green blue yellow orange purple pink brown black white gray cyan".split()
)
COLOR_ID = {name: i + 1 for i, name in enumerate(NAMES)}  # 0 = no name
Color = tuple[int, int, int]

# Hue in degrees, saturation and value in HSV: [from, to) of what the name certainly covers.
_HUES = {
    "red": [(350, 361), (0, 10)],
    "orange": [(22, 40)],
    "yellow": [(47, 62)],
    "green": [(85, 155)],
    "cyan": [(174, 192)],
    "blue": [(205, 238)],
    "purple": [(265, 295)],
    "pink": [(315, 345)],
}


def color_name(color: Color) -> str | None:
    """The colour's name, where people would agree on it."""
    h, s, v = colorsys.rgb_to_hsv(*(c / 255 for c in color[:3]))
    h *= 360
    if v < 0.13:
        return "black"
    if s < 0.07:
        return "white" if v > 0.96 else "gray" if 0.35 < v < 0.75 else None
    if s < 0.12:
        return "gray" if 0.35 < v < 0.7 else None
    if 12 <= h < 40 and 0.4 < s < 0.85 and 0.25 < v < 0.6:
        return "brown"
    if (h >= 325 or h < 12) and 0.22 < s < 0.5 and v > 0.85:
        return "pink"
    if s < 0.45 or v < 0.35:
        return None
    for name, spans in _HUES.items():
        if any(low <= h < high for low, high in spans):
            if name in ("yellow", "orange") and v < 0.75:
                return None
            if name == "red" and (s < 0.6 or v < 0.45):
                return None
            return name
    return None


_SAMPLES = {
    "red": [(0, 0.85, 0.82), (356, 0.78, 0.9), (4, 0.8, 0.75), (2, 0.9, 0.65)],
    "green": [(135, 0.75, 0.6), (120, 0.6, 0.65), (145, 0.8, 0.5), (105, 0.65, 0.7)],
    "blue": [(222, 0.8, 0.85), (212, 0.85, 0.75), (230, 0.75, 0.7), (217, 0.7, 0.95)],
    "yellow": [(52, 0.85, 0.95), (50, 0.75, 0.98), (56, 0.8, 0.95), (49, 0.95, 1)],
    "orange": [(28, 0.9, 0.96), (32, 0.85, 0.98), (25, 0.85, 0.92), (35, 0.9, 0.95)],
    "purple": [(275, 0.7, 0.65), (280, 0.65, 0.7), (270, 0.6, 0.75), (285, 0.75, 0.6)],
    "pink": [(335, 0.5, 0.98), (330, 0.55, 0.95), (342, 0.48, 0.97), (320, 0.5, 0.95)],
    "brown": [(25, 0.65, 0.45), (20, 0.6, 0.4), (28, 0.7, 0.5), (22, 0.55, 0.48)],
    "black": [(0, 0, 0.06), (0, 0, 0.1), (220, 0.2, 0.1)],
    "white": [(0, 0, 1), (0, 0, 0.98)],
    "gray": [(0, 0, 0.55), (210, 0.08, 0.5), (0, 0, 0.62)],
    "cyan": [(185, 0.8, 0.85), (182, 0.75, 0.8), (188, 0.85, 0.85)],
}


def sample(rng: random.Random, name: str) -> Color:
    """A colour that is called so."""
    h, s, v = rng.choice(_SAMPLES[name])
    h, s, v = h + rng.uniform(-2, 2), s + rng.uniform(-0.03, 0.03), v + rng.uniform(-0.03, 0.02)
    clamp = lambda x: min(1.0, max(0.0, x))
    if name in ("black", "white", "gray"):
        s = clamp(s) * 0.9
    return tuple(round(255 * c) for c in colorsys.hsv_to_rgb(h % 360 / 360, clamp(s), clamp(v)))


def luminance(color: Color) -> float:
    return 0.3 * color[0] + 0.59 * color[1] + 0.11 * color[2]


def css(color: Color) -> str:
    return "#%02x%02x%02x" % tuple(color[:3])
