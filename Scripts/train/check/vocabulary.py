"""Names, goods, fonts and colours of the development set; none of the lists is the generator's."""

import random

FONTS = [
    "Inter",
    "Karla",
    "Oxygen-Sans",
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
    return (
        f"<meta charset=utf-8><style>*{{box-sizing:border-box}}body{{margin:0;font:{size}px"
        f" '{r.choice(FONTS)}',sans-serif;background:{back};color:{ink}}}{extra}</style>"
    )
