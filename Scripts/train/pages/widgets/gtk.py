"""Draws windows with GTK 3 and reads their accessible objects (ATK). Run by the system's Python, which
has PyGObject, on an X server: a job per line of standard input, a picture and a tree per line of output."""

import base64
import json
import sys
import time

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("Gdk", "3.0")
gi.require_version("Atk", "1.0")
from gi.repository import Atk, Gdk, Gtk, Pango

from gtk_build import Build, build  # in this folder: the script is run by itself
from gtk_file import opened

HERE = Atk.CoordType.SCREEN  # no window manager moves the windows


def settle(frames: int = 5) -> None:
    for _ in range(frames):
        while Gtk.events_pending():
            Gtk.main_iteration_do(False)
        time.sleep(0.012)


def states(accessible) -> list[str]:
    of = accessible.ref_state_set()
    names = ("checked", "selected", "sensitive", "showing", "active", "pressed")
    return [n for n in names if of.contains_state(getattr(Atk.StateType, n.upper()))]


def text_of(accessible, ratio: float) -> dict:
    """Its text and the box of every character."""
    if not isinstance(accessible, Atk.Text):
        return {}
    n = accessible.get_character_count()
    text = accessible.get_text(0, n) or ""
    boxes = []
    for i in range(min(n, 2500)):
        x, y, w, h = accessible.get_character_extents(i, HERE)
        boxes.append([x, y, x + w, y + h])
    return dict(t=text[: len(boxes)], chars=boxes, ratio=ratio)


def cell_text(view: Gtk.CellView, x: int, y: int, shown: str, ratio: float) -> dict:
    """What a drop-down shows has no accessible text: its layout says where characters are."""
    layout = view.create_pango_layout(shown)
    height = view.get_allocated_height()
    y += (height - layout.get_pixel_size()[1]) / 2
    boxes = []
    for i in range(len(shown)):
        at = layout.index_to_pos(len(shown[:i].encode()))
        left, wide, tall = (v / Pango.SCALE for v in (at.x, at.width, at.height))
        boxes.append([x + left, y, x + left + wide, y + tall])
    return dict(t=shown, chars=boxes, ratio=ratio)


def read(widget: Gtk.Widget) -> dict | None:
    if not widget.get_mapped():
        return None
    accessible, context = widget.get_accessible(), widget.get_pango_context()
    metrics, font = context.get_metrics(None, None), context.get_font_description()
    pixels = font.get_size() / Pango.SCALE * (1 if font.get_size_is_absolute() else Gdk.Screen.get_default().get_resolution() / 72)
    ratio = (metrics.get_ascent() + metrics.get_descent()) / Pango.SCALE / max(1, pixels)
    x, y, w, h = accessible.get_extents(HERE)
    role = accessible.get_role().value_nick.replace("-", " ")
    role = "switch" if isinstance(widget, Gtk.Switch) else "label" if isinstance(widget, Gtk.Label) else role
    node = dict(role=role, name=accessible.get_name() or "", b=[x, y, x + w, y + h], states=states(accessible), id=hash(widget), of=[])
    node.update(text_of(accessible, ratio))
    named = widget.get_mnemonic_widget() if isinstance(widget, Gtk.Label) else None
    if named and not widget.is_ancestor(named):  # else it is what a button says
        node["names"] = hash(named)
    if isinstance(widget, Gtk.TreeView):
        for i in range(accessible.get_n_accessible_children()):
            child = accessible.ref_accessible_child(i)
            shown, role = states(child), child.get_role().value_nick.replace("-", " ")
            if role == "table cell" and "showing" in shown:
                a, b, c, d = child.get_extents(HERE)
                node["of"].append(dict(role=role, name=child.get_name() or "", b=[a, b, a + c, b + d], states=shown, id=0, of=[], **text_of(child, ratio)))
        for one in widget.get_columns():
            head = read(one.get_button())
            if head:
                node["of"].append(dict(head, role="table column header"))
        return node
    if isinstance(widget, Gtk.CellView):
        combo = widget.get_ancestor(Gtk.ComboBox)
        if isinstance(combo, Gtk.ComboBoxText):
            shown = cell_text(widget, x, y, combo.get_active_text() or "", ratio)
            node.update(role="viewport", of=[dict(node, role="static", of=[], **shown)])
        return node
    if isinstance(widget, Gtk.Notebook):
        for i in range(widget.get_n_pages()):
            page = widget.get_nth_page(i)
            tab = read(widget.get_tab_label(page))
            here = i == widget.get_current_page()
            if tab:
                node["of"].append(dict(role="page tab", name=tab["name"], b=tab["b"], states=["selected"] if here else [], id=0, of=[tab]))
        node["of"].append(read(widget.get_nth_page(widget.get_current_page())))
        return node
    if isinstance(widget, Gtk.ListBoxRow):
        node["role"] = "list item"
        if widget.is_selected():
            node["states"].append("selected")
    if isinstance(widget, Gtk.Container):
        inner: list[Gtk.Widget] = []
        widget.forall(lambda child: inner.append(child))
        node["of"] += [found for child in inner if (found := read(child))]
    return node


