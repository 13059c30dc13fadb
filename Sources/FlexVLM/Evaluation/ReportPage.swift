/// The page of an ``EvaluationReport``: markup, style and the script that fills it.
struct ReportPage {
  let title: String
  let subtitle: String
  let score: BenchmarkScore
  /// Questions that are not on the page.
  let omitted: Int
  /// The answers and the images, as JSON.
  let entries: String
  let images: String

  var html: String {
    """
    <!DOCTYPE html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width">
    <meta http-equiv="Content-Security-Policy"
      content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
    <title>\(escaped(title))</title>
    <style>\(Self.style)</style>
    </head>
    <body>
    <header>
    <h1>\(escaped(title))</h1>
    <p>\(escaped(subtitle))<br>\(escaped(score.protocolText))<br>\(escaped(counts))</p>
    \(table)
    <form>
    <label><input type="checkbox" id="wrong"> wrong only</label>
    <label>group <select id="group"><option value="">all</option></select></label>
    <label><input type="search" id="text" placeholder="question or answer"></label>
    <label><input type="checkbox" id="cells" checked> selected cells</label>
    <output id="count"></output>
    <p id="legend"><span class="swatch right"></span> right
    <span class="swatch wrong"></span> wrong
    <span class="swatch never"></span> cells that no layer saw
    <span class="scale"></span> seen seldom to most often, within a picture</p>
    </form>
    </header>
    <main id="list"></main>
    <dialog id="large"></dialog>
    <noscript>The questions are shown by a script, which this browser does not run.</noscript>
    <script type="application/json" id="images">\(images)</script>
    <script type="application/json" id="entries">\(entries)</script>
    <script>\(Self.script)</script>
    </body>
    </html>

    """
  }

  private var counts: String {
    var parts = ["\(score.answered) of \(score.questions) questions answered"]
    if let reason = score.firstFailure { parts.append("\(score.failed) failed (\(reason))") }
    if omitted > 0 { parts.append("the last \(omitted) are not shown here") }
    return parts.joined(separator: ", ")
  }

  private var table: String {
    if score.rows.isEmpty { return "<p>The data set holds no truths: nothing is scored.</p>" }
    let rows = score.rows.map { row in
      let interval =
        "\((100 * row.interval.low).fixed(2)) to \((100 * row.interval.high).fixed(2))"
        + " (\(row.interval.method))"
      let details = row.details.sorted { $0.key < $1.key }
        .map { "\($0.key) \($0.value.fixed(3))" }.joined(separator: ", ")
      return "<tr><th>\(escaped(row.name))</th><td>\((100 * row.mean).fixed(2))</td>"
        + "<td>\(interval)</td><td>\(row.count)</td><td>\(escaped(details))</td></tr>"
    }
    return """
      <table><thead><tr><th></th><th>\(escaped(score.metric))</th><th>95 % interval</th>\
      <th>questions</th><th></th></tr></thead><tbody>
      \(rows.joined(separator: "\n"))
      </tbody></table>
      """
  }

  /// The heat-map's colours, from seldom to often.
  private static let warmth = (0...16).map { step in
    let colour = ColourMap.warmth(Float(step) / 16)
    return "rgb(\(colour.x), \(colour.y), \(colour.z))"
  }

