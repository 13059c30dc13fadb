"""Windows of toolkits that training does not use: Tk, Motif (NEdit) and FLTK (Dillo)."""

import random

from check.sheet import COLORS, GOODS, PEOPLE, TOWNS, Screen, Sheet, font, run

HEAD = """import tkinter as tk
from tkinter import ttk
root = tk.Tk()
root.geometry("+0+0")
root.option_add("*Font", ({face!r}, {size}))
style = ttk.Style()
style.theme_use({theme!r})
style.configure(".", font=({face!r}, {size}))
style.configure("Treeview", rowheight={row}, font=({face!r}, {size}))
style.configure("Treeview.Heading", font=({face!r}, {size}, "bold"))
"""


def tk(kind: str, rng: random.Random, folder, screen: Screen, body: str, asked) -> Sheet:
    size = rng.choice([12, 14, 16])
    head = HEAD.format(face=font(rng), size=size, theme=rng.choice(["clam", "alt", "default", "classic"]), row=2 * size + 6)
    (folder / "a.py").write_text(head + body + "\nroot.mainloop()\n")
    return Sheet(kind, screen.shoot("/usr/bin/python3", "a.py", folder=folder), asked)


def order(rng, folder, screen):
    name, town, thing, count = rng.choice(PEOPLE), rng.choice(TOWNS), rng.choice(GOODS), rng.randint(2, 48)
    ticks = {t: int(rng.random() < 0.5) for t in ("Gift wrapping", "Express", "Send an invoice")}
    color = rng.choice(["green", "red", "blue", "orange"])
    body = f"""
tk.Label(root, text="Order sheet", font=(None, 20, "bold")).grid(row=0, column=0, columnspan=2, pady=10)
for i, (l, v) in enumerate([("Customer", {name!r}), ("Deliver to", {town!r}), ("Article", {thing!r}), ("Pieces", "{count}")]):
    ttk.Label(root, text=l).grid(row=i + 1, column=0, sticky="e", padx=8, pady=4)
    e = ttk.Entry(root, width=28); e.insert(0, v); e.grid(row=i + 1, column=1, padx=8)
keep = []
for i, (t, on) in enumerate({ticks!r}.items()):
    v = tk.IntVar(value=on); keep.append(v)
    tk.Checkbutton(root, text=t, variable=v).grid(row=5 + i, column=1, sticky="w")
tk.Button(root, text="Place order", bg={COLORS[color]!r}, fg="white").grid(row=9, column=1, sticky="e", padx=8, pady=12)
ttk.Button(root, text="Start over").grid(row=9, column=0, padx=8)
"""
    k = rng.choice(sorted(ticks))
    return tk("tk-order", rng, folder, screen, body, [
        ("kv", "Who orders something?", name), ("kv", "Where will it be delivered?", town), ("kv", "Which article is ordered?", thing), ("kv", "How many pieces are wanted?", str(count)), ("exist", f"Is “{k}” ticked?", "yes" if ticks[k] else "no"),
        ("read", f"What does the {color} button say?", "Place order"), ("title", "What is the heading of the window?", "Order sheet")])


def tree(rng, folder, screen):
    rooms, things = rng.sample(["Hall", "Library", "Annex", "Depot", "Vault"], 3), rng.sample(GOODS, 8)
    groups = [things[:3], things[3:5], things[5:]]
    stock, shelf = {t: str(rng.randint(1, 400)) for t in things}, {t: f"{rng.choice('ABCDE')}{rng.randint(1, 30)}" for t in things}
    body = f"""
v = ttk.Treeview(root, columns=("a", "b"), height=12)
for c, t, w in (("#0", "Thing", 260), ("a", "In stock", 140), ("b", "Shelf", 120)):
    v.heading(c, text=t); v.column(c, width=w)
for room, group in zip({rooms!r}, {groups!r}):
    p = v.insert("", "end", text=room, open=True)
    for t in group:
        v.insert(p, "end", text=t, values=({stock!r}[t], {shelf!r}[t]))
v.pack(padx=10, pady=10)
"""
    k, g = rng.choice(things), rng.randrange(3)
    return tk("tk-tree", rng, folder, screen, body, [
        ("table", f"How many of the {k} are in stock?", stock[k]), ("table", f"On which shelf is the {things[0]}?", shelf[things[0]]), ("rel", f"Under which room is the {groups[g][0]} listed?", rooms[g]),
        ("count", f"How many things are kept in the {rooms[g].lower()}?", str(len(groups[g]))), ("exist", "Is there an anvil in the list?", "no"), ("count", "How many rooms are there?", "3")])


