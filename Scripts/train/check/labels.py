"""Things with print on them, put together by ImageMagick: textures, light, paper at an angle."""

import functools
import random
import subprocess

from check.sheet import COLORS, PEOPLE, TOWNS, Sheet, font, opened, run


@functools.cache
def file_of(family: str) -> str:
    return subprocess.run(["fc-match", "-f", "%{file}", family], capture_output=True, text=True, check=True).stdout


def words(text: str, size: int, at: str, face: str, fill: str = "#222", gravity: str = "NorthWest") -> list[str]:
    return ["-font", file_of(face), "-pointsize", str(size), "-fill", fill, "-gravity", gravity, "-annotate", at, text]


def magick(kind: str, rng: random.Random, folder, args: list[str], asked) -> Sheet:
    run("convert-im6.q16", "-seed", str(rng.randrange(10**6)), *args, "a.png", folder=folder)
    return Sheet(kind, opened(folder / "a.png"), asked)


def paper(width: int, height: int, color: str, *texts: list[str], turn: float = 0.0, shadow: bool = True) -> list[str]:
    """A sheet with texts, turned, with its shadow, ready to be laid on something."""
    out = ["(", "-size", f"{width}x{height}", f"xc:{color}", *[w for t in texts for w in t], "-bordercolor", "none", "-border", "20", "-background", "none", "-rotate", f"{turn:.1f}"]
    return out + (["(", "+clone", "-background", "black", "-shadow", "60x6+5+5", ")", "+swap", "-background", "none", "-layers", "merge", "+repage"] if shadow else []) + [")"]


def texture(width: int, height: int, color: str, grain: int, share: int) -> list[str]:
    """A rough surface of a colour; `share` per cent of it is plain."""
    return ["(", "-size", f"{width}x{height}", "plasma:", "-colorspace", "Gray", "-blur", f"0x{grain}", "-colorspace", "sRGB", "-fill", color, "-colorize", str(share), ")"]


def jar(rng, folder):
    fruit, face = rng.choice(["Quince jelly", "Plum butter", "Elderflower syrup", "Rosehip jam", "Pear chutney"]), font(rng)
    weight, batch, before, price = f"{rng.choice([180, 250, 340, 450])} g", f"B{rng.randint(100, 999)}", f"{rng.randint(1, 12):02}/{rng.randint(2027, 2029)}", f"{rng.randint(3, 9)}.{rng.choice(['20', '50', '80'])}"
    lid = rng.choice(["red", "green", "blue", "yellow"])
    label = paper(460, 330, "#fff7df", words("Mill Farm", 26, "+0+28", face, gravity="North"), words(fruit, 48, "+0+80", face, "#7a1f1f", "North"), words(f"Net weight {weight}", 26, "+30+180", face),
                  words(f"Best before {before}", 26, "+30+220", face), words(f"Batch {batch}", 26, "+30+260", face), words(price, 44, "+30+230", face, "#222", "NorthEast"), turn=rng.uniform(-4, 4))
    args = [*texture(900, 900, "#a87f55", 3, 70), "-fill", "#5b2333", "-draw", "roundrectangle 180,190 720,840 70,70", "-fill", COLORS[lid], "-draw", "roundrectangle 200,110 700,215 20,20", *label, "-gravity", "center", "-geometry", "+0+90", "-composite", "-attenuate", "0.3", "+noise", "Gaussian"]
    return magick("photo-jar", rng, folder, args, [
        ("read", "What is in the jar?", fruit), ("kv", "How heavy is the content?", weight), ("kv", "Until when will it keep?", before), ("kv", "What is the batch number?", batch), ("attr", "What colour is the lid?", lid), ("kv", "What does it cost?", price)])


def motorway(rng, folder):
    towns, km, exit_, road, face = rng.sample(TOWNS, 3), sorted(rng.sample(range(1, 90), 3)), rng.randint(3, 88), f"A{rng.randint(2, 99)}", font(rng)
    color = rng.choice(["green", "blue"])
    args = ["-size", "1100x750", "gradient:#8fb8e0-#e8f0f5", "-fill", "#7f9a62", "-draw", "rectangle 0,520 1100,750", "-fill", "#55585c", "-draw", "polygon 380,750 540,520 600,520 820,750", "-fill", "#ddd", "-draw", "polygon 590,750 566,520 574,520 620,750",
            "-fill", "#888", "-draw", "rectangle 250,380 270,600", "-draw", "rectangle 830,380 850,600", "-fill", COLORS[color], "-stroke", "white", "-strokewidth", "6", "-draw", "roundrectangle 150,70 950,400 24,24", "-stroke", "none", "-fill", "white", "-draw", "roundrectangle 180,95 300,155 8,8"]
    args += words(road, 44, "+200+98", face, "#222") + words(f"Exit {exit_}", 44, "+190+98", face, "#fff", "NorthEast")
    for i, (t, k) in enumerate(zip(towns, km)):
        args += words(t, 52, f"+190+{175 + 70 * i}", face, "#fff") + words(str(k), 52, f"+190+{175 + 70 * i}", face, "#fff", "NorthEast")
    args += ["-blur", f"0x{rng.uniform(0.3, 0.9):.1f}"]
    k = rng.randrange(3)
    return magick("photo-motorway", rng, folder, args, [
        ("kv", "What is the number of the exit?", str(exit_)), ("kv", "Which road is it?", road), ("kv", f"How many kilometres are left to {towns[k]}?", str(km[k])), ("bar", "Which place is farthest away?", towns[2]),
        ("attr", "What colour is the road sign?", color), ("rel", "Which town is named first?", towns[0])])


