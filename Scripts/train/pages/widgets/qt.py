"""Draws windows with Qt 5, as `gtk.py` does with GTK. What a widget writes is caught by letting it draw
once more on a device that only notes texts: Qt's labels and cells tell their names, not their characters."""

import base64
import json
import sys

from PySide2 import QtCore, QtGui, QtWidgets as Q
from shiboken2 import getCppPointer

from qt_build import Build, build  # in this folder: the script is run by itself

ROLES = {"Button": "push button", "CheckBox": "check box", "RadioButton": "radio button", "StaticText": "label", "EditableText": "text", "ComboBox": "combo box",
         "SpinBox": "spin button", "Table": "table", "Tree": "table", "Cell": "table cell", "TreeItem": "table cell", "ColumnHeader": "table column header",
         "PageTab": "page tab", "PageTabList": "page tab list", "List": "list box", "ListItem": "list item", "MenuItem": "menu item", "MenuBar": "menu bar",
         "PopupMenu": "menu", "Slider": "slider", "ProgressBar": "progress bar", "StatusBar": "status bar", "ToolBar": "tool bar", "ButtonMenu": "push button"}


class Notes(QtGui.QPaintEngine):
    """Keeps the texts that are drawn, as (text, x and y of its base, font, clip)."""

    def __init__(self):
        super().__init__(QtGui.QPaintEngine.AllFeatures)
        self.texts: list[tuple] = []

    def begin(self, device): return True
    def end(self): return True
    def type(self): return QtGui.QPaintEngine.User
    def updateState(self, state): pass
    def _nothing(self, *of): pass
    drawPixmap = drawImage = drawPolygon = drawRects = drawLines = drawPath = drawPoints = drawEllipse = drawTiledPixmap = _nothing

    def drawTextItem(self, at, item):
        painter = self.painter()
        clip = painter.transform().mapRect(painter.clipBoundingRect()) if painter.hasClipping() else None
        point = painter.transform().map(at)
        self.texts.append((item.text(), point.x(), point.y(), item.font(), clip))


class Device(QtGui.QPaintDevice):
    def __init__(self, size: QtCore.QSize):
        super().__init__()
        self.size, self.notes = size, Notes()

    def paintEngine(self): return self.notes
    def metric(self, kind):
        P = QtGui.QPaintDevice
        return {P.PdmWidth: self.size.width(), P.PdmHeight: self.size.height(), P.PdmDepth: 32, P.PdmNumColors: 1 << 24, P.PdmDevicePixelRatio: 1,
                P.PdmDevicePixelRatioScaled: 65536}.get(kind, 96 if "Dpi" in str(kind) else 0)


def node(access, origin) -> dict | None:
    state = access.state()
    if state.invisible or state.offscreen:
        return None
    r, thing = access.rect().translated(-origin), access.object()
    role = str(access.role()).rsplit(".", 1)[1]
    names = [n for n, on in (("checked", state.checked), ("selected", state.selected), ("sensitive", not state.disabled)) if on]
    out = dict(role=ROLES.get(role, role.lower()), name=access.text(QtGui.QAccessible.Name), b=[r.left(), r.top(), r.right() + 1, r.bottom() + 1], states=names,
               id=getCppPointer(thing)[0] if thing else 0, of=[])
    if isinstance(thing, Q.QLabel) and thing.buddy():
        out["names"] = getCppPointer(thing.buddy())[0]
    if out["role"] not in ("combo box", "spin button"):
        out["of"] = [found for i in range(access.childCount()) if access.child(i) and (found := node(access.child(i), origin))]
    return out


def texts(top: Q.QWidget, at: QtCore.QPoint) -> list[dict]:
    """What the widgets write, each text with its clip; `at` is where the picture has the top."""
    found = []
    for widget in [top] + [w for w in top.findChildren(Q.QWidget) if w.isVisible()]:
        device = Device(widget.size())
        widget.render(device, QtCore.QPoint(), QtGui.QRegion(), Q.QWidget.RenderFlags())
        shift = at + (widget.mapTo(top, QtCore.QPoint(0, 0)) if widget is not top else QtCore.QPoint(0, 0))
        corners = lambda r: [r.left() + shift.x(), r.top() + shift.y(), r.right() + shift.x(), r.bottom() + shift.y()]
        shown, mine = QtCore.QRectF(widget.visibleRegion().boundingRect()), []
        for text, x, y, font, clip in device.notes.texts:
            metrics = QtGui.QFontMetricsF(font)
            ends = [metrics.horizontalAdvance(text[:i]) for i in range(len(text) + 1)]
            chars = [corners(QtCore.QRectF(x + a, y - metrics.ascent(), b - a, metrics.height())) for a, b in zip(ends, ends[1:])]
            last = mine[-1] if mine else None
            if last and abs(last["chars"][0][0] - chars[0][0]) < 2 and abs(last["chars"][0][1] - chars[0][1]) < 2:
                continue  # the shadow of the one before
            if last and abs(last["chars"][-1][2] - chars[0][0]) < 1.5 and abs(last["chars"][0][1] - chars[0][1]) < 1:
                last["t"] += text  # a letter that is underlined is written by itself
                last["chars"] += chars
                continue
            mine.append(dict(t=text, chars=chars, ratio=metrics.height() / max(1, QtGui.QFontInfo(font).pixelSize()), clip=corners(shown.intersected(clip) if clip else shown)))
        found += mine
    return found


