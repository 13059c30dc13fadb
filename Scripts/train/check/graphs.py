"""Diagrams that graphviz lays out."""

import random

from check.sheet import COLORS, PEOPLE, TOWNS, Sheet, font, opened, run


def graph(kind: str, rng: random.Random, folder, body: str, asked, engine: str = "dot", directed: bool = True) -> Sheet:
    dpi, face = rng.choice([100, 130, 160]), font(rng)
    (folder / "a.dot").write_text(f'{"di" if directed else ""}graph g {{ graph [dpi={dpi} pad=0.3 fontname="{face}" fontsize=18] node [fontname="{face}"] edge [fontname="{face}"]\n{body}\n}}')
    run(engine, "-Tpng", "-oa.png", "a.dot", folder=folder)
    return Sheet(kind, opened(folder / "a.png"), asked)


def flow(rng, folder):
    """A chart of steps with two decisions."""
    first, ask, yes, no, ask2, yes2, no2, last = rng.choice([
        ("Parcel arrives", "Label readable?", "Scan code", "Call sender", "Weight over 20 kg?", "Use trolley", "Put on shelf", "Send receipt"),
        ("Lamp is dark", "Plugged in?", "Check bulb", "Plug it in", "Bulb burnt?", "Replace bulb", "Call electrician", "Close ticket"),
        ("Dough is mixed", "Sticky?", "Add flour", "Knead well", "Doubled in size?", "Shape loaves", "Wait an hour", "Bake at 220")])
    body = (f'rankdir={rng.choice(["TB", "LR"])}; node [shape=box style=rounded]; q [label="{ask}" shape=diamond style=""]; r [label="{ask2}" shape=diamond style=""]\n'
            f'a [label="{first}" shape=oval]; y [label="{yes}"]; n [label="{no}"]; z [label="{yes2}"]; w [label="{no2}"]; e [label="{last}" shape=oval]\n'
            'a -> q; q -> y [label="yes"]; q -> n [label="no"]; y -> r; r -> z [label="yes"]; r -> w [label="no"]; z -> e')
    return graph("graphviz-flow", rng, folder, body, [
        ("rel", f"What is to be done if the answer to “{ask}” is no?", no), ("rel", f"Which box follows “{first}”?", ask), ("rel", f"What comes right before “{last}”?", yes2),
        ("count", "How many decisions does the flow chart have?", "2"), ("read", f"Where does “yes” lead from “{ask2}”?", yes2), ("exist", "Is there a step called “Print invoice”?", "no")])


def chart(rng, folder):
    """Who works for whom."""
    people = rng.sample(PEOPLE, 6)
    jobs = rng.sample(["director", "head of kitchen", "head gardener", "treasurer", "archivist", "caretaker", "night porter"], 6)
    names = [f'p{i} [label="{p}\\n{j}"]' for i, (p, j) in enumerate(zip(people, jobs))]
    body = "node [shape=box style=filled fillcolor=\"#eef3ff\"]\n" + "\n".join(names) + "\np0 -> p1; p0 -> p2; p1 -> p3; p1 -> p4; p2 -> p5"
    k = rng.randrange(6)
    return graph("graphviz-chart", rng, folder, body, [
        ("kv", f"What is the job of {people[k]}?", jobs[k]), ("kv", f"Who is the {jobs[k - 1]}?", people[k - 1]), ("rel", f"To whom does {people[5]} report?", people[2]),
        ("count", f"How many people report directly to {people[1]}?", "2"), ("rel", "Who is at the very top?", people[0])])


def network(rng, folder):
    """Stations joined by lines of colours."""
    towns, colors = rng.sample(TOWNS, 6), rng.sample(["red", "blue", "green", "orange"], 3)
    pairs = [(0, 1, 0), (1, 2, 0), (2, 3, 1), (3, 4, 1), (1, 5, 2), (5, 4, 2)]
    times = rng.sample(range(4, 55), 6)
    body = "node [shape=circle width=0.25 label=\"\" xlabel=\"\" style=filled fillcolor=black]; overlap=false; splines=true; node [shape=ellipse style=\"\" width=0.5]\n"
    body += "\n".join(f'p{i} [label="{t}"]' for i, t in enumerate(towns)) + "\n"
    body += "\n".join(f'p{a} -- p{b} [color="{COLORS[colors[c]]}" penwidth=5 label="{t} min" len=2]' for (a, b, c), t in zip(pairs, times))
    k = rng.randrange(6)
    a, b, c = pairs[k]
    return graph("graphviz-network", rng, folder, body, [
        ("attr", f"What colour is the line between {towns[a]} and {towns[b]}?", colors[c]), ("kv", f"How long does it take from {towns[a]} to {towns[b]}?", f"{times[k]} min"),
        ("count", f"How many lines meet in {towns[1]}?", "3"), ("count", "How many stations are there?", "6"), ("exist", f"Does the map show a station {TOWNS[[t in towns for t in TOWNS].index(False)]}?", "no")], "neato", False)


