"""The pages of Weights/examples, drawn with Pillow and the DejaVu fonts that matplotlib brings.

Positions and sizes are in units of a 672nd of a page, letters in pixels."""

import math
from pathlib import Path

import matplotlib
from PIL import Image, ImageDraw, ImageFont

FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
UNIT = 1.6  # pixels
SIDE = round(672 * UNIT)

RED, GREEN, BLUE, YELLOW = (210, 35, 40), (40, 160, 60), (40, 80, 210), (240, 215, 40)
ORANGE, PURPLE, PINK, BROWN = (245, 140, 25), (130, 50, 170), (250, 150, 190), (130, 80, 40)
CYAN, GRAY, BLACK, WHITE = (50, 195, 220), (135, 135, 135), (20, 20, 20), (250, 250, 250)
RULE = (175, 175, 175)


def font(size: int, style: str = "Sans") -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(
        FONTS / f"DejaVu{style}.ttf", size, layout_engine=ImageFont.Layout.BASIC
    )


def scaled(values: list[float]) -> list[float]:
    return [value * UNIT for value in values]


class Page:
    def __init__(self, background: tuple[int, int, int], ink: tuple[int, int, int] = BLACK):
        self.image = Image.new("RGB", (SIDE, SIDE), background)
        self.draw = ImageDraw.Draw(self.image)
        self.ink = ink

    def text(
        self, x: float, y: float, text: str, font: ImageFont.FreeTypeFont, anchor="ls", ink=None
    ):
        at = (x * UNIT, y * UNIT)
        self.draw.text(at, text, font=font, fill=ink or self.ink, anchor=anchor)

    def line(self, x0: float, y0: float, x1: float, y1: float, color=RULE, width: int = 1):
        self.draw.line(scaled([x0, y0, x1, y1]), fill=color, width=width)

    def frame(self, x0: float, y0: float, x1: float, y1: float, fill, outline=(150, 150, 150)):
        self.draw.rectangle(scaled([x0, y0, x1, y1]), fill=fill, outline=outline)

    def sign(
        self, x: float, y: float, width: float, height: float, text: str, color, font, round=6
    ):
        """A coloured box with its text in the middle; (x, y) is its top left corner."""
        box = scaled([x, y, x + width, y + height])
        self.draw.rounded_rectangle(box, radius=round, fill=color)
        red, green, blue = color
        bright = 0.3 * red + 0.59 * green + 0.11 * blue > 120
        self.text(x + width / 2, y + height / 2, text, font, "mm", BLACK if bright else WHITE)

    def shape(self, name: str, x: float, y: float, size: float, color):
        """A shape centred on (x, y)."""
        x, y, size = scaled([x, y, size])
        h = size / 2
        polygons = {
            "triangle": [(0, -1), (1, 0.8), (-1, 0.8)],
            "diamond": [(0, -1), (0.75, 0), (0, 1), (-0.75, 0)],
            "square": [(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)],
            "arrow": [
                (-1, -0.3), (0, -0.3), (0, -0.8), (1, 0), (0, 0.8), (0, 0.3), (-1, 0.3)
            ],
            "cross": [
                (-0.36, -1), (0.36, -1), (0.36, -0.36), (1, -0.36), (1, 0.36), (0.36, 0.36),
                (0.36, 1), (-0.36, 1), (-0.36, 0.36), (-1, 0.36), (-1, -0.36), (-0.36, -0.36)
            ],
            "hexagon": [(math.cos(a), math.sin(a)) for a in (i * math.pi / 3 for i in range(6))],
            "star": [
                (r * math.sin(i * math.pi / 5), -r * math.cos(i * math.pi / 5))
                for i, r in enumerate((1, 0.42) * 5)
            ],
        }  # fmt: skip
        box = [x - h, y - h, x + h, y + h]
        if name == "circle":
            self.draw.ellipse(box, fill=color)
        elif name == "ring":
            self.draw.ellipse(box, outline=color, width=max(2, int(size * 0.2)))
        elif name == "heart":
            self.draw.ellipse([x - h, y - h * 0.9, x + h * 0.08, y + h * 0.15], fill=color)
            self.draw.ellipse([x - h * 0.08, y - h * 0.9, x + h, y + h * 0.15], fill=color)
            corners = [(x - h * 0.93, y - h * 0.15), (x + h * 0.93, y - h * 0.15), (x, y + h)]
            self.draw.polygon(corners, fill=color)
        else:
            self.draw.polygon([(x + h * dx, y + h * dy) for dx, dy in polygons[name]], fill=color)

    def fields(self, x: float, right: float, y: float, step: float, rows, font):
        """Keys on the left, values flush right, dotted together."""
        for key, value in rows:
            self.text(x, y, key, font)
            self.text(right, y, value, font, "rs")
            left, end = font.getlength(key) / UNIT, font.getlength(value) / UNIT
            self.line(x + left + 6, y, right - end - 6, y)
            y += step

    def table(self, x: float, y: float, columns, rows, font, step: float, ruled: bool = True):
        """Left-aligned cells; `columns` are (title, offset) pairs."""
        for title, offset in columns:
            self.text(x + offset, y, title, font)
        right = x + columns[-1][1] + 90
        self.line(x, y + step * 0.35, right, y + step * 0.35, self.ink, 2)
        for row in rows:
            y += step
            for value, (_, offset) in zip(row, columns, strict=True):
                self.text(x + offset, y, value, font)
            if ruled:
                self.line(x, y + step * 0.32, right, y + step * 0.32)


