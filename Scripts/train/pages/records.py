"""A drawn page as it is kept: the picture, what stands where, what can be asked."""

import dataclasses
import gzip
import io
import json
import pathlib
import random
import zipfile

from PIL import Image

Box = list[float]


@dataclasses.dataclass
class Record:
    """Coordinates are pixels of the picture. `runs` are strings on one line: t text, x centres of
    characters, y middle, s em, b box, c ink, g ground, role, cut (partly hidden), v (turned), skip.
    `facts` refer to runs by number (extract.js says what kinds there are)."""

    png: bytes
    width: int
    height: int
    runs: list[dict]
    panels: list[dict]
    shapes: list[dict]
    facts: list[dict]
    source: str

    @staticmethod
    def of_page(found: dict, png: bytes, scale: float, source: str) -> "Record":
        """Of what extract.js returns, in CSS pixels."""
        by = lambda v: [round(x * scale, 1) for x in v]
        for run in found["runs"]:
            run.update(x=by(run["x"]), y=round(run["y"] * scale, 1), s=round(run["s"] * scale, 1), b=by(run["b"]))
        for kind in ("panels", "shapes", "facts"):
            for one in found[kind]:
                for name in ("b", "h", "r"):
                    if name in one:
                        one[name] = by(one[name])
        with Image.open(io.BytesIO(png)) as image:
            width, height = image.size
        return Record(png, width, height, found["runs"], found["panels"], found["shapes"], found["facts"], source)

    def picture(self) -> Image.Image:
        return Image.open(io.BytesIO(self.png)).convert("RGB")


class Writer:
    """Appends records to shards of `per_shard` pages: NAME-00000.zip and so on."""

    def __init__(self, folder, name: str, per_shard: int = 200):
        self.folder, self.name, self.per_shard = pathlib.Path(folder), name, per_shard
        self.folder.mkdir(parents=True, exist_ok=True)
        self.waiting: list[Record] = []
        self.shard = len(list(self.folder.glob(f"{name}-*.zip")))

    def add(self, record: Record) -> None:
        self.waiting.append(record)
        if len(self.waiting) == self.per_shard:
            self.close()

    def close(self) -> None:
        if not self.waiting:
            return
        path = self.folder / f"{self.name}-{self.shard:05}.zip"
        with zipfile.ZipFile(path.with_suffix(".part"), "w") as out:
            for i, r in enumerate(self.waiting):
                out.writestr(f"{i:04}.png", r.png)
                rest = {k: v for k, v in dataclasses.asdict(r).items() if k != "png"}
                out.writestr(f"{i:04}.json.gz", gzip.compress(json.dumps(rest, separators=(",", ":")).encode(), 3))
        path.with_suffix(".part").rename(path)
        self.waiting, self.shard = [], self.shard + 1


class Store:
    """The records of a folder, drawn at random. New shards are seen when `refresh` is called."""

    def __init__(self, folder, match: str = "*.zip"):
        self.folder, self.match = pathlib.Path(folder), match
        self.open: dict[pathlib.Path, zipfile.ZipFile] = {}
        self.refresh()

    def refresh(self) -> None:
        self.at = []
        for path in sorted(self.folder.glob(self.match)):
            if path not in self.open:
                self.open[path] = zipfile.ZipFile(path)
            count = sum(n.endswith(".png") for n in self.open[path].namelist())
            self.at += [(path, i) for i in range(count)]

    def __len__(self) -> int:
        return len(self.at)

    def __getitem__(self, number: int) -> Record:
        path, i = self.at[number]
        shard = self.open[path]
        rest = json.loads(gzip.decompress(shard.read(f"{i:04}.json.gz")))
        return Record(png=shard.read(f"{i:04}.png"), **rest)

    def pick(self, rng: random.Random) -> Record:
        return self[rng.randrange(len(self.at))]
