"""A gate before long runs: language models tuned on the *text* of pages, no image, compared on the
questions of a data set whose pages were read by another program (tesseract).

python -m language.gate --store STORE --minutes 20 --small --tokenizer T.model --data SET.json --texts OCR
python -m language.gate --store STORE --minutes 20 --gguf SMOLLM2.gguf [--layers 10] --data SET.json --texts OCR"""

import argparse
import collections
import json
import pathlib
import random
import time

import torch
import torch.nn.functional as F
from torch import nn

from language.model import RMSNorm, attend, rotate_half
from pages.page import page
from pages.records import Store
from questions.make import questions
from runs.optim import Optimizer, precision
from vision.grow import tensors


class Layer(nn.Module):
    def __init__(self, width: int, heads: int, groups: int, inner: int):
        super().__init__()
        size, linear = width // heads, lambda i, o: nn.Linear(i, o, bias=False)
        self.input_norm, self.post_norm = RMSNorm(width), RMSNorm(width)
        self.q, self.o = linear(width, width), linear(width, width)
        self.k, self.v = linear(width, groups * size), linear(width, groups * size)
        self.gate, self.up, self.down = linear(width, inner), linear(width, inner), linear(inner, width)


class Llama(nn.Module):
    """LLaMA with grouped queries and tied embeddings."""

    def __init__(self, vocabulary: int, width: int, layers: int, heads: int, groups: int, inner: int, base: float):
        super().__init__()
        self.heads, self.groups = heads, groups
        self.embed = nn.Embedding(vocabulary, width)
        nn.init.normal_(self.embed.weight, std=0.05)
        self.layers = nn.ModuleList(Layer(width, heads, groups, inner) for _ in range(layers))
        self.norm = RMSNorm(width)
        d = width // heads
        angles = torch.arange(2048)[:, None] * base ** (-torch.arange(0, d, 2) / d)
        self.angles = torch.cat([angles, angles], 1)

    def forward(self, tokens, positions, mask, rows):
        """tokens, positions [T], additive mask [T, T] -> logits of `rows` [n, V]."""
        x, dtype = self.embed(tokens)[None], self.embed.weight.dtype
        cos, sin = (f(self.angles[positions])[None, None].to(dtype) for f in (torch.cos, torch.sin))
        split = lambda y, h: y.view(1, len(tokens), h, -1).transpose(1, 2)
        turn = lambda y: y * cos + rotate_half(y) * sin
        for layer in self.layers:
            y = layer.input_norm(x)
            q, k, v = split(layer.q(y), self.heads), split(layer.k(y), self.groups), split(layer.v(y), self.groups)
            q, k = turn(q) * q.shape[-1] ** -0.5, turn(k)
            k, v = (y.repeat_interleave(self.heads // self.groups, 1) for y in (k, v))
            mixed = attend(q, k, v, mask[None, None])[0].transpose(1, 2).reshape(x.shape)
            x = x + layer.o(mixed)
            y = layer.post_norm(x)
            x = x + layer.down(F.silu(layer.gate(y)) * layer.up(y))
        return self.norm(x[0, rows]) @ self.embed.weight.T


NAMES = {"attn_norm": "input_norm", "attn_q": "q", "attn_k": "k", "attn_v": "v", "attn_output": "o",
         "ffn_norm": "post_norm", "ffn_gate": "gate", "ffn_up": "up", "ffn_down": "down"}


def neighbours_apart(weight, heads: int):
    """Rows of a query or key matrix from llama.cpp's order (pairs beside each other) to halves."""
    return weight.view(heads, -1, 2, weight.shape[1]).transpose(1, 2).reshape(weight.shape)


def pretrained(path: str, layers: int) -> Llama:
    """A LLaMA-shaped model of llama.cpp's file; of fewer layers, evenly chosen."""
    import gguf

    fields = gguf.GGUFReader(path).fields
    of, value = tensors(path), lambda name: fields["llama." + name].contents()
    count, heads, groups = value("block_count"), value("attention.head_count"), value("attention.head_count_kv")
    kept = range(count) if not layers else [round(i * (count - 1) / (layers - 1)) for i in range(layers)]
    model = Llama(len(of["token_embd.weight"]), value("embedding_length"), len(kept), heads, groups,
                  value("feed_forward_length"), value("rope.freq_base"))
    state = {"embed.weight": of["token_embd.weight"], "norm.weight": of["output_norm.weight"]}
    for i, k in enumerate(kept):
        for theirs, ours in NAMES.items():
            weight = of[f"blk.{k}.{theirs}.weight"]
            if ours in "qk":
                weight = neighbours_apart(weight, heads if ours == "q" else groups)
            state[f"layers.{i}.{ours}.weight"] = weight
    model.load_state_dict(state)
    return model


class Bytes:
    """The byte-level tokenizer of a GGUF file."""

    def __init__(self, path: str):
        import gguf
        from tokenizers import Tokenizer, models, pre_tokenizers

        fields = gguf.GGUFReader(path).fields
        tokens, merges = (fields[f"tokenizer.ggml.{n}"].contents() for n in ("tokens", "merges"))
        self.of = Tokenizer(models.BPE({t: i for i, t in enumerate(tokens)}, [tuple(m.split(" ")) for m in merges]))
        self.of.pre_tokenizer = pre_tokenizers.Sequence(
            [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)])
        self.end = fields["tokenizer.ggml.eos_token_id"].contents()

    def __call__(self, text: str) -> list[int]:
        return self.of.encode(text).ids


class Pieces:
    def __init__(self, path: str):
        import sentencepiece

        self.of = sentencepiece.SentencePieceProcessor(model_file=path)
        self.end, self.size = self.of.eos_id(), self.of.vocab_size()

    def __call__(self, text: str) -> list[int]:
        return self.of.encode(text)


def reading_order(runs: list) -> str:
    """The page's text, line by line; what stands on one line is set apart by a bar."""
    lines: list[list] = []
    for run in sorted((r for r in runs if r), key=lambda r: r.spots[0][1]):
        if lines and abs(lines[-1][0].spots[0][1] - run.spots[0][1]) < 0.5 * run.size:
            lines[-1].append(run)
        else:
            lines.append([run])
    return "\n".join(" | ".join(r.text for r in sorted(line, key=lambda r: r.box[0])) for line in lines)


def pack(tokenize, text: str, asked: list[tuple[str, str]], most: int, room: int):
    """One sequence: the text, then questions that see the text and themselves."""
    tokens = tokenize(text)[:most]
    prefix = len(tokens)
    segment, position, rows, wanted, owner = [-1] * prefix, list(range(prefix)), [], [], []
    for number, (question, answer) in enumerate(asked):
        ask = tokenize(f"\nQuestion: {question}\nAnswer:")
        says = tokenize(" " + answer) + [tokenize.end]
        if len(tokens) - prefix + len(ask) + len(says) > room:
            break
        at = len(tokens) + len(ask) - 1
        rows += range(at, at + len(says))
        wanted += says
        owner += [number] * len(says)
        one = ask + says[:-1]
        tokens, segment = tokens + one, segment + [number] * len(one)
        position += range(prefix, prefix + len(one))
    segment = torch.tensor(segment)
    order = torch.arange(len(tokens))
    seen = (order[None] <= order[:, None]) & ((segment[None] == segment[:, None]) | (segment[None] == -1))
    mask = torch.zeros(seen.shape).masked_fill_(~seen, float("-inf"))
    return [torch.tensor(v) for v in (tokens, position)] + [mask] + [torch.tensor(v) for v in (rows, wanted, owner)]


@torch.no_grad()
def validate(model: Llama, tokenize, data: str, texts: str) -> tuple[dict, int]:
    """Right answers by family, and how many there were."""
    by_page, right, total = collections.defaultdict(list), collections.Counter(), collections.Counter()
    for item in json.loads(pathlib.Path(data).read_text())["data"]:
        by_page[item["image_id"]].append(item)
    for name, items in by_page.items():
        lines = [s.strip() for s in pathlib.Path(texts, name + ".txt").read_text().splitlines() if s.strip()]
        asked = [(i["question"], i["answers"][0]) for i in items]
        tokens, position, mask, rows, wanted, owner = pack(tokenize, "\n".join(lines), asked, 700, 10**6)
        said = model(tokens, position, mask.to(model.embed.weight.dtype), rows).argmax(-1)
        for k, item in enumerate(items):
            right[item["family"]] += bool((said == wanted)[owner == k].all())
            total[item["family"]] += 1
    return {k: f"{right[k]}/{n}" for k, n in sorted(total.items())}, sum(right.values())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--store", required=True)
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--small", action="store_true", help="eight layers of width 384 from scratch")
    parser.add_argument("--tokenizer")
    parser.add_argument("--gguf")
    parser.add_argument("--layers", type=int, default=0)
    parser.add_argument("--rate", type=float, default=1.0)
    parser.add_argument("--data", required=True)
    parser.add_argument("--texts", required=True)
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    torch.manual_seed(1)
    tokenize = Pieces(a.tokenizer) if a.small else Bytes(a.gguf)
    model = Llama(tokenize.size, 384, 8, 6, 6, 1024, 10000.0) if a.small else pretrained(a.gguf, a.layers)
    model.to(precision("cpu"))
    model.embed.weight.requires_grad_(a.small)
    rates, adam = ((0.002, 0.002), ("embed",)) if a.small else ((0.0, 5e-5), ("",))
    optimizer = Optimizer(list(model.named_parameters()), *rates, adam, decay=0.01)
    store, began, step, mean, pages = Store(a.store, "a-*.zip"), time.process_time(), 0, None, 0
    spent = lambda: (time.process_time() - began) / 60 / a.threads  # minutes of all cores
    while spent() < a.minutes:
        loss = 0.0
        for k in range(4):
            rng = random.Random(f"gate {step} {k}")
            one = page(store.pick(rng), 336)
            asked = [(q.text, q.answer) for q in questions(one, rng) if q.family != "choice"]
            rng.shuffle(asked)
            tokens, position, mask, rows, wanted, _ = pack(tokenize, reading_order(one.runs), asked, 500, 500)
            if not len(rows):
                continue
            logits = model(tokens, position, mask.to(model.embed.weight.dtype), rows)
            part = F.cross_entropy(logits.float(), wanted) / 4
            part.backward()
            loss, pages = loss + part.item(), pages + 1
        scale = a.rate * min(1.0, (step + 1) / 30) * max(0.02, 1 - spent() / a.minutes)
        optimizer.step(scale)
        step, mean = step + 1, loss if mean is None else 0.95 * mean + 0.05 * loss
        if step % 25 == 0:
            print(f"step {step}, {pages} pages, {spent():.1f} minutes, loss {mean:.3f}", flush=True)
    print(*validate(model, tokenize, a.data, a.texts), f"after {pages} pages", flush=True)


if __name__ == "__main__":
    main()
