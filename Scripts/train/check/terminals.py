"""Programs in a terminal (xterm)."""

import os
import random
import shlex

from check.sheet import GOODS, PEOPLE, TOWNS, Screen, Sheet, font, run

PAPERS = [("#101418", "#d8dee0"), ("#fdfdf6", "#202020"), ("#1d1f4a", "#f0f0ff"), ("#f0ead6", "#333322"), ("#0f2a1d", "#a8f0b8")]


def terminal(kind: str, rng: random.Random, folder, screen: Screen, command: str, asked, columns: int = 88, lines: int = 26) -> Sheet:
    """A command line and what it prints, or a program that fills the terminal."""
    (ground, ink), face = rng.choice(PAPERS), font(rng, mono=True)
    image = screen.shoot(
        "xterm", "-fa", face, "-xrm", f"XTerm*scaleHeight: {1.35 if face == 'League Mono' else 1.05}", "-fs", str(rng.choice([11, 12, 13])), "-geometry", f"{columns}x{lines}+0+0", "-bg", ground, "-fg", ink, "-b", "8", "+sb", "-uc", "-e", "sh", "-c",
        f"stty -echo; {command}; printf '$ '; sleep 60", folder=folder, environment=dict(HOME=str(folder), TZ="UTC", TERM="xterm-256color"))
    return Sheet(kind, image, asked)


def files(rng: random.Random, folder, n: int) -> list[tuple[str, int, str]]:
    """Makes files: (name, size in bytes, day)."""
    folder.mkdir(exist_ok=True)
    names = [f"{g}.{e}" for g, e in zip(rng.sample(GOODS, n), [rng.choice(["txt", "csv", "log", "tar", "c"]) for _ in range(n)])]
    out = []
    for name, size in zip(names, rng.sample(range(120, 98000), n)):
        (folder / name).write_bytes(b"x" * size)
        stamp = rng.randrange(1_400_000_000, 1_700_000_000)
        os.utime(folder / name, (stamp, stamp))
        out.append((name, size, stamp))
    return out


def listing(rng, folder, screen):
    made = files(rng, folder / "store", rng.randint(6, 9))
    ending = made[0][0].rsplit(".", 1)[1]
    k = rng.randrange(len(made))
    largest = max(made, key=lambda f: f[1])[0]
    sort = rng.choice(["", "-S ", "-t "])
    return terminal("xterm-ls", rng, folder, screen, f"cd store; echo '$ ls -gG {sort}--time-style=long-iso'; ls -gG {sort}--time-style=long-iso", [
        ("table", f"How many bytes does {made[k][0]} have?", str(made[k][1])), ("bar", "Which file takes the most space?", largest), ("count", f"How many .{ending} files are listed?", str(sum(n.endswith("." + ending) for n, *_ in made))),
        ("count", "How many files does the listing show?", str(len(made))), ("exist", "Is there a file called umbrella.txt?", "no")], 80, 16)


def commander(rng, folder, screen):
    one, two = files(rng, folder / "left", rng.randint(4, 7)), files(rng, folder / "right", rng.randint(3, 6))
    only = [n for n, *_ in one if n not in {m for m, *_ in two}]
    return terminal("xterm-mc", rng, folder, screen, "mc -u -x left right", [
        ("table", f"What size does {only[0]} have?", str(dict((n, s) for n, s, _ in one)[only[0]])), ("rel", f"Is {only[-1]} listed in the left or in the right panel?", "left"), ("read", "What does the F5 key do?", "Copy"),
        ("read", "What is written next to 7 in the bottom line?", "Mkdir"), ("count", "How many files are in the right panel?", str(len(two)))], 100, 28)


def menu(rng, folder, screen):
    title, items = rng.choice(["Rescue disk", "Kiosk set-up", "Print server"]), rng.sample(["Test memory", "Check disks", "Set the clock", "Choose keyboard", "Start shell", "Copy system", "Switch off"], 5)
    at = rng.randrange(5)
    words = " ".join(f"{i + 1} {shlex.quote(t)}" for i, t in enumerate(items))
    k = rng.randrange(5)
    return terminal("xterm-menu", rng, folder, screen, f"dialog --default-item {at + 1} --title {shlex.quote(title)} --menu 'What do you want to do?' 16 50 6 {words}", [
        ("read", "Which line is highlighted?", items[at]), ("title", "What is the title of the box?", title), ("kv", f"What happens with number {k + 1}?", items[k]), ("count", "How many choices are offered?", "5"), ("exist", "Can one cancel here?", "yes")], 74, 22)


