"""Screens of the development set, drawn by Chromium: settings, dialogs, dashboards, signs, shapes.

Every maker returns (html, width, height, [(family, question, answer)])."""

from check.vocabulary import COLORS, PEOPLE, css


def settings(r):
    values = {
        "Display name": r.choice(PEOPLE),
        "Email": r.choice(["amelia.h@larkspur.io", "ops@fabrikam.net", "hello@juniper.co"]),
        "Language": r.choice(["English (UK)", "Deutsch", "Português"]),
        "Time zone": r.choice(["UTC+01:00", "UTC-05:00", "UTC+09:00"]),
        "Storage used": f"{r.randint(1, 90)}.{r.randint(1, 9)} GB",
        "Plan": r.choice(["Starter", "Team", "Enterprise"]),
    }
    chosen = r.choice(["Profile", "Security", "Billing", "Devices"])
    color = r.choice(["blue", "green", "purple"])
    button = r.choice(["Save changes", "Update profile", "Apply"])
    dark = r.random() < 0.5
    html = css(
        r,
        r.randint(15, 18),
        ".w{display:grid;grid-template-columns:230px"
        f" 1fr;min-height:100vh}}nav{{padding:24px;background:{'#25282e' if dark else '#eceff3'}}}nav"
        " div{padding:10px"
        " 14px;border-radius:8px}.on{background:#2a5bd7;color:#fff}main{padding:36px"
        " 48px}.r{display:flex;justify-content:space-between;padding:15px 0;border-bottom:1px"
        f" solid {'#3a3e45' if dark else '#dfe3e8'};max-width:640px}}.r"
        " span:first-child{opacity:.7}button{margin:24px 12px 0 0;padding:11px"
        " 24px;border:0;border-radius:8px;font:inherit}",
        dark,
    )
    html += (
        "<div class=w><nav>"
        + "".join(
            f"<div class={'on' if n == chosen else 'off'}>{n}</div>"
            for n in ["Profile", "Security", "Billing", "Devices", "Privacy"]
        )
        + "</nav><main><h1>Account settings</h1>"
    )
    html += (
        "".join(f"<div class=r><span>{k}</span><span>{v}</span></div>" for k, v in values.items())
        + "<button"
        f" style='background:{COLORS[color]};color:#fff'>{button}</button><button>Discard</button></main></div>"
    )
    k = r.choice(list(values))
    return (
        html,
        1280,
        800,
        [
            ("kv", "What is the email?", values["Email"]),
            ("kv", f"What is the {k.lower()}?", values[k]),
            ("read", f"What does the {color} button say?", button),
            ("read", "Which menu item is selected?", chosen),
            ("exist", "Is there a Discard button?", "yes"),
            ("exist", "Is there a Print button?", "no"),
            ("title", "What is the title of the page?", "Account settings"),
        ],
    )


def dialog(r):
    color = r.choice(list(COLORS))
    title, text, yes = r.choice(
        [
            ("Delete file?", "This cannot be undone.", "Delete"),
            ("Unsaved changes", "Do you want to save them?", "Save"),
            ("Update available", "Version 4.2 is ready to install.", "Install now"),
            ("Sign out", "You will need your password again.", "Sign out now"),
        ]
    )
    no = r.choice(["Cancel", "Not now", "Keep editing"])
    html = css(
        r,
        r.randint(16, 22),
        "body{background:#5d6470;display:grid;place-items:center;height:100vh}main{background:#fff;color:#222;border-radius:14px;padding:30px"
        " 36px;width:520px;box-shadow:0 20px 60px #0008}button{padding:10px"
        " 22px;border-radius:8px;border:1px solid"
        f" #bbb;font:inherit;background:#f3f3f3}}.p{{background:{COLORS[color]};color:{'#222' if color == 'yellow' else '#fff'};border:0}}",
    )
    html += (
        f"<main><h2 style='margin-top:0'>{title}</h2><p>{text}</p><p"
        f" style='text-align:right'><button>{no}</button> <button class=p>{yes}</button></main>"
    )
    return (
        html,
        r.choice([900, 1024, 1366]),
        700,
        [
            ("read", f"What does the {color} button say?", yes),
            ("exist", f"Is there a {no} button?", "yes"),
            ("exist", "Is there a Help button?", "no"),
            ("title", "What is the title of the window?", title),
        ],
    )


