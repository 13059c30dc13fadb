"""Papers that groff sets, and slides and drawings of LibreOffice."""

import random
from xml.sax.saxutils import escape

from PIL import Image, ImageChops

from check.sheet import COLORS, MONTHS, PEOPLE, TOWNS, Sheet, font, opened, run


def pdf_sheet(kind: str, rng: random.Random, folder, asked, trim: bool = True) -> Sheet:
    run("pdftoppm", "-r", str(rng.choice([90, 110, 130])), "-png", "-singlefile", "a.pdf", "a", folder=folder)
    image = opened(folder / "a.png")
    if trim:
        ink = ImageChops.difference(image, Image.new("RGB", image.size, "white")).getbbox()
        image = image.crop((max(0, ink[0] - 50), max(0, ink[1] - 40), min(image.width, ink[2] + 50), min(image.height, ink[3] + 40)))
    return Sheet(kind, image, asked)


def groff(kind: str, rng: random.Random, folder, macros: str, source: str, asked) -> Sheet:
    (folder / "a.roff").write_text(source)
    run("sh", "-c", f"groff -k -t {macros} -rS12 -Tpdf -P-pa4 a.roff > a.pdf", folder=folder)
    return pdf_sheet(kind, rng, folder, asked)


def memo(rng, folder):
    sender, to = rng.sample(PEOPLE, 2)
    day, subject = f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(2019, 2026)}", rng.choice(["Closing of the north gate", "New keys for the archive", "Noise in the reading room", "Heating in winter"])
    room, phone = f"{rng.choice('ABC')}{rng.randint(100, 499)}", f"ext. {rng.randint(1000, 9999)}"
    source = f""".nr PS 12
.TL
MEMORANDUM
.TS
l l.
To:\t{to}
From:\t{sender}
Date:\t{day}
Re:\t{subject}
Room:\t{room}
.TE
.LP
As discussed at the last meeting of the board, the work begins on Monday. Everybody whose desk stands by the windows
is asked to move papers and plants before the weekend. The porter keeps a list of those who need help.
.LP
Questions are answered by the secretary, {phone}.
"""
    return groff("groff-memo", rng, folder, "-ms", source, [
        ("kv", "Who wrote the memorandum?", sender), ("kv", "Who is it meant for?", to), ("kv", "On which day was it written?", day), ("kv", "What is it about?", subject), ("kv", "Which extension can be called?", phone), ("title", "What kind of paper is this?", "MEMORANDUM"), ("kv", "Which room is given?", room)])


def manual(rng, folder):
    name = rng.choice(["sieve", "tally", "mosaic", "ferret", "plait"])
    options = {f"-{c}": d for c, d in zip(rng.sample("abcdnqrvwxz", 4), rng.sample(["print names only", "follow links", "sort by age", "quiet mode", "write a log", "keep the order", "count twice"], 4))}
    author, section = rng.choice(PEOPLE), rng.choice([1, 5, 8])
    purpose = rng.choice(["count words by length", "merge sorted files", "draw tiles from text", "find orphaned files"])
    body = "".join(f".TP\n.B \\{o}\n{d}\n" for o, d in options.items())
    source = f""".pl 5.6i
.TH {name.upper()} {section} "{rng.choice(MONTHS)} {rng.randint(2008, 2024)}" "{name} {(version := f'{rng.randint(0, 4)}.{rng.randint(0, 30)}')}" "User Commands"
.SH NAME
{name} \\- {purpose}
.SH SYNOPSIS
.B {name}
[\\fIoption\\fR] \\fIfile\\fR...
.SH OPTIONS
{body}.SH AUTHOR
Written by {author}.
.SH FILES
/etc/{name}.conf
"""
    flag, other = rng.sample(sorted(options), 2)
    return groff("groff-manual", rng, folder, "-man", source, [
        ("kv", f"What does the option {flag} do?", options[flag]), ("kv", f"Which option is for “{options[other]}”?", other), ("kv", "Who is the author of the program?", author), ("read", "Where is the configuration file?", f"/etc/{name}.conf"),
        ("count", "How many options are described?", "4"), ("kv", "Which version of the program is it?", version), ("kv", "What is the program good for?", purpose)])


def timetable(rng, folder):
    stops, lines = rng.sample(TOWNS, 6), [str(n) for n in rng.sample(range(2, 90), 3)]
    starts = [rng.randint(300, 350) + 97 * k for k in range(3)]
    time = lambda k, j: f"{(starts[k] + 11 * j + 2 * (j * j % 5)) // 60:02}:{(starts[k] + 11 * j + 2 * (j * j % 5)) % 60:02}"
    rows = "\n".join("\t".join([s] + [time(k, j) for k in range(3)]) for j, s in enumerate(stops))
    source = f".nr PS 13\n.TL\nBus {stops[0]} \\- {stops[-1]}\n.TS\ncenter allbox tab(\t);\nlB cB cB cB\nl c c c.\nStop\tLine {lines[0]}\tLine {lines[1]}\tLine {lines[2]}\n{rows}\n.TE\n.LP\nNo service on Sundays.\n"
    j, k = rng.randint(1, 5), rng.randrange(3)
    return groff("groff-timetable", rng, folder, "-ms", source, [
        ("table", f"When does line {lines[k]} stop in {stops[j]}?", time(k, j)), ("table", f"Which line is in {stops[j]} at {time(k - 1, j)}?", f"Line {lines[k - 1]}"), ("count", "How many stops does the bus make?", "6"),
        ("read", "On which days does no bus run?", "Sundays"), ("rel", f"What is the next stop after {stops[j - 1]}?", stops[j])])