def records(rng, folder):
    """Two tables of a data base and how they belong together."""
    one, two = rng.choice([("Boat", "Mooring"), ("Book", "Loan"), ("Bee hive", "Harvest"), ("Patient", "Visit")])
    fields = rng.sample(["id", "label", "built", "length", "owner", "colour", "remark"], 4)
    more = rng.sample(["number", "started", "ended", "price", "place", "clerk"], 3)
    types = [rng.choice(["int", "text", "date", "float", "bool"]) for _ in range(7)]
    rows = lambda name, of, kinds: f'"{{{name}|' + "".join(f"{f} : {t}\\l" for f, t in zip(of, kinds)) + '}"'
    body = f'rankdir=LR; nodesep=1; node [shape=record fontsize=16]; a [label={rows(one, fields, types)}]; b [label={rows(two, more, types[4:])}]; a -> b [label="{rng.choice(["has many", "owns", "refers to"])}"]'
    k = rng.randrange(4)
    return graph("graphviz-records", rng, folder, body, [
        ("kv", f"What type does the field {fields[k]} have?", types[k]), ("kv", f"Of which type is {more[k % 3]}?", types[4 + k % 3]), ("count", f"How many fields does {one} have?", "4"),
        ("rel", f"Which table stands to the right of {one}?", two), ("title", "What is the name of the left table?", one)])


def groups(rng, folder):
    """Machines in named groups."""
    names = rng.sample(["alder", "aspen", "cedar", "elm", "hazel", "larch", "linden", "rowan", "spruce", "yew"], 7)
    rooms, colors = rng.sample(["Cellar", "Attic", "Workshop", "Foyer"], 3), rng.sample(["lightblue", "lightyellow", "palegreen", "mistyrose"], 3)
    parts = [names[:3], names[3:5], names[5:]]
    body = "node [shape=box3d style=filled fillcolor=white]\n" + "\n".join(
        f'subgraph cluster_{i} {{ label="{r}"; style=filled; color="{c}"; ' + " ".join(p) + " }" for i, (r, c, p) in enumerate(zip(rooms, colors, parts)))
    body += f"\n{names[0]} -> {names[3]}; {names[3]} -> {names[5]}; {names[1]} -> {names[4]}; {names[2]} -> {names[6]}"
    g = rng.randrange(3)
    return graph("graphviz-groups", rng, folder, body, [
        ("kv", f"In which room is {parts[g][0]}?", rooms[g]), ("count", f"How many machines stand in the {rooms[g - 1].lower()}?", str(len(parts[g - 1]))),
        ("rel", f"Where does the arrow from {names[1]} point to?", names[4]), ("count", "How many machines are shown altogether?", "7"), ("exist", "Is there a machine called poplar?", "no")])


def states(rng, folder):
    """States in a circle, and what leads from one to the next."""
    names = rng.choice([["Idle", "Filling", "Washing", "Rinsing", "Spinning"], ["Parked", "Starting", "Cruising", "Braking", "Stopped"], ["Draft", "Review", "Printed", "Mailed", "Filed"]])
    events = rng.sample(["door shut", "timer", "button", "sensor", "signal", "key turned", "level high"], 5)
    marked, color = rng.randrange(5), rng.choice(["orange", "yellow", "pink", "green"])
    body = "node [shape=ellipse style=filled fillcolor=white]\n" + "\n".join(f'{a} -> {b} [label="{e}"]' for a, b, e in zip(names, names[1:] + names[:1], events))
    body += f'\n{names[marked]} [fillcolor="{COLORS[color]}"]'
    k = rng.randrange(5)
    return graph("graphviz-states", rng, folder, body, [
        ("rel", f"Which state comes after {names[k]}?", names[(k + 1) % 5]), ("read", f"What triggers the change from {names[k - 1]} to {names[k]}?", events[k - 1]),
        ("attr", f"What colour is the {names[marked]} state?", color), ("read", f"Which state is {color}?", names[marked]), ("count", "How many states are there?", "5")], "circo")


MAKERS = [(flow, 2), (chart, 2), (network, 2), (records, 2), (groups, 2), (states, 2)]
