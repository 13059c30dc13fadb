"""Papers of the development set, drawn by Chromium: invoices, receipts, tables, tickets, forms.

Every maker returns (html, width, height, [(family, question, answer)])."""

from check.vocabulary import CITIES, COLORS, DRINKS, FIRMS, FONTS, PEOPLE, WARES, css, price


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
        "main{padding:48px"
        " 60px}header{display:flex;justify-content:space-between}h1{font-size:2.2em;margin:0}table{width:100%;border-collapse:collapse;margin-top:30px}th{text-align:left;background:#e9edf3;color:#222}td,th{padding:9px"
        " 12px;border-bottom:1px solid #d5d9df}.sum{margin:24px 0 0 auto;width:320px}.sum"
        " div{display:flex;justify-content:space-between;padding:5px 12px}b{font-size:1.1em}",
    )
    html += (
        f"<main><header><div><h1>{firm}</h1><p>14 Mill"
        f" Lane<br>{r.choice(CITIES)}</div><div><h2>INVOICE</h2><div>Invoice number:"
        f" <strong>{number}</strong></div><div>Date: {date}</div><div>Due date:"
        f" {due}</div></div></header><p>Bill to<br><strong>{buyer}</strong>"
    )
    html += (
        f"<table><tr><th>Item<th>Qty<th>Price<th>Amount{rows}</table><div"
        f" class=sum><div><span>Subtotal</span><span>${total:.2f}</span></div><div><span>Tax"
        f" (20%)</span><span>${tax:.2f}</span></div><div><b>Total"
        f" due</b><b>${total + tax:.2f}</b></div></div></main>"
    )
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
        "body{background:#8b8f96}main{width:440px;margin:24px"
        f" auto;padding:26px;background:#fff;color:#111;font-family:'{r.choice(['JetBrains Mono', 'League Mono', 'B612 Mono'])}'}}h2{{text-align:center;margin:0"
        " 0 8px}div{display:flex;justify-content:space-between;padding:3px"
        " 0}hr{border:0;border-top:2px dashed #999}",
    )
    shop = r.choice(FIRMS)
    html += (
        f"<main><h2>{shop}</h2><div><span>Receipt</span><span>{number}</span></div><hr>"
        + "".join(f"<div><span>{d}</span><span>{p:.2f}</span></div>" for d, p in items)
    )
    html += (
        f"<hr><div><b>TOTAL</b><b>{total:.2f}</b></div><div><span>Paid"
        f" by</span><span>{method}</span></div></main>"
    )
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
        "main{padding:40px}table{border-collapse:collapse;width:100%}th{text-align:left;background:#31415c;color:#fff}td,th{padding:10px"
        " 14px}tr:nth-child(even) td{background:#eef1f5;color:#222}",
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
        "body{background:#dfe4ea}main{margin:40px"
        f" auto;width:900px;background:#fff;color:#222;border-radius:18px;overflow:hidden}}header{{background:{r.choice(list(COLORS.values()))};color:#fff;padding:18px"
        " 28px;font-size:1.4em;font-weight:700}.g{display:grid;grid-template-columns:repeat(3,1fr);gap:24px;padding:28px}small{color:#777;text-transform:uppercase}b{display:block;font-size:1.4em}",
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
        "body{background:#23302b;color:#f4efe2}main{padding:44px"
        f" 70px}}h1{{text-align:center;font-family:'{r.choice(FONTS)}'}}div{{display:flex}}i{{flex:1;border-bottom:2px"
        " dotted #9a9;margin:0 10px 8px}",
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


def form(r):
    data = {
        "First name": r.choice(PEOPLE).split()[0],
        "Last name": r.choice(PEOPLE).split()[1],
        "Date of birth": f"{r.randint(1, 28):02d}/{r.randint(1, 12):02d}/{r.randint(1950, 2005)}",
        "Phone": f"+44 20 {r.randint(1000, 9999)} {r.randint(1000, 9999)}",
        "City": r.choice(CITIES),
        "Postcode": (
            f"{r.choice(['SW', 'EC', 'NW'])}{r.randint(1, 20)}"
            f" {r.randint(1, 9)}{r.choice('ABD')}{r.choice('EHN')}"
        ),
        "Member ID": f"{r.randint(100000, 999999)}",
    }
    html = css(
        r,
        r.randint(15, 18),
        f"main{{max-width:{r.choice([520, 760])}px;margin:30px"
        " auto}label{display:block;margin-top:14px;font-weight:600}input{width:100%;padding:9px"
        " 12px;font:inherit;border:1px solid"
        " #aab;border-radius:6px;background:#fff;color:#222}button{margin-top:20px;padding:11px"
        " 26px;font:inherit;background:#2e9e44;color:#fff;border:0;border-radius:6px}",
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


MAKERS = [invoice, receipt, table, boarding, menu_board, form]
