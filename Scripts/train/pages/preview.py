"""Shows a template: writes its picture and prints the questions that the page gives.

python -m pages.preview pages/templates/phone/dialer.html --seed 1 --out page.png
python -m pages.preview --all pages/templates/phone --out sheets     # contact sheets, errors"""

import argparse
import pathlib
import random

from PIL import Image, ImageDraw

from pages.browser import HERE, Browser, fill
from pages.page import page
from questions.make import questions


def draw(browser: Browser, path: pathlib.Path, seed: int):
    name = str(path.resolve().relative_to(HERE / "templates"))
    html, width, height, scale = fill(name, seed)
    return browser.draw(html, width, height, scale, name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("template", nargs="?")
    parser.add_argument("--all", help="a folder of templates")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", required=True, help="a PNG, or with --all a folder of contact sheets")
    parser.add_argument("--boxes", action="store_true", help="draw where the answers stand")
    a = parser.parse_args()
    with Browser() as browser:
        if not a.all:
            record = draw(browser, pathlib.Path(a.template), a.seed)
            one = page(record, 1344)
            image = Image.fromarray(one.pixels)
            pen = ImageDraw.Draw(image)
            for q in sorted(questions(one, random.Random(a.seed)), key=lambda q: q.family):
                print(f"{q.family:12} {q.text}  ->  {q.answer}{'' if q.spots else '   (closed)'}")
                for box in q.target if a.boxes else []:
                    pen.rectangle(box, outline=(255, 0, 0))
            image.save(a.out)
            return
        tiles = []
        for path in sorted(pathlib.Path(a.all).rglob("*.html")):
            try:
                record = draw(browser, path, a.seed)
                one = page(record, 1344)
                count = len(questions(one, random.Random(a.seed)))
                thumb = record.picture()
                thumb.thumbnail((480, 480))
                tiles.append(thumb)
                print(f"{path.name}: {record.width} x {record.height}, {len(one.runs)} runs, {count} questions" + ("   FEW" if count < 12 else ""))
            except Exception as error:
                print(f"{path.name}: ERROR {str(error).splitlines()[0][:200]}")
        pathlib.Path(a.out).mkdir(exist_ok=True, parents=True)
        for i in range(0, len(tiles), 12):
            sheet = Image.new("RGB", (4 * 490, 3 * 490), (90, 90, 90))
            for k, tile in enumerate(tiles[i : i + 12]):
                sheet.paste(tile, (k % 4 * 490 + 5, k // 4 * 490 + 5))
            sheet.save(pathlib.Path(a.out, f"sheet-{i // 12:02}.png"))


if __name__ == "__main__":
    main()
