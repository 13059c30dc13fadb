"""Stage 2: the projector and the language model on packed questions. Resumes where
OUT/checkpoint.pt left off.

python -m language.train --config configs/mini.json --store STORE --vision RUN/checkpoint.pt
--tokenizer T.model --out OUT [--anneal STEPS]

torchrun --nproc-per-node 2 -m language.train ... --threads 1: two processes, batches of twice the
size."""

import math
import random

import torch

from language.joint import TrainedTower
from language.model import LanguageModel
from language.objective import losses, score
from language.packing import Questions
from language.readouts import ReadOuts
from language.widen import widen
from runs.optim import Optimizer, precision
from runs.run import arguments
from runs.stage import Stage
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


class Answering(Stage):
    """A language model, new, widened from a file's or resumed, and the tower that learns with it where
    the configuration gives dense targets a weight."""

    def __init__(self, a):
        super().__init__(a)
        config, saved = self.config, self.saved
        l, self.low = config["language_training"], config["geometry"]["low"]
        self.evaluate_every = l["evaluate_every"]
        self.tower, self.learnt, self.trained = self.load_vision()
        self.data = Questions(config, a.tokenizer, a.store, "a-*.zip", config["seed"], l["images"])
        pixels, *_ = self.data[10**7]
        self.model = make_model(config, self.data.codec.pieces.vocab_size())
        if saved:
            self.model.load_state_dict(saved["model"])
        elif a.widen:
            widen(self.model, a.widen)
        else:
            self.fit_projector(pixels)
        self.model.to(a.device, precision(a.device))
        self.optimizer = make_optimizer(self.model, l)
        self.readouts = ReadOuts(config, saved.get("readouts") if saved else None, a.device)
        if saved:
            self.optimizer.load_state_dict(saved["optimizer"])
        if a.compile:
            self.tower.forward = torch.compile(self.tower.forward, dynamic=False)
            if a.device != "cpu":  # there it gains nothing
                self.model.forward = torch.compile(self.model.forward)
        first = self.peers.first
        self.tests = held_out(config, a.tokenizer, a.store, l["held_out"]) if first else []
        self.learning = [*self.model.parameters(), *self.readouts.parameters]
        if self.trained:
            self.learning += [p for _, p in self.trained.optimizer.named]

    def load_vision(self) -> tuple[VisionTower, dict, TrainedTower | None]:
        """The tower, what else is kept of it, and what trains it."""
        a, saved = self.arguments, self.saved
        tower, of_tower = load_tower(a.vision, a.device)
        self.config["vision"] = of_tower["config"]["vision"]
        learnt = {"heads": of_tower["heads"]}
        if saved and not a.refresh_vision:
            tower.load_state_dict(saved["tower"])
            learnt |= {k: saved[k] for k in ("heads", "tower_optimizer") if k in saved}
        else:
            learnt["tower_optimizer"] = of_tower["optimizer"]
        dense = self.config["language_training"]["dense"]
        trained = TrainedTower(tower, learnt, self.config, a.device) if dense else None
        return tower, learnt, trained

    @torch.no_grad()
    def fit_projector(self, pixels) -> None:
        """Makes features enter a new language model at the size that its embeddings have."""
        _, (high, _) = self.encode(pixels)
        projector = self.model.projector
        projector[0].weight.div_(high.float().square().mean().sqrt().cpu())
        projector[1].weight.mul_(0.8)

    def encode(self, pixels, patches: int = 0):
        return encode(self.tower, pixels.to(self.arguments.device), self.low, patches)

    def learn(self, batch, rate: float):
        (pixels, batch, targets), l = batch, self.config["language_training"]
        early = "modes_early" if self.step < l["early_steps"] else "modes_late"
        names, shares = zip(*l[early].items())
        modes = random.Random(f"{self.config['seed']}/{self.number}").choices(names, shares, k=len(pixels))
        device, trained = self.arguments.device, self.trained
        with torch.set_grad_enabled(trained is not None):
            low, high = self.encode(pixels, l["patches"])
        batch = move(batch, device)
        loss, means = losses(self.model, low, high, batch, modes, l["map_weight"], l["look_weight"])
        asked, found = self.readouts.loss(*self.model.inner, batch)
        loss, means = loss + l["readout_weight"] * asked, means | found
        if trained:
            dense = trained.loss(low, high, move(targets, device))
            loss = loss + l["dense"] * sum(part for part, *_ in dense.values())
            means |= {k: (r / asked.clamp(min=1)).item() for k, (_, r, asked) in dense.items()}
        loss.backward()
        stopping = self.peers.average(self.learning, self.run.stopping)
        means["norm"] = self.optimizer.step(rate, spread=self.peers.spread)
        self.readouts.step()
        if trained:
            trained.optimizer.step(rate * l["tower_rate"], spread=self.peers.spread)
        count = {"images": len(pixels), "questions": int((batch["family"] >= 0).sum())}
        return stopping, means, count

    def content(self) -> dict:
        names = ("tower", "model", "optimizer", "readouts")
        states = {name: getattr(self, name).state_dict() for name in names}
        return states | (self.trained.state_dict() if self.trained else self.learnt)

    def evaluate(self) -> dict:
        with torch.compiler.set_stance("force_eager"):  # whole crops, of another number each time
            batches = ((*self.encode(p), move(b, self.arguments.device)) for p, b in self.tests)
            return score(self.model, batches, ["flex", "all", "none", "oracle", "random"])


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
    stage = Answering(parser.parse_args())
    stage.train(stage.config["language_training"]["warmup"])


if __name__ == "__main__":
    main()
