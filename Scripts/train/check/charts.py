"""Charts that gnuplot and R draw."""

import random

from check.sheet import COLORS, GOODS, MONTHS, TOWNS, Sheet, font, opened, run


def gnuplot(kind: str, rng: random.Random, folder, script: str, asked, width: int = 1000, height: int = 700) -> Sheet:
    head = f"set terminal pngcairo size {width},{height} font '{font(rng)},{rng.choice([13, 15, 17])}'\nset output 'a.png'\n"
    run("gnuplot", "-", folder=folder, text=head + script)
    return Sheet(kind, opened(folder / "a.png"), asked)


def boxes(rng, folder):
    """One bar a town, with its value above."""
    names, color = rng.sample(TOWNS, 6), rng.choice(list(COLORS))
    values = rng.sample(range(20, 480), 6)
    title = rng.choice(["Bicycles rented in May", "Library loans per week", "Snow days since 2010", "Tonnes of apples pressed"])
    data = "\n".join(f'{i} {v} "{n}"' for i, (n, v) in enumerate(zip(names, values)))
    script = f"""$d << E\n{data}\nE
set title '{title}'; set style fill solid; set boxwidth 0.6; set yrange [0:*]; unset key; set grid y
plot $d using 1:2:xtic(3) with boxes lc rgb '{COLORS[color]}', $d using 1:2:2 with labels offset 0,0.8"""
    k = rng.randrange(6)
    return gnuplot("gnuplot-boxes", rng, folder, script, [
        ("title", "What is this chart about?", title), ("bar", f"How many for {names[k]}?", str(values[k])), ("bar", "Which town comes out on top?", names[values.index(max(values))]),
        ("bar", "Which town has the smallest bar?", names[values.index(min(values))]), ("attr", "What colour are the bars?", color), ("count", "How many towns are compared?", "6")])


def lines(rng, folder):
    """Three lines of different colours over the months, with a key."""
    names, colors = rng.sample(GOODS, 3), rng.sample(["red", "green", "blue", "orange", "purple"], 3)
    months, peaks, rows = MONTHS[:8], rng.sample(range(8), 3), []
    for i, month in enumerate(months):
        rows.append(f"{i} {month[:3]} " + " ".join(str(90 - 9 * abs(i - p) + rng.randint(-3, 3)) for p in peaks))
    data = "\n".join(rows)
    plots = ", ".join(f"$d using 1:{k + 3}:xtic(2) with linespoints lw 3 pt {5 + 2 * k} lc rgb '{COLORS[c]}' title '{n}'" for k, (n, c) in enumerate(zip(names, colors)))
    k = rng.randrange(3)
    return gnuplot("gnuplot-lines", rng, folder, f"$d << E\n{data}\nE\nset title 'Items sold by month'; set ylabel 'pieces'; set key outside; set grid\nplot {plots}", [
        ("attr", f"Which colour is used for the {names[k]}?", colors[k]), ("read", f"What does the {colors[k - 1]} line stand for?", names[k - 1]),
        ("bar", f"In which month did the {names[k - 2]} sell best?", months[peaks[k - 2]][:3]), ("read", "What is the unit on the vertical axis?", "pieces"), ("count", "How many lines does the chart have?", "3")])


def places(rng, folder):
    """Points with names, of two kinds."""
    names = rng.sample(TOWNS, 7)
    spots = list(zip(rng.sample(range(5, 95, 12), 7), rng.sample(range(6, 90, 11), 7)))
    wet = [i % 2 for i in range(7)]
    rows = lambda k: "\n".join(f'{x} {y} "{n}"' for n, (x, y), w in zip(names, spots, wet) if w == k)
    one, two = rng.sample(["red", "blue", "green", "purple"], 2)
    script = f"""$a << E\n{rows(0)}\nE\n$b << E\n{rows(1)}\nE
set title 'Measuring stations'; set xlabel 'km east'; set ylabel 'km north'; set xrange [0:110]; set yrange [0:100]; set key top left
plot $a with points pt 7 ps 2 lc rgb '{COLORS[one]}' title 'dry', $b with points pt 9 ps 2 lc rgb '{COLORS[two]}' title 'wet', $a using 1:2:3 with labels offset 0,1.2 notitle, $b using 1:2:3 with labels offset 0,1.2 notitle"""
    top = max(range(7), key=lambda i: spots[i][1])
    right = max(range(7), key=lambda i: spots[i][0])
    a, b = rng.sample(range(7), 2)
    return gnuplot("gnuplot-places", rng, folder, script, [
        ("rel", "Which station lies furthest north?", names[top]), ("rel", "Which station is the easternmost?", names[right]), ("count", "How many wet stations are there?", str(sum(wet))),
        ("attr", f"What colour is the marker of {names[a]}?", (one, two)[wet[a]]), ("rel", f"Is {names[a]} to the left or to the right of {names[b]}?", "left" if spots[a][0] < spots[b][0] else "right")])