def receipt() -> Page:
    page = Page((255, 250, 240))
    page.text(336, 60, "Corner Cafe", font(30, "Sans-Bold"), "ms")
    page.text(336, 88, "12 Harbour Street", font(16), "ms")
    page.line(60, 108, 612, 108, BLACK, 2)
    page.fields(
        70, 330, 142, 30,
        [("Receipt", "4821"), ("Date", "2024-05-17"), ("Table", "12"), ("Cashier", "Anna")],
        font(17),
    )  # fmt: skip
    page.table(
        70, 300, [("Item", 0), ("Qty", 190), ("Price", 280)],
        [
            ("Coffee", "2", "$3.20"), ("Salad", "1", "$7.90"), ("Pizza", "1", "$11.40"),
            ("Cake", "3", "$4.75"), ("Juice", "2", "$2.60"),
        ],
        font(18), 36,
    )  # fmt: skip
    page.fields(
        70, 440, 548, 30, [("Subtotal", "$45.15"), ("Tax", "$4.06"), ("Total", "$49.21")], font(18)
    )
    page.sign(470, 190, 130, 52, "PAID", GREEN, font(26, "Sans-Bold"))
    page.sign(490, 560, 100, 44, "8305", ORANGE, font(22, "Sans-Bold"))
    page.shape("heart", 540, 470, 34, RED)
    page.text(540, 508, "thanks", font(16), "ms")
    return page


def settings() -> Page:
    page = Page((238, 240, 244), (30, 30, 90))
    page.text(30, 52, "Settings", font(28, "Sans-Bold"))
    page.frame(24, 76, 648, 320, (248, 249, 252))
    page.fields(
        48, 420, 116, 40,
        [
            ("Language", "English"), ("Time", "18:27"), ("Region", "North"),
            ("Username", "maria"), ("Version", "3.14"),
        ],
        font(18),
    )  # fmt: skip
    for row, (shape, color) in enumerate(
        [("circle", GREEN), ("ring", GRAY), ("square", CYAN), ("star", YELLOW), ("hexagon", PURPLE)]
    ):
        page.shape(shape, 560, 110 + 40 * row, 24, color)
    page.frame(24, 340, 648, 540, (248, 249, 252))
    page.fields(
        48, 420, 380, 40,
        [("Battery", "87%"), ("Signal", "42%"), ("Memory", "512"), ("Storage", "64")],
        font(18),
    )  # fmt: skip
    page.shape("triangle", 560, 440, 40, ORANGE)
    page.text(560, 484, "A7", font(18), "ms")
    page.sign(60, 580, 150, 54, "Save", BLUE, font(24))
    page.sign(260, 580, 150, 54, "Cancel", RED, font(24))
    page.sign(460, 580, 150, 54, "Help", PINK, font(24))
    return page


