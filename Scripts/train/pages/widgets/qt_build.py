"""The widgets of a description (`windows.py`), of Qt 5."""

from PySide2 import QtCore, QtGui, QtWidgets as Q

ICONS = {"New": "SP_FileIcon", "Open": "SP_DirOpenIcon", "Save": "SP_DialogSaveButton", "Back": "SP_ArrowBack", "Forward": "SP_ArrowForward", "Up": "SP_ArrowUp",
         "Reload": "SP_BrowserReload", "Stop": "SP_BrowserStop", "Delete": "SP_TrashIcon", "Home": "SP_DirHomeIcon", "Run": "SP_MediaPlay", "Pause": "SP_MediaPause"}



def boxed(of, layout, gap=6, pad=0, **_) -> Q.QWidget:
    out = Q.QWidget()
    lay = layout(out)
    lay.setSpacing(gap)
    lay.setContentsMargins(pad, pad, pad, pad)
    naming = None
    for one in of:
        widget = build(one)
        if naming:
            naming.setBuddy(widget)
        naming = widget if one.get("names_next") else None
        lay.addWidget(widget, 1 if one.get("grow") else 0)
    return out


class Build:
    """One method for each kind of widget; arguments are the keys of its description."""

    def column(of, **k): return boxed(of, Q.QVBoxLayout, **k)
    def row(of, **k): return boxed(of, Q.QHBoxLayout, **k)
    def space(**k): return Q.QWidget()

    def label(t, size=1.0, bold=0, **k):
        out = Q.QLabel(t)
        font = out.font()
        font.setPixelSize(round(Build.size * size))
        font.setBold(bool(bold))
        out.setFont(font)
        out.setWordWrap(len(t) > 50)
        return out

    def entry(t, secret=0, right=0, size=1.0, **k):
        out = Q.QLineEdit(t)
        font = out.font()
        font.setPixelSize(round(Build.size * size))
        out.setFont(font)
        out.setEchoMode(Q.QLineEdit.Password if secret else Q.QLineEdit.Normal)
        out.setAlignment(QtCore.Qt.AlignRight if right else QtCore.Qt.AlignLeft)
        out.setCursorPosition(0)
        return out

    def spin(t, **k):
        out = Q.QSpinBox()
        out.setMaximum(1000)
        out.setValue(t)
        return out

    def combo(of, at, **k):
        out = Q.QComboBox()
        out.addItems(of)
        out.setCurrentIndex(at)
        return out

    def check(t, on, **k):
        out = Q.QCheckBox(t)
        out.setChecked(bool(on))
        return out

    def switch(on, **k): return Build.check("", on)

    def radio(of, at, **k):
        out = Q.QWidget()
        lay = Q.QVBoxLayout(out)
        for i, t in enumerate(of):
            one = Q.QRadioButton(t)
            one.setChecked(i == at)
            lay.addWidget(one)
        return out

    def button(t, color="", off=0, **k):
        out = Q.QPushButton(t)
        out.setEnabled(not off)
        if color and not off:
            out.setStyleSheet(f"background-color:{Build.tints[color]};color:{'#111' if color == 'orange' else '#fff'};border:1px solid #555;border-radius:3px;padding:0.3em 1em")
        return out

    def form(of, pad=0, **k):
        out = Q.QWidget()
        lay = Q.QFormLayout(out)
        lay.setContentsMargins(pad, pad, pad, pad)
        lay.setFieldGrowthPolicy(Q.QFormLayout.ExpandingFieldsGrow)
        for name, control in of:
            label, widget = Q.QLabel(name + Build.colon), build(control)
            label.setBuddy(widget)
            lay.addRow(label, widget)
        return out

    def frame(t, of, **k):
        out = Q.QGroupBox(t)
        Q.QVBoxLayout(out).addWidget(build(of[0]))
        return out

    def tabs(names, at, of, **k):
        out = Q.QTabWidget()
        for i, name in enumerate(names):
            out.addTab(build(of[0]) if i == at else Q.QWidget(), name)
        out.setCurrentIndex(at)
        return out

    def table(heads, rows, at, noun, **k):
        out = Q.QTreeWidget()
        out.setRootIsDecorated(False)
        out.setHeaderLabels(heads)
        for row in rows:
            out.addTopLevelItem(Q.QTreeWidgetItem(row))
        if at >= 0:
            out.topLevelItem(at).setSelected(True)
        out.setAlternatingRowColors(len(rows) % 2 == 0)
        for i in range(len(heads)):
            out.resizeColumnToContents(i)
        out.setAccessibleName(noun)
        return out

    def list(of, at, width, **k):
        out = Q.QListWidget()
        out.addItems(of)
        out.item(at % len(of)).setSelected(True)
        out.setFixedWidth(width)
        return out

    def text(t, mono=0, **k):
        out = Q.QPlainTextEdit(t)
        if mono:
            font = QtGui.QFont(Build.mono)
            font.setPixelSize(Build.size)
            out.setFont(font)
        return out

    def slider(v, **k):
        out = Q.QSlider(QtCore.Qt.Horizontal)
        out.setValue(v)
        return out

    def progress(v, **k):
        out = Q.QProgressBar()
        out.setValue(v)
        out.setTextVisible(False)
        return out

    def keys(of, **k):
        out = Q.QWidget()
        lay = Q.QGridLayout(out)
        lay.setSpacing(3)
        for j, line in enumerate(of):
            for i, t in enumerate(line):
                one = Q.QPushButton(t)
                one.setMinimumWidth(20)
                one.setSizePolicy(Q.QSizePolicy.Expanding, Q.QSizePolicy.Expanding)
                lay.addWidget(one, j, i)
        return out

    def toolbar(of, icons, **k):
        out = Q.QToolBar()
        Qt = QtCore.Qt
        out.setToolButtonStyle([Qt.ToolButtonTextOnly, Qt.ToolButtonTextUnderIcon, Qt.ToolButtonTextBesideIcon][icons])
        for t in of:
            out.addAction(out.style().standardIcon(getattr(Q.QStyle, ICONS.get(t, "SP_FileDialogDetailedView"))), t)
        return out

    def menubar(of, open=-1, items=(), **k):
        bar = Q.QMenuBar()
        for i, name in enumerate(of):
            menu = Q.QMenu(name, bar)
            bar.addMenu(menu)
            if i == open:
                for t in items:
                    menu.addAction(t)
                Build.opened = (bar, menu)
        return bar

    def status(t, **k): return Q.QLabel(t)


def build(of: dict) -> Q.QWidget:
    return getattr(Build, of["w"])(**{k: v for k, v in of.items() if k != "w"})
