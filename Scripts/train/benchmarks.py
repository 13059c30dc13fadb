"""Small benchmarks in the formats of the real ones, from pages that training never draws (other
seeds).

python benchmarks.py --out DIR makes DIR/{textvqa,vstar,magnifier,rsvqa}-mini in about a minute."""

import argparse
import base64
import dataclasses
import io
import json
import pathlib
import random

from PIL import Image

import words
from pages.canvas import COLOR_NAMES, Canvas
from pages.compose import make_theme, page
from pages.objects import objects
from questions import options, questions
from shape_questions import SHAPE_NAMES, of_shapes

READING = ("kv", "table", "bar", "read", "label", "title")


def unpadded(one) -> Image.Image:
    """The page without the preprocessor's padding."""
    image = Image.fromarray(one.pixels)
    side = image.width
    w, h = (round(side * v / max(one.width, one.height)) for v in (one.width, one.height))
    return image.crop(((side - w) // 2, (side - h) // 2, (side + w) // 2, (side + h) // 2))


@dataclasses.dataclass
class Scene:
    """A picture of shapes, with what questions.of_shapes reads."""

    image: Image.Image
    shapes: list

    def questions(self, rng: random.Random) -> list:
        return of_shapes(self, rng, (0, 0, self.image.width, self.image.height))


def scene(seed: str, width: int, height: int, text: float, most: int) -> Scene:
    rng = random.Random(seed)
    canvas = Canvas(rng, width, height, make_theme(rng, text))
    objects(canvas, (20, 20, width - 20, height - 20), most)
    return Scene(canvas.image, canvas.shapes)


def write(path: pathlib.Path, content) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def textvqa(out: pathlib.Path, seed: int, pages: int) -> int:
    data, number = [], 0
    (out / "train_images").mkdir(parents=True, exist_ok=True)
    while number < pages:
        one, rng = page(seed, number, 1008, 1.0, 9.0), random.Random(f"{seed}/{number}")
        number += 1
        image, name = unpadded(one), f"{number:016x}"
        image.save(out / "train_images" / f"{name}.jpg", quality=92, subsampling=0)
        pool = [
            q
            for q in questions(one, rng)
            if q.family in READING + ("unanswerable",) and len(q.answer) <= 24
        ]
        for q in rng.sample(pool, min(4, len(pool))):
            data.append(
                dict(
                    question=q.text,
                    image_id=name,
                    image_classes=[q.family],
                    image_width=image.width,
                    image_height=image.height,
                    answers=[q.answer] * 10,
                    question_tokens=q.text.lower().rstrip("?.").split(),
                    question_id=len(data),
                    set_name="val",
                )
            )
    write(
        out / "TextVQA_0.5.1_val.json",
        dict(dataset_type="val", dataset_name="textvqa-mini", dataset_version="0.5.1", data=data),
    )
    return len(data)


def vstar(out: pathlib.Path, seed: int, each: int) -> int:
    """Colours of small objects, and which of two is where; options[0] is right."""
    counts, number = {"direct_attributes": 0, "relative_position": 0}, 0
    while min(counts.values()) < each:
        number += 1
        rng = random.Random(f"{seed}/v{number}")
        one = scene(f"{seed}/v{number}", 1344, 1008, 11, 14)
        box_of = lambda b: [round(b[0]), round(b[1]), round(b[2] - b[0]), round(b[3] - b[1])]
        for q in one.questions(rng):
            kind = (
                "direct_attributes"
                if q.family == "attr" and q.answer in words.COLORS
                else "relative_position"
                if q.family == "rel" and len(q.target) == 2
                else None
            )
            if kind is None or counts[kind] >= each:
                continue
            wrong = (
                rng.sample([c for c in COLOR_NAMES if c != q.answer], 3)
                if q.answer in words.COLORS
                else [
                    {"left": "right", "right": "left", "above": "below", "below": "above"}[q.answer]
                ]
            )
            stem = f"{counts[kind]:03d}"
            (out / kind).mkdir(parents=True, exist_ok=True)
            one.image.save(out / kind / f"{stem}.png")
            named = [
                f"{COLOR_NAMES[c - 1]} {SHAPE_NAMES[s]}" for b, s, c in one.shapes if b in q.target
            ]
            write(
                out / kind / f"{stem}.json",
                dict(
                    target_object=named,
                    bbox=[box_of(b) for b in q.target],
                    question=q.text,
                    options=[q.answer] + wrong,
                ),
            )
            counts[kind] += 1
            break
    return sum(counts.values())


def magnifier(out: pathlib.Path, seed: int, count: int) -> int:
    """Four choices about the smallest writing and objects."""
    images, asked, number = {}, {}, 0
    while len(asked) < count:
        number += 1
        one, rng = page(seed, 10**6 + number, 1008, 1.0, 7.5), random.Random(f"{seed}/m{number}")
        pool = [
            q
            for q in questions(one, rng)
            if q.family in ("label", "attr", "read", "kv") and len(q.answer) <= 14
        ]
        if len(pool) < 4:
            continue
        q = rng.choice(pool)
        others = list(
            words.COLORS
            if q.answer in words.COLORS
            else words.SHAPES
            if q.answer in words.SHAPES
            else [p.answer for p in pool if p.answer not in words.COLORS]
        )
        listed, letter = options(rng, q.answer, others)
        if not letter:
            continue
        buffer, name = io.BytesIO(), f"magnifier_{len(asked):03d}"
        unpadded(one).save(buffer, "PNG")
        images[name] = base64.b64encode(buffer.getvalue()).decode()
        asked[name] = dict(
            instruction=q.text.rstrip("?.") + "?" + listed,
            answer=letter,
            image_ids=[name],
            rel_ins_ids=[],
        )
    write(out / "images.json", images)
    write(out / "data_instructions.json", dict(data=asked))
    return len(asked)


def rsvqa(out: pathlib.Path, seed: int, pictures: int) -> int:
    """Presence and comparison on 512 x 512 pictures from above."""
    images, asked, answers = [], [], []
    (out / "Data").mkdir(parents=True, exist_ok=True)
    for number in range(pictures):
        one, rng = scene(f"{seed}/r{number}", 512, 512, 9, 16), random.Random(f"{seed}/r{number}")
        one.image.save(out / "Data" / f"{number}.png")
        mine = []
        for q in one.questions(rng):
            kind = (
                "presence"
                if q.family == "exist"
                else "comp"
                if q.family == "count" and q.answer in ("yes", "no")
                else None
            )
            if kind:
                mine.append(len(asked))
                answers.append(
                    dict(id=len(asked), question_id=len(asked), answer=q.answer, active=True)
                )
                asked.append(
                    dict(
                        id=len(asked),
                        img_id=number,
                        type=kind,
                        question=q.text,
                        answers_ids=[len(asked)],
                        active=True,
                    )
                )
        images.append(
            dict(id=number, original_name=f"{number}.png", questions_ids=mine, active=True)
        )
    for name, content in (("questions", asked), ("answers", answers), ("images", images)):
        write(out / f"USGS_split_test_phili_{name}.json", {name: content})
    return len(asked)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=5 * 10**6)
    parser.add_argument(
        "--size", type=int, default=60, help="pages, or questions per kind, of each benchmark"
    )
    a = parser.parse_args()
    out = pathlib.Path(a.out)
    for name, maker in (
        ("textvqa", textvqa),
        ("vstar", vstar),
        ("magnifier", magnifier),
        ("rsvqa", rsvqa),
    ):
        print(f"{name}-mini: {maker(out / f'{name}-mini', a.seed, a.size)} questions")


if __name__ == "__main__":
    main()
