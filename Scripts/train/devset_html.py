"""Web pages of the development set, drawn by Chromium. Their words, layouts and fonts are not the generator's.

Every maker returns (html, width, height, [(family, question, answer)])."""

import random

FONTS = [
    "Inter",
    "Karla",
    "Oxygen",
    "B612",
    "TeX Gyre Heros",
    "TeX Gyre Termes",
    "Charis SIL",
    "JetBrains Mono",
    "TeX Gyre Adventor",
    "League Mono",
    "Junicode",
]
PEOPLE = [
    "Amelia Hartmann",
    "Bruno Castellanos",
    "Chidi Okafor",
    "Dagny Lindqvist",
    "Edith Marlowe",
    "Farid Haddad",
    "Greta Vogel",
    "Hiro Yamamoto",
    "Ines Carvalho",
    "Jonas Weber",
    "Keira Dunn",
    "Luca Ferri",
    "Marta Kowalska",
    "Nikhil Rao",
    "Odette Blanc",
    "Pavel Horak",
    "Quentin Shaw",
    "Ruth Abrams",
    "Sven Dahl",
    "Tomas Iglesias",
]
FIRMS = [
    "Northwind Traders",
    "Bluebird Logistics",
    "Acme Tools",
    "Fabrikam Labs",
    "Larkspur Studio",
    "Copper Kettle Cafe",
    "Harbor Dental",
    "Summit Outdoor",
    "Juniper Books",
    "Quarry Hill Farm",
]
DRINKS = [
    "Espresso",
    "Cappuccino",
    "Flat White",
    "Iced Tea",
    "Hot Chocolate",
    "Lemonade",
    "Croissant",
    "Blueberry Muffin",
    "Bagel",
    "Carrot Cake",
    "Ham Sandwich",
    "Tomato Soup",
    "Greek Salad",
    "Cheesecake",
]
WARES = [
    "Desk Lamp",
    "Office Chair",
    "Laser Printer",
    "USB Cable",
    "Notebook",
    "Wireless Mouse",
    "Monitor Stand",
    "Whiteboard",
    "Water Bottle",
    "Backpack",
    "Headphones",
    "Webcam",
    "Paper Shredder",
    "Label Maker",
]
CITIES = [
    "Lisbon",
    "Oslo",
    "Vienna",
    "Toronto",
    "Kyoto",
    "Nairobi",
    "Dublin",
    "Boston",
    "Prague",
    "Lima",
    "Denver",
    "Geneva",
]
COLORS = {
    "red": "#d9302c",
    "green": "#2e9e44",
    "blue": "#2a5bd7",
    "orange": "#f08a1d",
    "purple": "#7d3cb5",
    "yellow": "#f2cf2b",
}


def price(r: random.Random, low: float = 1, high: float = 400) -> float:
    return round(r.uniform(low, high), 2)


def css(r: random.Random, size: int, extra: str = "", dark: bool = False) -> str:
    back, ink = (
        ("#1b1d21", "#e6e7ea") if dark else (r.choice(["#ffffff", "#f6f7f9", "#fbfaf6"]), "#22252a")
    )
    return f"<meta charset=utf-8><style>*{{box-sizing:border-box}}body{{margin:0;font:{size}px '{r.choice(FONTS)}',sans-serif;background:{back};color:{ink}}}{extra}</style>"


