"""Charts that matplotlib draws, as records: it tells where every text stands, we know what it shows."""

import io
import logging
import random

import matplotlib

matplotlib.use("Agg")
logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
import matplotlib.pyplot as plt
from matplotlib.text import Text

from pages import colors, looks
from pages.content import Content
from pages.records import Record
from questions.question import chosen

SUBJECTS = [
    ("fruit", "Apples|Pears|Plums|Cherries|Grapes|Figs|Melons|Kiwis|Mangos|Peaches|Limes|Dates"),
    ("city", "Bergen|Porto|Graz|Lyon|Gdansk|Turku|Malmo|Bruges|Cork|Bath|Leeds|Trieste|Split|Brno"),
    ("month", "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"),
    ("day", "Mon|Tue|Wed|Thu|Fri|Sat|Sun"),
    ("team", "Falcons|Otters|Comets|Ravens|Sharks|Bisons|Wolves|Hornets|Tigers|Owls"),
    ("product", "Lamps|Chairs|Desks|Shelves|Rugs|Mirrors|Clocks|Vases|Stools|Beds|Pillows"),
    ("department", "Sales|Legal|Design|Support|Finance|Research|Training|Logistics|Quality|Press"),
    ("year", "2015|2016|2017|2018|2019|2020|2021|2022|2023|2024|2025"),
    ("species", "Heron|Robin|Wren|Kestrel|Lapwing|Magpie|Swift|Plover|Dunlin|Osprey|Jay|Rook"),
    ("material", "Steel|Copper|Glass|Paper|Timber|Rubber|Wool|Cotton|Zinc|Clay|Brass"),
    ("language", "Swift|Rust|Python|Julia|Ruby|Kotlin|Haskell|Lua|Perl|Scala|Go|Ada"),
    ("group", "Group A|Group B|Group C|Group D|Group E|Group F|Control"),
    ("sample", "S1|S2|S3|S4|S5|S6|S7|S8|S9"),
    ("country", "Norway|Chile|Kenya|Japan|Peru|Italy|Ghana|Canada|Nepal|Spain|Fiji|Cuba|Oman|Laos"),
    ("drink", "Tea|Coffee|Cocoa|Juice|Water|Cider|Milk|Lemonade|Mate|Cola"),
    ("school", "North School|Hill School|Lake School|Park School|River School|Mill School"),
]
MEASURES = "sales|visitors|rainfall (mm)|temperature|units sold|cost (EUR)|votes|points|hours|orders|weight (kg)|tickets|members|errors|score|height (cm)|calls|distance (km)|output|share (%)|stock|accidents|downloads|patients|yield (t)".split("|")
HIGH = ["Which {of} has the [highest|largest|biggest] [value|bar|number]?", "Which {of} has the highest {m}?", "What is the {of} with the most {m}?", "Where is {m} highest?", "Which bar is the [tallest|longest|highest]?"]
LOW = ["Which {of} has the [lowest|smallest] [value|bar|number]?", "Which {of} has the lowest {m}?", "What is the {of} with the least {m}?", "Which bar is the [shortest|lowest|smallest]?"]
VALUE = ["What is the value [of|for] {c}?", "What is the {m} [of|for|in] {c}?", "How much is {c}?", "What number is shown for {c}?", "{c}?", "What does {c} stand at?", "How high is the bar for {c}?", "What is {c} in the chart?", "[Give|Read] the value of {c}."]
SERIES = ["What is the {s} value [for|in|of|on] {c}?", "What is {c} for {s}?", "How much is {s} in {c}?", "In {c}, what is the value of {s}?", "{s}, {c}: which value?", "What does {s} show for {c}?"]
X_LABEL = ["What is [on|the label of] the x axis?", "What does the [horizontal|x] axis show?", "[Name|Read] the label of the horizontal axis."]
Y_LABEL = ["What is [on|the label of] the y axis?", "What does the [vertical|y] axis show?", "What is measured on the vertical axis?"]
COLOR = ["What color is the [line|bar|series] for {s}?", "What color is {s} [in the chart|]?", "Which color [stands for|shows|has] {s}?", "What colour is {s} in the legend?"]
NAME = ["What [is shown in|does] {k}[| stand for| mean]?", "Which series is {k}?", "What does {k} stand for?", "Which [line|series|group] is drawn in {k}?"]
TITLE = ["What is the title of the [chart|plot|figure|graph|diagram]?", "What is the [chart|plot|graph] about?", "What does the chart show?", "Read the heading of the chart."]
EXIST = ["Is there a [bar|value|label] for {c}?", "Does the chart [show|have|include] {c}?", "Is {c} [in the chart|shown]?"]
COUNT = ["How many bars are there?", "How many {of}s are shown?", "How many categories does the chart have?"]


