"""Stage 2: the projector and the language model on packed questions. Resumes where
OUT/checkpoint.pt left off.

python -m language.train --config configs/mini.json --store STORE --vision RUN/checkpoint.pt
--tokenizer T.model --out OUT [--anneal STEPS]

torchrun --nproc-per-node 2 -m language.train ... --threads 1: two processes, batches of twice the
size."""

import math
import random
import time

import torch

from language.joint import TrainedTower
from language.model import LanguageModel
from language.objective import losses, score
from language.packing import Questions
from language.readouts import ReadOuts
from language.widen import widen
from runs.optim import Optimizer, precision
from runs.peers import Peers
from runs.run import Batches, Means, Run, annealed_from, arguments, load_config, rate_scale
from vision.tower import VisionTower
from vision.views import encode

ADAM = ("embed", "head", "projector")


def load_tower(path: str, device: str) -> tuple[VisionTower, dict]:
    """The tower of a checkpoint of either stage, and all of that checkpoint."""
    saved = torch.load(path, map_location="cpu", weights_only=False)
    grid = math.isqrt(len(saved["tower"]["position_embedding"]))
    patch = saved["config"]["geometry"]["patch"]
    tower = VisionTower(grid, patch, **saved["config"]["vision"])
    tower.load_state_dict(saved["tower"])
    return tower.to(device, precision(device)), saved


def make_model(config: dict, vocabulary: int) -> LanguageModel:
    g = config["geometry"]
    return LanguageModel(
        vocabulary,
        config["vision"]["width"],
        g["low"] // g["patch"],
        g["zoom"],
        **config["language"],
    )


def make_optimizer(model, rates: dict) -> Optimizer:
    return Optimizer(list(model.named_parameters()), rates["muon_rate"], rates["adam_rate"], ADAM)


def move(batch: dict, device: str) -> dict:
    return {k: v.to(device) for k, v in batch.items()}


