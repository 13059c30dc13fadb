#!/usr/bin/env python3
"""Makes Tests/FlexVLMTests/Fixtures/parity from the original parity fixtures.

  python3 Scripts/make_fixtures.py ORIGINALS

ORIGINALS holds tiny-*/{model,clip}/ (checkpoints in the official layout) beside their expected
values, and the vectors of single stages. The checkpoints become model.gguf (F32, so that nothing
is lost); every other file is copied, and its checksum compared with that of the original.
"""

import argparse
import hashlib
import shutil
import sys
from pathlib import Path

import convert

FIXTURES = Path(__file__).parent.parent / "Tests" / "FlexVLMTests" / "Fixtures" / "parity"
MODELS = ("tiny-a", "tiny-b", "tiny-c", "tiny-d", "tiny-e-gqa")
MODEL_FILES = ("image.png", "prompt.txt", "expected.json", "expected.safetensors")
STAGES = ("preproc", "select-units", "tokenizer")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("originals", type=Path, metavar="ORIGINALS")
    parser.add_argument("-o", "--output", type=Path, default=FIXTURES)
    options = parser.parse_args()

    for model in MODELS:
        folder = options.output / model
        folder.mkdir(parents=True, exist_ok=True)
        for name in MODEL_FILES:
            shutil.copyfile(options.originals / model / name, folder / name)
        status = convert.main(
            [
                str(options.originals / model / "model"),
                f"--vision-tower={options.originals / model / 'clip'}",
                "--outtype=f32",
                f"--name={model}",
                "--force",
                f"--output={folder / 'model.gguf'}",
            ]
        )
        if status != 0:
            return status
    for stage in STAGES:
        (options.output / stage).mkdir(parents=True, exist_ok=True)
        for path in sorted((options.originals / stage).iterdir()):
            shutil.copyfile(path, options.output / stage / path.name)

    sums = checksums(options.output)
    for path, original in read_sums(options.originals / "SHA256SUMS").items():
        if sums.get(path, original) != original:
            print(f"error: {path} is not the original file", file=sys.stderr)
            return 1
    lines = [f"{digest}  {path}\n" for path, digest in sorted(sums.items())]
    (options.output / "SHA256SUMS").write_text("".join(lines))
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