def style(job: dict, provider: Gtk.CssProvider) -> None:
    settings = Gtk.Settings.get_default()
    settings.props.gtk_theme_name = job["theme"]
    settings.props.gtk_font_name = f"{job['font']} {job['size'] * 0.75:.2f}"
    settings.props.gtk_xft_dpi = 96 * 1024
    tints = "".join(f".tint-{k} {{background-image:none;background-color:{v};color:{'#111' if k in ('yellow', 'orange') else '#fff'};text-shadow:none}}" for k, v in job["tints"].items())
    provider.load_from_data((tints + f"textview.monospace {{font-family:'{job['mono']}'}}" + "".join(
        f".tint-{k} label {{color:{'#111' if k in ('yellow', 'orange') else '#fff'}}}" for k in job["tints"])).encode())


def draw(job: dict) -> dict:
    of, Build.opened = job["window"], None
    window = opened(of["file"], of["title"], of["texts"]) if "file" in of else Gtk.Window(title=of["title"])
    title = window.get_title() or of["title"]
    if of["bar"]:
        bar = Gtk.HeaderBar(title=title, show_close_button=True, decoration_layout=job["buttons"])
        window.set_titlebar(bar)
        bar.show()
    window.set_default_size(of["width"], of["height"])
    if "file" not in of:
        window.add(build(of["of"]))
        window.show_all()
    root, desk, ground = Gdk.get_default_root_window(), job["desk"], Gdk.RGBA()
    ground.parse(job["ground"])
    root.set_background_rgba(ground)
    window.show()
    window.move(desk, desk)
    settle(3)
    if job["active"]:
        window.get_window().focus(0)
    tops = [window]
    if Build.opened:
        Build.opened.get_parent().select_item(Build.opened)
        menu = Build.opened.get_submenu()
        menu.popup_at_widget(Build.opened, Gdk.Gravity.SOUTH_WEST, Gdk.Gravity.NORTH_WEST, None)
        tops.append(menu)
    settle()
    trees = [found for top in tops if (found := read(top))]
    width, height = max(t["b"][2] for t in trees) + desk, max(t["b"][3] for t in trees) + desk
    picture = Gdk.pixbuf_get_from_window(root, 0, 0, min(width, root.get_width()), min(height, root.get_height()))
    png = picture.save_to_bufferv("png", ["compression"], ["2"])[1]
    for top in reversed(tops):
        top.destroy()
    settle(1)
    return dict(png=base64.b64encode(png).decode(), trees=trees, title=title if of["bar"] else "")


def main() -> None:
    provider = Gtk.CssProvider()
    Gtk.StyleContext.add_provider_for_screen(Gdk.Screen.get_default(), provider, 900)
    Gtk.Settings.get_default().props.gtk_enable_animations = False
    for line in sys.stdin:
        try:
            job = json.loads(line)
            style(job, provider)
            answer = draw(job)
        except Exception as error:  # the next window may be well
            answer = dict(error=f"{type(error).__name__}: {error}")
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