def heat(rng, folder):
    """A matrix of numbers on colours."""
    rows, columns = rng.sample(["Mon", "Tue", "Wed", "Thu", "Fri"], 4), ["06 h", "10 h", "14 h", "18 h"]
    rows.sort(key="Mon Tue Wed Thu Fri".split().index)
    values = rng.sample(range(10, 99), 16)
    data = "\n".join(f"{i % 4} {i // 4} {v}" for i, v in enumerate(values))
    ticks = lambda of: ", ".join(f"'{n}' {i}" for i, n in enumerate(of))
    script = f"""$d << E\n{data}\nE
set title 'Cars per minute'; unset key; set xtics ({ticks(columns)}); set ytics ({ticks(rows)}); set xrange [-0.5:3.5]; set yrange [3.5:-0.5]; set palette defined (0 '#fff5e0', 1 '#e8884a')
plot $d using 1:2:3 with image, $d using 1:2:3 with labels"""
    j, i = rng.randrange(4), rng.randrange(4)
    most = values.index(max(values))
    return gnuplot("gnuplot-matrix", rng, folder, script, [
        ("table", f"How many cars per minute passed on {rows[j]} at {columns[i]}?", str(values[4 * j + i])), ("bar", "On which day was the largest number counted?", rows[most // 4]), ("title", "What was counted here?", "Cars per minute")])


def r_plot(kind, rng, folder, script, asked) -> Sheet:
    size = rng.choice([(900, 700), (1000, 650), (800, 800)])
    (folder / "a.R").write_text(f"png('a.png', width={size[0]}, height={size[1]}, type='cairo', family='{font(rng)}', pointsize={rng.choice([15, 18, 20])})\n{script}\ninvisible(dev.off())\n")
    run("Rscript", "--vanilla", "a.R", folder=folder)
    return Sheet(kind, opened(folder / "a.png"), asked)


def vector(of) -> str:
    return "c(" + ",".join(f"'{v}'" if isinstance(v, str) else str(v) for v in of) + ")"


def r_bars(rng, folder):
    names, values = rng.sample(GOODS, 5), rng.sample(range(3, 60), 5)
    color = rng.choice(["green", "blue", "orange", "red"])
    title = rng.choice(["Lost property this year", "Gifts in the raffle", "Returned goods"])
    k = rng.randrange(5)
    return r_plot("r-bars", rng, folder, f"par(mar=c(4,8,3,2)); b <- barplot({vector(values)}, names.arg={vector(names)}, horiz=TRUE, las=1, col='{COLORS[color]}', main='{title}', xlim=c(0,70))\n"
                  f"text({vector(values)} + 3, b, {vector(values)})", [
        ("bar", f"What number belongs to the {names[k]}?", str(values[k])), ("bar", "What is the longest bar for?", names[values.index(max(values))]),
        ("rel", "What is the topmost bar?", names[-1]), ("title", "What is the heading?", title), ("exist", f"Is there a bar for {names[k - 1]}?", "yes"), ("attr", "In which colour are the bars filled?", color)])


def r_pie(rng, folder):
    names = rng.sample(["bus", "tram", "train", "ferry", "bicycle", "on foot"], 4)
    shares = rng.choice([[40, 30, 20, 10], [45, 25, 18, 12], [52, 24, 16, 8]])
    rng.shuffle(shares)
    colors = rng.sample(["red", "green", "blue", "orange", "purple", "yellow"], 4)
    labels = [f"{n} {s} %" for n, s in zip(names, shares)]
    k = rng.randrange(4)
    return r_plot("r-pie", rng, folder, f"pie({vector(shares)}, labels={vector(labels)}, col={vector([COLORS[c] for c in colors])}, main='How people come to work')", [
        ("bar", f"What percentage is given for {names[k]}?", f"{shares[k]} %"), ("attr", f"What colour is the slice for {names[k - 1]}?", colors[k - 1]),
        ("bar", "How do most people come to work?", names[shares.index(max(shares))]), ("count", "How many slices are in the pie?", "4")])


def r_dots(rng, folder):
    names, values = rng.sample(TOWNS, 7), rng.sample(range(4, 95), 7)
    return r_plot("r-dots", rng, folder, f"dotchart({vector(values)}, labels={vector(names)}, pch=19, main='Age of the town hall', xlab='years', xlim=c(0,100))", [
        ("bar", "Which town has the oldest town hall?", names[values.index(max(values))]), ("bar", "Whose town hall is the newest?", names[values.index(min(values))]),
        ("count", "How many towns are on the chart?", "7"), ("read", "What is written below the horizontal axis?", "years"), ("exist", "Is Southport one of the towns?", "no")])


def r_legend(rng, folder):
    teams, colors = rng.sample(["Otters", "Lynxes", "Cranes", "Moles", "Stoats"], 3), rng.sample(["red", "blue", "green", "orange"], 3)
    values = [rng.sample(range(2, 30), 3) for _ in range(4)]
    flat = [v for group in values for v in group]
    seasons = ["spring", "summer", "autumn", "winter"]
    k, s = rng.randrange(3), rng.randrange(4)
    return r_plot("r-legend", rng, folder, f"m <- matrix({vector(flat)}, nrow=3); b <- barplot(m, beside=TRUE, names.arg={vector(seasons)}, col={vector([COLORS[c] for c in colors])}, ylim=c(0,36), main='Matches won')\n"
                  f"text(b, m + 1, m); legend('topright', {vector(teams)}, fill={vector([COLORS[c] for c in colors])})", [
        ("bar", f"How many matches did the {teams[k]} win in {seasons[s]}?", str(values[s][k])), ("attr", f"Which colour do the {teams[k - 1]} have?", colors[k - 1]),
        ("read", f"Which team is drawn in {colors[k]}?", teams[k]), ("bar", f"Who won most in {seasons[s - 1]}?", teams[values[s - 1].index(max(values[s - 1]))])])


MAKERS = [(boxes, 3), (lines, 3), (places, 3), (heat, 3), (r_bars, 2), (r_pie, 2), (r_dots, 2), (r_legend, 2)]