def board(rng, folder, screen):
    marks, colors = [rng.choice("XO ") for _ in range(9)], rng.sample(["red", "blue", "green", "purple", "orange"], 2)
    marks[0], marks[4], marks[8] = "X", rng.choice("XO"), "O"
    turn = rng.choice([p.split()[0] for p in PEOPLE])
    body = f"""
tk.Label(root, text="{turn} to move", font=(None, 22)).pack(pady=8)
c = tk.Canvas(root, width=480, height=480, bg="#fbf7ea"); c.pack(padx=12, pady=12)
for k in (1, 2):
    c.create_line(160 * k, 10, 160 * k, 470, width=5); c.create_line(10, 160 * k, 470, 160 * k, width=5)
for i, m in enumerate({marks!r}):
    x, y = 160 * (i % 3) + 80, 160 * (i // 3) + 80
    if m == "O": c.create_oval(x - 50, y - 50, x + 50, y + 50, width=12, outline={COLORS[colors[0]]!r})
    if m == "X":
        for s in (1, -1): c.create_line(x - 48, y - 48 * s, x + 48, y + 48 * s, width=12, fill={COLORS[colors[1]]!r})
"""
    return tk("tk-board", rng, folder, screen, body, [
        ("count", "How many crosses are on the board?", str(marks.count("X"))), ("count", "How many circles are on the board?", str(marks.count("O"))), ("attr", "What colour are the circles?", colors[0]), ("attr", "What colour are the crosses?", colors[1]),
        ("kv", "Whose turn is it?", turn), ("read", "Is there a cross or a circle in the middle?", "cross" if marks[4] == "X" else "circle"), ("count", "How many squares are empty?", str(marks.count(" ")))])


def options(rng, folder, screen):
    sizes, cities = ["Small", "Medium", "Large"], rng.sample(TOWNS, 6)
    size, city, level = rng.randrange(3), rng.randrange(6), rng.randint(5, 95)
    body = f"""
f = tk.LabelFrame(root, text="Shirt size", padx=12, pady=8); f.grid(row=0, column=0, padx=12, pady=12, sticky="n")
v = tk.IntVar(value={size})
for i, t in enumerate({sizes!r}): tk.Radiobutton(f, text=t, variable=v, value=i).pack(anchor="w")
g = tk.LabelFrame(root, text="Shop", padx=12, pady=8); g.grid(row=0, column=1, padx=12, pady=12)
b = tk.Listbox(g, height=6, selectbackground="#2a5db0", selectforeground="white", exportselection=0)
for t in {cities!r}: b.insert("end", t)
b.selection_set({city}); b.pack()
s = tk.Scale(root, from_=0, to=100, orient="horizontal", label="Discount in per cent", length=420); s.set({level}); s.grid(row=1, column=0, columnspan=2, pady=8)
tk.Button(root, text="Accept").grid(row=2, column=0, pady=12); tk.Button(root, text="Dismiss").grid(row=2, column=1)
"""
    k = rng.randrange(1, 6)
    return tk("tk-options", rng, folder, screen, body, [
        ("read", "Which shirt size has been picked?", sizes[size]), ("read", "Which shop is selected?", cities[city]), ("kv", "How high is the discount?", str(level)), ("rel", f"Which town comes right after {cities[k - 1]} in the list?", cities[k]),
        ("count", "How many shops can be chosen?", "6"), ("exist", "Is there a button Dismiss?", "yes"), ("exist", "Is there a button Print?", "no")])


def nedit(rng, folder, screen):
    pairs = [("title", rng.choice(["harbour", "orchard", "granary"])), ("port", str(rng.randint(1024, 9999))), ("owner", rng.choice(PEOPLE).split()[1].lower()), ("retries", str(rng.randint(2, 19))), ("mode", rng.choice(["strict", "loose", "silent"]))]
    (folder / "settings.ini").write_text("# written by hand\n[main]\n" + "\n".join(f"{k} = {v}" for k, v in pairs) + "\n")
    image = screen.shoot("nedit", "-geometry", "72x20+0+0", "settings.ini", folder=folder, environment=dict(HOME=str(folder)))
    k = rng.randrange(5)
    return Sheet("motif-nedit", image, [
        ("kv", f"What is {pairs[k][0]} set to?", pairs[k][1]), ("rel", f"Which setting comes after {pairs[1][0]}?", pairs[2][0]), ("exist", "Does the editor have a Search menu?", "yes"), ("kv", "Which port is used?", pairs[1][1])])


def dillo(rng, folder, screen):
    boats = {n: (str(rng.randint(2, 30)), rng.choice(TOWNS)) for n in rng.sample(["Petrel", "Curlew", "Gannet", "Tern", "Skua"], 4)}
    rows = "".join(f"<tr><td>{n}<td>{m}<td>{h}" for n, (m, h) in boats.items())
    (folder / "a.html").write_text(f"<html><head><title>Boats</title></head><body bgcolor='#f4f8ff'><h1>Boats for hire</h1><table border=1 cellpadding=6><tr><th>Name<th>Seats<th>Harbour{rows}</table><p>Ring the bell at the quay, or write to <a href='x'>{rng.choice(PEOPLE).split()[0].lower()}@quay.org</a>.</body></html>")
    image = screen.shoot("dillo", "-g", "900x640+0+0", "a.html", folder=folder, environment=dict(HOME=str(folder)))
    run("sh", "-c", f"HOME={folder} /usr/libexec/dillo/dpidc stop || true", folder=folder)  # what Dillo leaves running
    k = rng.choice(sorted(boats))
    return Sheet("fltk-dillo", image, [
        ("table", f"How many seats does the {k} have?", boats[k][0]), ("table", f"In which harbour does the {k} lie?", boats[k][1]), ("title", "What is the headline of the page?", "Boats for hire"), ("count", "How many boats are for hire?", "4")])


MAKERS = [(order, 2), (tree, 2), (board, 2), (options, 2), (nedit, 1), (dillo, 1)]