def notes(rng, folder):
    texts = rng.sample(["Buy stamps", "Water the ferns", "Call the dentist", "Return the keys", "Fix the gate", "Pick up bread", "Post the letter", "Feed the cat", "Book the hall"], 4)
    colors, face, args = rng.sample(["yellow", "pink", "green", "blue", "orange"], 4), font(rng), texture(1000, 800, "#b98a57", 1, 65)
    pale = {"yellow": "#f7ec7a", "pink": "#f7a8c4", "green": "#a8e08f", "blue": "#9cc8f5", "orange": "#f8b465"}
    for i, (t, c) in enumerate(zip(texts, colors)):
        args += paper(340, 250, pale[c], words(t, 38, "+0+0", face, gravity="Center"), turn=rng.uniform(-7, 7)) + ["-gravity", "NorthWest", "-geometry", f"+{50 + 480 * (i % 2)}+{40 + 370 * (i // 2)}", "-composite"]
    k = rng.randrange(4)
    return magick("photo-notes", rng, folder, args, [
        ("read", f"What is written on the {colors[k]} note?", texts[k]), ("attr", f"Which colour is the note “{texts[k - 1]}”?", colors[k - 1]), ("count", "How many notes hang on the board?", "4"),
        ("rel", f"What does the note below “{texts[0]}” say?", texts[2]), ("exist", "Is there a note about milk?", "no")])


def plate(rng, folder):
    number = "".join(rng.choice("ABCDEFGHKLMNPRSTUVXYZ") for _ in range(2)) + f" {rng.randint(10, 99)} " + "".join(rng.choice("ABCDEFGHKLMNPRSTUVXYZ") for _ in range(3))
    color, sticker, face = rng.choice(["red", "blue", "green", "orange", "yellow"]), rng.choice(["Baby on board", "Dog inside", "No tailgating", "Learner"]), font(rng)
    args = ["-size", "1000x700", "gradient:#9a9ea3-#5c5f63", "-fill", COLORS[color], "-draw", "roundrectangle 120,120 880,560 60,60", "-fill", "#26323d", "-draw", "roundrectangle 190,150 810,300 30,30", "-fill", "#b01818", "-draw", "rectangle 150,340 230,410", "-draw", "rectangle 770,340 850,410",
            "-fill", "#222", "-draw", "roundrectangle 160,560 300,640 10,10", "-draw", "roundrectangle 700,560 840,640 10,10", "-fill", "#f5f5f0", "-stroke", "#111", "-strokewidth", "4", "-draw", "roundrectangle 320,420 680,510 10,10", "-stroke", "none", *words(number, 54, "+0+115", face, "#111", "Center")]
    args += paper(240, 60, "#fff", words(sticker, 26, "+0+0", face, "#a00", "Center"), turn=rng.uniform(-3, 3), shadow=False) + ["-gravity", "NorthWest", "-geometry", "+540+190", "-composite"]
    return magick("photo-plate", rng, folder, args, [
        ("read", "What is the licence plate number?", number), ("attr", "What colour is the car?", color), ("read", "What does the sticker in the rear window say?", sticker), ("count", "How many tail lights does the car have?", "2")])


