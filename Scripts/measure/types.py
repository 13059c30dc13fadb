#!/usr/bin/env python3
"""What each type of weights costs in answers: quantizes a model to every type and asks it a set of
questions in TextVQA's layout.

  PYTHONPATH=Scripts python3 -m measure.types FLEXVLM MODEL ANNOTATIONS IMAGES [--calibrate FOLDER] [--also FILE...]

Prints a table in Markdown: size, exactly right answers (lower case, spaces folded), and the share of
answers that are the same text as the model's own. --also names further model files to ask.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

TYPES = ["Q8_0", "Q6_K", "Q5_1", "Q5_0", "Q5_K", "Q4_1", "Q4_0", "Q4_K"]
COMPENSATED = ["Q4_1", "Q4_0", "Q4_K"]


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("flexvlm")
    parser.add_argument("model", type=Path)
    parser.add_argument("annotations", type=Path)
    parser.add_argument("images", type=Path)
    parser.add_argument("--calibrate", type=Path, metavar="FOLDER")
    parser.add_argument("--also", nargs="*", type=Path, default=[], metavar="FILE")
    options = parser.parse_args()
    questions = json.loads(options.annotations.read_text())["data"]
    with tempfile.TemporaryDirectory() as folder:
        images = linked_images(options.images, Path(folder))
        variants = [(options.model.stem, options.model)]
        for name in TYPES:
            path = Path(folder, f"{name}.gguf")
            run(options.flexvlm, "quantize", options.model, path, name)
            variants.append((name, path))
        for name in COMPENSATED if options.calibrate else []:
            path = Path(folder, f"{name}-calibrated.gguf")
            calibrate = ["--calibrate", options.calibrate]
            run(options.flexvlm, "quantize", options.model, path, name, *calibrate)
            variants.append((f"{name}, errors made up for", path))
        variants += [(path.stem, path) for path in options.also]

        print("| type | MB | right | same answer |\n|---|---|---|---|", flush=True)
        own: list[str] = []
        for name, path in variants:
            answers = ask(options, path, images, Path(folder, "answers.jsonl"))
            own = own or answers
            right = sum(map(is_right, answers, questions))
            same = sum(a == b for a, b in zip(answers, own, strict=True)) / len(own)
            size = path.stat().st_size / 1e6
            print(f"| {name} | {size:.1f} | {right} of {len(own)} | {same:.1%} |", flush=True)
    return 0


def linked_images(images: Path, folder: Path) -> Path:
    """A folder in which every image has the .jpg that TextVQA's layout asks for."""
    links = folder / "images"
    links.mkdir()
    for image in images.iterdir():
        (links / f"{image.stem}.jpg").symlink_to(image.resolve())
    return links


def run(*command: object) -> None:
    subprocess.run([str(word) for word in command], check=True, stdout=subprocess.DEVNULL)


def ask(options: argparse.Namespace, model: Path, images: Path, output: Path) -> list[str]:
    output.unlink(missing_ok=True)
    command = [
        options.flexvlm, "eval", "textvqa", "-m", model, "-a", options.annotations,
        "--images", images, "--output", output, "--json",
    ]  # fmt: skip
    subprocess.run([str(word) for word in command], check=True, capture_output=True)
    records = [json.loads(line) for line in output.read_text().splitlines()]
    for sidecar in output.parent.glob(f"{output.name}.*"):
        sidecar.unlink()
    return [r["text"] for r in sorted(records, key=lambda r: r["metadata"]["index"])]


def is_right(answer: str, question: dict) -> bool:
    def folded(text: str) -> str:
        return " ".join(text.lower().split())

    return folded(answer) in {folded(truth) for truth in question["answers"]}


if __name__ == "__main__":
    sys.exit(main())
