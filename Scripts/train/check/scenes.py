"""Pictures of things, written as SVG by hand and drawn by librsvg."""

import random

from check.sheet import COLORS, PEOPLE, TOWNS, Sheet, font, opened, run


def svg(kind: str, rng: random.Random, folder, width: int, height: int, body: str, asked, ground: str = "#ffffff") -> Sheet:
    scale = rng.choice([1, 1.25, 1.5])
    (folder / "a.svg").write_text(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" font-family="{font(rng)}">'
                                  f'<rect width="{width}" height="{height}" fill="{ground}"/>{body}</svg>')
    run("rsvg-convert", f"--zoom={scale}", "-oa.png", "a.svg", folder=folder)
    return Sheet(kind, opened(folder / "a.png"), asked)


def text(x, y, words, size=20, fill="#111", anchor="start", more="") -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{fill}" text-anchor="{anchor}" {more}>{words}</text>'


def box(x, y, w, h, fill, stroke="#333", r=0) -> str:
    return f'<rect x="{x}" y="{y}" width="{w}" height="{h}" fill="{fill}" stroke="{stroke}" stroke-width="2" rx="{r}"/>'


def signpost(rng, folder):
    towns, km = rng.sample(TOWNS, 5), rng.sample(range(2, 80), 5)
    sides = [rng.random() < 0.5 for _ in range(5)]
    color = rng.choice(["green", "blue", "brown"])
    body = '<rect y="560" width="900" height="140" fill="#9fbf7f"/>' + box(440, 60, 22, 540, "#7a5a3a")
    for i, (t, k, left) in enumerate(zip(towns, km, sides)):
        y = 80 + 90 * i
        points = f"120,{y + 32} 150,{y} 500,{y} 500,{y + 64} 150,{y + 64}" if left else f"780,{y + 32} 750,{y} 400,{y} 400,{y + 64} 750,{y + 64}"
        body += f'<polygon points="{points}" fill="{COLORS[color]}" stroke="#222"/>' + text(165 if left else 420, y + 42, t, 28, "#fff") + text(490 if left else 745, y + 42, f"{k} km", 24, "#fff", "end")
    k = rng.randrange(5)
    return svg("svg-signpost", rng, folder, 900, 700, body, [
        ("kv", f"How far is it to {towns[k]}?", f"{km[k]} km"), ("rel", f"Does the sign for {towns[k - 1]} point left or right?", "left" if sides[k - 1] else "right"),
        ("bar", "Which town is nearest?", towns[km.index(min(km))]), ("rel", "Which town is on the lowest sign?", towns[4]), ("attr", "What colour are the signs?", color), ("count", "How many signs are on the post?", "5")], "#d6ecf8")


def rooms(rng, folder):
    names = rng.sample(["Kitchen", "Bath", "Bedroom", "Study", "Pantry", "Nursery", "Parlour", "Laundry"], 5)
    areas = [f"{rng.randint(6, 29)}.{rng.randint(0, 9)} m²" for _ in range(5)]
    places = [(40, 40, 300, 240), (340, 40, 220, 240), (560, 40, 300, 240), (40, 280, 420, 260), (460, 280, 400, 260)]
    body = "".join(box(x, y, w, h, rng.choice(["#fdfdf5", "#f3f8ff", "#fff4ee"]), "#222") + text(x + w / 2, y + h / 2, n, 24, anchor="middle") + text(x + w / 2, y + h / 2 + 30, a, 18, "#555", "middle")
                   for (x, y, w, h), n, a in zip(places, names, areas))
    k = rng.randrange(5)
    return svg("svg-rooms", rng, folder, 900, 620, body + text(450, 590, "Ground floor", 26, anchor="middle"), [
        ("kv", f"How large is the {names[k].lower()}?", areas[k]), ("rel", f"Which room lies between the {names[0].lower()} and the {names[2].lower()}?", names[1]), ("count", "How many rooms are on the plan?", "5"),
        ("title", "Which floor is drawn here?", "Ground floor"), ("rel", f"Is the {names[3].lower()} left or right of the {names[4].lower()}?", "left"), ("exist", "Is there a garage on the plan?", "no")], "#ffffff")