class Plot:
    """One figure and what can be asked of it."""

    def __init__(self, seed, unseen: bool = False):
        self.seed, self.rng, self.content = seed, random.Random(f"plot {seed}"), Content(f"plot {seed}")
        rng = self.rng
        self.asked: list[tuple] = []  # patterns, names, the text that answers or a closed answer
        size = rng.uniform(8, 15)
        style = rng.choice(["default", "default", "ggplot", "bmh", "seaborn-v0_8-whitegrid", "seaborn-v0_8-darkgrid", "fivethirtyeight", "dark_background", "classic", "grayscale", "Solarize_Light2", "tableau-colorblind10"])
        plt.style.use("default")
        plt.style.use(style)
        self.named = style not in ("grayscale",)
        plt.rcParams.update({
            "font.family": [looks.family(rng, rng.choice(["sans", "sans", "sans", "serif", "mono"]), unseen), "DejaVu Sans"],
            "font.size": size, "axes.titlesize": size * rng.uniform(1, 1.7), "axes.labelsize": size * rng.uniform(0.9, 1.2),
            "xtick.labelsize": size, "ytick.labelsize": size, "legend.fontsize": size, "axes.unicode_minus": False})
        self.rows, self.columns = rng.choice([(1, 1)] * 5 + [(1, 2), (2, 1), (2, 2)])
        self.figure, axes = plt.subplots(self.rows, self.columns, squeeze=False, dpi=100,
                                         figsize=(rng.uniform(5, 9) * self.columns ** 0.7, rng.uniform(3.2, 6.5) * self.rows ** 0.7))
        several = self.rows * self.columns > 1
        for axis in axes.flat:
            self.chart(axis, several)
        if several and rng.random() < 0.5:
            self.ask(TITLE, {}, self.figure.suptitle(self.content.title()))
        self.figure.tight_layout(rect=(0, 0, 1, 0.97 if several else 1))

    def ask(self, patterns: list[str], names: dict, answer) -> None:
        self.asked.append((patterns, names, answer))

    def palette(self, n: int) -> list[tuple[str, str]]:
        names = self.rng.sample([c for c in colors.NAMES if c not in ("white", "black")], n)
        return [(name, colors.css(colors.sample(self.rng, name))) for name in names]

    def value(self, top: float):
        kind = self.rng.random()
        x = self.rng.uniform(0.05, 1) * top
        return round(x) if kind < 0.75 else round(x, 1)

    def chart(self, axis, several: bool) -> None:
        rng = self.rng
        title = axis.set_title(self.content.title() if rng.random() < 0.85 else "")
        subject, listed = rng.choice(SUBJECTS)
        names = listed.split("|")
        n = rng.randint(3, min(8, len(names)))
        first = rng.randrange(len(names) - n + 1)
        names = names[first : first + n] if subject in ("month", "day", "year") else rng.sample(names, n)
        measure = rng.choice(MEASURES)
        if not several and title.get_text():
            self.ask(TITLE, {}, title)
        of = title.get_text() if several else ""
        self.note = f" in {of}" if several and of else ""
        {"bar": self.bars, "barh": self.bars_lying, "grouped": self.grouped, "line": self.lines, "pie": self.pie, "scatter": self.scatter}[
            rng.choices(["bar", "barh", "grouped", "line", "pie", "scatter"], [5, 3, 3, 3, 2, 1])[0]](axis, subject, names, measure, several)
        if not several:
            for patterns, label in ((X_LABEL, axis.xaxis.label), (Y_LABEL, axis.yaxis.label)):
                if label.get_text() and not label.get_rotation():
                    self.ask(patterns, {}, label)

    def _bars(self, axis, subject, names, measure, several, lying: bool) -> None:
        rng = self.rng
        top = rng.choice([10, 50, 100, 400, 2000])
        values = [self.value(top) for _ in names]
        same = rng.random() < 0.6
        paint = self.palette(len(names))
        shades = [paint[0][1]] * len(names) if same else [p[1] for p in paint]
        bars = (axis.barh if lying else axis.bar)(names, values, color=shades)
        (axis.set_xlabel if lying else axis.set_ylabel)(measure if rng.random() < 0.7 else "")
        (axis.set_ylabel if lying else axis.set_xlabel)(subject if rng.random() < 0.4 else "")
        ticks = (axis.get_yticklabels if lying else axis.get_xticklabels)()
        if rng.random() < 0.7:
            labels = axis.bar_label(bars, [str(v) for v in values], padding=2, label_type=rng.choice(["edge", "edge", "edge", "center"]))
            for name, label in zip(names, labels):
                self.ask(VALUE, {"c": name, "m": measure}, label)
        else:
            axis.grid(axis="x" if lying else "y", alpha=0.5)
        if not several:
            if values.count(max(values)) == 1:
                self.ask(HIGH, {"of": subject, "m": measure}, ticks[values.index(max(values))])
            if values.count(min(values)) == 1:
                self.ask(LOW, {"of": subject, "m": measure}, ticks[values.index(min(values))])
            self.ask(COUNT, {"of": subject}, str(len(names)))
            self.ask(EXIST, {"c": rng.choice(names)}, "yes")
            other = rng.choice(rng.choice(SUBJECTS)[1].split("|"))
            if other not in names:
                self.ask(EXIST, {"c": other}, "no")
            if not same and self.named:
                k = rng.randrange(len(names))
                self.ask(["What color is the bar [for|of] {c}?", "Which color does the {c} bar have?"], {"c": names[k]}, paint[k][0])

    def bars(self, *a): self._bars(*a, lying=False)
    def bars_lying(self, *a): self._bars(*a, lying=True)

    def series(self) -> list[str]:
        rng = self.rng
        return rng.sample(rng.choice([["2022", "2023", "2024"], ["North", "South", "West", "East"], ["Plan", "Actual", "Last year"], ["Men", "Women", "Children"],
                                      [self.content.name_thing() for _ in range(4)], ["Morning", "Noon", "Evening"], ["Web", "Shop", "Phone"], ["A", "B", "C"]]), rng.choice([2, 2, 3]))

    def legend(self, axis, of: list[str], paint, several: bool) -> None:
        legend = axis.legend(loc="best")
        if several:
            return
        for text, (name, _) in zip(legend.get_texts(), paint):
            self.ask(COLOR, {"s": text.get_text()}, name)
            self.ask(NAME, {"k": name}, text)

    def grouped(self, axis, subject, names, measure, several) -> None:
        rng, names, of = self.rng, names[:5], self.series()
        paint = self.palette(len(of))
        width, top, shown = 0.8 / len(of), rng.choice([10, 50, 100, 400]), rng.random() < 0.65
        for k, (name, (_, css)) in enumerate(zip(of, paint)):
            values = [self.value(top) for _ in names]
            bars = axis.bar([i + (k - (len(of) - 1) / 2) * width for i in range(len(names))], values, width * 0.95, label=name, color=css)
            if shown:
                for c, label in zip(names, axis.bar_label(bars, [str(v) for v in values], padding=1, fontsize=plt.rcParams["font.size"] * 0.8)):
                    self.ask(SERIES, {"s": name, "c": c, "m": measure}, label)
        axis.set_xticks(range(len(names)), names)
        axis.set_ylabel(measure)
        self.legend(axis, of, paint, several)

    def lines(self, axis, subject, names, measure, several) -> None:
        rng, of = self.rng, self.series()
        paint, shown = self.palette(len(of)), rng.random() < 0.35
        for name, (_, css) in zip(of, paint):
            values = [self.value(rng.choice([60, 80, 100])) for _ in names]
            axis.plot(names, values, label=name, color=css, marker=rng.choice(["o", "s", "", "^", "D"]), linewidth=rng.uniform(1, 3))
            if shown and len(of) == 2:
                for c, v, x in zip(names, values, range(len(names))):
                    label = axis.annotate(str(v), (x, v), textcoords="offset points", xytext=(0, 5), ha="center")
                    self.ask(SERIES, {"s": name, "c": c, "m": measure}, label)
        axis.set_ylabel(measure)
        self.legend(axis, of, paint, several)

    def pie(self, axis, subject, names, measure, several) -> None:
        rng, names = self.rng, names[:6]
        parts = [rng.randint(4, 40) for _ in names]
        paint = self.palette(len(names))
        digits = rng.choice(["%1.0f%%", "%1.1f%%"])
        _, labels, shares = axis.pie(parts, labels=names, colors=[css for _, css in paint], autopct=digits, pctdistance=0.65)
        for name, label, share, (color, _) in zip(names, labels, shares, paint):
            self.ask(["What [share|percentage] [has|does] {c}[| have]?", "How many per cent is {c}?", "What is the share of {c}?", "How large is the {c} slice?"], {"c": name}, share)
            if not several and self.named:
                self.ask(["What color is the {c} [slice|sector|piece]?"], {"c": name}, color)
                self.ask(["Which {of} is the {k} [slice|sector|piece]?"], {"of": subject, "k": color}, label)
        if parts.count(max(parts)) == 1 and not several:
            self.ask(["Which {of} has the largest [share|slice]?", "What is the biggest slice?"], {"of": subject}, labels[parts.index(max(parts))])

    def scatter(self, axis, subject, names, measure, several) -> None:
        rng, of = self.rng, self.series()
        paint = self.palette(len(of))
        for name, (_, css) in zip(of, paint):
            axis.scatter(*([rng.gauss(5, 2) for _ in range(15)] for _ in "xy"), label=name, color=css)
        axis.set_xlabel(rng.choice(MEASURES))
        axis.set_ylabel(measure)
        self.legend(axis, of, paint, several)

    def outside(self) -> set[Text]:
        """Labels of ticks beyond the ends of their axis, which are not drawn."""
        out = set()
        for axes in self.figure.axes:
            for axis in (axes.xaxis, axes.yaxis):
                low, high = sorted(axis.get_view_interval())
                for tick in axis.get_major_ticks():
                    if not low <= tick.get_loc() <= high or not axes.axison:
                        out |= {tick.label1, tick.label2}
        return out

    def record(self) -> Record:
        out = io.BytesIO()
        self.figure.savefig(out, format="png", dpi=100)
        renderer = self.figure.canvas.get_renderer()
        height = self.figure.bbox.height
        runs, number, outside = [], {}, self.outside()
        for text in self.figure.findobj(Text):
            words = text.get_text()
            if text in outside or not words.strip() or not text.get_visible() or "\n" in words or "$" in words or round(text.get_rotation()) % 360:
                continue
            box = text.get_window_extent(renderer)
            if box.width < 2 or box.x0 < 0 or box.x1 > self.figure.bbox.width:
                continue
            measure = lambda s: renderer.get_text_width_height_descent(s, text.get_fontproperties(), False)[0]
            ends = [measure(words[: i + 1]) for i in range(len(words))]
            fit = box.width / max(1, ends[-1])
            centers = [round(box.x0 + fit * (a + b) / 2, 1) for a, b in zip([0] + ends, ends)]
            size = text.get_fontsize() * self.figure.dpi / 72
            ink = [round(255 * c) for c in matplotlib.colors.to_rgb(text.get_color())]
            number[text] = len(runs)
            runs.append(dict(t=words, x=centers, y=round(height - (box.y0 + box.y1) / 2, 1), s=round(size, 1),
                             b=[round(v, 1) for v in (box.x0, height - box.y1, box.x1, height - box.y0)], c=ink,
                             g=[round(255 * c) for c in matplotlib.colors.to_rgb(self.figure.get_facecolor())], role="axis", skip=0))
        plt.close(self.figure)
        facts = []
        for patterns, names, answer in self.asked:
            if isinstance(answer, Text) and answer not in number:
                continue
            questions = sorted({chosen(self.rng, p).format(**names) for p in self.rng.sample(patterns, min(3, len(patterns)))})
            copied = isinstance(answer, Text)
            facts.append(dict(k="q", qs=questions, a=[number[answer]] if copied else [], A=None if copied else answer,
                              b=runs[number[answer]]["b"] if copied else [0, 0, round(self.figure.bbox.width), round(height)]))
        return Record(out.getvalue(), round(self.figure.bbox.width), round(height), runs, [], [], facts, f"plot#{self.seed}")
