"""Looks: the fonts, sizes, colours, edges and density that a template is drawn in."""

import colorsys
import functools
import hashlib
import pathlib
import random
import re
import subprocess

from PIL import ImageFont

from pages import colors

# Families that only the pages of check/ are drawn in.
HELD = ["Inter", "Karla", "Oxygen-Sans", "B612", "TeX Gyre Heros", "TeX Gyre Termes", "Charis SIL", "JetBrains Mono", "TeX Gyre Adventor", "League Mono", "Junicode"]
# Families of interfaces and documents are commoner than others in the world, so here too.
COMMON = (
    "DejaVu Sans|Liberation Sans|Arimo|Roboto|Open Sans|Noto Sans|Lato|Carlito|Cantarell|Fira Sans|"
    "Source Sans Pro|IBM Plex Sans|Montserrat|Nunito|Ubuntu|PT Sans|Liberation Serif|Tinos|Noto Serif|"
    "DejaVu Serif|Caladea|Liberation Sans Narrow|Roboto Condensed|Libre Franklin|Nimbus Sans"
).split("|")
_UNFIT = re.compile(
    r"symbol|emoji|dingbat|icon|math|music|awesome|braille|barcode|ornament|D050000L|Z003|Noto (?!Sans$|Serif$|"
    r"Sans Mono|Sans Display|Serif Display|Mono)|script|ornam|OpenSymbol|unifont|webdings|wasy|cmex|cmsy|msam|"
    r"stmary|rsfs|eufm|bbm|tipa|esint|marvosym|logo|dice|chess|MnSymbol|fraktur|gothic|tengwar|runic|kanji|CJK|"
    r"SmallCaps|Small Caps|SC$|Initials|Outline|Shadow|QTBlackForest|Cyklop|Bodoni Ornaments| BRK$|^QT(?!Optimum|Eurotype|Avanti|Future|AncientOlive|VagaRound|Bookmann|SchoolCentury|Palatine|Caslan$|Weise|Korrin|FrizQuad|LetterGoth)|Layer|Keyboard|Keyfont|Ponomar|Menaion|Fedorovsk|Monomakh|Pomorsky|Triodion|Vilnius|Keys|Cinzel Deco|Modak|Semafor|Kung|Ghoul",
    re.I,
)


def _legible(path: str) -> bool:
    """Whether a font's space is blank, its letters differ and small ones are small: some hold symbols or
    capitals in their places."""
    try:
        face = ImageFont.truetype(path, 24)
    except OSError:
        return False
    letters = {bytes(face.getmask(c)) for c in "ABEaeilo158"}
    tall, low = (face.getmask(c).size[1] for c in "bx")  # alike where small letters are small capitals
    return face.getmask(" ").getbbox() is None and len(letters) == 11 and tall > 1.15 * low


@functools.cache
def families() -> dict[str, list[str]]:
    """{sans, serif, mono, unseen}: the families that fontconfig has and that hold plain Latin text.
    Those that are held back, and one in eight of those that are not common, are "unseen": never drawn
    in training."""
    listed = subprocess.run(
        ["fc-list", ":lang=en", "--format", "%{family}:spacing=%{spacing}:%{file}\n"], capture_output=True, text=True, check=True
    ).stdout
    seen: set[str] = set()
    out: dict[str, set] = {"sans": set(), "serif": set(), "mono": set(), "unseen": set()}
    for line in listed.splitlines():
        family = line.split(":")[0].split(",")[0].replace("\\-", "-").strip()
        if not family or family in seen or _UNFIT.search(family) or not _legible(line.rsplit(":", 1)[1]):
            continue
        seen.add(family)
        unseen = family in HELD or family not in COMMON and hashlib.sha256(family.encode()).digest()[0] < 32
        mono = "spacing=100" in line or re.search(r"mono|courier|code|typewriter|console", family, re.I)
        serif = re.search(
            r"serif(?<!sans serif)|roman|garamond|times|tinos|caslon|baskerv|bodoni|caladea|charis|gentium|"
            r"crimson|merriweather(?! sans)|playfair|libertin|bookman|schola|pagella|palat|termes|vollkorn|"
            r"slab|antykwa|didot|stix|spectral|bitter|alegreya(?! sans)|arvo|lora|century|cochineal|domitian",
            family, re.I,
        )
        out["unseen" if unseen else "mono" if mono else "serif" if serif else "sans"].add(family)
    return {k: sorted(v) for k, v in out.items()}


