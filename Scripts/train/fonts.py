"""The font families pages are drawn with, found through fontconfig. Families that are not named
here (see devset.py) are never drawn in training. README.md lists the Debian packages."""

import contextlib
import functools
import os
import random
import subprocess

from PIL import ImageFont

# Family * how often it is picked, relative to the others.
SANS = """
    DejaVu Sans*4 | Liberation Sans*6 | Arimo*3 | Roboto*5 | Open Sans*5 | Noto Sans*5 | Lato*4 |
    Carlito*4 | FreeSans*2 | Nimbus Sans*3 | Cantarell*2 | Cabin | Dosis | Play | Gillius ADF |
    Verana Sans | Universalis ADF Std | Libris ADF Std | PT Sans*3 | PT Sans Caption | Comfortaa |
    Sora*2 | Manrope*2 | OSP-DIN Condensed | Andika | Linux Biolinum O | CMU Sans Serif | Clear Sans*2 |
    League Spartan | Quattrocento Sans | Tuffy | Aerial*2 | Jura | Tiresias Infofont |
    Averia Sans GWF | Quicksand*2 | Comic Neue | Yanone Kaffeesatz | Liberation Sans Narrow |
    URW Gothic | DejaVu Sans Condensed | eurofurence | Latin Modern Sans | Nimbus Sans Narrow |
    Go*2 | Noto Sans Display | Fira Sans*4 | IBM Plex Sans*3 | IBM Plex Sans Condensed |
    Source Sans Pro*4 | Montserrat*3 | Raleway*2 | Libre Franklin*3 | Nunito*3 |
    Merriweather Sans*2 | Chivo*2 | Roboto Condensed*2 | Josefin Sans | Inria Sans | Rosario |
    Overlock | Cabin Condensed | Cuprum | Hind Madurai*2 | Mukta*2 |
    Atkinson Hyperlegible*2 | Droid Sans*2 | Asap*2 | Cooper Hewitt*2 | Archiv0*2 | Iwona | Kurier |
    Libertinus Sans | Mint Spirit | QTOptimum | QTEurotype | QTAvanti | QTFuture | QTAncientOlive |
    Gillius ADF Condensed | Open Sans Condensed | CMU Bright | KpSans | QTVagaRound
"""
SERIF = """
    DejaVu Serif*3 | Liberation Serif*5 | Tinos*3 | Noto Serif*4 | FreeSerif*2 | Caladea*3 |
    Nimbus Roman*3 | Vollkorn*2 | PT Serif*2 | Gentium | Linux Libertine O*2 | Latin Modern Roman |
    CMU Serif | Quattrocento | STIX | Old Standard | Yrsa | Rasa | Roboto Slab*2 | Doulos SIL |
    Accanthis ADF Std | P052 | C059*2 | URW Bookman | STIXGeneral | Merriweather*2 |
    IBM Plex Serif*2 | Source Serif Pro*3 | Crimson*2 | Crimson Pro | EB Garamond*2 |
    Cormorant Garamond | Libre Baskerville*2 | Libre Caslon Text | Libre Bodoni | Playfair Display*2 |
    Spectral*2 | Roboto Serif*2 | Bitter*2 | Arvo | Alegreya | Droid Serif*2 | Inria Serif |
    Ibarra Real Nova | Cochineal | Domitian | Heuristica | STIX Two Text*2 | Libertinus Serif |
    Linguistics Pro | Tempora | ETbb | Baskervaldx | KpRoman | Eczar | Theano Didot | GFS Bodoni |
    QTBookmann | QTSchoolCentury | QTPalatine | QTCaslan | QTWeise | QTKorrin | QTFrizQuad |
    CMU Concrete | Antykwa Torunska | Antykwa Poltawskiego
"""
MONO = """
    DejaVu Sans Mono*4 | Liberation Mono*5 | Cousine*2 | Noto Sans Mono*3 | FreeMono | Hack*2 |
    Fira Code*2 | mononoki | Courier Prime | Anonymous Pro | Monoid Condensed | Fantasque Sans Mono |
    Go Mono*2 | Nimbus Mono PS*2 | Latin Modern Mono | PT Mono | Aerial Mono | CMU Typewriter Text |
    IBM Plex Mono*3 | Source Code Pro*3 | Roboto Mono*3 | Fira Mono*2 | Cascadia Cod3*2 |
    Inconsolatazi4*2 | Droid Sans Mono*2 | Libertinus Mono | KpMono | QTLetterGoth |
    Courier 10 Pitch | UM Typewriter
"""
DISPLAY = """
    Lobster Two | Comic Neue | League Spartan | Jura | Comfortaa | Alpha Slab One | Playfair Display |
    Josefin Sans | Montserrat Alternates | Baloo 2 | QTKooper | Poiret One
"""
# Never drawn in training (packages-dev.txt).
UNSEEN = """
    Inter*3 | Karla*2 | Oxygen-Sans | B612 | TeX Gyre Heros*2 | TeX Gyre Termes | TeX Gyre Adventor |
    Charis SIL | JetBrains Mono | Junicode Two Beta | Arapey | Allerta
"""
# What TeX brings (texlive-fonts-extra) is not told to fontconfig.
TEX = [f"/usr/share/texlive/texmf-dist/fonts/{kind}" for kind in ("opentype", "truetype")]
GROUPS = {"sans": SANS, "serif": SERIF, "mono": MONO, "display": DISPLAY, "unseen": UNSEEN}


