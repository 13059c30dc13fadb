"""Questions about what is written: annotated questions, fields, headings, buttons, coloured text."""

import re

from questions.context import CLOSED, SEEN, Context, plain
from questions.question import Question, asked_as, center, phrased, voice

_MONEY = re.compile(r"[$€£¥]|\b(kr|EUR|USD|CHF|zł)\b|^-?\d[\d.,]*[.,]\d\d$")
_DATE = re.compile(r"\b(\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.I)
_TIME = re.compile(r"^\d{1,2}[:.]\d\d( ?[ap]m)?$", re.I)
_DAYS = re.compile(r"date|day|deadline|expir|birth|check|arrival|departure|due|valid|start|end\b", re.I)
_PEOPLE = re.compile(
    r"\b(name|customer|client|buyer|seller|owner|author|manager|doctor|patient|teacher|cashier|server|rep|contact|"
    r"assignee|director|artist|passenger|guest|sender|recipient|driver|instructor|editor|holder|host|organi[sz]er|"
    r"employee|student|operator|agent|photographer|coach|captain|leader|supervisor|reviewer|reporter|artist|by|to|from)$", re.I)


def kind_of(label: str, value: str) -> str:
    """How a field may be asked about besides "What is": by money, date, time, person or count."""
    if _MONEY.search(value):
        return "money"
    if _TIME.match(value):
        return "time"
    if _DATE.search(value) and any(c.isdigit() for c in value) and _DAYS.search(label):
        return "date"
    if _PEOPLE.search(plain(label)) and re.match(r"[A-Z]", value) and not any(c.isdigit() for c in value):
        return "person"
    if value.isdigit() and label.lower().rstrip(" :").endswith("s"):
        return "count"
    return "field"


def annotated(about: Context) -> list[Question]:
    out = []
    for f in about.of("q"):
        if f["cut"] or not f["qs"]:
            continue
        for text in about.rng.sample(f["qs"], min(2, len(f["qs"]))):
            text = voice(about.rng, text)
            found = about.answer(f["a"]) if f["A"] is None else None
            if f["A"] is None and not found:
                continue
            answer = found[0] if found else f["A"]
            names = about.mentioned(text, answer)
            boxes, ends = [r.box for r in names], [r.spots[0] for r in names]
            if found:
                boxes, ends = [f["b"]] + boxes, ends or [found[1][0]]
                out.append(Question("read", text, answer, boxes, boxes, found[1], ends[0], also=ends[-1]))
                continue
            if answer.lower() in CLOSED:
                family = "exist" if answer.lower() in ("yes", "no") else "count" if answer.isdigit() else "rel" if answer in ("left", "right", "above", "below") else "attr"
                if family == "attr" and not about.page.colors:
                    continue
                key = ends[0] if ends else center(f["b"])
                boxes = [f["b"]] + boxes
                out.append(Question(family, text, answer.lower(), boxes, boxes, None, key, True, center(f["b"])))
                continue
            found = about.find(answer)
            if found and len(answer) <= 32:
                boxes, ends = [found[2]] + boxes, ends or [found[1][0]]
                search = [f["b"]] + boxes
                out.append(Question("read", text, found[0], boxes, search, found[1], ends[0], also=ends[-1]))
    return out


def labelled(about: Context) -> list[Question]:
    out, taken = [], {}
    pairs = [(f, f["l"], f.get("key")) for kind in ("field", "pair") for f in about.of(kind)]
    for f, label, key in pairs:
        printed = plain(about.text(label)) if label else ""
        taken[key or printed] = taken.get(key or printed, 0) + 1
    for f, label, key in pairs:
        found = about.answer(f["a"])
        printed = about.text(label) if label else ""
        if f["cut"] or not found or not (key or printed) or (label and not printed):
            continue
        if not key and (len(printed) > 32 or not any(c.isalpha() for c in printed)):
            continue
        if taken[key or plain(printed)] > 1 or (printed and about.count.get(plain(printed), 0) > 1 and f["k"] == "pair"):
            continue
        if plain(found[0]) == plain(printed) or not any(c.isalnum() for c in found[0]):
            continue
        name = key if key and (not printed or about.rng.random() < 0.5) else printed
        SEEN.add("field", plain(name))
        asked = asked_as(about.rng, name)
        kind = kind_of(name, found[0])
        kind = kind if about.rng.random() < 0.45 else "field"
        ends = about.ends(label) if label else (found[1][0], None)
        search = about.boxes(f["a"] + label)
        out.append(Question("kv", phrased(about.rng, kind, key=asked), found[0], search, search, found[1], ends[0], also=ends[1]))
    return out


def headings(about: Context) -> list[Question]:
    all_of = [f for f in about.of("heading") if not f["cut"]]
    if not all_of:
        return []
    largest = max(f["s"] for f in all_of)
    top = [f for f in all_of if f["level"] == "h1"] or [f for f in all_of if f["s"] == largest]
    if len(top) != 1:
        return []
    found = about.answer(top[0]["a"], 40)
    if not found:
        return []
    return [Question("title", phrased(about.rng, "title"), found[0], [top[0]["b"]], [top[0]["b"]], found[1], found[1][0])]


def colored(about: Context) -> list[Question]:
    """Text on buttons and in boxes of a colour, and the colours of those that are named."""
    out, of_color = [], {}
    boxes = [(f, "button") for f in about.of("button") if f["own"]] + [(f, f["noun"]) for f in about.of("boxed")]
    for f, noun in boxes:
        name = about.color(f["c"])
        of_color.setdefault(name, []).append((f, noun))
    panels = {}
    for box, color in about.page.panels:
        panels.setdefault(about.color(color), []).append(box)
    for name, members in of_color.items():
        if not name:
            continue
        for f, noun in members:
            found = about.answer(f["a"])
            if f["cut"] or not found:
                continue
            same = [m for m in members if m[1] == noun]
            others = [b for b in panels.get(name, []) if not _inside(b, f["b"]) and not _inside(f["b"], b)]
            if len(same) == 1 and (noun != "box" or not others) and name not in ("white", "black", "gray"):
                kind = "button" if noun == "button" else "boxed"
                out.append(Question("read", phrased(about.rng, kind, color=name, noun=noun), found[0], [f["b"]], [f["b"]], found[1], found[1][0]))
            if about.count.get(plain(found[0]), 0) == 1 and len(found[0]) < 26 and about.rng.random() < 0.4:
                kind = "color-of-button" if noun == "button" else "color-of-box"
                out.append(Question("attr", phrased(about.rng, kind, name=found[0], noun=noun), name, [f["b"]], [f["b"]], None, found[1][0], True))
    return out


def inks(about: Context) -> list[Question]:
    by_color: dict[str, list] = {}
    for i, run in enumerate(about.page.runs):
        if run and max(run.ink) - min(run.ink) > 90:
            name = about.color(run.ink)
            if name and name not in ("black", "white", "gray"):
                by_color.setdefault(name, []).append(i)
    out = []
    for name, numbers in by_color.items():
        found = about.answer(numbers) if len(numbers) == 1 and not about.page.runs[numbers[0]].skip else None
        if found and len(found[0]) > 1:
            box = about.box(numbers)
            out.append(Question("read", phrased(about.rng, "ink", color=name), found[0], [box], [box], found[1], found[1][0]))
    return out


def states(about: Context) -> list[Question]:
    """What is selected, ticked, disabled."""
    out, rng = [], about.rng
    by_kind: dict[str, list] = {}
    for f in about.of("selected"):
        by_kind.setdefault(f["kind"], []).append(f)
    for kind, members in by_kind.items():
        found = about.answer(members[0]["a"]) if len(members) == 1 and not members[0]["cut"] else None
        if found:
            box = members[0]["b"]
            out.append(Question("read", phrased(rng, "selected", kind=kind), found[0], [box], [box], found[1], found[1][0]))
    off = [f for f in about.of("button") if f["disabled"] and not f["cut"]]
    if len(off) == 1 and (found := about.answer(off[0]["a"])):
        out.append(Question("read", phrased(rng, "disabled"), found[0], [off[0]["b"]], about.boxes(off[0]["a"]), found[1], found[1][0]))
    checks = [f for f in about.of("check") if not f["cut"] and about.text(f["l"])]
    groups: dict[str, list] = {}
    for f in checks:
        label = about.text(f["l"])
        if f["kind"] == "radio":
            groups.setdefault(f["group"], []).append(f)
        if about.count.get(plain(label), 0) > 1 or len(label) > 40:
            continue
        radio = f["kind"] == "radio"
        negative = not radio and rng.random() < 0.15
        text = phrased(rng, "picked" if radio else "off" if negative else "check", name=asked_as(rng, label))
        answer = "yes" if bool(f["on"]) != negative else "no"
        boxes = [f["b"]] + about.boxes(f["l"])
        out.append(Question("exist", text, answer, boxes, boxes, None, center(f["b"]), True))
    boxes = [f for f in checks if f["kind"] in ("checkbox", "switch")]
    if 2 <= len(boxes) <= 12 and len(boxes) == sum(f["kind"] in ("checkbox", "switch") for f in about.of("check")):
        out.append(Question("count", phrased(rng, "ticked"), str(sum(f["on"] for f in boxes)), [f["b"] for f in boxes], [f["b"] for f in boxes], None, None, True))
    if len(groups) == 1:
        on = [f for f in next(iter(groups.values())) if f["on"]]
        if len(on) == 1 and (found := about.answer(on[0]["l"])):
            out.append(Question("read", phrased(rng, "radio"), found[0], [on[0]["b"]] + about.boxes(on[0]["l"]), [on[0]["b"]], found[1], center(on[0]["b"])))
    return out


def _inside(a, b) -> bool:
    """Whether the middle of box a is in box b."""
    x, y = center(a)
    return b[0] <= x <= b[2] and b[1] <= y <= b[3]


def questions(about: Context) -> list[Question]:
    return annotated(about) + labelled(about) + headings(about) + colored(about) + inks(about) + states(about)