def cards(r):
    labels = [
        "Active users",
        "Revenue",
        "Open tickets",
        "Uptime",
        "Response time",
        "Conversion",
        "Page views",
        "Refunds",
    ]
    make = [
        lambda: f"{r.randint(100, 99999):,}",
        lambda: f"${r.randint(1000, 900000):,}",
        lambda: str(r.randint(2, 400)),
        lambda: f"{r.uniform(97, 99.99):.2f}%",
        lambda: f"{r.randint(20, 900)} ms",
        lambda: f"{r.uniform(1, 9):.1f}%",
        lambda: f"{r.randint(1, 99)}.{r.randint(1, 9)}k",
        lambda: f"${r.randint(10, 999)}",
    ]
    data = {k: m() for k, m in zip(labels, make)}
    dark = r.random() < 0.5
    html = css(
        r,
        r.randint(15, 18),
        f"main{{padding:36px}}.g{{display:grid;grid-template-columns:repeat({r.choice([2, 3, 4])},1fr);gap:20px}}.c{{padding:22px;border-radius:14px;background:{'#272a31' if dark else '#fff'};box-shadow:0"
        " 2px 10px #0002}.v{font-size:2em;font-weight:700;margin-top:8px}",
        dark,
    )
    html += (
        "<main><h1>Service dashboard</h1><div class=g>"
        + "".join(f"<div class=c>{k}<div class=v>{v}</div></div>" for k, v in data.items())
        + "</div></main>"
    )
    return (
        html,
        r.choice([1280, 1440, 1600]),
        820,
        [("kv", f"What is the value of {k.lower()}?", data[k]) for k in r.sample(labels, 4)]
        + [
            ("title", "What is the title of the page?", "Service dashboard"),
            ("unanswerable", "Who is the manager?", "unanswerable"),
        ],
    )


def signs(r):
    texts = r.sample(
        [
            "Ring Road",
            "No Swimming",
            "Ticket Office",
            "Platform 9",
            "Bike Path",
            "Wet Paint",
            "Quiet Zone",
            "Lost Property",
            "Deliveries",
            "Garden Cafe",
        ],
        4,
    )
    colors = r.sample(list(COLORS), 4)
    html = css(
        r,
        r.randint(20, 34),
        "body{height:100vh;position:relative}div{position:absolute;padding:14px"
        " 26px;border-radius:6px;font-weight:700}",
    )
    for i, (t, c) in enumerate(zip(texts, colors)):
        html += (
            "<div"
            f" style='left:{40 + 420 * (i % 2) + r.randint(0, 120)}px;top:{50 + 260 * (i // 2) + r.randint(0, 120)}px;background:{COLORS[c]};color:{'#222' if c in ('yellow', 'orange') else '#fff'}'>{t}</div>"
        )
    return (
        html,
        1000,
        640,
        [("read", f"What does the {c} sign say?", t) for t, c in zip(texts[:3], colors)]
        + [("exist", "Is there a red star?", "no")],
    )


def shapes(r):
    draw = {
        "circle": "<circle cx=40 cy=40 r=36>",
        "square": "<rect x=6 y=6 width=68 height=68>",
        "triangle": "<polygon points='40,4 76,74 4,74'>",
        "star": "<polygon points='40,2 49,30 78,30 55,47 64,76 40,58 16,76 25,47 2,30 31,30'>",
        "diamond": "<polygon points='40,2 72,40 40,78 8,40'>",
        "hexagon": "<polygon points='40,2 74,21 74,59 40,78 6,59 6,21'>",
    }
    kinds, colors, size = r.sample(list(draw), 4), r.sample(list(COLORS), 4), r.choice([24, 34, 60])
    html, spots = css(r, 16), r.sample([(x, y) for x in range(4) for y in range(3)], 4)
    for kind, color, (x, y) in zip(kinds, colors, spots):
        html += (
            "<svg viewBox='0 0 80 80'"
            f" style='position:absolute;left:{80 + x * 250}px;top:{60 + y * 220}px' width={size}"
            f" height={size} fill='{COLORS[color]}'>{draw[kind]}</svg>"
        )
    (ax, ay), (bx, by) = spots[:2]
    out = [
        ("attr", f"What color is the {kinds[0]}?", colors[0]),
        ("attr", f"What color is the {kinds[1]}?", colors[1]),
        ("exist", f"Is there a {colors[2]} {kinds[2]}?", "yes"),
        ("exist", f"Is there a {colors[2]} {kinds[3]}?", "no"),
        ("count", f"How many {kinds[2]}s are there?", "1"),
    ]
    if abs(ax - bx) > abs(ay - by):
        out.append(
            (
                "rel",
                f"Is the {kinds[0]} left or right of the {kinds[1]}?",
                "left" if ax < bx else "right",
            )
        )
    elif abs(ay - by) > abs(ax - bx):
        out.append(
            (
                "rel",
                f"Is the {kinds[0]} above or below the {kinds[1]}?",
                "above" if ay < by else "below",
            )
        )
    return html, 1100, 760, out


MAKERS = [settings, dialog, cards, signs, shapes]
