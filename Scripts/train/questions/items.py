"""Questions about repeated things: counts, presence, sides, neighbours, colours."""

from questions.boards import ORDINALS
from questions.context import SEEN, Context, plain
from questions.question import Question, center, phrased


PLACES = "column row list group section lane box area shelf table folder floor level line side zone corner rack".split()


def gathered(about: Context) -> dict[str, list[dict]]:
    """noun -> things. Shapes drawn as such are things as well."""
    out: dict[str, list[dict]] = {}
    for f in about.of("item"):
        out.setdefault(f["one"], []).append(f)
    for box, name, rgb in about.page.shapes:
        color = about.color(rgb)
        out.setdefault(name, []).append({
            "one": name, "many": name + ("es" if name.endswith("s") else "s"), "name": "", "in": "", "b": box, "ok": 1,
            "cut": False, "color": color, "part": "", "l": [], "shape": True})
    return out


def _named(f: dict, noun: str, bare: bool = False) -> str:
    """How a thing is called inside a question."""
    if f.get("shape"):
        return f"the {f['color']} {noun}" if f["color"] else ""
    return f["name"] if bare else f"the {f['name']} {noun}"


def sides(about: Context, things: list[tuple[str, dict]]) -> list[Question]:
    """Where one thing is, seen from another."""
    out, rng = [], about.rng
    for _ in range(min(4, len(things))):
        if len(things) < 2:
            break
        (noun_a, a), (noun_b, b) = rng.sample(things, 2)
        (ax, ay), (bx, by) = center(a["b"]), center(b["b"])
        dx, dy = bx - ax, by - ay
        apart_x = a["b"][2] <= b["b"][0] + 2 or b["b"][2] <= a["b"][0] + 2
        apart_y = a["b"][3] <= b["b"][1] + 2 or b["b"][3] <= a["b"][1] + 2
        across = apart_x and abs(dx) > 1.2 * abs(dy)
        if not across and not (apart_y and abs(dy) > 1.2 * abs(dx)):
            continue
        answer = ("left" if dx > 0 else "right") if across else ("above" if dy > 0 else "below")
        pair = ["left", "right"] if across else ["above", "below"]
        rng.shuffle(pair)
        bare = noun_a == noun_b and rng.random() < 0.3 or not noun_a
        first, second = _named(a, noun_a, bare or not noun_a), _named(b, noun_b, bare or not noun_b)
        if not first or not second or first == second:
            continue
        one = pair[0] + (" of" if across and rng.random() < 0.3 else "")
        other = pair[1] + (" of" if across else "")
        text = phrased(rng, "side", a=first, b=second, one=one, other=other, bare_one=pair[0], bare_other=pair[1])
        out.append(Question("rel", text, answer, [a["b"], b["b"]], [a["b"], b["b"]], None, about.point(a), True, about.point(b)))
    return out


def _neighbour(about: Context, noun: str, things: list[dict], unique: list[dict]) -> list[Question]:
    """What stands next to a thing with a name of its own; the answer is copied."""
    out, rng = [], about.rng
    for a in rng.sample(unique, min(2, len(unique))):
        x0, y0, x1, y1 = a["b"]
        where, best = None, None
        for name, test, gap in (
            ("right of", lambda b: b[0] >= x1 - 2 and b[1] < (y0 + y1) / 2 < b[3], lambda b: b[0] - x1),
            ("left of", lambda b: b[2] <= x0 + 2 and b[1] < (y0 + y1) / 2 < b[3], lambda b: x0 - b[2]),
            ("below", lambda b: b[1] >= y1 - 2 and b[0] < (x0 + x1) / 2 < b[2], lambda b: b[1] - y1),
            ("above", lambda b: b[3] <= y0 + 2 and b[0] < (x0 + x1) / 2 < b[2], lambda b: y0 - b[3]),
        ):
            beside = sorted((gap(f["b"]), k) for k, f in enumerate(things) if f is not a and test(f["b"]))
            if beside and rng.random() < 0.5:
                where, best = name, things[beside[0][1]]
                break
        if best is None or not any(best is f for f in unique):
            continue
        found = about.find(best["name"])
        if found and len(found[0]) <= 28:
            text = phrased(rng, "next", noun=noun, where=where, name=a["name"])
            out.append(Question("rel", text, found[0], [best["b"], a["b"]], [best["b"], a["b"]], found[1], found[1][0]))
    return out


def _order(about: Context, noun: str, things: list[dict]) -> list[Question]:
    """The first, the last, the third: only of things that stand in one row or one column."""
    if len(things) < 3:
        return []
    out, rng = [], about.rng
    for axis, ends in ((0, ("leftmost", "rightmost")), (1, ("top", "bottom"))):
        other = 1 - axis
        middles = [center(f["b"])[other] for f in things]
        extent = min(f["b"][other + 2] - f["b"][other] for f in things)
        if max(middles) - min(middles) > 0.4 * max(6, extent):
            continue
        ordered = sorted(things, key=lambda f: center(f["b"])[axis])
        places = [(0, rng.choice(["first", ends[0]])), (-1, rng.choice(["last", ends[1]]))]
        if len(ordered) > 3:
            k = rng.randrange(1, min(6, len(ordered) - 1))
            places.append((k, ORDINALS[k]))
        at, nth = rng.choice(places)
        found = about.find(ordered[at]["name"]) if ordered[at]["name"] else None
        if found and len(found[0]) <= 28:
            box = ordered[at]["b"]
            out.append(Question("rel", phrased(rng, "first", noun=noun, nth=nth), found[0], [box], [f["b"] for f in things], found[1], found[1][0]))
    return out