def invoice(r):
    number, date, due = (
        f"INV-{r.randint(1000, 99999)}",
        f"{r.randint(1, 28):02d} {r.choice(['March', 'June', 'October'])} {r.randint(2021, 2026)}",
        f"{r.randint(2021, 2026)}-{r.randint(1, 12):02d}-{r.randint(1, 28):02d}",
    )
    firm, buyer, rows, total = r.choice(FIRMS), r.choice(PEOPLE), "", 0
    items = r.sample(WARES, r.randint(3, 7))
    lines = []
    for item in items:
        n, p = r.randint(1, 9), price(r, 4, 250)
        total += n * p
        lines.append((item, n, p))
        rows += f"<tr><td>{item}<td>{n}<td>${p:.2f}<td>${n * p:.2f}"
    tax = round(total * 0.2, 2)
    item, n, p = r.choice(lines)
    html = css(
        r,
        r.randint(15, 19),
        "main{padding:48px 60px}header{display:flex;justify-content:space-between}h1{font-size:2.2em;margin:0}table{width:100%;border-collapse:collapse;margin-top:30px}th{text-align:left;background:#e9edf3;color:#222}td,th{padding:9px 12px;border-bottom:1px solid #d5d9df}.sum{margin:24px 0 0 auto;width:320px}.sum div{display:flex;justify-content:space-between;padding:5px 12px}b{font-size:1.1em}",
    )
    html += f"<main><header><div><h1>{firm}</h1><p>14 Mill Lane<br>{r.choice(CITIES)}</div><div><h2>INVOICE</h2><div>Invoice number: <strong>{number}</strong></div><div>Date: {date}</div><div>Due date: {due}</div></div></header><p>Bill to<br><strong>{buyer}</strong>"
    html += f"<table><tr><th>Item<th>Qty<th>Price<th>Amount{rows}</table><div class=sum><div><span>Subtotal</span><span>${total:.2f}</span></div><div><span>Tax (20%)</span><span>${tax:.2f}</span></div><div><b>Total due</b><b>${total + tax:.2f}</b></div></div></main>"
    return (
        html,
        1100,
        1000,
        [
            ("kv", "What is the invoice number?", number),
            ("kv", "What is the due date?", due),
            ("kv", "How much is the total due?", f"${total + tax:.2f}"),
            ("table", f"What is the price of the {item.lower()}?", f"${p:.2f}"),
            ("title", "What is the name of the company?", firm),
        ],
    )


def receipt(r):
    items = [(d, price(r, 1.5, 12)) for d in r.sample(DRINKS, r.randint(3, 7))]
    total, method = sum(p for _, p in items), r.choice(["Visa", "Cash", "Mastercard"])
    number = str(r.randint(1000, 9999))
    html = css(
        r,
        r.randint(17, 24),
        f"body{{background:#8b8f96}}main{{width:440px;margin:24px auto;padding:26px;background:#fff;color:#111;font-family:'{r.choice(['JetBrains Mono', 'League Mono', 'B612 Mono'])}'}}h2{{text-align:center;margin:0 0 8px}}div{{display:flex;justify-content:space-between;padding:3px 0}}hr{{border:0;border-top:2px dashed #999}}",
    )
    shop = r.choice(FIRMS)
    html += (
        f"<main><h2>{shop}</h2><div><span>Receipt</span><span>{number}</span></div><hr>"
        + "".join(f"<div><span>{d}</span><span>{p:.2f}</span></div>" for d, p in items)
    )
    html += f"<hr><div><b>TOTAL</b><b>{total:.2f}</b></div><div><span>Paid by</span><span>{method}</span></div></main>"
    (a, p), (b, q) = r.sample(items, 2)
    return (
        html,
        900,
        900,
        [
            ("kv", f"How much is the {a.lower()}?", f"{p:.2f}"),
            ("kv", f"What does the {b.lower()} cost?", f"{q:.2f}"),
            ("kv", "What is the total?", f"{total:.2f}"),
            ("kv", "What is the receipt number?", number),
            ("unanswerable", "What is the phone number?", "unanswerable"),
        ],
    )


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
        f".w{{display:grid;grid-template-columns:230px 1fr;min-height:100vh}}nav{{padding:24px;background:{'#25282e' if dark else '#eceff3'}}}nav div{{padding:10px 14px;border-radius:8px}}.on{{background:#2a5bd7;color:#fff}}main{{padding:36px 48px}}.r{{display:flex;justify-content:space-between;padding:15px 0;border-bottom:1px solid {'#3a3e45' if dark else '#dfe3e8'};max-width:640px}}.r span:first-child{{opacity:.7}}button{{margin:24px 12px 0 0;padding:11px 24px;border:0;border-radius:8px;font:inherit}}",
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
        + f"<button style='background:{COLORS[color]};color:#fff'>{button}</button><button>Discard</button></main></div>"
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