def recipe(rng, folder):
    dish, serves, minutes, oven = rng.choice(["Lemon loaf", "Cheese scones", "Nut roast", "Carrot cake"]), rng.randint(2, 12), rng.randint(20, 75), rng.choice([160, 180, 190, 200])
    stuff = [(n, f"{rng.choice([50, 75, 120, 150, 200, 250, 300])} g") for n in rng.sample(["flour", "butter", "sugar", "oats", "ground almonds", "cheese", "carrots"], 4)] + [("eggs", str(rng.randint(1, 6)))]
    rows = "\n".join(f"{n}\t{a}" for n, a in stuff)
    source = f".nr PS 13\n.TL\n{dish}\n.LP\nServes: {serves}\n.br\nBaking time: {minutes} minutes\n.br\nOven: {oven} degrees\n.SH\nYou need\n.LP\n.TS\ntab(\t);\nl r.\n{rows}\n.TE\n.SH\nMethod\n.LP\nWarm the oven. Stir the dry things together, rub in the fat, and add the rest. Bake until a skewer comes out clean.\n"
    name, amount = rng.choice(stuff[:4])
    return groff("groff-recipe", rng, folder, "-ms", source, [
        ("table", f"What amount of {name} is needed?", amount), ("kv", "How many people does it serve?", str(serves)), ("kv", "How many minutes does it have to bake?", str(minutes)), ("title", "What dish is this?", dish), ("table", "How many eggs go in?", stuff[4][1]),
        ("exist", "Is yeast among the ingredients?", "no"), ("kv", "How hot must the oven be in degrees?", str(oven))])


SPACES = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{u}:1.0"' for n, u in dict(office="office", style="style", text="text", draw="drawing", svg="svg-compatible", fo="xsl-fo-compatible", presentation="presentation").items())


class Drawing:
    """A slide of 28 x 15.75 cm, or a drawing on A4, of boxes with text, as a flat OpenDocument file."""

    def __init__(self, face: str, ground: str):
        self.face, self.ground, self.styles, self.body = face, ground, "", ""

    def add(self, x, y, w, h, text, size=24, color="#222222", fill="", bold=False, shape="rect") -> None:
        n = self.styles.count("<style:style") // 3
        paint = f'draw:fill="solid" draw:fill-color="{fill}" draw:stroke="solid" svg:stroke-color="#333333"' if fill else 'draw:fill="none" draw:stroke="none"'
        letters = f'fo:font-size="{size}pt" fo:font-family="{self.face}" fo:color="{color}"' + (' fo:font-weight="bold"' if bold else "")
        self.styles += (f'<style:style style:name="g{n}" style:family="graphic"><style:graphic-properties {paint} draw:textarea-vertical-align="middle"/></style:style>'
                        f'<style:style style:name="p{n}" style:family="paragraph"><style:paragraph-properties fo:text-align="{"center" if fill else "start"}"/><style:text-properties {letters}/></style:style>'
                        f'<style:style style:name="t{n}" style:family="text"><style:text-properties {letters}/></style:style>')
        place = f'draw:style-name="g{n}" svg:x="{x}cm" svg:y="{y}cm" svg:width="{w}cm" svg:height="{h}cm"'
        inner = "".join(f'<text:p text:style-name="p{n}"><text:span text:style-name="t{n}">{escape(line)}</text:span></text:p>' for line in text.split("\n"))
        self.body += f"<draw:{shape} {place}>{inner}</draw:{shape}>" if fill else f"<draw:frame {place}><draw:text-box>{inner}</draw:text-box></draw:frame>"

    def sheet(self, kind: str, rng, folder, asked, slide: bool) -> Sheet:
        of, ending = ("presentation", "fodp") if slide else ("drawing", "fodg")
        (folder / f"a.{ending}").write_text(
            f'<?xml version="1.0" encoding="UTF-8"?><office:document {SPACES} office:version="1.2" office:mimetype="application/vnd.oasis.opendocument.{"presentation" if slide else "graphics"}">'
            f'<office:automatic-styles><style:page-layout style:name="p"><style:page-layout-properties fo:page-width="28cm" fo:page-height="15.75cm" fo:margin-top="0cm" fo:margin-left="0cm" fo:margin-right="0cm" fo:margin-bottom="0cm" style:print-orientation="landscape"/></style:page-layout>'
            f'<style:style style:name="d" style:family="drawing-page"><style:drawing-page-properties draw:fill="solid" draw:fill-color="{self.ground}" draw:background-size="border"/></style:style>{self.styles}</office:automatic-styles>'
            f'<office:master-styles><style:master-page style:name="m" style:page-layout-name="p" draw:style-name="d"/></office:master-styles>'
            f'<office:body><office:{of}><draw:page draw:name="a" draw:style-name="d" draw:master-page-name="m">{self.body}</draw:page></office:{of}></office:body></office:document>')
        run("soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf", f"a.{ending}", folder=folder)
        return pdf_sheet(kind, rng, folder, asked, trim=False)