def tree(top: Q.QWidget, at: QtCore.QPoint) -> dict:
    """The accessible tree, with every text in the smallest node around it."""
    out = node(QtGui.QAccessible.queryAccessibleInterface(top), top.mapToGlobal(QtCore.QPoint(0, 0)) - at)
    nodes = [out]
    for one in nodes:
        nodes += one["of"]
    size = lambda n: (n["b"][2] - n["b"][0]) * (n["b"][3] - n["b"][1])
    nodes.sort(key=size)
    for text in texts(top, at):
        middle = text["chars"][len(text["chars"]) // 2]
        x, y = (middle[0] + middle[2]) / 2, (middle[1] + middle[3]) / 2
        holder = next((n for n in nodes if n["b"][0] <= x <= n["b"][2] and n["b"][1] <= y <= n["b"][3]), out)
        static = dict(role="static", name="", b=text["clip"], states=[], of=[], t=text["t"], chars=text["chars"], ratio=text["ratio"])
        holder["of"].append(dict(role="viewport", name="", b=text["clip"], states=[], of=[static]))
    return out


def palette(job: dict) -> QtGui.QPalette:
    if not job["dark"]:
        return Q.QApplication.style().standardPalette()
    out, P = QtGui.QPalette(), QtGui.QPalette
    for roles, css in (((P.Window, P.Button), job["dark"]), ((P.Base, P.AlternateBase), "#1d1f23"), ((P.Text, P.WindowText, P.ButtonText, P.HighlightedText), "#e8e8ea"), ((P.Highlight,), "#3465a4")):
        for role in roles:
            out.setColor(role, QtGui.QColor(css))
    for role in (P.Text, P.WindowText, P.ButtonText):
        out.setColor(P.Disabled, role, QtGui.QColor("#85878c"))
    return out


def draw(job: dict, app: Q.QApplication) -> dict:
    of, Build.opened = job["window"], None
    app.setStyle(job["style"])
    app.setPalette(palette(job))
    font = QtGui.QFont(job["font"])
    font.setPixelSize(round(job["size"]))
    app.setFont(font)
    Build.size, Build.mono, Build.tints, Build.colon = round(job["size"]), job["mono"], job["tints"], job["colon"]
    body = build(of["of"])
    top = body
    if of["bar"]:
        top = Q.QMdiArea()
        sub = top.addSubWindow(body)
        sub.setWindowTitle(of["title"])
        sub.setWindowIcon(app.style().standardIcon(Q.QStyle.SP_ComputerIcon))
        size = body.minimumSizeHint().expandedTo(QtCore.QSize(of["width"], of["height"])) + QtCore.QSize(16, 40)
        sub.resize(size)
        top.resize(size + QtCore.QSize(job["desk"], job["desk"]))
        top.setBackground(QtGui.QColor(job["ground"]))
        top.setFrameShape(Q.QFrame.NoFrame)
        sub.move(job["desk"] // 2, job["desk"] // 2)
        top.setActiveSubWindow(sub)
    else:
        body.resize(body.minimumSizeHint().expandedTo(QtCore.QSize(of["width"], of["height"])))
    top.show()
    if job["active"]:
        top.activateWindow()
    app.processEvents()
    app.processEvents()
    picture = top.grab()
    trees = [tree(top, QtCore.QPoint(0, 0))]
    if Build.opened:
        bar, menu = Build.opened
        at = bar.mapTo(top, bar.actionGeometry(menu.menuAction()).bottomLeft())
        menu.popup(top.mapToGlobal(at))
        app.processEvents()
        painter = QtGui.QPainter(picture)
        painter.drawPixmap(at, menu.grab())
        painter.end()
        trees.append(tree(menu, at))
        menu.close()
    data = QtCore.QByteArray()
    buffer = QtCore.QBuffer(data)
    buffer.open(QtCore.QIODevice.WriteOnly)
    picture.save(buffer, "PNG", 80)
    top.close()
    top.deleteLater()
    app.processEvents()
    return dict(png=base64.b64encode(bytes(data)).decode(), trees=trees, title=of["title"] if of["bar"] else "")


def main() -> None:
    app = Q.QApplication(["windows", "-platform", "offscreen"])
    app.setEffectEnabled(QtCore.Qt.UI_AnimateMenu, False)
    for line in sys.stdin:
        try:
            answer = draw(json.loads(line), app)
        except Exception as error:  # the next window may be well
            answer = dict(error=f"{type(error).__name__}: {error}")
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
