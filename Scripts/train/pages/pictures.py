"""Things that are not text: photographs, logos, icons. Nothing is asked about them; they are there to be told apart."""

import numpy as np
from PIL import Image, ImageDraw

from pages.canvas import Box, Canvas


def photograph(canvas: Canvas, width: int, height: int) -> Image.Image:
    """Soft blobs of colour with a few hard edges and some grain."""
    rng = canvas.rng
    noise = np.random.default_rng(rng.getrandbits(32))
    coarse = noise.integers(0, 256, (rng.randint(2, 7), rng.randint(2, 7), 3), dtype=np.uint8)
    image = Image.fromarray(coarse).resize((width, height), Image.BICUBIC)
    draw = ImageDraw.Draw(image)
    for _ in range(rng.randint(0, 6)):
        color = tuple(rng.randint(0, 255) for _ in range(3))
        x, y = rng.uniform(0, width), rng.uniform(0, height)
        points = [
            (x + rng.gauss(0, width / 4), y + rng.gauss(0, height / 4))
            for _ in range(rng.randint(3, 6))
        ]
        draw.polygon(points, fill=color)
    grain = noise.normal(0, rng.uniform(0, 14), (height, width, 1))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def picture(canvas: Canvas, box: Box) -> float:
    """A photograph, or a row of small ones; returns the bottom."""
    rng, size = canvas.rng, canvas.theme.text
    height = min(box[3] - box[1], size * rng.uniform(4, 14))
    count = rng.choice([1, 1, 2, 3])
    gap = size * rng.uniform(0, 1)
    width = min((box[2] - box[0] - gap * (count - 1)) / count, height * rng.uniform(0.8, 2.5))
    if width < size * 2 or height < size * 2:
        return box[1]
    for i in range(count):
        shown = photograph(canvas, round(width), round(height))
        canvas.image.paste(shown, (round(box[0] + i * (width + gap)), round(box[1])))
    return box[1] + height + size * 0.5


def icons(canvas: Canvas, box: Box) -> float:
    """A row of small line drawings, as on a tool bar."""
    rng, theme = canvas.rng, canvas.theme
    size = theme.text * rng.uniform(0.9, 1.8)
    x, y = box[0], box[1]
    fill = rng.choice([theme.ink, theme.muted, theme.accent])
    for _ in range(rng.randint(2, 10)):
        if x + size > box[2] or y + size > box[3]:
            break
        for _ in range(rng.randint(1, 3)):
            a, b = sorted((rng.uniform(0, size), rng.uniform(0, size)))
            c, d = sorted((rng.uniform(0, size), rng.uniform(0, size)))
            corner = [x + a, y + c, x + b + 1, y + d + 1]
            width = max(1, round(size * 0.08))
            match rng.choice(["line", "ellipse", "arc", "rectangle"]):
                case "line":
                    canvas.draw.line(corner, fill=fill, width=width)
                case "ellipse":
                    canvas.draw.ellipse(corner, outline=fill, width=width)
                case "arc":
                    canvas.draw.arc(corner, 0, rng.uniform(90, 300), fill=fill, width=width)
                case "rectangle":
                    canvas.draw.rectangle(corner, outline=fill, width=width)
        x += size * rng.uniform(1.4, 2.2)
    return y + size * 1.6