def table(r):
    heads = r.sample(["City", "Sales", "Region", "Manager", "Orders", "Growth"], 4)
    heads = ["Store"] + [h for h in heads if h != "Store"]
    stores = r.sample(
        ["Maple", "Harbor", "Station", "Castle", "Riverside", "Orchard", "Market", "Airport"],
        r.randint(4, 8),
    )
    make = {
        "City": lambda: r.choice(CITIES),
        "Sales": lambda: f"${r.randint(900, 99000):,}",
        "Region": lambda: r.choice(["North", "South", "East", "West"]),
        "Manager": lambda: r.choice(PEOPLE),
        "Orders": lambda: str(r.randint(20, 999)),
        "Growth": lambda: f"{r.uniform(-9, 20):.1f}%",
    }
    data = {s: {h: make[h]() for h in heads[1:]} for s in stores}
    html = css(
        r,
        r.randint(14, 19),
        "main{padding:40px}table{border-collapse:collapse;width:100%}th{text-align:left;background:#31415c;color:#fff}td,th{padding:10px 14px}tr:nth-child(even) td{background:#eef1f5;color:#222}",
    )
    html += (
        "<main><h1>Store overview</h1><table><tr>"
        + "".join(f"<th>{h}" for h in heads)
        + "".join(
            "<tr><td>" + s + "".join(f"<td>{v}" for v in row.values()) for s, row in data.items()
        )
        + "</table></main>"
    )
    asked = [(s, h) for s in stores for h in heads[1:]]
    return (
        html,
        r.choice([1000, 1280, 1440]),
        760,
        [("table", f"What is the {h.lower()} of {s}?", data[s][h]) for s, h in r.sample(asked, 4)]
        + [("title", "What is the title of the page?", "Store overview")],
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
        f"body{{background:#5d6470;display:grid;place-items:center;height:100vh}}main{{background:#fff;color:#222;border-radius:14px;padding:30px 36px;width:520px;box-shadow:0 20px 60px #0008}}button{{padding:10px 22px;border-radius:8px;border:1px solid #bbb;font:inherit;background:#f3f3f3}}.p{{background:{COLORS[color]};color:{'#222' if color == 'yellow' else '#fff'};border:0}}",
    )
    html += f"<main><h2 style='margin-top:0'>{title}</h2><p>{text}</p><p style='text-align:right'><button>{no}</button> <button class=p>{yes}</button></main>"
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
        f"main{{padding:36px}}.g{{display:grid;grid-template-columns:repeat({r.choice([2, 3, 4])},1fr);gap:20px}}.c{{padding:22px;border-radius:14px;background:{'#272a31' if dark else '#fff'};box-shadow:0 2px 10px #0002}}.v{{font-size:2em;font-weight:700;margin-top:8px}}",
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


def boarding(r):
    data = {
        "Passenger": r.choice(PEOPLE),
        "Flight": f"{r.choice(['KL', 'BA', 'LX', 'QF'])}{r.randint(100, 999)}",
        "Gate": f"{r.choice('ABCDEF')}{r.randint(1, 40)}",
        "Seat": f"{r.randint(1, 40)}{r.choice('ABCDEF')}",
        "Boarding": f"{r.randint(5, 22):02d}:{r.choice(['05', '20', '35', '50'])}",
        "From": CITIES[r.randint(0, 5)],
        "To": CITIES[r.randint(6, 11)],
    }
    html = css(
        r,
        r.randint(15, 20),
        f"body{{background:#dfe4ea}}main{{margin:40px auto;width:900px;background:#fff;color:#222;border-radius:18px;overflow:hidden}}header{{background:{r.choice(list(COLORS.values()))};color:#fff;padding:18px 28px;font-size:1.4em;font-weight:700}}.g{{display:grid;grid-template-columns:repeat(3,1fr);gap:24px;padding:28px}}small{{color:#777;text-transform:uppercase}}b{{display:block;font-size:1.4em}}",
    )
    html += (
        "<main><header>Boarding pass</header><div class=g>"
        + "".join(f"<div><small>{k}</small><b>{v}</b></div>" for k, v in data.items())
        + "</div></main>"
    )
    ask = {
        "Passenger": "Who is the passenger?",
        "Flight": "What is the flight number?",
        "Gate": "What is the gate?",
        "Seat": "What is the seat?",
        "Boarding": "What time is boarding?",
    }
    return (
        html,
        1000,
        620,
        [("kv", ask[k], data[k]) for k in r.sample(list(ask), 4)]
        + [("title", "What is the title?", "Boarding pass")],
    )