def parking(rng, folder):
    taken = sorted(rng.sample(range(8), rng.randint(3, 6)))
    colors = {i: rng.choice(["red", "blue", "green", "yellow", "orange"]) for i in taken}
    body = ""
    for i in range(8):
        x, y = 60 + 200 * (i % 4), 60 + 300 * (i // 4)
        body += box(x, y, 170, 230, "#5a5d63", "#ffffff") + text(x + 85, y + 222, f"P{i + 1}", 26, "#fff", "middle")
        if i in colors:
            body += box(x + 40, y + 20, 90, 165, COLORS[colors[i]], "#111", 22) + box(x + 52, y + 55, 66, 34, "#bcd8ee", "#111", 6) + box(x + 52, y + 135, 66, 24, "#bcd8ee", "#111", 6)
    k, free = rng.choice(taken), rng.choice([i for i in range(8) if i not in taken])
    shade = colors[taken[0]]
    return svg("svg-parking", rng, folder, 880, 640, body, [
        ("attr", f"What is the colour of the car in P{k + 1}?", colors[k]), ("count", "How many cars are parked?", str(len(taken))), ("exist", f"Is P{free + 1} occupied?", "no"),
        ("count", f"How many {shade} cars can you see?", str(list(colors.values()).count(shade))), ("count", "How many places are still free?", str(8 - len(taken)))], "#3c3e43")


def shelf(rng, folder):
    names, colors = rng.sample(["Basil", "Cumin", "Thyme", "Paprika", "Fennel", "Sumac", "Clove", "Ginger"], 6), [rng.choice(list(COLORS)) for _ in range(6)]
    body = box(40, 330, 860, 26, "#8a6240") + box(40, 650, 860, 26, "#8a6240")
    for i, (n, c) in enumerate(zip(names, colors)):
        x, y = 90 + 280 * (i % 3), 90 + 320 * (i // 3)
        body += box(x, y + 30, 170, 210, COLORS[c], "#333", 16) + box(x + 45, y, 80, 34, "#ddd") + box(x + 18, y + 90, 134, 70, "#fffdf0") + text(x + 85, y + 134, n, 28, anchor="middle")
    k = rng.randrange(6)
    return svg("svg-shelf", rng, folder, 940, 720, body, [
        ("attr", f"What colour is the {names[k].lower()} jar?", colors[k]), ("rel", f"Which jar stands between {names[0]} and {names[2]}?", names[1]), ("rel", f"What is directly below the {names[1].lower()}?", names[4]),
        ("count", "How many jars are on the shelves?", "6"), ("rel", f"Is {names[3]} above or below {names[0]}?", "below"), ("exist", "Is there a jar of vanilla?", "no")], "#f4ead8")


def weather(rng, folder):
    towns = rng.sample(TOWNS, 6)
    degrees = rng.sample(range(-4, 33), 6)
    kinds = [rng.choice(["sun", "rain"]) for _ in range(5)] + ["rain"]
    spots = [(150, 120), (480, 90), (720, 190), (230, 350), (520, 330), (690, 480)]
    body = '<path d="M60,80 L420,30 L820,90 L860,420 L700,580 L330,560 L90,420 Z" fill="#dfeccb" stroke="#8aa070" stroke-width="3"/>'
    for t, d, kind, (x, y) in zip(towns, degrees, kinds, spots):
        body += (f'<circle cx="{x}" cy="{y}" r="22" fill="#f5b81f"/>' if kind == "sun" else
                 f'<ellipse cx="{x}" cy="{y - 4}" rx="32" ry="16" fill="#8794a5"/>' + "".join(f'<line x1="{x + o}" y1="{y + 14}" x2="{x + o - 6}" y2="{y + 32}" stroke="#2b62c4" stroke-width="4"/>' for o in (-16, 0, 16)))
        body += text(x + 42, y + 2, t, 22) + text(x + 42, y + 28, f"{d} °C", 20, "#a02020")
    k = rng.randrange(6)
    return svg("svg-weather", rng, folder, 920, 620, body, [
        ("kv", f"What temperature is expected in {towns[k]}?", f"{degrees[k]} °C"), ("bar", "Where is it warmest?", towns[degrees.index(max(degrees))]), ("bar", "Which town is the coldest?", towns[degrees.index(min(degrees))]),
        ("count", "In how many places does it rain?", str(kinds.count("rain"))), ("count", "How many suns are on the map?", str(kinds.count("sun")))], "#b8d4e8")


def dials(rng, folder):
    names, units = rng.sample(["Boiler", "Oil", "Coolant", "Turbine", "Pump", "Tank"], 3), ["bar", "°C", "rpm"]
    values = [f"{rng.uniform(0.5, 9):.1f}", str(rng.randint(20, 140)), str(rng.randint(400, 5200))]
    lamps = [rng.choice(["green", "red", "yellow"]) for _ in range(3)]
    body = ""
    for i, (n, u, v, l) in enumerate(zip(names, units, values, lamps)):
        x, turn = 180 + 300 * i, rng.uniform(-120, 120)
        body += f'<circle cx="{x}" cy="230" r="125" fill="#f8f8f4" stroke="#222" stroke-width="8"/>' + "".join(
            f'<line x1="{x}" y1="115" x2="{x}" y2="132" stroke="#222" stroke-width="4" transform="rotate({a} {x} 230)"/>' for a in range(-135, 136, 27))
        body += f'<line x1="{x}" y1="245" x2="{x}" y2="150" stroke="#c22" stroke-width="6" transform="rotate({turn} {x} 230)"/>' + text(x, 300, v, 34, anchor="middle") + text(x, 328, u, 20, "#444", "middle")
        body += text(x, 410, n, 28, "#fff", "middle") + f'<circle cx="{x}" cy="460" r="22" fill="{COLORS[l]}" stroke="#111" stroke-width="3"/>'
    k = rng.randrange(3)
    return svg("svg-dials", rng, folder, 960, 520, body, [
        ("kv", f"What does the {names[k].lower()} gauge read?", values[k]), ("attr", f"What colour is the lamp under {names[k - 1]}?", lamps[k - 1]), ("read", f"In which unit is the {names[k - 2].lower()} measured?", units[k - 2]),
        ("rel", "Which gauge is in the middle?", names[1]), ("count", "How many gauges are on the panel?", "3")], "#39424d")


def timeline(rng, folder):
    events = rng.sample(["Mill built", "Great flood", "Railway opens", "School founded", "Bridge collapses", "First market", "Harbour dug", "Tower burns"], 5)
    years = sorted(rng.sample(range(1702, 1998), 5))
    color = rng.choice(["red", "blue", "green", "purple"])
    body = '<line x1="50" y1="300" x2="1010" y2="300" stroke="#333" stroke-width="6"/>' + text(530, 60, "A short history of " + (town := rng.choice(TOWNS)), 34, anchor="middle")
    for i, (e, y) in enumerate(zip(events, years)):
        x, up = 120 + 200 * i, i % 2
        body += f'<line x1="{x}" y1="300" x2="{x}" y2="{200 if up else 400}" stroke="#999" stroke-width="3"/><circle cx="{x}" cy="300" r="13" fill="{COLORS[color]}"/>'
        body += text(x, 180 if up else 430, e, 22, anchor="middle") + text(x, 340 if up else 280, y, 20, "#444", "middle")
    k = rng.randrange(5)
    return svg("svg-timeline", rng, folder, 1060, 500, body, [
        ("kv", f"When was this: {events[k].lower()}?", str(years[k])), ("kv", f"What happened in {years[k - 1]}?", events[k - 1]), ("rel", f"Which event came next after “{events[1]}”?", events[2]),
        ("attr", "What colour are the dots?", color), ("title", "Whose history is told?", town), ("rel", "What is the earliest event?", events[0])])


def seats(rng, folder):
    people = [p.split()[0] for p in rng.sample(PEOPLE, 8)]
    body, table = "", rng.randint(2, 19)
    for i, p in enumerate(people):
        x, y = 150 + 190 * (i % 4), 120 if i < 4 else 470
        body += f'<circle cx="{x}" cy="{y}" r="52" fill="{"#e8eefc" if i < 4 else "#fdebd8"}" stroke="#444" stroke-width="3"/>' + text(x, y + 8, p, 22, anchor="middle")
    body += box(80, 200, 710, 190, "#c89f6a", "#664", 18) + text(435, 308, f"Table {table}", 36, anchor="middle")
    return svg("svg-seats", rng, folder, 870, 600, body, [
        ("rel", f"Who sits between {people[0]} and {people[2]}?", people[1]), ("rel", f"Who sits opposite {people[3]}?", people[7]), ("read", "What is the number of the table?", str(table)), ("count", "How many guests sit at the table?", "8"),
        ("rel", "Who has the leftmost seat in the front row, below the table?", people[4]), ("exist", "Does somebody called Horatio sit here?", "no")], "#fbfaf6")


def badge(rng, folder):
    name, firm = rng.choice(PEOPLE), rng.choice(["Harbour Museum", "Tidal Energy Days", "Lowmarsh Clinic", "Observatory"])
    role, gate, number, color = rng.choice(["Visitor", "Speaker", "Crew", "Steward"]), rng.choice("ABCDEF") + str(rng.randint(1, 30)), f"{rng.randint(10000, 99999)}", rng.choice(["red", "blue", "green", "purple"])
    body = box(40, 40, 520, 760, "#fff", "#888", 26) + box(40, 40, 520, 130, COLORS[color], COLORS[color], 26) + text(300, 122, firm, 40, "#fff", "middle") + '<circle cx="300" cy="330" r="105" fill="#d9c2a8"/><circle cx="300" cy="295" r="44" fill="#8c6a4c"/><path d="M215,390 Q300,320 385,390 L385,420 L215,420 Z" fill="#49628a"/>'
    body += text(300, 510, name, 38, anchor="middle") + text(300, 565, role.upper(), 32, COLORS[color], "middle") + text(90, 680, "Entrance", 24, "#555") + text(90, 720, gate, 34) + text(510, 680, "Badge no.", 24, "#555", "end") + text(510, 720, number, 34, anchor="end")
    return svg("svg-badge", rng, folder, 600, 840, body, [
        ("kv", "Whose badge is this?", name), ("kv", "Which entrance should be used?", gate), ("kv", "What number does the badge have?", number), ("attr", "What colour is the top of the badge?", color), ("title", "Where is the badge valid?", firm), ("read", "As what does the person come?", role.upper())], "#c9ced4")


MAKERS = [(signpost, 2), (rooms, 2), (parking, 2), (shelf, 2), (weather, 2), (dials, 2), (timeline, 2), (seats, 2), (badge, 2)]