def held_out(config: dict, codec: str, store: str, images: int) -> list:
    """Pages that are not trained on, as they were drawn, and their questions."""
    data = Questions(config, codec, store, "held-*.zip", 10**6 + config["seed"], 2)
    data.worn, data.dense = False, False
    return [data[i][:2] for i in range(images // 2)]


def main() -> None:
    parser = arguments(__doc__)
    parser.add_argument(
        "--vision", required=True, help="checkpoint of stage 1; read once, when the run starts"
    )
    parser.add_argument("--tokenizer", required=True)
    parser.add_argument("--store", required=True, help="folder of drawn pages")
    parser.add_argument("--widen", help="a new run starts from the language model of this GGUF file")
    parser.add_argument(
        "--refresh-vision",
        action="store_true",
        help="take the tower and its heads from --vision instead of from the checkpoint",
    )
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    config = load_config(a.config)
    l = config["language_training"]
    torch.manual_seed(config["seed"])
    peers = Peers()
    run = Run(a.out, processes=peers.count)
    saved = run.load()
    tower, of_tower = load_tower(a.vision, a.device)
    config["vision"] = of_tower["config"]["vision"]
    learnt = {"heads": of_tower["heads"]}
    if saved and not a.refresh_vision:
        tower.load_state_dict(saved["tower"])
        learnt |= {k: saved[k] for k in ("heads", "tower_optimizer") if k in saved}
    else:
        learnt["tower_optimizer"] = of_tower["optimizer"]
    trained = TrainedTower(tower, learnt, config, a.device) if l["dense"] else None
    data = Questions(config, a.tokenizer, a.store, "a-*.zip", config["seed"], l["images"])
    pixels, *_ = data[10**7]
    model = make_model(config, data.codec.pieces.vocab_size())
    low_size = config["geometry"]["low"]
    if saved is None and a.widen:
        widen(model, a.widen)
    elif saved is None:
        with torch.no_grad():
            _, (high, _) = encode(tower, pixels.to(a.device), low_size)
            rms = high.float().square().mean().sqrt().cpu()
            model.projector[0].weight.div_(rms)
            model.projector[1].weight.mul_(0.8)
    else:
        model.load_state_dict(saved["model"])
    model.to(a.device, precision(a.device))
    optimizer = make_optimizer(model, l)
    readouts = ReadOuts(config, saved.get("readouts") if saved else None, a.device)
    step = saved["step"] if saved else 0
    if saved:
        optimizer.load_state_dict(saved["optimizer"])
    start, falls = step, annealed_from(saved, step, a.anneal)
    if a.compile:
        tower.forward = torch.compile(tower.forward, dynamic=False)
        if a.device != "cpu":  # there it gains nothing
            model.forward = torch.compile(model.forward)
    tests = held_out(config, a.tokenizer, a.store, l["held_out"]) if peers.first else []
    number = lambda step: step * peers.count + peers.rank  # of this process's batch
    loader, means = Batches(data, number(step), a.workers, peers.count), Means()
    began, evaluated, answered = time.time(), time.time(), 0
    checkpoint = lambda: run.save(
        step=step,
        tower=tower.state_dict(),
        model=model.state_dict(),
        optimizer=optimizer.state_dict(),
        config=config,
        annealed_from=falls,
        readouts=readouts.state_dict(),
        **(trained.state_dict() if trained else learnt),
    )
    seen = lambda pixels, most=0: encode(tower, pixels.to(a.device), low_size, most)

    def evaluate(modes: list[str]) -> dict:
        with torch.compiler.set_stance("force_eager"):  # whole crops, of another number each time
            return score(model, ((*seen(p), move(b, a.device)) for p, b in tests), modes)

    learning = [*model.parameters(), *readouts.parameters]
    if trained:
        learning += [p for _, p in trained.optimizer.named]
    last = min(a.steps, falls + a.anneal if a.anneal else a.steps)
    stopping = False
    while step < last and not stopping:
        pixels, batch, targets = next(loader)
        mode_names, shares = zip(
            *l["modes_early" if step < l["early_steps"] else "modes_late"].items()
        )
        modes = random.Random(f"{config['seed']}/{number(step)}").choices(
            mode_names, shares, k=len(pixels)
        )
        with torch.set_grad_enabled(trained is not None):
            low, high = seen(pixels, l["patches"])
        batch = move(batch, a.device)
        loss, parts = losses(
            model,
            low,
            high,
            batch,
            modes,
            l["map_weight"],
            l["look_weight"],
        )
        asked, found = readouts.loss(*model.inner, batch)
        loss, parts = loss + l["readout_weight"] * asked, parts | found
        if trained:
            dense = trained.loss(low, high, move(targets, a.device))
            loss = loss + l["dense"] * sum(part for part, *_ in dense.values())
            parts |= {k: (r / asked.clamp(min=1)).item() for k, (_, r, asked) in dense.items()}
        loss.backward()
        stopping = peers.average(learning, run.stopping)
        rate = a.rate * rate_scale(step, l["warmup"], falls, a.anneal)
        norm = optimizer.step(rate, spread=peers.spread)
        readouts.step()
        if trained:
            trained.optimizer.step(rate * l["tower_rate"], spread=peers.spread)
        step += 1
        answered += int((batch["family"] >= 0).sum())
        means.add(parts)
        if not peers.first:
            continue
        if step % 25 == 0:
            spent = time.time() - began
            run.log(
                step=step,
                images_per_second=(step - start) * len(pixels) * peers.count / spent,
                questions_per_second=answered * peers.count / spent,
                waited=loader.waited,
                norm=norm,
                **means,
            )
        if time.time() - evaluated > l["evaluate_every"]:
            run.log(step=step, evaluation=evaluate(["flex", "all", "none", "oracle"]))
            evaluated = time.time()
        if run.due():
            checkpoint()
    if peers.first:
        checkpoint()
    if peers.first and not stopping:
        run.log(step=step, evaluation=evaluate(["flex", "all", "none", "oracle", "random"]))


if __name__ == "__main__":
    main()
