"""A window's accessible tree as a record. A node: role (AT-SPI's names), name, b box, states, `of` its
children; where it has text, t and chars (a box each), ratio (height of a line over its em), and `names`,
the id of the node that it labels. Boxes are pixels of the picture; what is hidden has none that fit."""

import io
import itertools
import statistics

import numpy as np
from PIL import Image

from pages.records import Record

VIEWS = ("scroll pane", "viewport", "table", "tree table", "list", "list box", "text", "layered pane")  # show a part of what they hold
BUTTONS = ("push button", "toggle button")
CHECKS = {"check box": "checkbox", "radio button": "radio", "switch": "switch", "check menu item": "checkbox"}
VALUES = ("text", "entry", "password text", "combo box", "spin button", "document text")
ROLES = [(value, "value") for value in VALUES]
ROLES += [("heading", "title"), ("push button", "button"), ("toggle button", "button"), ("table column header", "header"), ("column header", "header"), ("table cell", "cell"),
          ("page tab", "menu"), ("menu item", "menu"), ("menu", "menu"), ("menu bar", "menu"), ("list item", "menu"), ("check box", "key"), ("radio button", "key")]
ASKED = {  # what people ask of a column besides its name
    "Modified": ["When was {row} last modified?", "When was {row} changed?"], "Size": ["How large is {row}?", "How big is {row}?"], "Owner": ["Who owns {row}?"],
    "From": ["Who sent {row}?", "Who wrote “{row}”?"], "Length": ["How long is {row}?"], "Price": ["What does {row} cost?", "How much is {row}?"], "Artist": ["Who plays {row}?"],
    "Type": ["What type is {row}?", "What kind of file is {row}?"], "Phone": ["How can {row} be called?"], "City": ["In which city is {row}?"], "Status": ["What is the status of {row}?"],
}


class Node:
    def __init__(self, of: dict, parent: "Node | None", top: int):
        self.role, self.name, self.box, self.states = of["role"], of["name"], of["b"], of["states"]
        self.id, self.names, self.top, self.parent = of.get("id"), of.get("names"), top, parent
        self.text, self.chars, self.ratio = of.get("t", ""), of.get("chars", []), of.get("ratio", 1.2)
        self.runs: list[int] = []  # of the node itself
        self.children = [Node(child, self, top) for child in of["of"] if child]

    def walk(self):
        yield self
        for child in self.children:
            yield from child.walk()

    def within(self, roles) -> "Node | None":
        """The node or the nearest one around it of these roles."""
        node = self
        while node and node.role not in roles:
            node = node.parent
        return node

    def named(self) -> bool:
        """Whether it is a label of something or in one."""
        return bool(self.names) or bool(self.parent and self.parent.named())

    def all_runs(self) -> list[int]:
        return [i for node in self.walk() for i in node.runs]

    def fits(self, width: int, height: int) -> bool:
        x0, y0, x1, y1 = self.box
        return x1 - x0 > 1 and y1 - y0 > 1 and x0 >= -2 and y0 >= -2 and x1 <= width + 2 and y1 <= height + 2


def middle(box) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def inside(x: float, y: float, box) -> bool:
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def overlaps(b, cover) -> bool:
    """Whether more than the edge of a character is under something else."""
    return any(inside((b[0] + b[2]) / 2, b[1] + t * (b[3] - b[1]), cover) for t in (0.3, 0.5, 0.7))


def lines(text: str, chars: list) -> list[tuple[str, list]]:
    """Characters of one line each; blanks at the ends are left out, and so are those without a box."""
    out, line, last = [], [], None
    for c, b in list(zip(text, chars)) + [("\n", None)]:
        broken = b is None or c == "\n" or last is not None and (abs(b[1] - last[1]) > 0.5 * (last[3] - last[1]) or b[0] < last[0] - 1)
        if broken and line:
            while line and line[-1][0].isspace():
                line.pop()
            if line:
                out.append(("".join(c for c, _ in line), [b for _, b in line]))
            line, last = [], None
        if b is not None and c != "\n" and b[2] > b[0] and b[3] > b[1] and b[0] > -1e6 and (line or not c.isspace()):
            line.append((c, b))
            last = b
    return out