def family(rng: random.Random, kind: str, unseen: bool = False) -> str:
    all_of = families()
    if unseen:
        return rng.choice(all_of["unseen"])
    common = [f for f in COMMON if f in all_of[kind]]
    return rng.choice(common if common and rng.random() < 0.45 else all_of[kind])


def _hex(h: float, s: float, v: float) -> str:
    return colors.css(tuple(round(255 * c) for c in colorsys.hsv_to_rgb(h % 1, s, v)))


@functools.cache
def frameworks() -> list[pathlib.Path]:
    """Style sheets of well-known frameworks, as Debian packages bring them."""
    roots = ["/usr/share/javascript", "/usr/share/nodejs", "/usr/share/sphinx_rtd_theme"]
    wanted = re.compile(
        r"(bootstrap[^/]*/css/bootstrap\.min\.css|bulma[^/]*/bulma\.(min\.)?css|semantic[^/]*\.min\.css|"
        r"foundation[^/]*\.min\.css|normalize\.css|purecss?/.*pure-min\.css|milligram.*\.min\.css|pico\.min\.css|"
        r"skeleton\.css|water\.css|spectre\.min\.css|uikit\.min\.css|materialize\.min\.css)$"
    )
    return sorted(
        p for root in roots for p in pathlib.Path(root).rglob("*.css") if wanted.search(str(p)) and p.is_file()
    )


def variables(rng: random.Random, size: float, unseen: bool) -> dict[str, str]:
    light = rng.random() < 0.78
    hue = rng.random()
    accent = rng.choice(["blue"] * 4 + ["green", "green", "red", "purple", "orange", "cyan", "pink", "brown", "black", "gray", "any", "any"])
    accent_css = _hex(hue, rng.uniform(0.35, 0.9), rng.uniform(0.35, 0.9)) if accent == "any" else colors.css(colors.sample(rng, accent))
    if light:
        bg = rng.choice(["#ffffff"] * 6 + [_hex(hue, rng.uniform(0, 0.04), rng.uniform(0.93, 1)) for _ in range(4)] + [_hex(rng.choice([0.1, 0.12, 0.55]), rng.uniform(0.03, 0.14), 0.97)])
        fg = rng.choice(["#000", "#111", "#212529", "#333", "#444", _hex(hue, 0.5, 0.25), "#1f2328"])
        surface = rng.choice(["#ffffff", bg, _hex(hue, 0.03, 0.95), "#f6f8fa", "#eee"])
        muted = rng.choice(["#666", "#777", "#6c757d", "#555", _hex(hue, 0.15, 0.5)])
        line = rng.choice(["#ddd", "#ccc", "#bbb", "#000", "#999", _hex(hue, 0.1, 0.85), "#e5e7eb"])
    else:
        bg = rng.choice(["#121212", "#1e1e1e", "#202124", "#0d1117", "#282a36", "#000", "#002b36", "#2e3440", _hex(hue, 0.5, 0.16), _hex(hue, 0.25, 0.22)])
        fg = rng.choice(["#fff", "#eee", "#e6edf3", "#ddd", "#f8f8f2", "#c9d1d9"])
        surface = rng.choice([bg, "#2a2a2e", "#161b22", "#333", _hex(hue, 0.3, 0.26)])
        muted = rng.choice(["#aaa", "#999", "#8b949e", "#9aa0a6"])
        line = rng.choice(["#444", "#555", "#30363d", "#777", "#3a3a3a"])
    luminance = lambda css: colors.luminance(tuple(int(css[i : i + 2], 16) for i in (1, 3, 5)) if len(css) == 7 else tuple(17 * int(c, 16) for c in css[1:]))
    while abs(luminance(accent_css) - luminance(bg)) < 55:
        accent_css = _hex(rng.random(), rng.uniform(0.4, 0.9), rng.uniform(0.3, 1))
    kind = rng.choices(["sans", "serif", "mono"], [7.5, 2, 0.6])[0]
    body = family(rng, kind, unseen)
    head = body if rng.random() < 0.6 else family(rng, rng.choice(["sans", "sans", "serif"]), unseen)
    dark_accent = luminance(accent_css) < 150
    return {
        "font": f"'{body}', 'DejaVu Sans'", "font-head": f"'{head}', 'DejaVu Sans'",
        "font-mono": f"'{family(rng, 'mono', unseen)}', 'DejaVu Sans Mono'", "size": f"{size:.2f}px",
        "bg": bg, "fg": fg, "muted": muted, "surface": surface, "line": line, "accent": accent_css,
        "accent-fg": "#fff" if dark_accent else "#111",
        "radius": rng.choice(["0", "0", "2px", "4px", "6px", "8px", "12px", "18px"]),
        "gap": f"{rng.choice([4, 6, 8, 8, 10, 12, 16, 20])}px",
        "border": rng.choice(["1px solid var(--line)"] * 5 + ["none", "2px solid var(--line)", "1px dashed var(--line)", "1px solid var(--fg)"]),
        "shadow": rng.choice(["none", "none", "0 1px 3px rgba(0,0,0,.25)", "0 4px 14px rgba(0,0,0,.18)"]),
    }