def _counts(about: Context, noun: str, things: list[dict]) -> list[Question]:
    out, rng = [], about.rng
    many, boxes = things[0]["many"], [f["b"] for f in things]
    if len(things) <= 15:
        out.append(Question("count", phrased(rng, "count-items", nouns=many), str(len(things)), boxes, boxes, None, None, True))
    groups: dict[str, list] = {}
    for f in things:
        groups.setdefault(f["in"], []).append(f)
    named = [g for g in groups if g]
    if named and len(groups) > 1:
        group = rng.choice(named)
        inside = [f["b"] for f in groups[group]]
        if len(inside) <= 12:
            name = f"the {group}" if group.split()[-1].lower() in PLACES and not group.lower().startswith("the ") else group
            out.append(Question("count", phrased(rng, "count-in", nouns=many, group=name), str(len(inside)), inside, boxes, None, None, True))
    if about.page.colors and all(f.get("color") for f in things) and len(things) > 2:
        color = rng.choice([f["color"] for f in things])
        same = [f["b"] for f in things if f["color"] == color]
        part = things[0].get("part")
        if len(same) <= 10 and len({f.get("part") for f in things}) == 1:
            kind = "count-part" if part else "count-color"
            out.append(Question("count", phrased(rng, kind, nouns=many, color=color, part=part or ""), str(len(same)), same, boxes, None, None, True))
    return out


def _colors(about: Context, noun: str, things: list[dict]) -> list[Question]:
    out, rng = [], about.rng
    if not about.page.colors:
        return out
    for f in rng.sample(things, min(3, len(things))):
        color, part = f.get("color"), f.get("part")
        if not color:
            continue
        if f.get("shape"):
            if len(things) == 1:
                text = rng.choice([f"What color is the {noun}?", f"Which color is the {noun}?", f"what color is the {noun}", f"What colour does the {noun} have?"])
                out.append(Question("attr", text, color, [f["b"]], [f["b"]], None, center(f["b"]), True))
            continue
        found = about.find(f["name"]) if f["name"] else None
        if f["name"] and [g["name"] for g in things].count(f["name"]) == 1:
            key = found[1][0] if found else center(f["b"])
            kind = "color-of-item" if part else "color-of-whole"
            out.append(Question("attr", phrased(rng, kind, noun=noun, name=f["name"], part=part or ""), color, [f["b"]], [f["b"]], None, key, True, center(f["b"])))
        if found and sum(g.get("color") == color and g.get("part") == part for g in things) == 1 and len(found[0]) <= 28:
            kind = "item-of-part" if part else "item-of-color"
            out.append(Question("read", phrased(rng, kind, noun=noun, color=color, part=part or ""), found[0], [f["b"]], [g["b"] for g in things], found[1], center(f["b"])))
    return out


def _presence(about: Context, noun: str, things: list[dict]) -> list[Question]:
    out, rng, names = [], about.rng, [f["name"] for f in things]
    many, boxes = things[0]["many"], [f["b"] for f in things]
    if things[0].get("shape") or not all(names):
        return out
    f = rng.choice(things)
    out.append(Question("exist", phrased(rng, "has-item", noun=noun, nouns=many, name=f["name"]), "yes", [f["b"]], boxes, None, about.point(f), True))
    other = SEEN.pick(rng, "item " + noun)
    if other and plain(other) not in about.count and other not in names:
        out.append(Question("exist", phrased(rng, "has-item", noun=noun, nouns=many, name=other), "no", boxes, boxes, None, None, True))
    for name in names:
        SEEN.add("item " + noun, name)
    return out


def questions(about: Context) -> list[Question]:
    out, all_named = [], []
    for noun, things in gathered(about).items():
        whole = all(f["ok"] and not f["cut"] for f in things)
        shown = [f for f in things if f["ok"] and not f["cut"]]
        unique = [f for f in shown if f["name"] and [g["name"] for g in things].count(f["name"]) == 1 and len(f["name"]) <= 32]
        shapes = [f for f in shown if f.get("shape") and sum(g.get("color") == f["color"] for g in things) == 1]
        named = unique or shapes
        all_named += [(noun, f) for f in named]
        out += sides(about, [(noun, f) for f in named])
        if whole:
            out += _counts(about, noun, things)
            out += _neighbour(about, noun, things, unique) + _order(about, noun, unique)
            out += _presence(about, noun, things)
        if shown:
            out += _colors(about, noun, shown)
    if len({noun for noun, _ in all_named}) > 1:
        out += sides(about, all_named)
    return out
