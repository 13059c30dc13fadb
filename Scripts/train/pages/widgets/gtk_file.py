"""Windows of real programs: the descriptions that they bring for GtkBuilder, with random content."""

import random

from gi.repository import GObject, Gtk


def opened(path: str, seed: str, texts: list[str]) -> Gtk.Window:
    """One window of a file, filled with some of the texts. Raises GLib.Error where the program
    brings widgets of its own, ValueError where it describes none."""
    rng, builder = random.Random(seed), Gtk.Builder()
    with open(path, encoding="utf-8") as file:
        builder.add_from_string(file.read().replace("%PRODUCTNAME", rng.choice(texts).replace("&", "and").replace("<", "")))
    roots = [o for o in builder.get_objects() if isinstance(o, Gtk.Widget) and not o.get_parent() and not isinstance(o, (Gtk.Menu, Gtk.MenuItem, Gtk.Popover))]
    windows = [o for o in roots if isinstance(o, Gtk.Window)]
    window = windows[0] if windows else Gtk.Window(border_width=rng.choice([0, 6, 12]))
    if not windows:
        inner = [o for o in roots if isinstance(o, Gtk.Container)]
        if not inner:
            raise ValueError(f"{path} describes no window")
        window.add(inner[0])
    fill(window, rng, texts)
    return window


def fill(widget: Gtk.Widget, rng: random.Random, texts: list[str]) -> None:
    """What the program would fill in."""
    if isinstance(widget, Gtk.SpinButton):
        low, high = widget.get_range()
        widget.set_value(rng.uniform(low, min(high, low + rng.choice([10, 100, 1000]))))
    elif isinstance(widget, Gtk.Entry):
        if rng.random() < 0.75:
            widget.set_text(rng.choice(texts))
    elif isinstance(widget, Gtk.TextView):
        widget.get_buffer().set_text("\n".join(rng.sample(texts, 3)))
    elif isinstance(widget, Gtk.ToggleButton):
        widget.set_inconsistent(False)
        widget.set_active(rng.random() < 0.5)
    elif isinstance(widget, Gtk.ComboBoxText):
        if len(widget.get_model()) == 0:
            for t in rng.sample(texts, 3):
                widget.append_text(t)
        widget.set_active(rng.randrange(len(widget.get_model())))
    elif isinstance(widget, Gtk.TreeView) and isinstance(store := widget.get_model(), Gtk.ListStore) and len(store) == 0:
        # Of cells that hold more than text, GTK's accessible objects tell wrong places.
        if all([type(cell) for cell in column.get_cells()] == [Gtk.CellRendererText] for column in widget.get_columns()):
            kinds = [store.get_column_type(i) for i in range(store.get_n_columns())]
            for _ in range(rng.randint(2, 9)):
                store.append([rng.choice(texts) if kind == GObject.TYPE_STRING else None for kind in kinds])
    if isinstance(widget, Gtk.Notebook) and widget.get_n_pages():
        widget.set_current_page(rng.randrange(widget.get_n_pages()))
    if isinstance(widget, Gtk.Container):
        inner: list[Gtk.Widget] = []
        widget.forall(inner.append)
        for child in inner:
            fill(child, rng, texts)
