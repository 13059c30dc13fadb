"""Exact match of a stage 2 checkpoint on held-out pages of the store or on a data set in TextVQA's
format, per family, with flex selection and its alternatives. Teacher-forced: an answer
counts when every token of it, the end included, is the model's first choice, which is what greedy
decoding would print.

python -m runs.evaluate RUN/checkpoint.pt --tokenizer T.model --store STORE [--show]
python -m runs.evaluate RUN/checkpoint.pt --tokenizer T.model --data SET.json --images IMAGES"""

import argparse
import json
import pathlib

import numpy as np
import torch
from PIL import Image

from language.objective import forward
from language.packing import FAMILIES, READING, Codec, Questions, Shape, pack
from language.train import load_tower, make_model
from pages.page import PAD, Page
from questions.closed import UNANSWERABLE
from questions.context import CLOSED
from questions.question import Question
from runs.optim import precision
from vision.views import encode

def square(image: Image.Image, side: int) -> np.ndarray:
    """Padded to a square and resized, as the preprocessor does it."""
    longest = max(image.size)
    canvas = Image.new("RGB", (longest, longest), PAD)
    canvas.paste(image, ((longest - image.width) // 2, (longest - image.height) // 2))
    return np.asarray(canvas.resize((side, side), Image.BICUBIC) if longest != side else canvas)


def of_file(path: str, images: str, codec: Codec, g: dict):
    """Batches of one image from a TextVQA-style file, with the questions asked."""
    low = g["low"] // g["patch"]
    by_image: dict[str, list] = {}
    for item in json.loads(pathlib.Path(path).read_text())["data"]:
        by_image.setdefault(item["image_id"], []).append(item)
    for name, items in by_image.items():
        image = Image.open(next(pathlib.Path(images).glob(f"{name}.*"))).convert("RGB")
        side = g["low"] * g["zoom"]
        one = Page(square(image, side), image.width, image.height, [], [], [], [], True)
        asked = [
            Question(
                i.get("family", "read"),
                i["question"],
                i["answers"][0],
                [],
                [],
                closed=i["answers"][0].lower() in CLOSED | {UNANSWERABLE},
            )
            for i in items
        ]
        packed = pack(
            one, asked, codec, Shape(700, 400, 40), low, g["zoom"], g["patch"], longest=40
        )
        if (packed["family"] >= 0).sum() < len(asked):
            raise SystemExit(f"{name}: a question or an answer is too long, or cannot be written")
        yield (
            torch.from_numpy(one.pixels.copy())[None],
            {k: torch.from_numpy(v)[None] for k, v in packed.items()},
            asked,
            name,
        )


def of_store(config: dict, tokenizer: str, store: str, pages: int):
    data = Questions(config, tokenizer, store, "held-*.zip", 2 * 10**6 + config["seed"], 1)
    data.worn, data.dense = False, False
    for i in range(pages):
        pixels, batch, _ = data[i]
        yield pixels, batch, None, f"page {i}"


@torch.no_grad()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("checkpoint")
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--store", help="folder of drawn pages")
    parser.add_argument("--data", help="a data set instead of the store's pages")
    parser.add_argument("--images", help="its pictures")
    parser.add_argument("--pages", type=int, default=64)
    parser.add_argument("--modes", default="flex,all,none,random,center,oracle")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--show",
        action="store_true",
        help="print every question with the first choices in flex mode",
    )
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    tower, config = load_tower(a.checkpoint, a.device)
    codec = Codec(a.tokenizer)
    model = make_model(config["config"], codec.pieces.vocab_size())
    model.load_state_dict(config["model"])
    model.to(a.device, precision(a.device))
    config = config["config"]
    modes = [m for m in a.modes.split(",") if not (a.data and m == "oracle")]
    tally: dict[tuple, list] = {}
    share = []
    source = (
        of_file(a.data, a.images, codec, config["geometry"])
        if a.data
        else of_store(config, a.tokenizer, a.store, a.pages)
    )
    for pixels, batch, asked, name in source:
        low, high = encode(tower, pixels.to(a.device), config["geometry"]["low"])
        batch = {k: v.to(a.device) for k, v in batch.items()}
        rows = batch["wanted"][0] != -100
        for mode in modes:
            logits, _, _, choice = forward(model, low, high, batch, [mode])
            first = logits.argmax(-1)[0]
            if mode == "flex":
                share += [
                    u[0][rows].float().mean().item()
                    for i, u in choice.used.items()
                    if i < len(model.layers) - 1
                ]
            for k, family in enumerate(batch["family"][0].tolist()):
                if family < 0:
                    continue
                mine = rows & (batch["owner"][0] == k)
                right = bool((first[mine] == batch["wanted"][0][mine]).all())
                for label in [FAMILIES[family], "all"] + (
                    ["reading"] if FAMILIES[family] in READING else []
                ):
                    entry = tally.setdefault((mode, label), [0, 0])
                    entry[0] += right
                    entry[1] += 1
                if a.show and mode == "flex" and asked:
                    written = codec.pieces.decode(first[mine].tolist())
                    verdict = "right" if right else "wrong"
                    print(name, verdict, asked[k].text, asked[k].answer, written, sep=" | ")
    labels = [f for f in FAMILIES + ["reading", "all"] if (modes[0], f) in tally]
    print(f"{'mode':8}" + "".join(f"{l[:8]:>9}" for l in labels))
    print(f"{'n':8}" + "".join(f"{tally[modes[0], l][1]:9}" for l in labels))
    for mode in modes:
        print(
            f"{mode:8}"
            + "".join(f"{100 * tally[mode, l][0] / tally[mode, l][1]:9.1f}" for l in labels)
        )
    if share:
        print(f"cells seen by flex: {100 * sum(share) / len(share):.1f} %")


if __name__ == "__main__":
    main()