_TABLES = [
    "td,th{border-bottom:1px solid var(--line)}",
    "td,th{border:1px solid var(--line)}",
    "td,th{border:none}tbody tr:nth-child(even){background:color-mix(in srgb,var(--fg) 6%,var(--bg))}",
    "td,th{border:none}thead th{border-bottom:2px solid var(--fg)}",
    "thead th{background:var(--accent);color:var(--accent-fg)}td{border-bottom:1px solid var(--line)}",
    "th{background:color-mix(in srgb,var(--fg) 12%,var(--bg))}td,th{border:1px solid var(--line)}",
    "td,th{border:none}",
    "table{border:1px solid var(--line)}td+td,th+th{border-left:1px solid var(--line)}th{border-bottom:1px solid var(--line)}",
]
_BUTTONS = [
    "background:var(--accent);color:var(--accent-fg);border:none",
    "background:var(--surface);color:var(--fg);border:1px solid var(--line)",
    "background:transparent;color:var(--accent);border:1px solid var(--accent)",
    "background:linear-gradient(#fafafa,#ddd);color:#222;border:1px solid #999",
    "background:color-mix(in srgb,var(--accent) 18%,var(--bg));color:var(--fg);border:none",
]
_INPUTS = [
    "border:1px solid var(--line);background:var(--bg)",
    "border:none;border-bottom:1px solid var(--fg);background:transparent;border-radius:0",
    "border:1px solid var(--fg);background:var(--surface)",
    "border:none;background:color-mix(in srgb,var(--fg) 9%,var(--bg))",
    "border:2px inset #aaa;background:#fff;color:#111",
]


