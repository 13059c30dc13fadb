"""Writes words.txt: the commonest words of drawn pages, the closed vocabulary of the word targets.

python -m vision.words --store STORE --count 4095"""

import argparse
import collections
import pathlib

from pages.records import Store


def bare(word: str) -> str:
    """A word as the closed vocabulary has it."""
    return word.lower().strip(".,:;!?()[]{}\"'#*<>")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--store", required=True)
    parser.add_argument("--count", type=int, default=4095)
    parser.add_argument("--pages", type=int, default=6000)
    a = parser.parse_args()
    store, found = Store(a.store), collections.Counter()
    for i in range(min(a.pages, len(store))):
        of_page = {bare(w) for run in store[i].runs for w in run["t"].split()}
        found.update(w for w in of_page if 1 < len(w) < 16 and any(c.isalpha() for c in w))
    words = sorted(w for w, _ in found.most_common(a.count))
    pathlib.Path(__file__).with_name("words.txt").write_text("\n".join(words) + "\n")
    print(len(found), "words;", min(found[w] for w in words), "pages have the rarest that is kept")


if __name__ == "__main__":
    main()