def chart() -> Page:
    page = Page((255, 255, 255))
    page.text(336, 50, "Visitors", font(26, "Sans-Bold"), "ms")
    bars = [
        ("Jan", 54, BLUE), ("Feb", 98, ORANGE), ("Mar", 72, GREEN), ("Apr", 36, PURPLE),
        ("May", 81, RED),
    ]  # fmt: skip
    for column, (label, value, color) in enumerate(bars):
        x, top = 60 + 120 * column, 400 - 3 * value
        page.frame(x, top, x + 72, 400, color, color)
        page.text(x + 36, top - 8, str(value), font(18), "ms")
        page.text(x + 36, 426, label, font(18), "ms")
    page.line(40, 400, 632, 400, BLACK)
    page.shape("star", 150, 520, 44, BROWN)
    page.text(150, 566, "record", font(17), "ms")
    page.shape("arrow", 340, 520, 40, CYAN)
    page.text(340, 566, "next", font(17), "ms")
    page.sign(450, 490, 150, 58, "2024", YELLOW, font(26, "Sans-Bold"))
    return page


def shapes() -> Page:
    page = Page((250, 250, 245))
    for name, x, y, size, color, label in [
        ("star", 90, 110, 26, RED, None),
        ("circle", 250, 70, 20, BLUE, None),
        ("ring", 420, 140, 40, GREEN, "B52"),
        ("heart", 590, 90, 24, PINK, None),
        ("diamond", 150, 280, 34, PURPLE, "Novak"),
        ("cross", 330, 260, 18, BLACK, None),
        ("triangle", 560, 300, 30, ORANGE, "417"),
        ("hexagon", 80, 450, 44, CYAN, "lamp"),
        ("arrow", 300, 440, 28, BROWN, None),
        ("square", 480, 470, 36, YELLOW, "Q8"),
        ("circle", 190, 600, 16, RED, None),
        ("star", 600, 590, 22, BLUE, None),
    ]:
        page.shape(name, x, y, size, color)
        if label:
            page.text(x, y + size / 2 + 20, label, font(17), "ms")
    return page


def signs() -> Page:
    page = Page((225, 232, 240))
    for x, y, width, text, color, style in [
        (60, 60, 170, "EXIT", GREEN, "Sans-Bold"),
        (330, 90, 150, "Taxi", YELLOW, "Sans"),
        (90, 210, 130, "B14", BLUE, "SansMono"),
        (380, 240, 200, "Museum", BROWN, "Serif"),
        (60, 370, 150, "stop", RED, "Sans-Bold"),
        (300, 400, 140, "21:39", BLACK, "SansMono"),
        (500, 380, 120, "#48", PURPLE, "Sans"),
        (120, 540, 160, "$9.23", ORANGE, "Sans"),
        (400, 550, 180, "Library", CYAN, "Serif-Bold"),
    ]:
        page.sign(x, y, width, 64, text, color, font(26, style))
    return page


def dashboard() -> Page:
    page = Page((30, 30, 36), (245, 245, 245))
    page.text(30, 50, "Server", font(26, "Sans-Bold"))
    page.fields(
        30, 310, 100, 36,
        [
            ("host", "delta"), ("port", "8080"), ("cpu", "73%"), ("power", "250"),
            ("status", "open"),
        ],
        font(18, "SansMono"),
    )  # fmt: skip
    page.table(
        30, 330, [("Item", 0), ("stock", 150), ("code", 250)],
        [
            ("cable", "12", "K7"), ("router", "5", "M40"), ("battery", "60", "A9"),
            ("fan", "31", "T2"),
        ],
        font(18, "SansMono"), 36, ruled=False,
    )  # fmt: skip
    for name, x, y, size, color in [
        ("circle", 420, 110, 26, GREEN), ("triangle", 520, 110, 26, YELLOW),
        ("square", 620, 110, 24, RED), ("ring", 420, 210, 26, CYAN),
        ("diamond", 520, 210, 28, PINK), ("cross", 620, 210, 22, ORANGE),
    ]:  # fmt: skip
        page.shape(name, x, y, size, color)
    page.sign(440, 300, 170, 60, "Start", GREEN, font(24))
    page.sign(440, 400, 170, 60, "PAUSE", BLUE, font(24))
    page.sign(440, 500, 170, 60, "5571", PURPLE, font(24))
    return page
