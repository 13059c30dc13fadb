#!/usr/bin/env python3
"""Makes the folders of Tests/FlexVLMTests/Fixtures.

  python3 Scripts/make_fixtures.py parity ORIGINALS
  python3 Scripts/make_fixtures.py mini

ORIGINALS holds tiny-*/{model,clip}/ (checkpoints in the official layout) beside their expected
values, and the vectors of single stages. The checkpoints become model.gguf (F32, so that nothing
is lost); every other file is copied, and its checksum compared with that of the original.
`mini` records what the reference implementation does with Weights/flexvlm-mini.gguf.
"""

import argparse
import hashlib
import json
import shutil
import sys
from pathlib import Path

from PIL import Image

import convert
from flexvlm_reference.model import Model

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "Tests" / "FlexVLMTests" / "Fixtures"
MODELS = ("tiny-a", "tiny-b", "tiny-c", "tiny-d", "tiny-e-gqa")
MODEL_FILES = ("image.png", "prompt.txt", "expected.json", "expected.safetensors")
STAGES = ("preproc", "select-units", "tokenizer")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", choices=["parity", "mini"])
    parser.add_argument("originals", nargs="?", type=Path, metavar="ORIGINALS")
    parser.add_argument("-o", "--output", type=Path, default=FIXTURES)
    options = parser.parse_args()
    output = options.output / options.folder
    output.mkdir(parents=True, exist_ok=True)
    if options.folder == "mini":
        return make_mini(output)
    if options.originals is None:
        parser.error("parity needs the folder of the original fixtures")
    return make_parity(options.originals, output)


def make_parity(originals: Path, output: Path) -> int:
    for model in MODELS:
        folder = output / model
        folder.mkdir(exist_ok=True)
        for name in MODEL_FILES:
            shutil.copyfile(originals / model / name, folder / name)
        status = convert.main(
            [
                str(originals / model / "model"),
                f"--vision-tower={originals / model / 'clip'}",
                "--outtype=f32",
                f"--name={model}",
                "--force",
                f"--output={folder / 'model.gguf'}",
            ]
        )
        if status != 0:
            return status
    for stage in STAGES:
        (output / stage).mkdir(exist_ok=True)
        for path in sorted((originals / stage).iterdir()):
            shutil.copyfile(path, output / stage / path.name)

    sums = checksums(output)
    for path, original in read_sums(originals / "SHA256SUMS").items():
        if sums.get(path, original) != original:
            print(f"error: {path} is not the original file", file=sys.stderr)
            return 1
    lines = [f"{digest}  {path}\n" for path, digest in sorted(sums.items())]
    (output / "SHA256SUMS").write_text("".join(lines))
    return 0


def make_mini(output: Path) -> int:
    """Tokens and cells of every example question."""
    weights = ROOT / "Weights"
    model = Model(weights / "flexvlm-mini.gguf")
    entries = []
    encoded: dict[str, object] = {}
    for example in json.loads((weights / "examples" / "questions.json").read_text()):
        name = example["image"]
        if name not in encoded:
            encoded = {name: model.encode_image(Image.open(weights / "examples" / name))}
        answer = model.ask(encoded[name], example["question"])
        entries.append(
            {
                "image": name,
                "question": example["question"],
                "text": answer.text,
                "tokens": answer.tokens,
                "cells": answer.cells,
                "nearest_to_threshold": [round(value, 4) for value in answer.nearest],
            }
        )
    lines = ",\n".join(json.dumps(entry) for entry in entries)
    (output / "expected.json").write_text(f"[\n{lines}\n]\n")
    return 0


def checksums(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }


def read_sums(path: Path) -> dict[str, str]:
    pairs = (line.split(maxsplit=1) for line in path.read_text().splitlines())
    return {name.removeprefix("./"): digest for digest, name in pairs}


if __name__ == "__main__":
    sys.exit(main())
