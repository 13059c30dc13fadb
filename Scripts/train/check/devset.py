"""The development set: pages drawn by Chromium, matplotlib and LibreOffice with fonts that
training never draws. Never trained on.

python -m check.devset --out OUT makes OUT/train_images/*.jpg and OUT/dev.json in TextVQA's format (with
a `family` per question)."""

import argparse
import json
import pathlib
import random
import shutil
import subprocess
import tempfile

from PIL import Image

from check import papers, screens
from check.vocabulary import CITIES, FONTS, PEOPLE, WARES


def run(*command: str) -> None:
    subprocess.run(
        command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=120
    )


def browser_pages(rng: random.Random, rounds: int, folder: pathlib.Path):
    for _ in range(rounds):
        for maker in papers.MAKERS + screens.MAKERS:
            html, width, height, asked = maker(rng)
            source, shot = folder / "page.html", folder / "page.png"
            source.write_text(html)
            run(
                "chromium",
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--hide-scrollbars",
                f"--window-size={width},{height}",
                f"--screenshot={shot}",
                source.as_uri(),
            )
            yield f"web-{maker.__name__}", Image.open(shot).convert("RGB"), asked


def plots(rng: random.Random, count: int, folder: pathlib.Path):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    for _ in range(count):
        plt.rcParams.update(
            {"font.family": rng.choice(FONTS[:6]), "font.size": rng.randint(11, 16)}
        )
        kind = rng.choice(["bar", "barh", "line", "pie"])
        title = rng.choice(
            [
                "Rainfall in mm",
                "Tickets sold",
                "Battery capacity",
                "Average speed",
                "Survey answers",
            ]
        )
        figure, axes = plt.subplots(
            figsize=(rng.choice([9, 11, 13]), rng.choice([6, 7, 8])), dpi=rng.choice([100, 120])
        )
        asked = [("title", "What is the title of the chart?", title)]
        names = rng.sample(CITIES, rng.randint(3, 6))
        values = [rng.randint(5, 400) for _ in names]
        tab = dict(
            zip(
                ["red", "green", "blue", "orange", "purple"],
                ["tab:red", "tab:green", "tab:blue", "tab:orange", "tab:purple"],
            )
        )
        if kind in ("bar", "barh"):
            bars = getattr(axes, kind)(names, values, color=rng.choice(list(tab.values())))
            axes.bar_label(bars)
            asked += [
                ("bar", f"What is the value of {n}?", str(v))
                for n, v in rng.sample(list(zip(names, values)), 2)
            ]
            if len(set(values)) == len(values):
                asked.append(
                    (
                        "bar",
                        (
                            "Which bar is the highest?"
                            if kind == "bar"
                            else "Which bar is the longest?"
                        ),
                        names[values.index(max(values))],
                    )
                )
        elif kind == "line":
            colors = rng.sample(list(tab), 2)
            for name, color in zip(names[:2], colors):
                axes.plot(
                    range(2015, 2023),
                    [rng.randint(5, 100) for _ in range(8)],
                    color=tab[color],
                    label=name,
                    marker=rng.choice(["o", None]),
                )
            axes.legend()
            axes.grid(rng.random() < 0.5)
            asked += [
                ("attr", f"What color is {names[0]}?", colors[0]),
                ("label", f"What does {colors[1]} stand for?", names[1]),
            ]
        else:
            colors = rng.sample(list(tab), min(4, len(names)))
            axes.pie(
                values[: len(colors)],
                labels=names[: len(colors)],
                colors=[tab[c] for c in colors],
                autopct="%d%%",
            )
            asked.append(("attr", f"What color is {names[0]}?", colors[0]))
        axes.set_title(title)
        figure.savefig(folder / "plot.png")
        plt.close(figure)
        yield f"plot-{kind}", Image.open(folder / "plot.png").convert("RGB"), asked