def parcel(rng, folder):
    to, sender, face = *rng.sample(PEOPLE, 2), font(rng)
    street, town, weight, track = f"{rng.randint(2, 180)} {rng.choice(['Canal', 'Orchard', 'Station', 'Church'])} {rng.choice(['Road', 'Lane'])}", rng.choice(TOWNS), f"{rng.randint(1, 19)}.{rng.randint(0, 9)} kg", f"RX {rng.randint(100, 999)} {rng.randint(1000, 9999)} GB"
    service = rng.choice(["EXPRESS", "STANDARD", "FRAGILE", "REGISTERED"])
    bars = [w for i in range(46) if (n := rng.choice([2, 3, 5])) for w in ("-draw", f"rectangle {60 + 11 * i},400 {60 + 11 * i + n},470")]
    label = paper(640, 520, "#fdfdfb", words(f"From: {sender}", 24, "+40+30", face), words("To:", 24, "+40+90", face), words(to, 36, "+100+82", face), words(street, 32, "+100+134", face), words(town, 32, "+100+180", face),
                  words(f"Weight {weight}", 26, "+40+260", face), words(service, 40, "+40+252", face, "#b02020", "NorthEast"), words(track, 28, "+40+340", face), ["-fill", "#111", *bars], turn=rng.uniform(-5, 5))
    args = [*texture(1000, 800, "#c09a68", 2, 75), "-fill", "#d8c79a", "-draw", "rectangle 0,60 1000,110", *label, "-gravity", "Center", "-geometry", "+0+30", "-composite", "-brightness-contrast", f"{rng.randint(-12, 8)}x0"]
    return magick("photo-parcel", rng, folder, args, [
        ("kv", "Who is to receive the parcel?", to), ("kv", "Who sent the parcel?", sender), ("kv", "How much does the parcel weigh?", weight), ("kv", "To which town does it go?", town), ("read", "What is printed in red?", service), ("kv", "What is the tracking number?", track)])


def chalk(rng, folder):
    items = rng.sample(["Leek soup", "Fish pie", "Bean stew", "Goat curry", "Beet salad", "Apple cake", "Ginger beer", "Mint tea", "Rye toast"], 5)
    prices, face, name = [f"{rng.randint(2, 19)}.{rng.choice(['00', '50', '90'])}" for _ in items], font(rng), rng.choice(["The Copper Pot", "Café Tamarind", "Dock Kitchen", "Old Bakehouse"])
    args = [*texture(800, 900, "#1c2420", 4, 85), *words(name, 54, "+0+50", face, "#f4e9b8", "North"), "-fill", "#ddd", "-draw", "rectangle 80,130 720,134"]
    for i, (t, p) in enumerate(zip(items, prices)):
        args += words(t, 42, f"+90+{190 + 120 * i}", face, "#f4f4f0") + words(p, 42, f"+90+{190 + 120 * i}", face, "#f4f4f0", "NorthEast")
    args += ["-bordercolor", "#7a5230", "-border", "26", "-attenuate", "0.4", "+noise", "Gaussian"]
    k = rng.randrange(5)
    return magick("photo-chalk", rng, folder, args, [
        ("kv", f"How much do they charge for {items[k].lower()}?", prices[k]), ("title", "What is the place called?", name), ("kv", f"Which dish costs {prices[k - 1]}?", items[k - 1]) if prices.count(prices[k - 1]) == 1 else ("count", "How many dishes are on the board?", "5"),
        ("rel", f"What is listed right below {items[1].lower()}?", items[2]), ("exist", f"Do they have {items[k - 2].lower()}?", "yes"), ("exist", "Do they have onion tart?", "no")])


def scores(rng, folder):
    home, away = rng.sample(["WREXFORD", "ASHLEY", "DUNTON", "PORTMOOR", "KESWICK", "LANGDON"], 2)
    a, b = rng.sample(range(0, 99), 2)
    clock, quarter, face, color = f"{rng.randint(0, 11)}:{rng.randint(10, 59)}", rng.randint(1, 4), font(rng, mono=True), rng.choice(["#ffb000", "#ff4020", "#60ff60"])
    name = {"#ffb000": "orange", "#ff4020": "red", "#60ff60": "green"}[color]
    args = ["-size", "1100x600", "gradient:#1d2a44-#0c1220", "-fill", "#0a0a0a", "-stroke", "#666", "-strokewidth", "8", "-draw", "roundrectangle 100,70 1000,520 20,20", "-stroke", "none", *words(home, 44, "+150+110", face, "#fff"), *words(away, 44, "+150+110", face, "#fff", "NorthEast"),
            *words(str(a), 130, "+170+190", face, color), *words(str(b), 130, "+170+190", face, color, "NorthEast"), *words(clock, 80, "+0+210", face, color, "North"), *words(f"QUARTER {quarter}", 36, "+0+420", face, "#fff", "North"), "-blur", "0x0.7"]
    return magick("photo-scores", rng, folder, args, [
        ("kv", f"How many points does {home.title()} have?", str(a)), ("kv", "How much time is left on the clock?", clock), ("kv", "Which quarter is being played?", str(quarter)), ("bar", "Which team is ahead?", home if a > b else away),
        ("rel", "Which team is named on the right?", away), ("attr", "In which colour do the scores shine?", name)])


MAKERS = [(jar, 2), (motorway, 2), (notes, 2), (plate, 2), (parcel, 2), (chalk, 2), (scores, 2)]
