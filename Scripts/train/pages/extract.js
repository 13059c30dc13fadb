// What a page shows, from its DOM: runs of text with the place of every character, boxes with a
// colour, and facts that can be asked. Everything in CSS pixels of the viewport.
() => {
  const width = innerWidth, height = innerHeight;
  const round = v => Math.round(v * 10) / 10;
  const style = new Map(), styleOf = e => {
    let s = style.get(e);
    if (!s) style.set(e, s = getComputedStyle(e));
    return s;
  };
  const rgb = text => {
    const mixed = text.match(/color\(srgb ([^)]*)\)/); // what color-mix() computes to
    if (mixed) {
      const v = mixed[1].split(/[ /]+/).map(Number);
      return [255 * v[0], 255 * v[1], 255 * v[2], v.length > 3 ? v[3] : 1].map((x, i) => i < 3 ? Math.round(x) : x);
    }
    const m = text.match(/rgba?\(([^)]*)\)/);
    if (!m) return [0, 0, 0, 0];
    const v = m[1].split(/[ ,/]+/).map(Number);
    return [v[0], v[1], v[2], v.length > 3 ? v[3] : 1];
  };

  // Form controls hold text that no text node has: a box of the same look takes their place.
  const COPIED = ["width", "height", "padding", "border", "background", "font", "color", "borderRadius",
    "boxSizing", "margin", "textAlign", "boxShadow", "letterSpacing", "flex", "alignSelf", "gridArea",
    "position", "top", "left", "right", "bottom", "opacity"];
  for (const input of document.querySelectorAll("input,select,textarea")) {
    const type = input.type || "text";
    if (["checkbox", "radio", "range", "color", "hidden", "file", "image"].includes(type)) continue;
    const box = document.createElement("span"), s = getComputedStyle(input);
    for (const name of COPIED) box.style[name] = s[name];
    for (const { name, value } of input.attributes)
      if (!["style", "value", "type"].includes(name)) box.setAttribute(name, value);
    const option = input.tagName == "SELECT" ? input.selectedOptions[0] : null;
    const text = option ? option.text : type == "password" ? "•".repeat(input.value.length) : input.value;
    box.style.display = "inline-flex";
    box.style.alignItems = input.tagName == "TEXTAREA" ? "flex-start" : "center";
    box.style.overflow = "hidden";
    box.style.whiteSpace = "pre";
    if (["submit", "button", "reset"].includes(type)) { box.setAttribute("role", "button"); box.style.justifyContent = "center"; }
    box.setAttribute("data-control", option ? "select" : type);
    const part = document.createElement("span");
    part.textContent = text || input.placeholder || "";
    if (!text) { part.style.opacity = .5; part.setAttribute("data-placeholder", ""); }
    if (option) part.style.flex = "1";
    box.append(part);
    if (option) { const arrow = document.createElement("span"); arrow.textContent = "▾"; arrow.setAttribute("data-skip", ""); box.append(arrow); }
    if (input.labels && input.labels[0]) input.labels[0].labelled = box;
    if (input.disabled) box.setAttribute("aria-disabled", "true");
    input.replaceWith(box);
  }

  const clips = new Map(), clipOf = e => {
    if (!e || e == document.documentElement) return [0, 0, width, height];
    let c = clips.get(e);
    if (c) return c;
    c = clipOf(e.parentElement);
    const s = styleOf(e);
    if (s.overflowX != "visible" || s.overflowY != "visible") {
      const r = e.getBoundingClientRect();
      c = [Math.max(c[0], r.left), Math.max(c[1], r.top), Math.min(c[2], r.right), Math.min(c[3], r.bottom)];
    }
    clips.set(e, c);
    return c;
  };
  const grounds = new Map(), groundOf = e => {
    if (!e) return [255, 255, 255, 1];
    let g = grounds.get(e);
    if (g) return g;
    const c = rgb(styleOf(e).backgroundColor);
    g = c[3] > .5 ? c : groundOf(e.parentElement);
    grounds.set(e, g);
    return g;
  };
  const faint = new Map(), faintOf = e => {
    if (!e) return 1;
    if (faint.has(e)) return faint.get(e);
    const s = styleOf(e);
    const f = s.visibility != "visible" || s.display == "none" ? 0 : Number(s.opacity) * faintOf(e.parentElement);
    faint.set(e, f);
    return f;
  };
  const turned = new Map(), turnedOf = e => {
    if (!e) return false;
    if (turned.has(e)) return turned.get(e);
    const s = styleOf(e), m = s.transform.match(/matrix\(([^)]*)\)/);
    const t = (m && Math.abs(Number(m[1].split(",")[1])) > .01) || s.writingMode != "horizontal-tb" || turnedOf(e.parentElement);
    turned.set(e, t);
    return t;
  };

  // Runs
  const runs = [], inside = new Map();
  const range = document.createRange();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; node = walker.nextNode();) {
    const of = node.parentElement;
    if (!node.data.trim() || /^(SCRIPT|STYLE|NOSCRIPT|TITLE|OPTION|TEMPLATE|DESC)$/i.test(of.tagName)) continue;
    if (faintOf(of) < .25) continue;
    const s = styleOf(of), size = parseFloat(s.fontSize), clip = clipOf(of);
    if (size < 4) continue;
    let data = node.data;
    if (s.textTransform == "uppercase") data = data.toUpperCase();
    else if (s.textTransform == "lowercase") data = data.toLowerCase();
    else if (s.textTransform == "capitalize") data = data.replace(/(^|[\s(\-])(\p{L})/gu, (m, a, b) => a + b.toUpperCase());
    if (data.length != node.data.length) data = node.data;
    range.selectNodeContents(node);
    const whole = range.getBoundingClientRect();
    if (!whole.width || whole.bottom < 0 || whole.top > height || whole.right < 0 || whole.left > width) continue;
    // SVG text reports its box in user units already scaled; its size on screen comes from the box.
    const scale = of.ownerSVGElement ? (of.getScreenCTM() || { a: 1 }).a : 1;
    let run = null, lost = false, pending = false, lineTop = 0;
    const close = () => {
      if (run && run.t.length) {
        if (s.textOverflow == "ellipsis" || styleOf(of.parentElement || of).textOverflow == "ellipsis") {
          const holder = s.textOverflow == "ellipsis" ? of : of.parentElement;
          if (holder.scrollWidth > holder.clientWidth + 1) run.cut = 1;
        }
        runs.push(run);
      }
      run = null;
    };
    const n = Math.min(data.length, 1500);
    for (let i = 0; i < n; i++) {
      const space = /\s/.test(data[i]);
      if (space && s.whiteSpace[0] != "p") { pending = !!run; continue; }
      range.setStart(node, i); range.setEnd(node, i + 1);
      const r = range.getBoundingClientRect();
      if (space) { pending = !!run && data[i] != "\n"; continue; }
      if (!r.width || !r.height) continue;
      const x = (r.left + r.right) / 2, y = (r.top + r.bottom) / 2;
      if (run && (Math.abs(r.top - lineTop) > r.height * .45 || x < run.last - 1)) { close(); pending = false; }
      const seen = x >= clip[0] && x <= clip[2] && r.top >= clip[1] - r.height * .15 && r.bottom <= clip[3] + r.height * .15;
      if (!seen) { if (run) run.cut = 1; lost = true; continue; }
      if (!run) {
        lineTop = r.top;
        run = { t: "", x: [], y: round(y), s: round(size * scale), b: [r.left, r.top, r.right, r.bottom],
          c: rgb(s.fill != "rgb(0, 0, 0)" && of.ownerSVGElement ? s.fill : s.color).slice(0, 3), g: groundOf(of).slice(0, 3),
          w: Number(s.fontWeight), e: of, f: round(faintOf(of)) };
        if (of.ownerSVGElement) run.c = rgb(s.fill).slice(0, 3);
        if (lost) run.cut = 1;
        if (turnedOf(of)) run.v = 1;
        lost = false; pending = false;
      }
      if (pending) { run.t += " "; run.x.push(round((run.last + r.left) / 2)); pending = false; }
      run.t += /[\ud800-\udfff]/.test(data[i]) ? "\ufffd" : data[i]; // one mark for each half of a pair
      run.x.push(round(x)); run.last = r.right;
      run.b[0] = Math.min(run.b[0], r.left); run.b[1] = Math.min(run.b[1], r.top);
      run.b[2] = Math.max(run.b[2], r.right); run.b[3] = Math.max(run.b[3], r.bottom);
    }
    close();
  }
  // What something else covers is not there.
  const related = (a, b) => a && (a == b || a.contains(b) || b.contains(a));
  const opaque = e => {
    if (/^(IMG|CANVAS|VIDEO)$/.test(e.tagName)) return true;
    const s = styleOf(e);
    return e.ownerSVGElement ? s.fill != "none" && rgb(s.fill)[3] > .5 : rgb(s.backgroundColor)[3] > .5 || s.backgroundImage != "none";
  };
  const covered = (of, x, y) => {
    x = Math.min(width - 1, Math.max(0, x));
    y = Math.min(height - 1, Math.max(0, y));
    for (const e of document.elementsFromPoint(x, y)) {
      if (related(e, of) || e.ownerSVGElement && e.ownerSVGElement == of.ownerSVGElement) return false;
      if (opaque(e)) return true;
    }
    return false;
  };
  const shown = runs.filter(run => {
    const at = [run.x[0], run.x[run.x.length >> 1], run.x[run.x.length - 1]];
    const hidden = at.filter(x => covered(run.e, x, (run.b[1] + run.b[3]) / 2)).length;
    if (hidden) run.cut = 1;
    return hidden < 2;
  });
  shown.forEach((run, i) => {
    for (let e = run.e; e; e = e.parentElement) {
      if (!inside.has(e)) inside.set(e, []);
      inside.get(e).push(i);
    }
    run.skip = run.e.closest("[data-skip]") ? 1 : 0;
  });
  const of = e => (inside.get(e) || []).filter(i => !shown[i].skip);
  const text = e => of(e).map(i => shown[i].t).join(" ");
  const box = e => { const r = e.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom].map(round); };
  const visible = e => {
    const b = box(e), c = clipOf(e.parentElement);
    if (b[2] - b[0] < 2 && b[3] - b[1] < 2 || faintOf(e) < .25) return false;
    if (b[0] < c[0] - 3 || b[1] < c[1] - 3 || b[2] > c[2] + 3 || b[3] > c[3] + 3) return false;
    return !covered(e, (b[0] + b[2]) / 2, (b[1] + b[3]) / 2);
  };
  const each = (selector, f) => document.querySelectorAll(selector).forEach(e => { if (!e.closest("[data-skip]")) f(e); });
  const split = s => (s || "").split("|").map(t => t.trim()).filter(Boolean);
  const facts = [], add = fact => facts.push(fact);

  // Boxes with a colour
  const panels = [], shapes = [];
  for (const e of document.body.querySelectorAll("*")) {
    if (e.dataset.shape) {
      if (visible(e)) shapes.push({ b: box(e), n: e.dataset.shape, c: rgb(styleOf(e).fill).slice(0, 3) });
      continue;
    }
    if (e.ownerSVGElement || e.tagName == "SVG") {
      if (/^(rect|circle|path|ellipse|polygon)$/.test(e.tagName) && e.ownerSVGElement && !e.ownerSVGElement.dataset.shape && !/photo|barcode|qr/.test(e.ownerSVGElement.getAttribute("class") || "")) {
        const c = rgb(styleOf(e).fill), b = box(e);
        if (c[3] > .5 && styleOf(e).fill != "none" && b[2] - b[0] > 6 && b[3] - b[1] > 6) panels.push({ b, c: c.slice(0, 3) });
      }
      continue;
    }
    const c = rgb(styleOf(e).backgroundColor);
    if (c[3] > .6) {
      const b = box(e);
      if (b[2] - b[0] > 3 && b[3] - b[1] > 3 && b[2] > 0 && b[3] > 0 && b[0] < width && b[1] < height && faintOf(e) > .25)
        panels.push({ b, c: c.slice(0, 3) });
    }
  }

  // Annotated
  each("[data-q]", e => {
    if (!visible(e)) return;
    const a = e.dataset.a;
    add({ k: "q", qs: split(e.dataset.q), a: of(e), A: a === undefined ? null : a.trim(), b: box(e) });
  });
  each("[data-field]", e => {
    const label = e.querySelector("[data-label]"), value = e.querySelector("[data-value]") || (label ? null : e);
    if (value && visible(value)) add({ k: "field", key: e.dataset.field, l: label ? of(label) : [], a: of(value), b: box(value) });
  });
  const items = new Map();
  each("[data-item]", e => {
    const [one, many] = e.dataset.item.split("|");
    const name = e.dataset.name || text(e.querySelector("[data-item-name]") || e);
    const colored = e.dataset.color ? { color: e.dataset.color, part: e.dataset.part || "" } : {};
    add({ k: "item", one, many: many || one + "s", name, in: e.dataset.in || "", b: box(e), ok: visible(e) ? 1 : 0, ...colored, l: of(e) });
  });
  each("[data-noun]", e => {
    if (visible(e) && of(e).length) add({ k: "boxed", noun: e.dataset.noun, c: groundOf(e).slice(0, 3), a: of(e), b: box(e) });
  });

  // Headings, buttons, states
  each("h1,h2,h3,h4,[role=heading],caption,legend,figcaption,th[colspan]", e => {
    if (visible(e) && of(e).length) add({ k: "heading", level: e.tagName.toLowerCase(), a: of(e), b: box(e), s: parseFloat(styleOf(e).fontSize) });
  });
  each("button,[role=button],a.button,a.btn,.btn", e => {
    if (visible(e) && of(e).length) add({
      k: "button", a: of(e), b: box(e), c: groundOf(e).slice(0, 3),
      own: rgb(styleOf(e).backgroundColor)[3] > .5 ? 1 : 0,
      disabled: e.disabled || e.getAttribute("aria-disabled") == "true" ? 1 : 0 });
  });
  each("input[type=checkbox],input[type=radio],[role=switch],[role=checkbox],[role=radio]", e => {
    const label = e.closest("label") || (e.labels && e.labels[0]) || (e.id && document.querySelector(`label[for="${e.id}"]`))
      || (e.dataset.for && document.getElementById(e.dataset.for)) || e.parentElement.querySelector("[data-label]");
    if (!label || !visible(e) || !of(label).length) return;
    add({ k: "check", kind: e.getAttribute("role") || e.type, on: e.checked || e.getAttribute("aria-checked") == "true" ? 1 : 0,
      l: label.querySelector("[data-label]") ? of(label.querySelector("[data-label]")) : of(label), b: box(e), group: e.name || e.dataset.group || "" });
  });
  each("[aria-selected=true],[aria-current]:not([aria-current=false])", e => {
    if (visible(e) && of(e).length) add({ k: "selected", kind: e.dataset.kind || (e.getAttribute("role") == "tab" ? "tab" : e.closest("nav,[role=menu],aside") ? "menu item" : "item"), a: of(e.querySelector("[data-item-name]") || e), b: box(e) });
  });

  // Labels and values
  const pair = (l, v, kind) => {
    if (l && v && visible(v) && of(l).length && !v.querySelector("[data-placeholder]")) add({ k: "pair", kind, l: of(l), a: of(v), b: box(v) });
  };
  each("dt", e => { const v = e.nextElementSibling; if (v && v.tagName == "DD") pair(e, v, "dl"); });
  each("label", e => {
    const v = e.labelled || (e.htmlFor && document.getElementById(e.htmlFor)) || e.querySelector("[data-control]");
    if (v && v.matches("[data-control],output")) {
      if (e.contains(v)) { // the label's own text is what is not the control's
        const own = of(e).filter(i => !v.contains(shown[i].e));
        if (own.length && visible(v) && !v.querySelector("[data-placeholder]")) add({ k: "pair", kind: "form", l: own, a: of(v), b: box(v) });
      } else pair(e, v, "form");
    }
  });

  // Tables
  document.querySelectorAll("table").forEach((table, number) => {
    if (table.closest("[data-skip]") || table.querySelector("table")) return;
    const rows = [...table.rows].filter(r => r.cells.length);
    const head = table.tHead && table.tHead.rows.length ? table.tHead.rows[table.tHead.rows.length - 1]
      : rows[0] && [...rows[0].cells].every(c => c.tagName == "TH") && rows.length > 2 ? rows[0] : null;
    const places = row => { const out = []; let at = 0; for (const c of row.cells) { for (let k = 0; k < (c.colSpan || 1); k++) out[at++] = c; } return out; };
    if (head) {
      const names = places(head), body = rows.filter(r => r != head && !(table.tHead && table.tHead.contains(r)) && !(table.tFoot && table.tFoot.contains(r)));
      const first = Math.max(0, names.findIndex(c => c && (c.dataset.name !== undefined))), nameAt = first;
      let full = 0;
      body.forEach((row, j) => {
        const cells = places(row);
        if (cells.length < names.length || row.cells.length < 2) return;
        const rowCell = row.querySelector("th[scope=row],[data-row-name]") || cells[nameAt];
        if (!rowCell || !of(rowCell).length) return;
        if (visible(rowCell)) full++;
        cells.forEach((cell, i) => {
          const top = names[i];
          if (cell == rowCell || cell == cells[i - 1] || !top || !visible(cell) || !of(cell).length || !of(top).length) return;
          add({ k: "cell", t: number, row: of(rowCell), j, i, col: of(top), a: of(cell), b: box(cell), h: box(top), r: box(rowCell),
            ask: split(top.dataset.ask), whose: split(top.dataset.whose), max: split(top.dataset.max), min: split(top.dataset.min),
            of: names[nameAt] ? text(names[nameAt]) : "" });
        });
      });
      if (full == body.length && full) add({ k: "rows", t: number, n: full, noun: table.dataset.rows || "", b: box(table), columns: names.map(c => c ? text(c) : "") });
    } else for (const row of rows) {
      if (row.cells.length == 2) pair(row.cells[0], row.cells[1], "table");
    }
  });
  each("ul,ol", e => {
    const all = [...e.children].filter(c => c.tagName == "LI");
    if (all.length > 1 && all.length < 13 && all.every(c => visible(c) && of(c).length) && !e.querySelector("[data-item],ul,ol"))
      add({ k: "list", n: all.length, ordered: e.tagName == "OL" ? 1 : 0, entries: all.map(c => of(c)), b: box(e) });
  });

  return {
    width, height,
    runs: shown.map(({ e, last, b, ...r }) => ({ ...r, b: b.map(round), role: roleOf(e) })),
    panels, shapes, facts,
  };
  function roleOf(e) {
    const in_ = s => e.closest(s);
    if (in_("h1,h2,[role=heading]")) return "title";
    if (in_("button,[role=button],.btn")) return "button";
    if (in_("th")) return "header";
    if (in_("td")) return "cell";
    if (in_("dt,label,[data-label]")) return "key";
    if (in_("dd,[data-value],[data-control]")) return "value";
    if (in_("nav,[role=menu],[role=menubar],aside")) return "menu";
    if (in_("[data-noun]")) return "sign";
    if (in_("svg")) return "axis";
    return "body";
  }
}