@functools.cache
def _installed() -> dict[str, list[tuple[str, int, int]]]:
    """family -> [(file, weight, slant)] of the upright-width, static fonts on this machine."""
    wanted = "%{file}|%{family[0]}|%{weight}|%{slant}|%{width}|%{variable}\n"
    listing = ""
    of_tex = [folder for folder in TEX if os.path.isdir(folder)]
    for command in [["fc-list"]] + [["fc-scan", *of_tex]] * bool(of_tex):
        command += ["-f", wanted]
        listing += subprocess.run(command, capture_output=True, text=True, check=True).stdout
    families: dict[str, list] = {}
    for line in sorted(listing.splitlines()):
        file, family, weight, slant, width, variable = line.split("|")
        if (
            file.endswith((".ttf", ".otf", ".ttc"))
            and variable != "True"
            and weight.replace(".", "").isdigit()
        ):
            families.setdefault(family, []).append(
                (file, int(float(weight)), int(float(slant or 0)))
            )
            named = any(word in family for word in ("Condensed", "Narrow"))
            if width not in ("100", "") and not named:
                families.setdefault(family + " Condensed", []).append(families[family].pop())
    return {f: styles for f, styles in families.items() if styles}


@functools.cache
def families(group: str) -> tuple[tuple[str, ...], tuple[float, ...]]:
    """Names and weights of the installed families of a group."""
    names, weights = [], []
    for entry in GROUPS[group].split("|"):
        name, _, weight = entry.strip().partition("*")
        if name in _installed():
            names.append(name)
            weights.append(float(weight or 1))
    if not names and group != "unseen":
        raise SystemExit(
            f"no {group} fonts found: install the packages listed in Scripts/train/README.md"
        )
    return tuple(names), tuple(weights)


@functools.cache
def _file(family: str, bold: bool, italic: bool) -> str:
    target = 200 if bold else 80
    return min(
        _installed()[family], key=lambda s: abs(s[1] - target) + 1000 * ((s[2] > 0) != italic)
    )[0]


class Face:
    """One font file at one size, with the advances that place its characters."""

    def __init__(self, file: str, size: float):
        self.font = ImageFont.truetype(file, size, layout_engine=ImageFont.Layout.BASIC)
        self.size = size
        self.ascent, self.descent = self.font.getmetrics()
        self._advance: dict[str, float] = {}

    def advances(self, text: str) -> list[float]:
        for c in text:
            if c not in self._advance:
                self._advance[c] = self.font.getlength(c)
        return [self._advance[c] for c in text]

    def width(self, text: str) -> float:
        return sum(self.advances(text))


@functools.lru_cache(maxsize=600)
def face(family: str, size: float, bold: bool = False, italic: bool = False) -> Face:
    return Face(_file(family, bold, italic), round(size * 2) / 2)


_group_override: list[str] = []


@contextlib.contextmanager
def unseen():
    """Draws with families that training never uses, to measure how well reading carries over."""
    _group_override.append("unseen")
    try:
        yield
    finally:
        _group_override.pop()


def pick(rng: random.Random, group: str) -> str:
    names, weights = families(_group_override[-1] if _group_override else group)
    return rng.choices(names, weights)[0]
