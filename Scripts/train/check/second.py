"""The second check: a hundred pages by renderers and in layouts that training does not use, each asked two
or three questions. Never trained on.

python -m check.second --out OUT writes OUT/annotations.json (TextVQA's format, with a `family` per
question) and OUT/images. Needs packages-dev.txt."""

import argparse
import json
import pathlib
import random
import shutil
import tempfile

from check import charts, documents, graphs, labels, scenes, terminals, windows
from check.sheet import Screen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=2024)
    parser.add_argument("--only", default="", help="makers whose name holds this")
    a = parser.parse_args()
    out, data, number = pathlib.Path(a.out), [], 0
    shutil.rmtree(out / "images", ignore_errors=True)
    (out / "images").mkdir(parents=True)
    with Screen() as screen:
        for module in (charts, graphs, scenes, labels, documents, terminals, windows):
            for maker, count in module.MAKERS:
                if a.only not in f"{module.__name__}.{maker.__name__}":
                    continue
                for i in range(count):
                    rng = random.Random(f"second {a.seed} {maker.__name__} {i}")
                    with tempfile.TemporaryDirectory() as folder:
                        on_screen = module in (terminals, windows)
                        sheet = maker(rng, pathlib.Path(folder), *([screen] if on_screen else []))
                    name = f"{number:03}-{sheet.kind}"
                    number += 1
                    sheet.image.save(out / "images" / f"{name}.png")
                    for family, question, answer in rng.sample(sheet.asked, min(rng.choice([2, 3]), len(sheet.asked))):
                        data.append(dict(
                            question=question, image_id=name, image_classes=[sheet.kind], image_width=sheet.image.width, image_height=sheet.image.height,
                            answers=[answer] * 10, question_id=len(data), set_name="val", family=family))
    head = dict(dataset_type="val", dataset_name="second", dataset_version="1")
    (out / "annotations.json").write_text(json.dumps(head | {"data": data}, indent=1, ensure_ascii=False) + "\n")
    print(f"{number} pages, {len(data)} questions in {out}")


if __name__ == "__main__":
    main()
