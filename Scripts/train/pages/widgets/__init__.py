"""Windows that GTK and Qt draw, labelled by their accessible trees: `Widgets` gives records of them."""

import base64
import functools
import json
import os
import pathlib
import random
import re
import subprocess

from pages import colors, looks
from pages.content import Content
from pages.records import Record
from pages.widgets.tree import record_of
from pages.widgets.windows import Windows

HERE = pathlib.Path(__file__).parent
PYTHON = "/usr/bin/python3"  # PyGObject and PySide2 come with the system
THEMES = [
    "Adwaita", "Adwaita", "Adwaita-dark", "Arc", "Arc-Dark", "Arc-Darker", "Breeze", "Breeze-Dark", "Numix", "Materia", "Materia-dark", "Materia-compact", "Greybird",
    "Greybird-dark", "Blackbird", "Menta", "TraditionalOk", "BlueMenta", "BlackMATE", "GreenLaguna", "YaruOk", "Blue-Submarine", "ContrastHigh", "HighContrast", "HighContrastInverse"]
STYLES = ["Fusion", "Fusion", "Fusion", "Windows", "Breeze", "plastique", "cleanlooks", "Adwaita", "Adwaita-Dark"]
GROUNDS = ["#2d5d8a", "#3a3f44", "#5b7f5b", "#7d8794", "#20232a", "#c9ced6", "#6a4a6a"]
SCREEN = 2000, 1500  # pixels
REAL = 0.3  # share of windows of real programs


class Widgets:
    """A display and one process of each toolkit, which draws many windows. Use as a context manager."""

    def __enter__(self):
        out, into = os.pipe()
        self.display = subprocess.Popen(
            ["Xvfb", "-displayfd", str(into), "-screen", "0", "x".join(map(str, SCREEN)) + "x24", "-nolisten", "tcp"], pass_fds=[into], stderr=subprocess.DEVNULL)
        os.close(into)
        with os.fdopen(out) as told:
            number = told.readline().strip()
        if not number:
            raise SystemExit("Xvfb does not start: install packages.txt")
        self.environment = dict(os.environ, DISPLAY=f":{number}", NO_AT_BRIDGE="1", GDK_BACKEND="x11", QT_ACCESSIBILITY="1")
        self.tools: dict[str, subprocess.Popen] = {}
        return self

    def __exit__(self, *_):
        for tool in self.tools.values():
            tool.stdin.close()
            tool.wait(20)
        self.display.terminate()
        self.display.wait(20)

    def ask(self, tool: str, job: dict) -> dict:
        running = self.tools.get(tool)
        if running is None or running.poll() is not None:
            running = self.tools[tool] = subprocess.Popen(
                [PYTHON, str(HERE / f"{tool}.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=self.environment)
        running.stdin.write(json.dumps(job) + "\n")
        running.stdin.flush()
        line = running.stdout.readline()
        answer = json.loads(line) if line.strip() else dict(error=f"{tool} ended")
        if "error" in answer:
            raise RuntimeError(f"{tool}: {answer['error']}")
        return answer

    def record(self, seed, unseen: bool = False) -> Record:
        for again in range(4):  # some programs' files need what only they have
            job = job_of(f"{seed} {again}" if again else seed, unseen)
            try:
                answer = self.ask(job["tool"], job)
                break
            except RuntimeError:
                if again == 3:
                    raise
        source = f"{job['tool']} {job['window']['kind']}#{seed}"
        return record_of(base64.b64decode(answer["png"]), answer["trees"], source, answer["title"])


@functools.cache
def files() -> list[str]:
    """GtkBuilder's files that packages brought: of GTK 3, of a window, with enough to read."""
    found = [p for root in ("/usr/lib/libreoffice/share", "/usr/share") for end in ("ui", "glade") for p in sorted(pathlib.Path(root).rglob(f"*.{end}"))]
    version, root, says = (re.compile(t) for t in (r'requires lib="gtk\+" version="3', r'\n  <object class="Gtk(Dialog|Window|MessageDialog|Box|Grid)"', r'name="label"'))
    texts = [(str(p), p.read_text(errors="replace")) for p in found if p.is_file()]
    return [p for p, text in texts if version.search(text) and root.search(text) and len(says.findall(text)) > 7]


def of_file(seed) -> dict:
    """A window of a real program, and what may stand in its fields."""
    rng, c = random.Random(f"file {seed}"), Content(f"file {seed}")
    makers = [c.word, c.person, c.city, c.filename, c.date, c.number, c.product, c.company, c.time, c.email, c.title, lambda: c.words(2).capitalize()]
    path = rng.choice(files())
    return dict(file=path, texts=[rng.choice(makers)() for _ in range(40)], title=c.title(), width=rng.choice([200, 450, 700]), height=rng.choice([120, 300, 450]), bar=rng.random() < 0.7, kind=pathlib.Path(path).stem, of={})


def job_of(seed, unseen: bool) -> dict:
    """A window and how it looks."""
    rng = random.Random(f"widgets {seed}")
    real = rng.random() < REAL and bool(files())
    window = of_file(seed) if real else Windows(seed).window()
    scale = rng.choice([1, 1, 1, 1.15, 1.3, 1.6, 2])
    longest = max(window["width"], window["height"])
    scale = min(scale, SCREEN[0] / 1.15 / window["width"], SCREEN[1] / 1.3 / window["height"])
    size = scale * max(rng.uniform(12, 18), 9.5 * longest / 1344)
    for side in ("width", "height"):
        window[side] = round(window[side] * scale)
    widen(window["of"], scale)
    dark = rng.choice(["#2b2d31", "#33363c", "#3c3f41", "#26282c"]) if rng.random() < 0.3 else ""
    return dict(
        tool="gtk" if real else rng.choice(["gtk", "gtk", "gtk", "qt", "qt"]), window=window, theme=rng.choice(THEMES), style=rng.choice(["Fusion", "Windows"] if dark else STYLES), dark=dark, size=size,
        font=looks.family(rng, rng.choice(["sans"] * 9 + ["serif"]), unseen), mono=looks.family(rng, "mono", unseen),
        tints={name: colors.css(colors.sample(rng, name)) for name in ("blue", "green", "red", "orange", "purple")},
        buttons=rng.choice([":close", "menu:minimize,maximize,close", "close,minimize,maximize:", ":minimize,close"]), active=rng.random() < 0.8,
        colon=rng.choice([":", "", ""]), desk=rng.choice([0, 0, 20, 60]), ground=rng.choice(GROUNDS))


def widen(of: dict, scale: float) -> None:
    """Scales the widths that a description names."""
    if "width" in of:
        of["width"] = round(of["width"] * scale)
    for child in of.get("of", []):
        for one in child if isinstance(child, list) else [child]:
            if isinstance(one, dict):
                widen(one, scale)
