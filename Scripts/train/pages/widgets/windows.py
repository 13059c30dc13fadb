"""Windows of programs as nested descriptions, which `gtk.py` and `qt.py` build of their own widgets.

A description is a dict: `w` names the widget, `of` holds what is in it, `grow` is 1 where it takes the space that is left."""

import random

from pages.content import Content

MENUS = {
    "File": "New|Open…|Open Recent|Save|Save As…|Print…|Page Setup…|Export…|Import…|Properties|Close|Quit",
    "Edit": "Undo|Redo|Cut|Copy|Paste|Delete|Select All|Find…|Replace…|Preferences",
    "View": "Toolbar|Status Bar|Side Pane|Zoom In|Zoom Out|Normal Size|Full Screen|Reload|Show Hidden Files|Icons|Details",
    "Insert": "Table…|Image…|Symbol…|Link…|Comment|Page Break|Header|Footnote|Date and Time",
    "Format": "Bold|Italic|Underline|Font…|Paragraph…|Columns…|Bullets|Align Left|Center|Clear Formatting",
    "Tools": "Spelling…|Word Count|Macros|Options…|Customize…|Statistics|Plugins|Synchronize|Compare Files",
    "Go": "Back|Forward|Up|Home|Go to Line…|Bookmarks|History|Next Page|Previous Page",
    "Message": "Reply|Reply All|Forward|Archive|Mark as Read|Move to…|Junk|Print…", "Bookmarks": "Add Bookmark|Manage Bookmarks…|Show All",
    "Window": "New Window|Split|Next Tab|Previous Tab|Minimize|Close All", "Help": "Contents|Keyboard Shortcuts|Report a Problem…|Check for Updates|About",
}
TOOLS = "New|Open|Save|Print|Undo|Redo|Cut|Copy|Paste|Find|Reload|Back|Forward|Home|Up|Add|Remove|Edit|Reply|Forward|Delete|Archive|Send|Run|Stop|Pause|Build|Import|Export|Settings|Help|Zoom in|Zoom out|Refresh|Filter|Sort|Share|Download|Upload".split("|")
OPTIONS = (
    "Show hidden files|Enable notifications|Check for updates automatically|Play sounds|Start when I log in|Remember passwords|Show line numbers|"
    "Wrap long lines|Highlight current line|Auto save|Use dark theme|Location services|Bluetooth|Wi-Fi|Airplane mode|Night light|Do not disturb|"
    "Mobile data|Automatic brightness|Show battery percentage|Lock screen when idle|Tap to click|Natural scrolling|Mouse acceleration|Sticky keys|"
    "Screen reader|Large text|High contrast|Reduce animations|Sync contacts|Sync calendar|Send usage statistics|Ask before closing tabs|Block pop-up windows|"
    "Clear history on exit|Warn when battery is low|Make backups|Keep deleted files|Compress old logs|Follow system language|Show previews|Spell checking|"
    "Confirm before deleting|Single click opens items|Show thumbnails|Use proxy|Allow remote access|Share printer|Print in color|Print on both sides|Collate copies|"
    "Include attachments|Request read receipt|Show week numbers|24-hour clock|Repeat playlist|Shuffle|Fade between tracks|Show toolbar|Show status bar|Vibrate on touch"
).split("|")
FIELDS = {
    "First name": "first", "Last name": "last", "Full name": "person", "Email": "email", "Phone": "phone", "Company": "company", "Department": "department",
    "Street": "street", "City": "city", "Country": "country", "Postcode": "postcode", "Date of birth": "date", "Job title": "job", "Website": "domain",
    "Invoice date": "date", "Amount": "money", "Account": "iban", "File name": "filename", "Start time": "time", "Due date": "date", "Product": "product",
    "Version": "version", "Duration": "duration", "Contact": "person", "Manager": "person", "Valid until": "date", "Discount": "percent", "Size": "size", "Server": "domain",
    "Destination": "city", "Departure": "time", "Arrival": "time", "Last modified": "date", "Owner": "person", "Location": "city", "Category": "word", "Price": "money",
}
CHOICES = {
    "Language": "English|German|French|Spanish|Italian|Dutch|Polish", "Theme": "Light|Dark|System", "Sort by": "Name|Size|Date|Type", "Encoding": "UTF-8|ISO-8859-1|UTF-16|ASCII",
    "Paper size": "A4|A5|Letter|Legal", "Orientation": "Portrait|Landscape", "Quality": "Draft|Normal|High", "Priority": "Low|Normal|High|Urgent", "Units": "Metric|Imperial",
    "Time zone": "UTC|Europe/Berlin|Europe/London|America/New_York|Asia/Tokyo", "Resolution": "1280 x 720|1920 x 1080|2560 x 1440", "Output device": "Speakers|Headphones|HDMI",
    "Security": "None|WPA2|WPA3", "Protocol": "IMAP|POP3|Exchange", "Role": "Viewer|Editor|Admin", "Status": "Active|Paused|Closed", "Format": "PDF|PNG|SVG|JPEG|CSV",
    "Frequency": "Daily|Weekly|Monthly|Never", "Indentation": "Spaces|Tabs", "Refresh rate": "60 Hz|75 Hz|120 Hz|144 Hz", "Font": "Sans 11|Serif 12|Mono 10", "Currency": "EUR|USD|GBP|CHF",
}
COLUMNS = {
    "Size": "size", "Modified": "date", "Owner": "person", "Date": "date", "From": "person", "Amount": "money", "City": "city", "Phone": "phone", "Email": "email", "Time": "time",
    "Version": "version", "Length": "duration", "Company": "company", "Department": "department", "Price": "money", "Share": "percent", "Artist": "person", "Country": "country",
}
MESSAGES = [
    ("Delete “{f}”?", "If you delete this file it cannot be restored.", "Delete"), ("Save changes to “{f}” before closing?", "If you don't save, changes will be lost.", "Save"),
    ("Could not connect to {d}", "Check your network settings and try again.", "Try Again"), ("Replace file “{f}”?", "Another file with the same name already exists.", "Replace"),
    ("Authentication required", "Enter the password for {p} to go on.", "Unlock"), ("{n} updates are available", "The computer must be restarted to install them.", "Install Now"),
    ("The disk is almost full", "Only {s} are left on this volume.", "Clean Up…"), ("Pairing request", "Does {n}{n} match the number on the device?", "Confirm"),
    ("Quit and lose {n} messages?", "They have not been sent yet.", "Quit Anyway"), ("Printer out of paper", "Load paper into tray {t} and go on.", "Continue"),
    ("Trust this certificate?", "{d} cannot be verified.", "Trust"), ("Restart required", "{p} is still logged in.", "Restart"),
]
PAGES = "General|Appearance|Network|Privacy|Accounts|Sound|Display|Keyboard|Mouse|Printers|Power|Notifications|Updates|Storage|Security|Editor|Plugins|Shortcuts|Advanced|Fonts & Colors|Backup|Sharing|Language|About|View|Search|Proxy|Layout|Export|Details".split("|")


