"""The weighted mean of a language model's checkpoint and an earlier one of the same run, both at the
end of their rates: it is often better than either (Izmailov et al., 2018). Where it is trained on, the
optimizers start afresh.

python -m runs.average RUN/language/checkpoint.pt EARLIER/language/checkpoint.pt --share 0.6 --out MEAN.pt"""

import argparse

import torch

from runs.export import masters


def mean(one: dict, other: dict, share: float) -> dict:
    """`share` of the weights of `one`, the rest of `other`."""
    out = dict(one, optimizer={"count": 0, "state": {}}, annealed_from=-1)
    out.pop("tower_optimizer", None)
    for key in ("model", "tower"):
        ours, theirs = masters(one, key), masters(other, key)
        out[key] = {name: share * ours[name] + (1 - share) * theirs[name] for name in ours}
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("one")
    parser.add_argument("other")
    parser.add_argument("--share", type=float, default=0.5, help="of the first; default: 0.5")
    parser.add_argument("--out", required=True)
    a = parser.parse_args()
    one, other = (torch.load(p, map_location="cpu", weights_only=False) for p in (a.one, a.other))
    torch.save(mean(one, other, a.share), a.out)


if __name__ == "__main__":
    main()
