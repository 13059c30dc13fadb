"""The widgets of a description (`windows.py`), of GTK 3."""

from gi.repository import GLib, Gtk, Pango

TIPS = {"New": "document-new", "Open": "document-open", "Save": "document-save", "Print": "document-print", "Undo": "edit-undo", "Redo": "edit-redo", "Cut": "edit-cut",
        "Copy": "edit-copy", "Paste": "edit-paste", "Find": "edit-find", "Delete": "edit-delete", "Reload": "view-refresh", "Back": "go-previous", "Forward": "go-next",
        "Up": "go-up", "Home": "go-home", "Add": "list-add", "Remove": "list-remove", "Run": "system-run", "Stop": "process-stop", "Pause": "media-playback-pause"}



def boxed(of: list, vertical: bool, gap: int = 6, pad: int = 0, **_) -> Gtk.Box:
    box = Gtk.Box(orientation=Gtk.Orientation.VERTICAL if vertical else Gtk.Orientation.HORIZONTAL, spacing=gap, border_width=pad)
    naming = None
    for one in of:
        widget = build(one)
        if naming:
            naming.set_mnemonic_widget(widget)
        naming = widget if one.get("names_next") else None
        box.pack_start(widget, bool(one.get("grow")), True, 0)
    return box


def scrolled(widget: Gtk.Widget) -> Gtk.Widget:
    out = Gtk.ScrolledWindow(shadow_type=Gtk.ShadowType.IN, overlay_scrolling=False)
    out.add(widget)
    return out


class Build:
    """One method for each kind of widget; arguments are the keys of its description."""

    def column(of, **k): return boxed(of, True, **k)
    def row(of, **k): return boxed(of, False, **k)
    def space(**k): return Gtk.Box()

    def label(t, size=1.0, bold=0, **k):
        out = Gtk.Label(xalign=0, wrap=True, max_width_chars=60)
        weight = " weight='bold'" if bold else ""
        out.set_markup(f"<span size='{round(100 * size)}%'{weight}>{GLib.markup_escape_text(t)}</span>")
        return out

    def entry(t, secret=0, right=0, size=1.0, **k):
        out = Gtk.Entry(text=t, visibility=not secret, width_chars=min(26, max(6, len(t))), xalign=1.0 if right else 0.0)
        if size != 1:
            attributes = Pango.AttrList()
            attributes.insert(Pango.attr_scale_new(size))
            out.set_attributes(attributes)
        return out

    def spin(t, **k):
        out = Gtk.SpinButton.new_with_range(0, 1000, 1)
        out.set_value(t)
        return out

    def combo(of, at, **k):
        out = Gtk.ComboBoxText()
        for t in of:
            out.append_text(t)
        out.set_active(at)
        return out

    def check(t, on, **k): return Gtk.CheckButton(label=t, active=bool(on))

    def radio(of, at, **k):
        box, first = Gtk.Box(orientation=Gtk.Orientation.VERTICAL, border_width=4), None
        for i, t in enumerate(of):
            one = Gtk.RadioButton.new_with_label_from_widget(first, t)
            first = first or one
            one.set_active(i == at)
            box.add(one)
        return box

    def switch(on, **k): return Gtk.Switch(active=bool(on), halign=Gtk.Align.END, valign=Gtk.Align.CENTER)

    def button(t, color="", off=0, **k):
        out = Gtk.Button(label=t, sensitive=not off)
        if color and not off:
            out.get_style_context().add_class("tint-" + color)
        return out

    def form(of, wide=0, pad=0, **k):
        grid = Gtk.Grid(row_spacing=7, column_spacing=12, border_width=pad)
        for i, (name, control) in enumerate(of):
            label, widget = Gtk.Label(label=name, xalign=0), build(control)
            widget.set_hexpand(control["w"] not in ("switch", "spin"))
            if wide:
                label.set_hexpand(True)
            label.set_mnemonic_widget(widget)
            grid.attach(label, 0, i, 1, 1)
            grid.attach(widget, 1, i, 1, 1)
        return grid

    def frame(t, of, **k):
        out = Gtk.Frame(label=t)
        out.add(build(of[0]))
        return out

    def tabs(names, at, of, **k):
        out = Gtk.Notebook()
        for i, name in enumerate(names):
            out.append_page(build(of[0]) if i == at else Gtk.Box(), Gtk.Label(label=name))
        out.show_all()
        out.set_current_page(at)
        return out

    def table(heads, rows, at, noun, **k):
        store = Gtk.ListStore(*[str] * len(heads))
        for row in rows:
            store.append(row)
        view = Gtk.TreeView(model=store, enable_search=False)
        for i, head in enumerate(heads):
            column = Gtk.TreeViewColumn(head, Gtk.CellRendererText(), text=i)
            column.set_resizable(True)
            view.append_column(column)
        view.get_selection().unselect_all() if at < 0 else view.get_selection().select_path(at)
        view.get_accessible().set_name(noun)
        return scrolled(view)

    def list(of, at, width, **k):
        box = Gtk.ListBox()
        for t in of:
            box.add(Gtk.Label(label=t, xalign=0, margin=6))
        box.select_row(box.get_row_at_index(at))
        out = scrolled(box)
        out.set_size_request(width, -1)
        return out

    def text(t, mono=0, **k):
        view = Gtk.TextView(monospace=bool(mono), wrap_mode=Gtk.WrapMode.WORD, left_margin=4)
        view.get_buffer().set_text(t)
        return scrolled(view)

    def slider(v, **k):
        out = Gtk.Scale.new_with_range(Gtk.Orientation.HORIZONTAL, 0, 100, 1)
        out.set_draw_value(False)
        out.set_value(v)
        return out

    def progress(v, **k): return Gtk.ProgressBar(fraction=v / 100, valign=Gtk.Align.CENTER)

    def keys(of, **k):
        grid = Gtk.Grid(row_spacing=3, column_spacing=3, row_homogeneous=True, column_homogeneous=True)
        for j, line in enumerate(of):
            for i, t in enumerate(line):
                grid.attach(Gtk.Button(label=t, hexpand=True, vexpand=True), i, j, 1, 1)
        return grid

    def toolbar(of, icons, **k):
        out = Gtk.Toolbar()
        out.set_style([Gtk.ToolbarStyle.TEXT, Gtk.ToolbarStyle.BOTH, Gtk.ToolbarStyle.BOTH_HORIZ][icons])
        out.set_icon_size(Gtk.IconSize.SMALL_TOOLBAR)
        for t in of:
            item = Gtk.ToolButton(label=t, icon_name=TIPS.get(t, "applications-system"), is_important=True)
            out.insert(item, -1)
        return out

    def menubar(of, open=-1, items=(), **k):
        bar = Gtk.MenuBar()
        for i, name in enumerate(of):
            item = Gtk.MenuItem(label=name)
            bar.append(item)
            if i == open:
                menu = Gtk.Menu()
                for t in items:
                    menu.append(Gtk.MenuItem(label=t))
                menu.show_all()
                item.set_submenu(menu)
                Build.opened = item
        return bar

    def status(t, **k): return Gtk.Label(label=t, xalign=0, margin=3)

    opened = None


def build(of: dict) -> Gtk.Widget:
    return getattr(Build, of["w"])(**{k: v for k, v in of.items() if k != "w"})