def label(t, **more): return dict(w="label", t=t, **more)
def naming(t, control, **more): return row(dict(label(t), names_next=1), control, **more)
def button(t, **more): return dict(w="button", t=t, **more)
def column(*of, **more): return dict(w="column", of=list(of), **more)
def row(*of, **more): return dict(w="row", of=list(of), **more)
def form(*pairs, **more): return dict(w="form", of=[list(p) for p in pairs], **more)
def grow(widget): return dict(widget, grow=1)


class Windows:
    """Random windows: each method is a kind of program."""

    def __init__(self, seed):
        self.rng, self.c = random.Random(f"window {seed}"), Content(f"window {seed}")

    def window(self) -> dict:
        make = self.rng.choice([self.message, self.preferences, self.settings, self.registration, self.files, self.mail, self.calculator, self.editor,
                                self.records, self.contact, self.properties, self.player, self.printing, self.tasks, self.login, self.find, self.wizard])
        title, body, width, height = make()
        bottom = self.rng.uniform(0.9, 1.15)
        return dict(title=title, of=body, width=round(width * bottom), height=round(height * bottom), bar=self.rng.random() < 0.75, kind=make.__name__)

    # Parts
    def field(self, name): return dict(w="entry", t=getattr(self.c, FIELDS[name])())
    def choice(self, name):
        options = CHOICES[name].split("|")
        return dict(w="combo", of=options, at=self.rng.randrange(len(options)))
    def fields(self, n): return [(name, self.field(name)) for name in self.rng.sample(sorted(FIELDS), n)]
    def choices(self, n): return [(name, self.choice(name)) for name in self.rng.sample(sorted(CHOICES), n)]
    def checks(self, n, kind="check"):
        return [dict(w=kind, t=t, on=int(self.rng.random() < 0.5)) for t in self.rng.sample(OPTIONS, n)]
    def switches(self, n): return form(*[(c["t"], dict(w="switch", on=c["on"])) for c in self.checks(n)], wide=1)
    def radios(self, options): return dict(w="radio", of=options, at=self.rng.randrange(len(options)))
    def spin(self): return dict(w="spin", t=self.rng.choice([self.rng.randint(1, 20), self.rng.randint(1, 500)]))
    def buttons(self, *names):
        names = list(names) if self.rng.random() < 0.7 else list(names)[::-1]
        of = [button(t, off=int(self.rng.random() < 0.12)) for t in names]
        if self.rng.random() < 0.5:
            at = self.rng.randrange(len(of))
            of[at] = button(names[at], color=self.rng.choice(["blue", "green", "red", "orange", "purple"]))
        return row(dict(w="space", grow=1), *of)
    def menubar(self, opened=0.3):
        names = ["File", "Edit"] + self.rng.sample(["View", "Insert", "Format", "Tools", "Go", "Bookmarks", "Window"], self.rng.randint(1, 4)) + ["Help"]
        out = dict(w="menubar", of=names)
        if self.rng.random() < opened:
            at = self.rng.randrange(len(names))
            items = MENUS[names[at]].split("|")
            out.update(open=at, items=[i for i in items if self.rng.random() < 0.85] or items)
        return out
    def toolbar(self): return dict(w="toolbar", of=self.rng.sample(list(dict.fromkeys(TOOLS)), self.rng.randint(3, 8)), icons=self.rng.randrange(3))
    def table(self, of, makers, n, noun):
        c, values = self.c, lambda m: m() if callable(m) else getattr(c, m)()
        names = list(dict.fromkeys(of() for _ in range(n)))
        rows = [[name] + [values(m) for m in makers.values()] for name in names]
        return rows, dict(w="table", rows=rows, at=self.rng.randrange(len(rows)) if self.rng.random() < 0.6 else -1, noun=noun, grow=1)
    def tabs(self, *pages):
        names = self.rng.sample(PAGES, len(pages) + self.rng.randint(1, 3))
        at = self.rng.randrange(len(names))
        return dict(w="tabs", names=names, at=at, of=[pages[at % len(pages)]], grow=1)

    # Programs
    def message(self):
        c, (head, text, yes) = self.c, self.rng.choice(MESSAGES)
        fill = lambda t: t.format(f=c.filename(), d=c.domain(), p=c.first(), n=c.int(2, 99), s=c.size(), t=c.int(1, 4))
        head, text = fill(head), fill(text)
        names = self.rng.sample(["Cancel", "Keep", "Not Now", "Help", "Details"], self.rng.randint(1, 2)) + [yes]
        inner = [label(head, size=self.rng.choice([1.0, 1.2, 1.4]), bold=1), label(text)]
        if self.rng.random() < 0.4:
            inner += self.checks(1)
        return self.rng.choice(["Question", "Warning", "Confirm", c.name_thing(), "Information", "System"]), column(grow(column(*inner)), self.buttons(*names), pad=18, gap=12), 480, 190

    def preferences(self):
        pages = [column(*self.checks(self.rng.randint(3, 7)), form(*self.choices(2)), pad=10),
                 column(form(*self.choices(self.rng.randint(2, 5)), ("Timeout (s)", self.spin())), pad=10),
                 column(dict(w="frame", t="Behavior", of=[column(*self.checks(3), pad=6)]), dict(w="frame", t="Start with", of=[self.radios(["Blank page", "Last session", "Home page"])]), pad=10)]
        return self.rng.choice(["Preferences", "Options", f"{self.c.name_thing()} Preferences", "Configure"]), column(self.tabs(*pages), self.buttons("Cancel", "Apply", "OK"), pad=10), 560, 430

    def settings(self):
        names = self.rng.sample(PAGES, self.rng.randint(5, 11))
        at = self.rng.randrange(len(names))
        body = [label(names[at], size=1.5, bold=1, head=1), self.switches(self.rng.randint(3, 7)), form(*self.choices(self.rng.randint(1, 3)), ("Volume", dict(w="slider", v=self.rng.randint(0, 100))))]
        return "Settings", row(dict(w="list", of=names, at=at, width=190), grow(column(*body, pad=16, gap=12))), 820, 400

    def registration(self):
        c = self.c
        extra = [dict(w="frame", t="Delivery", of=[self.radios(["Pick up", "Post", "Courier"])])] if self.rng.random() < 0.5 else []
        names = self.rng.choice([("Cancel", "Register"), ("Discard", "Save Contact"), ("Back", "Submit"), ("Close", "Add Customer")])
        return self.rng.choice(["Registration", "New customer", "Edit record", c.title()]), column(
            grow(form(*self.fields(self.rng.randint(4, 9)), *self.choices(self.rng.randint(0, 2)))), *extra, *self.checks(self.rng.randint(0, 2)), self.buttons(*names), pad=14, gap=10), 540, 300

    def files(self):
        c = self.c
        kinds = lambda: c.pick(["Document", "Image", "Text", "Archive", "Audio", "Video", "Script"])
        makers = {"Size": "size", "Type": kinds, "Modified": "date"} if self.rng.random() < 0.7 else {"Modified": "date", "Size": "size", "Owner": "first"}
        rows, table = self.table(c.filename, makers, self.rng.randint(5, 16), "file|files")
        table["heads"] = ["Name"] + list(makers)
        places = ["Home", "Desktop", "Documents", "Downloads", "Music", "Pictures", "Videos", "Trash", "Network"]
        side = dict(w="list", of=self.rng.sample(places, self.rng.randint(5, 8)), at=self.rng.randrange(5), width=150)
        top = [self.menubar()] if self.rng.random() < 0.6 else []
        path = naming("Location:", dict(w="entry", t="/home/" + c.first().lower() + "/" + c.word(), grow=1), pad=4)
        status = dict(w="status", t=f"{len(rows)} items, {c.size()} free")
        return self.rng.choice(["File Manager", "Files", "Downloads", c.word().capitalize()]), column(*top, self.toolbar(), path, grow(row(side, table)), status, gap=2), 880, 230 + 25 * max(len(rows), 8)

    def mail(self):
        c = self.c
        rows, table = self.table(lambda: c.words(self.rng.randint(2, 4)).capitalize(), {"From": "person", "Date": "date"}, self.rng.randint(5, 10), "message|messages")
        table["heads"] = ["Subject", "From", "Date"]
        folders = ["Inbox", "Drafts", "Sent", "Archive", "Junk", "Trash", "Work", "Family"]
        side = dict(w="list", of=folders[: self.rng.randint(5, 8)], at=self.rng.randrange(5), width=140)
        text = dict(w="text", t="\n".join([f"Dear {c.first()},", c.paragraph(2), "Kind regards", c.person()]), grow=1)
        return f"{c.pick(['Mail', 'Post', 'Inbox'])} - {c.email()}", column(*([self.menubar()] if self.rng.random() < 0.5 else []), self.toolbar(), grow(row(side, grow(column(table, text, gap=2)))), gap=2), 960, 300 + 30 * len(rows)

    def calculator(self):
        shown = self.rng.choice([str(self.rng.randint(0, 99999)), f"{self.rng.uniform(0, 900):.{self.rng.randint(1, 6)}f}"])
        extra = self.rng.choice([[], ["sin", "cos", "tan", "log"], ["M+", "M-", "MR", "MC"]])
        keys = ([extra] if extra else []) + [["C", "(", ")", "÷"], ["7", "8", "9", "×"], ["4", "5", "6", "−"], ["1", "2", "3", "+"], ["0", ".", "%", "="]]
        return "Calculator", column(*([dict(w="menubar", of=["Edit", "View", "Help"])] if self.rng.random() < 0.5 else []), dict(w="entry", t=shown, size=1.6, right=1), dict(w="keys", of=keys, grow=1), pad=6), 330, 400

    def editor(self):
        c = self.c
        lines = [c.sentence() for _ in range(self.rng.randint(6, 18))] if self.rng.random() < 0.6 else [f"{c.word()} = {c.pick([c.number(), repr(c.word()), c.word()])}" for _ in range(18)]
        name = c.filename()
        return f"{name} - {c.pick(['Editor', 'Notes', 'Text Editor', c.name_thing()])}", column(self.menubar(0.5), *([self.toolbar()] if self.rng.random() < 0.6 else []), dict(w="text", t="\n".join(lines), grow=1, mono=int(self.rng.random() < 0.6)), dict(
            w="status", t=f"Ln {c.int(1, 90)}, Col {c.int(1, 80)}    {c.pick(['UTF-8', 'ASCII'])}    {c.pick(['INS', 'OVR', 'Plain Text'])}"), gap=2), 760, 520

    def records(self):
        c = self.c
        of, noun, head = self.rng.choice([("person", "person|people", "Name"), ("product", "product|products", "Product"), ("company", "company|companies", "Company"), ("city", "place|places", "Place"), ("filename", "download|downloads", "File")])
        makers = {k: COLUMNS[k] for k in self.rng.sample(sorted(COLUMNS), self.rng.randint(2, 5))}
        if self.rng.random() < 0.6:
            makers["Status"] = lambda: c.pick(["Open", "Closed", "Waiting", "Done", "Late"])
        rows, table = self.table(getattr(c, of), makers, self.rng.randint(5, 14), noun)
        table["heads"] = [head] + list(makers)
        search = row(dict(label("Search:"), names_next=1), dict(w="entry", t=c.word() if self.rng.random() < 0.5 else "", grow=1), button("Find"), pad=4)
        return c.title(), column(*([self.menubar()] if self.rng.random() < 0.4 else []), *([self.toolbar()] if self.rng.random() < 0.6 else []), search, table, self.buttons("Add", "Edit", "Remove"), pad=4), 300 + 120 * len(makers), 190 + 25 * len(rows)

    def contact(self):
        c = self.c
        people = list(dict.fromkeys(c.person() for _ in range(self.rng.randint(5, 12))))
        at = self.rng.randrange(len(people))
        names = self.rng.sample(["Phone", "Email", "Street", "City", "Company", "Department", "Date of birth", "Website", "Job title"], self.rng.randint(4, 7))
        return "Contacts", row(dict(w="list", of=people, at=at, width=210), grow(column(label(people[at], size=1.6, bold=1, head=1), form(*[(n, label(self.field(n)["t"])) for n in names]), dict(w="space", grow=1), self.buttons("Call", "Message", "Edit"), pad=14, gap=10))), 700, 140 + 30 * max(len(people), len(names))

    def properties(self):
        rows = [(n, label(self.field(n)["t"])) for n in self.rng.sample(sorted(FIELDS), self.rng.randint(4, 9))]
        wired = [("IPv4 address", label(self.c.code("192.168.#.##"))), ("Gateway", label(self.c.code("10.0.#.1"))), ("Hardware address", label(self.c.code("##:A#:##:#F:##:##"))), ("Link speed", label(f"{self.c.int(1, 9)}00 Mb/s")), ("Security", label("WPA2"))]
        page = form(*(rows if self.rng.random() < 0.7 else wired), pad=12)
        body = self.tabs(page) if self.rng.random() < 0.6 else grow(dict(w="frame", t=self.rng.choice(["Details", "Information", "Connection"]), of=[page]))
        return self.rng.choice([self.c.filename() + " Properties", "Details", "Connection", "About this computer"]), column(body, self.buttons("Help", "Close"), pad=10), 460, 150 + 24 * len(rows)

    def player(self):
        c = self.c
        rows, table = self.table(lambda: c.title()[:28], {"Artist": "person", "Length": lambda: f"{c.int(1, 9)}:{c.int(0, 59):02}", "Year": "year"}, self.rng.randint(5, 12), "track|tracks")
        table["heads"] = ["Title", "Artist", "Length", "Year"]
        return "Music", column(row(button("Previous"), button(self.rng.choice(["Play", "Pause"]), color="blue"), button("Next"), dict(w="slider", v=self.rng.randint(0, 100), grow=1), label(f"{c.int(0, 4)}:{c.int(0, 59):02}")), table, row(*self.checks(1), *self.checks(1)), pad=8), 700, 150 + 26 * len(rows)

    def printing(self):
        left = form(("Printer", dict(w="combo", of=[self.c.company() for _ in range(3)], at=0)), *[(n, self.choice(n)) for n in ("Paper size", "Orientation", "Quality")], ("Copies", self.spin()))
        return "Print", column(grow(row(grow(dict(w="frame", t="Settings", of=[left])), dict(w="frame", t="Range", of=[column(self.radios(["All pages", "Current page", "Selection"]), form(("Pages", dict(w="entry", t=self.c.code("#-1#")))), pad=4)]))), *self.checks(2), self.buttons("Preview", "Cancel", "Print"), pad=12), 640, 380

    def tasks(self):
        c = self.c
        jobs = [(c.filename(), c.int(1, 99)) for _ in range(self.rng.randint(3, 7))]
        bars = [(name, row(dict(w="progress", v=done, grow=1), label(f"{done} %"))) for name, done in jobs]
        return self.rng.choice(["Downloads", "Transfers", "Copying files", "Updates"]), column(label(f"{len(jobs)} transfers", bold=1, size=1.3, head=1), grow(form(*bars)), naming("Time left:", label(c.duration())), self.buttons("Pause", "Stop All"), pad=14), 560, 120 + 46 * len(jobs)

    def login(self):
        c = self.c
        return self.rng.choice(["Sign in", "Login", "Connect to Server"]), column(label(c.company(), size=1.7, bold=1, head=1), form(("Server", dict(w="entry", t=c.domain())), ("User name", dict(w="entry", t=c.first().lower())), ("Password", dict(w="entry", t=c.word(), secret=1)), ("Port", self.spin())), *self.checks(1), dict(w="space", grow=1), self.buttons("Cancel", "Connect"), pad=20, gap=12), 430, 340

    def find(self):
        c = self.c
        return "Find and Replace", column(form(("Find", dict(w="entry", t=c.word())), ("Replace with", dict(w="entry", t=c.word()))), *[dict(w="check", t=t, on=int(c.chance(0.5))) for t in ("Match case", "Whole words only", "Wrap around", "Regular expression")], dict(w="frame", t="Direction", of=[self.radios(["Up", "Down"])]), self.buttons("Close", "Replace All", "Find Next"), pad=12), 440, 340

    def wizard(self):
        c, n = self.c, self.rng.randint(3, 6)
        step = self.rng.randint(1, n)
        body = self.rng.choice([self.radios([c.words(2).capitalize() for _ in range(4)]), form(*self.fields(4)), column(*self.checks(4))])
        return f"{c.name_thing()} Setup", column(label(f"Step {step} of {n}"), label(c.title(), size=1.5, bold=1, head=1), label(c.sentence()), grow(body), dict(w="progress", v=100 * step // n), self.buttons("Cancel", "Back", "Next"), pad=18, gap=10), 600, 420