def checklist(rng, folder, screen):
    items, on = rng.sample(["mail", "web", "print", "backup", "games", "sound", "maps"], 6), [rng.random() < 0.5 for _ in range(6)]
    on[0], on[1] = True, False
    words = " ".join(f"{t} 'the {t} service' {'on' if o else 'off'}" for t, o in zip(items, on))
    k = rng.randrange(6)
    return terminal("xterm-checklist", rng, folder, screen, f"dialog --title Services --checklist 'Start at boot:' 17 54 7 {words}", [
        ("exist", f"Will the {items[k]} service be started?", "yes" if on[k] else "no"), ("count", "How many services are marked with a star?", str(sum(on))), ("title", "What is chosen in this box?", "Services"), ("count", "How many services can be chosen from?", "6"), ("read", "What does the left button say?", "OK")], 78, 23)


def entry(rng, folder, screen):
    name, town, age, phone = rng.choice(PEOPLE), rng.choice(TOWNS), str(rng.randint(18, 90)), f"0{rng.randint(100, 999)} {rng.randint(10000, 99999)}"
    rows = [("Name", name), ("Town", town), ("Age", age), ("Telephone", phone)]
    words = " ".join(f"{shlex.quote(l + ':')} {i + 1} 2 {shlex.quote(v)} {i + 1} 16 26 0" for i, (l, v) in enumerate(rows))
    return terminal("xterm-form", rng, folder, screen, f"dialog --title 'Boat club' --form 'New member' 14 60 5 {words}", [
        ("kv", "Where does the new member live?", town), ("kv", "What is the member called?", name), ("kv", "How old is this person?", age), ("kv", "What is the telephone number?", phone), ("title", "Which club is it?", "Boat club")], 78, 22)


def history(rng, folder, screen):
    people = rng.sample(PEOPLE, 3)
    subjects = rng.sample(["Fix the tide table", "Add a dark theme", "Drop the old parser", "Count leap days", "Speed up search", "Translate the menu", "Bump the version"], 5)
    makers, days = [rng.choice(people) for _ in subjects], sorted(f"20{rng.randint(15, 25)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}" for _ in subjects)
    run("git", "init", "-q", ".", folder=folder)
    for s, m, d in zip(subjects, makers, days):
        run("git", "-c", f"user.name={m}", "-c", "user.email=a@b.org", "-c", "commit.gpgsign=false", "commit", "-q", "--allow-empty", f"--date={d}T12:00:00", "-m", s, folder=folder)
    k = rng.randrange(5)
    return terminal("xterm-git", rng, folder, screen, "echo '$ git log'; git -c color.ui=always -c core.pager=cat log --date=short --format='%C(bold)%ad%C(reset)  %<(18)%an %s'", [
        ("table", f"Who wrote “{subjects[k]}”?", makers[k]), ("table", f"On which day was “{subjects[k - 1]}” committed?", days[k - 1]), ("count", "How many commits are listed?", "5"),
        ("rel", "What does the topmost commit do?", subjects[-1]), ("rel", "Which commit is the oldest?", subjects[0])], 84, 14)


def frame(rng, folder, screen):
    towns, n = rng.sample(TOWNS, 6), 6
    rain, wind, sun = rng.sample(range(100, 1900), n), rng.sample(range(4, 60), n), [round(rng.uniform(1, 12), 1) for _ in range(n)]
    columns = "town=c(" + ",".join(f'\\"{t}\\"' for t in towns) + "),rain=c(" + ",".join(map(str, rain)) + "),wind=c(" + ",".join(map(str, wind)) + "),sun=c(" + ",".join(map(str, sun)) + ")"
    k = rng.randrange(n)
    return terminal("xterm-r", rng, folder, screen, f'echo "> climate"; Rscript --vanilla -e "print(data.frame({columns}))"', [
        ("table", f"What is the rain value for {towns[k]}?", str(rain[k])), ("table", f"Which town has a wind of {wind[k - 1]}?", towns[k - 1]), ("bar", "Where does it rain most?", towns[rain.index(max(rain))]),
        ("bar", "Which town has the least wind?", towns[wind.index(min(wind))]), ("count", "How many rows are printed?", "6"), ("table", f"Which town stands in row {k + 1}?", towns[k])], 60, 14)


MAKERS = [(listing, 2), (commander, 2), (menu, 1), (checklist, 2), (entry, 1), (history, 2), (frame, 2)]
