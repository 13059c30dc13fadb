"""A page of the second check, what draws one, and a screen for programs that need one."""

import dataclasses
import os
import pathlib
import random
import subprocess
import time

from PIL import Image, ImageChops

from pages.looks import HELD

Asked = tuple[str, str, str]  # family, question, answer
COLORS = {"red": "#cc2222", "green": "#228833", "blue": "#2255cc", "orange": "#ee8811", "purple": "#7733aa", "yellow": "#eecc22", "pink": "#ee6699", "brown": "#774422"}
PEOPLE = (
    "Agnes Tilley|Borja Quintero|Celia Ashdown|Dmitri Volkov|Elena Papadakis|Fergus Boyle|Gudrun Heller|Hamid Rostami|Ingrid Solberg|Joaquim Teles|Kirsi Laakso|Lubna Qureshi|"
    "Mateus Prado|Noor van Dijk|Orla Kinsella|Piotr Zielinski|Rosalind Pike|Samir Nassar|Tove Bergman|Ulrich Kranz|Vesna Horvat|Winston Achebe|Yusuf Demir|Zoe Marchetti"
).split("|")
TOWNS = "Ambleford|Brackwater|Corrie|Dunmore|Elmstead|Farholt|Glenrock|Hexley|Innisvale|Jarrow|Kelby|Lowmarsh|Marwick|Northcape|Otterburn|Penhale|Quarrydene|Rosslare|Stanhope|Tarvin".split("|")
GOODS = "kettle|hammock|lantern|compass|teapot|blanket|rucksack|whistle|thermos|stapler|easel|tripod|doormat|candle|sieve|corkscrew".split("|")
MONTHS = "January February March April May June July August September October November December".split()


@dataclasses.dataclass
class Sheet:
    kind: str
    image: Image.Image
    asked: list[Asked]


def run(*command: str, folder: pathlib.Path, text: str | None = None) -> None:
    """A program that must succeed; `text` is its input."""
    done = subprocess.run(command, cwd=folder, input=text, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120)
    if done.returncode:
        raise SystemExit(f"{command[0]}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else done.returncode}")


def opened(path: pathlib.Path) -> Image.Image:
    with Image.open(path) as image:
        return image.convert("RGB")


def font(rng: random.Random, mono: bool = False) -> str:
    """A family that training never draws."""
    return rng.choice([f for f in HELD if ("Mono" in f) == mono])


class Screen:
    """An X server without a window manager. Use as a context manager."""

    def __init__(self, width: int = 1500, height: int = 1050):
        self.size = f"{width}x{height}x24"

    def __enter__(self):
        out, into = os.pipe()
        self.server = subprocess.Popen(["Xvfb", "-displayfd", str(into), "-screen", "0", self.size, "-nolisten", "tcp"], pass_fds=[into], stderr=subprocess.DEVNULL)
        os.close(into)
        with os.fdopen(out) as told:
            self.environment = dict(os.environ, DISPLAY=":" + told.readline().strip(), LC_ALL="C.UTF-8")
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait(20)

    def shoot(self, *command: str, folder: pathlib.Path, environment: dict | None = None) -> Image.Image:
        """The window of a program that does not end by itself, once it no longer changes."""
        program = subprocess.Popen(command, cwd=folder, env=self.environment | (environment or {}), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            last, until = None, time.time() + 40
            while time.time() < until:
                time.sleep(0.7)
                run("import-im6.q16", "-display", self.environment["DISPLAY"], "-window", "root", "shot.png", folder=folder)
                shot = opened(folder / "shot.png")
                box = shot.getbbox()  # the root window is black
                if box and box[2] - box[0] > 60 and last and not ImageChops.difference(shot, last).getbbox():
                    return shot.crop(box)
                last = shot
            raise SystemExit(f"{command[0]} shows no window that stands still")
        finally:
            program.terminate()
            program.wait(20)
            time.sleep(0.2)