def slide(rng, folder):
    title, speaker, day = rng.choice(["Why bees matter", "Tides and turbines", "Old maps, new uses", "Keeping rivers clean"]), rng.choice(PEOPLE), f"{rng.randint(1, 28)} {rng.choice(MONTHS)} {rng.randint(2020, 2026)}"
    points = rng.sample(["Start small", "Ask the neighbours", "Measure twice", "Share the data", "Plan for winter", "Write it down"], 4)
    number, d = rng.randint(2, 38), Drawing(font(rng), rng.choice(["#ffffff", "#fdf6e3", "#eef4fb"]))
    color = rng.choice(["blue", "green", "red", "purple"])
    d.add(0, 0, 28, 2.8, title, 34, "#ffffff", COLORS[color], True)
    for i, p in enumerate(points):
        d.add(2, 3.6 + 2.3 * i, 20, 2, f"{i + 1}.  {p}", 26)
    d.add(1, 14.2, 12, 1.2, speaker, 14, "#666666")
    d.add(12, 14.2, 8, 1.2, day, 14, "#666666")
    d.add(25, 14.2, 2.5, 1.2, str(number), 14, "#666666")
    k = rng.randrange(4)
    return d.sheet("slide-points", rng, folder, [
        ("title", "What is the talk called?", title), ("kv", "Who gives the talk?", speaker), ("rel", f"Which point is number {k + 1}?", points[k]), ("count", "How many points are on the slide?", "4"), ("attr", "What colour is the bar at the top?", color),
        ("kv", "On what date is the talk?", day), ("read", "What number does the slide have?", str(number)), ("rel", f"What is said right after “{points[0]}”?", points[1])], True)


def quarters(rng, folder):
    names, colors = rng.sample(["Costs", "Risks", "Team", "Market", "Schedule", "Goals"], 4), rng.sample(["orange", "green", "blue", "red", "purple", "pink"], 4)
    values, d = [f"{rng.randint(2, 98)} %" for _ in range(4)], Drawing(font(rng), "#ffffff")
    d.add(1.5, 0.5, 25, 2, "State of the project", 32, bold=True)
    for i in range(4):
        d.add(2 + 12.5 * (i % 2), 3 + 6 * (i // 2), 11.5, 5.4, f"{names[i]}\n{values[i]}", 30, "#ffffff", COLORS[colors[i]])
    k = rng.randrange(4)
    return d.sheet("slide-quarters", rng, folder, [
        ("kv", f"What percentage is shown for {names[k].lower()}?", values[k]), ("attr", f"What colour is the box named {names[k - 1]}?", colors[k - 1]), ("read", f"What is the {colors[k]} box about?", names[k]), ("rel", f"What stands below {names[0]}?", names[2]),
        ("rel", f"Which box is to the right of {names[2]}?", names[3]), ("title", "What is the title of the slide?", "State of the project")], True)


def poster(rng, folder):
    event, place = rng.choice(["Lantern walk", "Seed swap", "Cider day", "Kite festival", "Night of books"]), f"{rng.choice(TOWNS)} {rng.choice(['Green', 'Hall', 'Pier', 'Barn'])}"
    day, hour, fee = f"{rng.randint(1, 28)} {rng.choice(MONTHS)}", f"{rng.randint(9, 20)}:{rng.choice(['00', '30'])}", rng.choice(["free", f"{rng.randint(2, 15)} euros"])
    color, d = rng.choice(["yellow", "orange", "green", "pink"]), Drawing(font(rng), rng.choice(["#22304a", "#3a2348", "#1f3d33"]))
    d.add(2, 3, 17, 4, event, 54, "#ffffff", bold=True)
    d.add(2, 9, 17, 6, f"{place}\n{day}\n{hour}", 32, "#ffffff")
    d.add(6, 17, 9, 9, f"Entry\n{fee}", 30, "#222222", COLORS[color], True, "ellipse")
    return d.sheet("drawing-poster", rng, folder, [
        ("title", "Which event is announced?", event), ("kv", "Where does it take place?", place), ("kv", "On which day is it?", day), ("kv", "What time does it begin?", hour), ("kv", "What must visitors pay?", fee), ("attr", "What colour is the circle?", color)], False)


MAKERS = [(memo, 2), (manual, 2), (timetable, 2), (recipe, 2), (slide, 2), (quarters, 2), (poster, 2)]
