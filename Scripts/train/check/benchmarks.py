"""Small benchmarks in the formats of the real ones, of pages in random content that training does not
draw (other seeds of the same templates).

python -m check.benchmarks --out DIR makes DIR/{textvqa,vstar,magnifier,rsvqa}-mini in a few minutes."""

import argparse
import base64
import io
import json
import pathlib
import random

from PIL import Image

from language.packing import READING
from pages.browser import Browser, fill, templates
from pages.colors import NAMES
from pages.page import Page, page
from pages.plots import Plot
from questions.make import questions

OPPOSITE = {"left": "right", "right": "left", "above": "below", "below": "above"}


class Pages:
    """Pages of a seed, one after another, with what is asked about them."""

    def __init__(self, browser: Browser, seed: str, of: str = "", plots: float = 0.0):
        self.browser, self.rng, self.plots = browser, random.Random(seed), plots
        self.names = [n for n in templates() if n.startswith(of)]

    def __next__(self) -> tuple[Image.Image, Page, list]:
        rng = self.rng
        seed = f"benchmark {rng.getrandbits(40)}"
        if rng.random() < self.plots:
            record = Plot(seed).record()
        else:
            html, width, height, scale = fill(name := rng.choice(self.names), seed)
            record = self.browser.draw(html, width, height, scale, name)
        one = page(record, 1344)
        return record.picture(), one, questions(one, rng)


def write(path: pathlib.Path, content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def textvqa(out: pathlib.Path, pages: Pages, size: int) -> int:
    data = []
    (out / "train_images").mkdir(parents=True, exist_ok=True)
    for number in range(size):
        image, _, asked = next(pages)
        name = f"{number:016x}"
        image.save(out / "train_images" / f"{name}.jpg", quality=92, subsampling=0)
        pool = [q for q in asked if q.family in READING + ("unanswerable",)]
        for q in pages.rng.sample(pool, min(4, len(pool))):
            data.append(dict(
                question=q.text, image_id=name, image_classes=[q.family], image_width=image.width, image_height=image.height,
                answers=[q.answer] * 10, question_tokens=q.text.lower().rstrip("?.").split(), question_id=len(data), set_name="val"))
    write(out / "TextVQA_0.5.1_val.json", dict(dataset_type="val", dataset_name="textvqa-mini", dataset_version="0.5.1", data=data))
    return len(data)


def vstar(out: pathlib.Path, pages: Pages, size: int) -> int:
    """Colours of things, and which of two is where; options[0] is right."""
    counts = {"direct_attributes": 0, "relative_position": 0}
    while min(counts.values()) < size:
        image, one, asked = next(pages)
        longest = max(image.size)
        scale, dx, dy = longest / 1344, (longest - image.width) / 2, (longest - image.height) / 2
        box_of = lambda b: [round(b[0] * scale - dx), round(b[1] * scale - dy), round((b[2] - b[0]) * scale), round((b[3] - b[1]) * scale)]
        pages.rng.shuffle(asked)
        for q in asked:
            kind = "direct_attributes" if q.answer in NAMES else "relative_position" if q.answer in OPPOSITE and len(q.target) == 2 else None
            if kind is None or counts[kind] >= size or not q.closed:
                continue
            wrong = [OPPOSITE[q.answer]] if q.answer in OPPOSITE else pages.rng.sample([c for c in NAMES if c != q.answer], 3)
            stem = f"{counts[kind]:03d}"
            (out / kind).mkdir(parents=True, exist_ok=True)
            image.save(out / kind / f"{stem}.png")
            write(out / kind / f"{stem}.json", dict(
                target_object=[q.text], bbox=[box_of(b) for b in q.target], question=q.text, options=[q.answer] + wrong))
            counts[kind] += 1
            break
    return sum(counts.values())


def magnifier(out: pathlib.Path, pages: Pages, size: int) -> int:
    """Four choices by letter."""
    images, asked = {}, {}
    while len(asked) < size:
        image, _, found = next(pages)
        pool = [q for q in found if q.family == "choice"]
        if not pool:
            continue
        q, buffer, name = pages.rng.choice(pool), io.BytesIO(), f"magnifier_{len(asked):03d}"
        image.save(buffer, "PNG")
        images[name] = base64.b64encode(buffer.getvalue()).decode()
        asked[name] = dict(instruction=q.text, answer=q.answer, image_ids=[name], rel_ins_ids=[])
    write(out / "images.json", images)
    write(out / "data_instructions.json", dict(data=asked))
    return len(asked)


def rsvqa(out: pathlib.Path, pages: Pages, size: int) -> int:
    """Presence and counts on pictures of things seen from above."""
    images, asked, answers = [], [], []
    (out / "Data").mkdir(parents=True, exist_ok=True)
    for number in range(size):
        image, _, found = next(pages)
        image.save(out / "Data" / f"{number}.png")
        pool = [q for q in found if q.family in ("exist", "count") and q.closed]
        mine = []
        for q in pages.rng.sample(pool, min(4, len(pool))):
            mine.append(len(asked))
            answers.append(dict(id=len(asked), question_id=len(asked), answer=q.answer, active=True))
            asked.append(dict(id=len(asked), img_id=number, type="presence" if q.family == "exist" else "count",
                              question=q.text, answers_ids=[len(asked)], active=True))
        images.append(dict(id=number, original_name=f"{number}.png", questions_ids=mine, active=True))
    for name, content in (("questions", asked), ("answers", answers), ("images", images)):
        write(out / f"USGS_split_test_phili_{name}.json", {name: content})
    return len(asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--size", type=int, default=60, help="pages, or questions per kind, of each benchmark")
    a = parser.parse_args()
    with Browser() as browser:
        for name, maker, of, plots in (("textvqa", textvqa, "", 0.1), ("vstar", vstar, "scenes/", 0.0),
                                       ("magnifier", magnifier, "", 0.0), ("rsvqa", rsvqa, "maps/", 0.0)):
            pages = Pages(browser, f"{a.seed} {name}", of, plots)
            print(f"{name}-mini: {maker(pathlib.Path(a.out, f'{name}-mini'), pages, a.size)} questions", flush=True)


if __name__ == "__main__":
    main()
