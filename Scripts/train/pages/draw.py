"""Fills a store with drawn pages.

python -m pages.draw --out STORE --name html --count 2000 --seed 1"""

import argparse
import contextlib
import random
import sys
import time

from pages import looks, papers
from pages.browser import Browser, documents, fill, templates
from pages.plots import Plot
from pages.records import Writer
from pages.widgets import Widgets


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--name", default="html")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--unseen", action="store_true", help="in fonts that are never trained on")
    parser.add_argument("--documents", type=float, default=0.12, help="share of pages that are real HTML files")
    parser.add_argument("--plots", type=float, default=0.1, help="share of pages that matplotlib draws")
    parser.add_argument("--papers", type=float, default=0.04, help="share of pages that LibreOffice and LaTeX set")
    parser.add_argument("--widgets", type=float, default=0.05, help="share of pages that are windows of GTK and Qt")
    parser.add_argument("--shard", type=int, default=200)
    a = parser.parse_args()
    rng, writer = random.Random(a.seed), Writer(a.out, a.name, a.shard)
    began, done, failed = time.time(), 0, {}
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(Browser())
        widgets = stack.enter_context(Widgets()) if a.widgets else None
        while done < a.count:
            names = templates()  # new ones join while it runs
            name, seed = rng.choice(names), rng.getrandbits(40)
            try:
                kind = rng.random()
                if kind < a.plots:
                    record = Plot(seed, a.unseen).record()
                elif kind < a.plots + a.papers:
                    record = papers.record(seed)
                elif kind < a.plots + a.papers + a.widgets:
                    record = widgets.record(seed, a.unseen)
                elif kind < a.plots + a.papers + a.widgets + a.documents:
                    name = rng.choice(documents())
                    sheet = looks.style_sheet(rng, rng.uniform(11, 20), a.unseen) if rng.random() < 0.6 else ""
                    record = browser.open(name, rng, sheet.replace("overflow:hidden", ""))
                else:
                    html, width, height, scale = fill(name, seed, a.unseen)
                    record = browser.draw(html, width, height, scale, f"{name}#{seed}")
            except Exception as error:  # one template's fault must not end the drawing
                failed[name] = str(error).splitlines()[0][:150]
                if len(failed) > 0.5 * len(names) + 5:
                    raise
                continue
            if len(record.runs) > 2 or len(record.facts) > 2:
                writer.add(record)
                done += 1
            if done % 100 == 0:
                print(f"{done} pages, {done / (time.time() - began):.2f} a second, {len(failed)} templates fail", flush=True)
    writer.close()
    for name, why in failed.items():
        print(name, why, file=sys.stderr)


if __name__ == "__main__":
    main()