def style_sheet(rng: random.Random, size: float, unseen: bool = False) -> str:
    v = variables(rng, size, unseen)
    heads = rng.choice(["text-transform:uppercase;letter-spacing:.04em"] + [""] * 5)
    th = rng.choice(["text-transform:uppercase;font-size:.85em", "font-weight:400;color:var(--muted)", "", "", "font-weight:600"])
    pad = rng.choice([2, 3, 4, 6, 8, 10])
    dl = rng.choice(["dl{display:grid;grid-template-columns:auto 1fr;gap:.3em 1em}dd{margin:0}", "dl{display:grid;grid-template-columns:auto auto;justify-content:space-between;gap:.35em 2em}dd{margin:0;text-align:right}", "dt{margin-top:.5em}dd{margin:0;font-weight:600}", "dl{display:grid;grid-template-columns:max-content 1fr;gap:.2em 1em}dt{text-align:right}dd{margin:0}"])
    dt = rng.choice(["color:var(--muted)", "font-weight:600", "", "text-transform:uppercase;font-size:.8em", "font-size:.85em;color:var(--muted)"])
    link = rng.choice(["color:var(--accent)", "color:var(--accent);text-decoration:none", "color:inherit"])
    names = ";".join(f"--{k}:{x}" for k, x in v.items())
    return f"""
:root{{{names}}}*{{box-sizing:border-box;pointer-events:auto!important;animation:none!important;transition:none!important}}
html{{font-size:var(--size);background:var(--bg)}}
body{{margin:0;padding:calc(var(--gap)*{rng.choice([0, 1, 1, 2, 3])});font-family:var(--font);font-size:1rem;line-height:{rng.choice([1.2, 1.3, 1.4, 1.5, 1.6])};color:var(--fg);background:var(--bg);overflow:hidden;min-height:100vh}}
h1,h2,h3,h4{{font-family:var(--font-head);margin:.5em 0 .4em;line-height:1.2;font-weight:{rng.choice([400, 500, 600, 700, 700, 800])};{heads}}}
h1{{font-size:{rng.uniform(1.4, 2.6):.2f}em}}h2{{font-size:{rng.uniform(1.2, 1.7):.2f}em}}h3{{font-size:{rng.uniform(1.05, 1.3):.2f}em}}
p{{margin:.5em 0}}a{{{link}}}code,pre,kbd{{font-family:var(--font-mono)}}
table{{border-collapse:collapse;font-size:1em}}td,th{{padding:{pad}px {pad * rng.choice([1, 1.5, 2])}px;text-align:left;vertical-align:{rng.choice(["top", "middle"])}}}th{{{th}}}{rng.choice(_TABLES)}
button,[role=button],.btn{{font:inherit;padding:.35em .9em;border-radius:var(--radius);{rng.choice(_BUTTONS)};cursor:pointer;display:inline-block;text-decoration:none}}
button:disabled,[aria-disabled=true]{{opacity:.45}}
input,select,textarea{{font:inherit;color:inherit;padding:.3em .5em;border-radius:var(--radius);{rng.choice(_INPUTS)}}}
input[type=checkbox],input[type=radio]{{width:1.1em;height:1.1em;vertical-align:-.15em;accent-color:var(--accent)}}
[role=switch]{{display:inline-block;width:2.4em;height:1.3em;border-radius:1em;background:#999;position:relative;vertical-align:-.25em;flex:none}}
[role=switch]::after{{content:"";position:absolute;top:.15em;left:.15em;width:1em;height:1em;border-radius:50%;background:#fff}}
[role=switch][aria-checked=true]{{background:var(--accent)}}[role=switch][aria-checked=true]::after{{left:1.25em}}
[role=tab]{{display:inline-block;padding:.4em .9em}}[role=tab][aria-selected=true]{{{rng.choice(["border-bottom:3px solid var(--accent);font-weight:600", "background:var(--accent);color:var(--accent-fg)", "background:var(--surface);border:1px solid var(--line);border-bottom:none"])}}}
{dl}dt{{{dt}}}ul,ol{{padding-left:1.4em;margin:.4em 0}}nav a{{margin-right:1em}}[aria-current]{{font-weight:700}}
dl>div{{display:contents}}fieldset{{border:var(--border);border-radius:var(--radius)}}hr{{border:none;border-top:1px solid var(--line)}}
blockquote{{margin:.5em 0;padding-left:1em;border-left:3px solid var(--line);color:var(--muted)}}figure{{margin:0}}
svg text{{fill:var(--fg);font-family:var(--font)}}progress{{accent-color:var(--accent)}}
"""