def menu_board(r):
    items = [(d, f"{price(r, 2, 14):.2f}") for d in r.sample(DRINKS, r.randint(5, 9))]
    html = css(
        r,
        r.randint(20, 28),
        f"body{{background:#23302b;color:#f4efe2}}main{{padding:44px 70px}}h1{{text-align:center;font-family:'{r.choice(FONTS)}'}}div{{display:flex}}i{{flex:1;border-bottom:2px dotted #9a9;margin:0 10px 8px}}",
    )
    sign = r.choice(["$", "€", "£"])
    html += (
        "<main><h1>Today's menu</h1>"
        + "".join(f"<div><span>{d}</span><i></i><span>{sign}{p}</span></div>" for d, p in items)
        + "</main>"
    )
    return (
        html,
        1000,
        900,
        [("kv", f"How much is the {d.lower()}?", sign + p) for d, p in r.sample(items, 3)]
        + [("title", "What is the title?", "Today's menu")],
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
        "body{height:100vh;position:relative}div{position:absolute;padding:14px 26px;border-radius:6px;font-weight:700}",
    )
    for i, (t, c) in enumerate(zip(texts, colors)):
        html += f"<div style='left:{40 + 420 * (i % 2) + r.randint(0, 120)}px;top:{50 + 260 * (i // 2) + r.randint(0, 120)}px;background:{COLORS[c]};color:{'#222' if c in ('yellow', 'orange') else '#fff'}'>{t}</div>"
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
        html += f"<svg viewBox='0 0 80 80' style='position:absolute;left:{80 + x * 250}px;top:{60 + y * 220}px' width={size} height={size} fill='{COLORS[color]}'>{draw[kind]}</svg>"
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


def form(r):
    data = {
        "First name": r.choice(PEOPLE).split()[0],
        "Last name": r.choice(PEOPLE).split()[1],
        "Date of birth": f"{r.randint(1, 28):02d}/{r.randint(1, 12):02d}/{r.randint(1950, 2005)}",
        "Phone": f"+44 20 {r.randint(1000, 9999)} {r.randint(1000, 9999)}",
        "City": r.choice(CITIES),
        "Postcode": f"{r.choice(['SW', 'EC', 'NW'])}{r.randint(1, 20)} {r.randint(1, 9)}{r.choice('ABD')}{r.choice('EHN')}",
        "Member ID": f"{r.randint(100000, 999999)}",
    }
    html = css(
        r,
        r.randint(15, 18),
        f"main{{max-width:{r.choice([520, 760])}px;margin:30px auto}}label{{display:block;margin-top:14px;font-weight:600}}input{{width:100%;padding:9px 12px;font:inherit;border:1px solid #aab;border-radius:6px;background:#fff;color:#222}}button{{margin-top:20px;padding:11px 26px;font:inherit;background:#2e9e44;color:#fff;border:0;border-radius:6px}}",
    )
    html += (
        "<main><h1>Library registration</h1>"
        + "".join(f"<label>{k}</label><input value='{v}'>" for k, v in data.items())
        + "<button>Register</button></main>"
    )
    return (
        html,
        r.choice([900, 1200]),
        900,
        [
            ("kv", f"What is the {k if k == 'Member ID' else k.lower()}?", data[k])
            for k in r.sample(list(data), 4)
        ]
        + [
            ("read", "What does the green button say?", "Register"),
            ("unanswerable", "What is the invoice number?", "unanswerable"),
        ],
    )


MAKERS = [
    invoice,
    receipt,
    settings,
    table,
    dialog,
    cards,
    boarding,
    menu_board,
    signs,
    shapes,
    form,
]
