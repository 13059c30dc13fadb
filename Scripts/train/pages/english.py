"""Words, sentences and names: Debian's word lists, sentences of installed documentation, made-up
names."""

import functools
import gzip
import pathlib
import random
import re
import tomllib

_lists = {
    name: [entry.strip() for entry in text.replace("\n", " ").split("|")]
    for name, text in tomllib.loads(
        (pathlib.Path(__file__).parents[1] / "vocabulary.toml").read_text()
    )["lists"].items()
}
FOODS, GOODS, ADJECTIVES = _lists["foods"], _lists["goods"], _lists["adjectives"]
PLANTS = (
    "rose|tulip|daisy|lavender|basil|mint|thyme|sage|fern|ivy|oak|birch|maple|willow|cedar|pine|holly|"
    "aloe|cactus|orchid|lily|iris|poppy|clover|heather|jasmine|rosemary|parsley|bamboo|hazel"
).split("|")
ANIMALS = (
    "cat|dog|rabbit|hamster|parrot|turtle|otter|badger|fox|owl|heron|robin|swan|goose|hedgehog|seal|"
    "whale|dolphin|salmon|trout|bear|wolf|lynx|deer|moose|horse|donkey|goat|sheep|llama|bee|beetle|moth"
).split("|")
JOBS = (
    "accountant|architect|baker|barber|bookkeeper|bus driver|butcher|carpenter|cashier|chef|chemist|"
    "clerk|coach|consultant|curator|dentist|designer|developer|doctor|editor|electrician|engineer|"
    "farmer|florist|gardener|geologist|janitor|journalist|judge|lab technician|lawyer|librarian|"
    "locksmith|machinist|manager|mechanic|midwife|musician|nurse|optician|painter|pharmacist|"
    "photographer|pilot|plumber|porter|postman|producer|receptionist|reporter|sales rep|scientist|"
    "secretary|shop assistant|social worker|surgeon|surveyor|tailor|teacher|technician|translator|"
    "tutor|vet|waiter|warden|web designer|welder|writer|team lead|data analyst|product owner|head of sales"
).split("|")
COMPANY_ENDS = (
    "Ltd|Inc.|GmbH|& Sons|& Co.|Group|Bakery|Cafe|Store|Market|Hotel|Services|Tools|Farm|Foods|Studio|"
    "Clinic|Books|Outfitters|Logistics|Energy|Air|Lines|Bank|Media|Labs|Systems|Supply|Works|Interiors|"
    "Garden|Bikes|Optics|Press|Dental|Motors|Rail|Coffee|Partners|Kitchen|Electronics|Pharmacy|Insurance"
).split("|")


def _dictionary(name: str) -> list[str]:
    listed = pathlib.Path("/usr/share/dict", name).read_text(encoding="latin-1").split()
    return [w for w in listed if 2 <= len(w) <= 12 and w.isascii() and w.isalpha() and w.islower()]


@functools.cache
def words() -> list[str]:
    common = [w for n in ("10", "20", "35") for w in _dictionary(f"scowl/english-words.{n}")]
    return common * 3 + _dictionary("words")


ROOTS = ["/usr/share/doc", "/usr/share/games/fortunes", "/usr/share/perl"]
_ENGLISH = re.compile(r"\b(the|of|to|a|an|is|are|was|and|in|for|it|that|this|with|on|you|be|by|as|not)\b")
_SENTENCE = re.compile(r"(?<![A-Za-z,] )\b([A-Z][a-z][A-Za-z ,;'’-]{20,110}[a-z][.!?])(?=\s|$)")


@functools.cache
def sentences(most: int = 12000) -> list[str]:
    """English sentences of documentation files, the same ones every time on a machine."""
    rng, found = random.Random(5), set()
    files = [
        p for root in ROOTS for p in sorted(pathlib.Path(root).rglob("*"))
        if p.suffix in (".txt", ".html", ".htm", ".pod", ".gz", "") and "changelog" not in p.name.lower()
        and "copyright" not in p.name and p.is_file() and p.stat().st_size < 400_000
    ]
    rng.shuffle(files)
    for path in files:
        data = gzip.open(path).read() if path.suffix == ".gz" else path.read_bytes()
        text = re.sub(r"<[^>]*>|&[a-z]+;|\s+", " ", data.decode("latin-1")[:200_000])
        one = [s for s in _SENTENCE.findall(text) if s.isascii() and len(_ENGLISH.findall(s)) > 2 and s.count(" ") > 4]
        found.update(rng.sample(one, min(12, len(one))))
        if len(found) > most:
            break
    if not found:
        raise SystemExit("no documentation under /usr/share/doc: install packages.txt")
    return sorted(found)


_ONSETS = "b br c ch cl d dr f fl g gl gr h j k kr l m n p pl pr qu r s sh sl st t th tr v w wh z".split()
_VOWELS = "a a e e i o o u ai ee ea oo ou y".split()
_CODAS = ["", "", "", "l", "n", "r", "s", "t", "m", "nd", "rn", "st", "ck", "x", "lm", "rt", "ss"]
_ENDS = ["", "", "", "a", "o", "y", "ia", "er", "on", "um", "ford", "ton", "wick", "field", "well", "mere", "dale", "ham"]


def invented(rng: random.Random) -> str:
    """A proper name that does not exist."""
    name = "".join(
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)
        for _ in range(rng.choice([1, 1, 2, 2, 2, 3]))
    ) + rng.choice(_ENDS)
    return (name if len(name) > 3 else name + rng.choice(["na", "ro", "lis"]))[:12].capitalize()


def __getattr__(name: str):
    if name == "WORDS":
        return words()
    if name == "SENTENCES":
        return sentences()
    raise AttributeError(name)
