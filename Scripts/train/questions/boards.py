"""Questions about tables and lists."""

import re

from questions.context import SEEN, Context, number, plain
from questions.question import Question, phrased, voice

ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()


def tables(about: Context) -> list[Question]:
    out, by_table = [], {}
    for f in about.of("cell"):
        by_table.setdefault(f["t"], []).append(f)
    rows = {f["t"]: f for f in about.of("rows") if not f["cut"]}
    for t, cells in by_table.items():
        out += _table(about, cells, rows.get(t), len(by_table) > 1)
        if t in rows and rows[t]["n"] <= 15 and len(by_table) == 1:
            noun = (rows[t]["noun"].split("|")[-1] or "rows")
            box = rows[t]["b"]
            out.append(Question("count", phrased(about.rng, "rows", noun=noun), str(rows[t]["n"]), [box], [box], None, None, True))
    return out


def _cased(about: Context, text: str) -> str:
    """A name as people type it: mostly as printed, now and then in small letters."""
    return text.lower() if text.isupper() and len(text) > 4 and about.rng.random() < 0.5 or about.rng.random() < 0.12 else text


def _table(about: Context, cells: list[dict], whole: dict | None, several: bool) -> list[Question]:
    out, rng = [], about.rng
    names, columns = {}, {}
    for f in cells:
        names.setdefault(about.text(f["row"]), set()).add(f["j"])
        columns.setdefault(f["i"], []).append(f)
    heads = [about.text(of[0]["col"]) for of in columns.values()]
    head = plain(cells[0]["of"])
    noun = (whole["noun"].split("|")[0] if whole and whole["noun"] else "") or (head if head.isalpha() else "row")
    for f in cells:
        row, column, found = about.text(f["row"]), about.text(f["col"]), about.answer(f["a"])
        if f["cut"] or not found or not row or not column or len(row) > 36 or len(column) > 26:
            continue
        if len(names[row]) > 1 or heads.count(column) > 1 or not any(c.isalnum() for c in found[0]):
            continue
        column = column.strip(" *:")
        SEEN.add("column", plain(column))
        ask = f["ask"] if f["ask"] and rng.random() < 0.65 else None
        if not ask and not any(c.isalpha() for c in column):
            continue
        asked = _cased(about, row)
        if ask:
            text = voice(rng, rng.choice(ask).replace("{row}", asked))
        else:
            text = phrased(rng, "cell", row=asked, column=plain(column) if rng.random() < 0.8 else column)
        boxes = [f["b"]] + about.boxes(f["row"])
        search = boxes + about.boxes(f["col"])
        out.append(Question("table", text, found[0], boxes, search, found[1], about.ends(f["row"])[0], also=about.ends(f["col"])[1]))
    for of in columns.values():
        out += _column(about, of, noun, names, whole)
    return out


def _column(about: Context, of: list[dict], noun: str, names: dict, whole: dict | None) -> list[Question]:
    out, rng, column = [], about.rng, about.text(of[0]["col"])
    values = [about.text(f["a"]) for f in of]
    if not column or not all(values):
        return out
    search = [f["b"] for f in of]
    name = plain(column)
    unique = [f for f, v in zip(of, values) if values.count(v) == 1 and len(names.get(about.text(f["row"]), [])) == 1]
    for f in rng.sample(unique, min(2, len(unique))):
        found = about.answer(f["row"])
        value = about.text(f["a"])
        if not found or len(value) > 30 or about.count.get(plain(value), 0) > 1:
            continue
        if f["whose"]:
            text = voice(rng, rng.choice(f["whose"]).replace("{value}", value))
        elif any(c.isalpha() for c in column):
            text = phrased(rng, "whose", of=noun, column=name, value=value)
        else:
            continue
        point, head = about.ends(f["a"])[0], about.ends(f["col"])[1]
        out.append(Question("table", text, found[0], [f["b"], f["r"]], search, found[1], point, also=head))
    numbers = [number(v) for v in values]
    if len({re.sub(r"[-\d.,'\s]", "", v) for v in values}) > 1:  # of several units
        numbers = [None]
    if whole and len(of) >= 3 and whole["n"] == len(of) and all(n is not None for n in numbers) and any(c.isalpha() for c in column):
        for kind, best, given in (("most", max(numbers), "max"), ("least", min(numbers), "min")):
            f = of[numbers.index(best)]
            found = about.answer(f["row"])
            if numbers.count(best) == 1 and found and (f[given] or rng.random() < 0.5) and rng.random() < 0.8:
                text = voice(rng, rng.choice(f[given])) if f[given] else phrased(rng, kind, of=noun, column=name)
                point, head = about.ends(f["a"])[0], about.ends(f["col"])[1]
                out.append(Question("bar", text, found[0], [f["b"], f["r"]], search, found[1], point, also=head))
    repeated = sorted({v for v in values if 1 < values.count(v) < 9})
    if whole and repeated and whole["n"] == len(of):
        value = rng.choice(repeated)
        if any(c.isalpha() for c in value) and any(c.isalpha() for c in column):
            many = whole["noun"].split("|")[-1] if whole["noun"] else "rows"
            text = phrased(rng, "same", of=many, column=name, value=value)
            boxes = [f["b"] for f, v in zip(of, values) if v == value]
            out.append(Question("count", text, str(len(boxes)), boxes, search, None, None, True))
    return out


def lists(about: Context) -> list[Question]:
    out, rng = [], about.rng
    all_of = [f for f in about.of("list") if not f["cut"]]
    for f in all_of:
        entries = [about.answer(e) for e in f["entries"]]
        texts = [e[0] if e else "" for e in entries]
        boxes = [about.box(e) for e in f["entries"] if about.boxes(e)]
        if len(boxes) != len(entries):
            continue
        if len(all_of) == 1:
            sentences = sum(t.count(" ") > 2 for t in texts) > len(texts) / 2  # a ranking has no steps
            kind = "steps" if f["ordered"] and sentences else "entries"
            out.append(Question("count", phrased(rng, kind), str(f["n"]), boxes, boxes, None, None, True))
        order = [k for k in range(len(entries)) if entries[k]]
        for k in rng.sample(order, min(2, len(order))):
            text, spots = entries[k]
            ask = rng.random()
            if f["ordered"] and ask < 0.5 and len(all_of) == 1:
                asked = phrased(rng, "step", n=str(k + 1), nth=ORDINALS[min(9, k)]) if k < 10 else None
            elif k > 0 and texts[k - 1] and about.count.get(plain(texts[k - 1]), 0) == 1 and ask < 0.75:
                asked = phrased(rng, "after", name=texts[k - 1])
            elif k + 1 < len(entries) and texts[k + 1] and about.count.get(plain(texts[k + 1]), 0) == 1:
                asked = phrased(rng, "before", name=texts[k + 1])
            else:
                continue
            if asked:
                out.append(Question("rel", asked, text, [boxes[k]], boxes, spots, spots[0]))
    return out


def questions(about: Context) -> list[Question]:
    return tables(about) + lists(about)
