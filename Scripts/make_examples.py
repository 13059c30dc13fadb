#!/usr/bin/env python3
"""Draws Weights/examples/*.png and asks the shipped model about them.

  python3 Scripts/make_examples.py

Writes questions.json with the truth, the answer of Weights/flexvlm-mini.gguf as the reference
implementation gives it, and whether it is right. Needs Pillow, and matplotlib for its fonts.
"""

import argparse
import json
from collections.abc import Callable
from pathlib import Path

from example_pages import Page, chart, dashboard, receipt, settings, shapes, signs
from flexvlm_reference.model import Model

WEIGHTS = Path(__file__).parent.parent / "Weights"

EXAMPLES: dict[str, tuple[Callable[[], Page], list[tuple[str, str]]]] = {
    "receipt": (
        receipt,
        [
            ("what color is the heart?", "red"),
            ("what does the green sign say?", "PAID"),
            ("what is written in the orange box?", "8305"),
            ("is there a blue star?", "no"),
            ("what is the total?", "$49.21"),
            ("what is the price of the pizza?", "$11.40"),
        ],
    ),
    "settings": (
        settings,
        [
            ("what color is the triangle?", "orange"),
            ("what color is the hexagon?", "purple"),
            ("what does the blue sign say?", "Save"),
            ("what is written in the red box?", "Cancel"),
            ("what is the label of the orange triangle?", "A7"),
            ("what is the battery?", "87%"),
        ],
    ),
    "chart": (
        chart,
        [
            ("what color is the star?", "brown"),
            ("what color is the arrow?", "cyan"),
            ("what is written in the yellow box?", "2024"),
            ("what is the value of feb?", "98"),
            ("how much is apr?", "36"),
            ("what is written under the cyan arrow?", "next"),
        ],
    ),
    "shapes": (
        shapes,
        [
            ("what color is the heart?", "pink"),
            ("what color is the cross?", "black"),
            ("what shape is purple?", "diamond"),
            ("is there a red star?", "yes"),
            ("is there a green heart?", "no"),
            ("what is the label of the green ring?", "B52"),
            ("label of the orange triangle?", "417"),
            ("how many stars are there?", "2"),
            ("is the heart left or right of the diamond?", "right"),
        ],
    ),
    "signs": (
        signs,
        [
            ("what does the green sign say?", "EXIT"),
            ("what does the yellow sign say?", "Taxi"),
            ("read the text in the red box.", "stop"),
            ("what is in the blue box?", "B14"),
            ("what is written in the orange box?", "$9.23"),
            ("text in the purple box?", "#48"),
            ("what does the brown sign say?", "Museum"),
        ],
    ),
    "dashboard": (
        dashboard,
        [
            ("what color is the diamond?", "pink"),
            ("what color is the circle?", "green"),
            ("what shape is cyan?", "ring"),
            ("is there a star?", "no"),
            ("what does the purple sign say?", "5571"),
            ("what is the stock of the router?", "5"),
            ("what is the port?", "8080"),
        ],
    ),
}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("-o", "--output", type=Path, default=WEIGHTS / "examples")
    parser.add_argument("--model", type=Path, default=WEIGHTS / "flexvlm-mini.gguf")
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    model = Model(options.model)
    entries = []
    for name, (draw, questions) in EXAMPLES.items():
        image = draw().image
        image.save(options.output / f"{name}.png", optimize=True)
        encoded = model.encode_image(image)
        for question, truth in questions:
            answer = model.ask(encoded, question).text
            entries.append(
                {
                    "image": f"{name}.png",
                    "question": question,
                    "truth": truth,
                    "answer": answer,
                    "right": answer == truth,
                }
            )
            print(f"{'right' if answer == truth else 'WRONG'}  {name}: {question} -> {answer}")
    text = json.dumps(entries, indent=2, ensure_ascii=False) + "\n"
    (options.output / "questions.json").write_text(text, encoding="utf-8")
    print(f"{sum(entry['right'] for entry in entries)} of {len(entries)} right")


if __name__ == "__main__":
    main()