  private func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
  }

  private static let style = """
    :root { color-scheme: light dark; --line: color-mix(in srgb, currentColor 18%, transparent);
      --good: #2a9d4a; --bad: #d23c3c; }
    body { font: 15px/1.45 system-ui, sans-serif; margin: 0 auto; max-width: 76rem; padding: 1rem; }
    h1 { margin: 0; font-size: 1.5rem; }
    table { border-collapse: collapse; margin: .8rem 0; }
    th, td { text-align: right; padding: .15rem .9rem .15rem 0; border-bottom: 1px solid var(--line); }
    th:first-child, td:last-child { text-align: left; }
    form { position: sticky; top: 0; display: flex; flex-wrap: wrap; gap: .3rem 1.2rem;
      align-items: center; padding: .5rem 0; background: Canvas; z-index: 1; }
    #legend { flex-basis: 100%; margin: 0; font-size: .87em; }
    .swatch, .scale { display: inline-block; width: .8em; height: .8em; margin-left: .8em; }
    .swatch.right { background: var(--good); margin-left: 0; }
    .swatch.wrong { background: var(--bad); }
    .swatch.never { background: linear-gradient(rgb(20 16 36 / 55%) 0 0), white; }
    .scale { width: 8em; margin-left: 1em;
      background: linear-gradient(to right, \(warmth.joined(separator: ", "))); }
    header { display: contents; }
    main { display: grid; grid-template-columns: repeat(auto-fill, minmax(19rem, 1fr)); gap: 1rem; }
    article { border: 1px solid var(--line); border-left: 4px solid var(--line); border-radius: 4px;
      padding: .7rem; overflow-wrap: anywhere; }
    article.right { border-left-color: var(--good); }
    article.wrong { border-left-color: var(--bad); }
    .view { display: block; position: relative; width: 100%; aspect-ratio: 1; padding: 0; border: 0;
      background: var(--line); color: inherit; font: inherit; text-align: left;
      margin-bottom: .5rem; }
    button.view { cursor: zoom-in; }
    .view img, .view svg { position: absolute; inset: 0; width: 100%; height: 100%; }
    .view p { padding: 1rem; }
    rect { fill: rgb(20 16 36); fill-opacity: .55; shape-rendering: crispEdges;
      vector-effect: non-scaling-stroke; }
    rect.seen { fill-opacity: .12; stroke-width: 2px; }
    article rect.seen { stroke-width: 1.5px; }
    body.plain svg { display: none; }
    dialog { width: min(94vw, 94vh - 7rem); box-sizing: border-box; padding: 1rem; border: 0;
      outline: 0; border-radius: 6px; cursor: zoom-out; }
    dialog::backdrop { background: rgb(0 0 0 / 70%); }
    dl { display: grid; grid-template-columns: auto 1fr; gap: .1rem .6rem; margin: .3rem 0 0; }
    dt { opacity: .65; } dd { margin: 0; white-space: pre-wrap; }
    .question { font-weight: 600; white-space: pre-wrap; }
    """

  private static let script = """
    "use strict";
    const read = id => JSON.parse(document.getElementById(id).textContent);
    const images = read("images"), entries = read("entries");
    const [list, wrong, group, text, cells, count, large] =
      ["list", "wrong", "group", "text", "cells", "count", "large"]
        .map(id => document.getElementById(id));
    const warmth = "\(warmth.joined(separator: ";"))".split(";");

    function add(parent, tag, content, name) {
      const element = document.createElement(tag);
      if (content !== undefined) element.textContent = content;
      if (name) element.className = name;
      return parent.appendChild(element);
    }

    // Truths with how many people gave them: "stop x 8, halt".
    function tally(truths) {
      const counts = new Map();
      for (const truth of truths) counts.set(truth, (counts.get(truth) || 0) + 1);
      return [...counts].map(([truth, n]) => n > 1 ? `${truth} \\u00d7 ${n}` : truth).join(", ");
    }

    // As in a heat-map: unseen cells darkened, seen ones framed, the warmer the oftener, and left as
    // they are inside, so that what was read can be read.
    function overlay(view, entry) {
      const make = name => document.createElementNS("http://www.w3.org/2000/svg", name);
      const svg = make("svg"), side = Math.round(Math.sqrt(entry.cells.length));
      svg.setAttribute("viewBox", `0 0 ${side} ${side}`);
      const most = Math.max(...entry.cells);
      const order = [...entry.cells.keys()].sort((a, b) => entry.cells[a] - entry.cells[b]);
      for (const cell of order) {
        const times = entry.cells[cell], rect = make("rect"), title = make("title");
        for (const [key, value] of Object.entries({ x: cell % side, y: Math.floor(cell / side),
          width: 1, height: 1 })) rect.setAttribute(key, value);
        if (times) {
          const colour = warmth[Math.round(times / most * (warmth.length - 1))];
          rect.classList.add("seen");
          rect.style.fill = rect.style.stroke = colour;
        }
        title.textContent = `seen ${times} of ${entry.selections} times`;
        rect.append(title);
        svg.append(rect);
      }
      view.append(svg);
    }

    // The picture of an answer, as large as the window.
    function enlarge(view, entry) {
      const copy = document.createElement("div");
      copy.className = "view";
      copy.append(...[...view.children].map(child => child.cloneNode(true)));
      large.replaceChildren(copy);
      add(large, "div", entry.question, "question");
      add(large, "div", entry.error ? "none: " + entry.error : entry.answer);
      large.showModal();
    }
    large.addEventListener("click", () => large.close());

    function card(entry) {
      const known = entry.score !== undefined;
      const article = add(list, "article", undefined,
        !known ? "" : entry.score >= 0.5 ? "right" : "wrong");
      const isSeen = entry.image !== undefined;
      const view = add(article, isSeen ? "button" : "div", undefined, "view");
      if (!isSeen) {
        add(view, "p", entry.error || "no image");
      } else {
        view.title = "enlarge";
        view.addEventListener("click", () => enlarge(view, entry));
        const image = add(view, "img");
        image.alt = "";
        image.src = images[entry.image];
        if (entry.cells) overlay(view, entry);
      }
      add(article, "div", entry.question, "question");
      const facts = add(article, "dl");
      const fact = (name, value) => { add(facts, "dt", name); add(facts, "dd", value); };
      if (entry.options) {
        entry.options.forEach((option, i) =>
          fact(i ? "" : "options", (entry.losses ? entry.losses[i].toFixed(3) + "  " : "") + option));
      }
      fact("answer", entry.error ? "none: " + entry.error : entry.answer);
      if (entry.truths.length) fact("truth", tally(entry.truths));
      if (known) fact("score", entry.score.toFixed(2));
      if (entry.groups.length) fact("group", entry.groups.join(", "));
    }

    // Cards are made as the reader gets to them, so that the page opens at once.
    let chosen = [], shown = 0;
    function more() {
      for (const entry of chosen.slice(shown, shown + 24)) card(entry);
      shown = Math.min(chosen.length, shown + 24);
    }
    const end = document.body.appendChild(document.createElement("div"));
    new IntersectionObserver(seen => {
      if (!seen.some(entry => entry.isIntersecting)) return;
      do more(); while (shown < chosen.length && end.getBoundingClientRect().top < innerHeight + 600);
    }, { rootMargin: "600px" }).observe(end);

    function filter() {
      const words = text.value.toLowerCase();
      chosen = entries.filter(entry =>
        (!wrong.checked || entry.score < 0.5)
        && (!group.value || entry.groups.includes(group.value))
        && (!words || (entry.question + "\\n" + entry.answer).toLowerCase().includes(words)));
      const scored = chosen.filter(entry => entry.score !== undefined);
      const mean = scored.reduce((sum, entry) => sum + entry.score, 0) / scored.length;
      count.value = `${chosen.length} questions`
        + (scored.length ? `, score ${(100 * mean).toFixed(2)}` : "");
      list.replaceChildren();
      shown = 0;
      more();
    }
    for (const name of [...new Set(entries.flatMap(entry => entry.groups))]) {
      add(group, "option", name).value = name;
    }
    for (const control of [wrong, group, text]) control.addEventListener("input", filter);
    cells.addEventListener("input", () => document.body.classList.toggle("plain", !cells.checked));
    document.forms[0].addEventListener("submit", event => event.preventDefault());
    filter();
    """
}