class Reading:
    """Collects the runs and the facts of one picture."""

    def __init__(self, picture: Image.Image, trees: list[dict], title: str = ""):
        self.pixels, self.title = np.asarray(picture.convert("RGB")), title
        self.height, self.width = self.pixels.shape[:2]
        self.tops = [Node(tree, None, i) for i, tree in enumerate(trees)]
        self.runs: list[dict] = []
        self.facts: list[dict] = []
        self.nodes = [node for top in self.tops for node in top.walk()]
        self.by_id = {n.id: n for n in self.nodes if n.id}
        self.whose = {n.names: n for n in self.nodes if n.names}  # id of a control -> its label

    # Text
    def read(self) -> None:
        for node in self.nodes:
            for text, chars in lines(node.text, node.chars):
                self.add(node, text, chars)

    def add(self, node: Node, text: str, chars: list) -> None:
        clip, parent = [0, 0, self.width, self.height], node.parent
        if node.role in VALUES:
            parent = node
        while parent:
            if parent.role in VIEWS and parent.box[2] > parent.box[0]:
                clip = [f(a, b) for f, a, b in zip((max, max, min, min), clip, parent.box)]
            parent = parent.parent
        covers = [top.box for top in self.tops[node.top + 1 :]]
        seen = [clip[0] - 1 <= middle(b)[0] <= clip[2] + 1 and b[1] >= clip[1] - 3 and b[3] <= clip[3] + 3 and not any(overlaps(b, c) for c in covers) for b in chars]
        longer = node.role in VALUES and chars[-1][2] - chars[0][0] > node.box[2] - node.box[0] - 10  # a part is scrolled away
        cut = not all(seen) or longer or text.endswith("…") and node.within(("table cell", "list item", "page tab")) is not None
        for shown, part in itertools.groupby(range(len(chars)), lambda i: seen[i]):
            part = list(part)
            if shown and text[part[0] : part[-1] + 1].strip():
                self.run(node, text[part[0] : part[-1] + 1], chars[part[0] : part[-1] + 1], cut)

    def run(self, node: Node, text: str, chars: list, cut: bool) -> None:
        box = [min(b[0] for b in chars), min(b[1] for b in chars), max(b[2] for b in chars), max(b[3] for b in chars)]
        ground, ink = self.colors(box)
        if max(abs(a - b) for a, b in zip(ground, ink)) < 24:  # nothing is drawn there
            return
        role = next((name for role, name in ROLES if node.within((role,))), "key" if node.named() else "body")
        role = "title" if text == self.title and node.top == 0 else role
        node.runs.append(len(self.runs))
        self.runs.append(dict(t=text, x=[round(middle(b)[0], 1) for b in chars], y=round(middle(box)[1], 1), s=round((chars[0][3] - chars[0][1]) / node.ratio, 1),
                              b=[round(v, 1) for v in box], c=ink, g=ground, role=role, skip=0, **({"cut": 1} if cut else {})))

    def colors(self, box) -> tuple[list[int], list[int]]:
        """The commonest colour of a box, and the one that is farthest from it."""
        x0, y0, x1, y1 = (max(0, int(v)) for v in box)
        part = self.pixels[y0 : max(y1, y0 + 1), x0 : max(x1, x0 + 1)].reshape(-1, 3)
        if not len(part):
            return [255] * 3, [255] * 3
        codes = part @ np.int64([65536, 256, 1])
        values, counts = np.unique(codes, return_counts=True)
        common = int(values[counts.argmax()])
        ground = [common >> 16, common >> 8 & 255, common & 255]
        return ground, part[np.abs(part.astype(int) - ground).sum(1).argmax()].tolist()

    def around(self, box) -> list[int]:
        """The colour beside a box."""
        return self.colors([box[0] - 3, box[1], box[0] - 1, box[3]] if box[0] > 3 else [box[0], box[1] - 3, box[2], box[1] - 1])[0]

    # Facts
    def visible(self, node: Node) -> bool:
        covers = [top.box for top in self.tops[node.top + 1 :]]
        return node.fits(self.width, self.height) and not any(inside(*middle(node.box), b) for b in covers)

    def tell(self, k: str, box, **more) -> None:
        self.facts.append(dict(k=k, b=[round(v, 1) for v in box], **more))

    def heads(self) -> None:
        sizes = [r["s"] for r in self.runs]
        usual = statistics.median(sizes) if sizes else 0
        for i, r in enumerate(self.runs):
            if r["role"] == "title" or r["role"] == "body" and r["s"] > 1.18 * usual:
                level = "h1" if r["role"] == "title" else "h2"
                r["role"] = "title"
                self.tell("heading", r["b"], level=level, a=[i], s=r["s"])

    def controls(self) -> None:
        for node in self.nodes:
            runs = node.all_runs()
            if not self.visible(node):
                continue
            if node.role in BUTTONS and runs and not (node.parent and node.parent.within(("combo box", "table", "tree table"))):
                color = self.colors(node.box)[0]
                own = max(abs(a - b) for a, b in zip(color, self.around(node.box))) > 20
                self.tell("button", node.box, a=runs, c=color, own=int(own), disabled=int("sensitive" not in node.states))
            elif node.role in CHECKS:
                label = self.whose.get(node.id)
                named = label.all_runs() if label else runs
                if named:
                    group = str(id(node.parent)) if node.role == "radio button" else ""
                    self.tell("check", node.box, kind=CHECKS[node.role], on=int("checked" in node.states), l=named, group=group)
            elif node.role in ("page tab", "list item") and "selected" in node.states and runs:
                self.tell("selected", node.box, kind="tab" if node.role == "page tab" else "item", a=runs)
            if node.names and runs and (control := self.by_id.get(node.names)) and control.role not in CHECKS:
                value = control.all_runs()
                if value and not any(set(self.runs[i]["t"]) & set("•●*") for i in value):
                    self.tell("pair", control.box, kind="form", l=runs, a=value)

    def rows(self) -> None:
        for number, table in enumerate(n for n in self.nodes if n.role in ("table", "tree table")):
            heads = [n for n in table.walk() if n.role in ("table column header", "column header") and n.all_runs()]
            lines: list[list[Node]] = []
            for cell in sorted((n for n in table.walk() if n.role == "table cell" and n.all_runs() and self.visible(n)), key=lambda n: middle(n.box)[1]):
                if lines and abs(middle(lines[-1][0].box)[1] - middle(cell.box)[1]) < 0.4 * (cell.box[3] - cell.box[1]):
                    lines[-1].append(cell)
                else:
                    lines.append([cell])
            columns = sorted(heads, key=lambda n: n.box[0])
            found = [[next((c for c in line if inside(middle(c.box)[0], 0, [h.box[0], 0, h.box[2], 0])), None) for h in columns] for line in lines]
            self.cells(number, table, columns, [f for f in found if f and f[0]])

    def cells(self, number: int, table: Node, columns: list[Node], rows: list[list]) -> None:
        for j, row in enumerate(rows):
            if "selected" in row[0].states:
                self.tell("selected", row[0].box, kind="row", a=row[0].all_runs())
            for i, (head, cell) in enumerate(zip(columns, row)):
                if i and cell:
                    self.tell("cell", cell.box, t=number, row=row[0].all_runs(), j=j, i=i, col=head.all_runs(), a=cell.all_runs(), h=head.box, r=row[0].box,
                              ask=ASKED.get(head.name, []), whose=[], max=[], min=[], of=columns[0].name)
        bottoms = [n.box[3] for n in table.walk() if n.role == "table cell"]
        if rows and max(bottoms) <= table.box[3] - 2:  # else more may lie below
            noun = table.name if "|" in table.name else ""
            self.tell("rows", table.box, t=number, n=len(rows), noun=noun, columns=[h.name for h in columns])

    def repeated(self) -> None:
        """Entries of lists and of open menus, tabs and menus of a bar."""
        for node in self.nodes:
            for role, parents, noun in (("list item", ("list", "list box"), ""), ("menu item", ("menu",), ""), ("page tab", ("page tab list",), "tab"),
                                        ("menu item", ("menu bar",), "menu"), ("menu", ("menu bar",), "menu")):
                items = [c for c in node.children if c.role == role]
                if node.role not in parents or len(items) < 2 or len(items) > 12 or not all(self.visible(c) and c.all_runs() for c in items):
                    continue
                if not noun:
                    self.tell("list", node.box, n=len(items), ordered=0, entries=[c.all_runs() for c in items])
                for c in items if noun else ():
                    name = " ".join(self.runs[i]["t"] for i in c.all_runs())
                    self.tell("item", c.box, one=noun, many=noun + "s", name=name, ok=1, l=c.all_runs(), **{"in": ""})

    def panels(self) -> list[dict]:
        roles = BUTTONS + VALUES + VIEWS + ("table column header", "menu bar", "tool bar", "frame", "dialog", "status bar")
        shown = [n for n in self.nodes if n.fits(self.width, self.height) and (n.role in roles or "selected" in n.states)]
        return [dict(b=[round(v, 1) for v in n.box], c=self.colors(n.box)[0]) for n in shown]


def record_of(png: bytes, trees: list[dict], source: str, title: str = "") -> Record:
    with Image.open(io.BytesIO(png)) as picture:
        reading = Reading(picture, trees, title)
    reading.read()
    reading.heads()
    reading.controls()
    reading.rows()
    reading.repeated()
    return Record(png, reading.width, reading.height, reading.runs, reading.panels(), [], reading.facts, source)