def office_pages(rng: random.Random, count: int, folder: pathlib.Path):
    for i in range(count):
        font, size = rng.choice(FONTS[:7]), rng.randint(10, 13)
        if i % 2 == 0:
            name, number, day = (
                rng.choice(PEOPLE),
                f"C-{rng.randint(1000, 9999)}",
                f"{rng.randint(1, 28)} May {rng.randint(2018, 2026)}",
            )
            rows = {w: f"{rng.uniform(5, 300):.2f}" for w in rng.sample(WARES, 4)}
            html = (
                f"<html><body style=\"font-family:'{font}';font-size:{size}pt\"><h1>Delivery"
                f" note</h1><p>Customer: {name}</p><p>Contract number: {number}</p><p>Delivery"
                f" date: {day}</p><table border=1 cellpadding=6"
                " cellspacing=0><tr><th>Article</th><th>Price</th></tr>"
            )
            html += (
                "".join(f"<tr><td>{k}</td><td>{v}</td></tr>" for k, v in rows.items())
                + "</table><p>Goods remain our property until paid in full.</p></body></html>"
            )
            ware = rng.choice(list(rows))
            asked = [
                ("kv", "Who is the customer?", name),
                ("kv", "What is the contract number?", number),
                ("kv", "What is the delivery date?", day),
                ("table", f"What is the price of the {ware.lower()}?", rows[ware]),
                ("title", "What is the title of the page?", "Delivery note"),
            ]
            source, kind = folder / "a.html", "writer"
        else:
            heads = ["Name", "Team", "Score", "City"]
            rows = {
                p: [
                    rng.choice(["Hawks", "Otters", "Foxes", "Cranes"]),
                    str(rng.randint(10, 999)),
                    rng.choice(CITIES),
                ]
                for p in rng.sample(PEOPLE, rng.randint(5, 10))
            }
            html = (
                "<html><body><table border=1"
                f" style=\"font-family:'{font}';font-size:{size}pt\"><tr>"
                + "".join(f"<th>{h}</th>" for h in heads)
                + "</tr>"
                + "".join(
                    f"<tr><td>{p}</td>" + "".join(f"<td>{v}</td>" for v in row) + "</tr>"
                    for p, row in rows.items()
                )
                + "</table></body></html>"
            )
            asked = [
                ("table", f"What is the {heads[c + 1].lower()} of {p}?", rows[p][c])
                for p, c in rng.sample([(p, c) for p in rows for c in range(3)], 4)
            ]
            source, kind = folder / "a.html", "calc"
        source.write_text(html)
        app = ["--infilter=HTML (StarCalc)"] if kind == "calc" else ["--writer"]
        run(
            "soffice",
            "--headless",
            *app,
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
            str(source),
        )
        run(
            "pdftoppm",
            "-r",
            rng.choice(["110", "130", "150"]),
            "-png",
            "-f",
            "1",
            "-singlefile",
            str(folder / "a.pdf"),
            str(folder / "office"),
        )
        page = Image.open(folder / "office.png").convert("RGB")
        yield (
            f"office-{kind}",
            page.crop((0, 0, page.width, round(page.height * rng.choice([0.5, 0.7, 1])))),
            asked,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=77)
    parser.add_argument("--rounds", type=int, default=5, help="rounds of all web pages")
    parser.add_argument("--plots", type=int, default=16)
    parser.add_argument("--office", type=int, default=10)
    a = parser.parse_args()
    out = pathlib.Path(a.out)
    shutil.rmtree(out, ignore_errors=True)
    (out / "train_images").mkdir(parents=True)
    data = []
    with tempfile.TemporaryDirectory() as folder:
        work, rng = pathlib.Path(folder), random.Random(a.seed)
        makers = [
            browser_pages(rng, a.rounds, work),
            plots(random.Random(a.seed + 1), a.plots, work),
            office_pages(random.Random(a.seed + 2), a.office, work),
        ]
        number = 0
        for maker in makers:
            for kind, image, asked in maker:
                name = f"{number:016x}"
                number += 1
                image.save(out / "train_images" / f"{name}.jpg", quality=95, subsampling=0)
                for family, question, answer in asked:
                    data.append(
                        dict(
                            question=question,
                            image_id=name,
                            image_classes=[kind],
                            image_width=image.width,
                            image_height=image.height,
                            answers=[answer] * 10,
                            question_tokens=question.lower().rstrip("?").split(),
                            question_id=len(data),
                            set_name="val",
                            family=family,
                        )
                    )
    (out / "dev.json").write_text(
        json.dumps(
            dict(dataset_type="val", dataset_name="flexvlm-dev", dataset_version="1", data=data),
            indent=1,
            ensure_ascii=False,
        )
        + "\n"
    )
    print(f"{number} pages, {len(data)} questions in {out}")


if __name__ == "__main__":
    main()
