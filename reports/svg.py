"""
The charts as SVG, written on the server: for the browser without JavaScript, for print and for the PDF.

Pure. Every figure has a title and a description, every colour a shape or a number beside it. Text is
placed by its start, never by `text-anchor="middle"`, which costs the PDF maker dearly.
"""

from dataclasses import dataclass
from math import cos, pi, sin
from xml.etree import ElementTree as ET

from reports.figures import Profile

INK, MUTED, LINE = "#212B32", "#4C6272", "#AEB7BD"
CLAIMED, GAP, BAR, EMPTY, ALERT, WARN = "#003078", "#D9730D", "#1D70B8", "#D8DDE0", "#B10E1E", "#8A4B00"
BANDS = ("#F7F9FA", "#E8EDEE")

# How wide a character is, on average, as a share of the size of the letters: enough to place short words.
LETTER = 0.52

ROW, GROUP = 36, 44


@dataclass(frozen=True)
class Layout:
    """
    Where the columns of the wide profile stand, and how high its rows are, in SVG units.

    The letters keep their size, so a narrower layout prints larger.
    """

    width: int = 1100
    levels: int = 350
    levels_width: int = 440
    evidence: int = 820
    scores: int = 945
    row: int = ROW
    group: int = GROUP


SCREEN = Layout()
PAPER = Layout(width=870, levels=300, levels_width=340, evidence=656, scores=764, row=28, group=32)


class Canvas:
    """An SVG being drawn: shapes with presentation attributes only, so that no style rule is needed."""

    def __init__(self, width, height, title, description, *, font="Arial, sans-serif", links=None, row=ROW):
        self.links = links or {}
        self.row = row
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {width} {height}",
                "width": str(width),
                "height": str(height),
                "font-family": font,
                "class": "app-chart",
                "role": "group" if self.links else "img",
                "aria-label": f"{title}. {description}",
            },
        )
        ET.SubElement(self.root, "title").text = title
        ET.SubElement(self.root, "desc").text = description

    def draw(self, tag, parent=None, **attributes):
        named = {name.replace("_", "-"): _number(value) for name, value in attributes.items()}
        return ET.SubElement(self.root if parent is None else parent, tag, named)

    def text(self, x, y, words, *, size=15, fill=INK, weight=None, parent=None, middle=False):
        if middle:
            x -= len(words) * size * LETTER / 2
        attributes = {"x": x, "y": y, "font_size": size, "fill": fill}
        if weight:
            attributes["font_weight"] = weight
        self.draw("text", parent, **attributes).text = words

    def label(self, x, y, words, code, **how):
        """Write a row's name, as a link where the page has an address for it."""
        if code in self.links:
            anchor = self.draw("a", href=self.links[code])
            self.text(x, y, words, parent=anchor, **how)
        else:
            self.text(x, y, words, **how)

    def __str__(self):
        return ET.tostring(self.root, encoding="unicode")


def profile(figure: Profile, *, font="Arial, sans-serif", links=None, layout=SCREEN):
    """
    Draw the profile, wide: names, levels, evidence attached, and how the scores are spread.

    `links` maps criterion codes to addresses, so that a name leads to the items behind it.
    """
    top = 84 if layout is SCREEN else 72
    height = top + 12 + sum(layout.group + layout.row * len(group.rows) for group in figure.groups)
    canvas = Canvas(layout.width, height, figure.message, figure.description, font=font, links=links, row=layout.row)
    _legend(canvas, figure, 0, 16)
    left, step = layout.levels, layout.levels_width / len(figure.levels)
    for place, (_, name) in enumerate(figure.levels):
        canvas.text(left + step * (place + 0.5), top - 14, name, size=14, fill=MUTED, weight="bold", middle=True)
    canvas.text(layout.evidence, top - 14, "Evidence", size=14, fill=MUTED, weight="bold")
    canvas.text(layout.scores, top - 14, "Scores", size=14, fill=MUTED, weight="bold")
    y = top
    for group in figure.groups:
        canvas.text(0, y + layout.group * 0.64, group.name, size=16, weight="bold")
        y += layout.group
        for row in group.rows:
            name = _shortened(row.name, layout.levels - 32, size=15)
            canvas.label(24, y + layout.row / 2 + 5, name, row.code, size=15)
            _levels(canvas, figure, row, left, y, step)
            _evidence(canvas, row, layout.evidence, y)
            _scores(canvas, row, layout.scores, y)
            y += layout.row
    return str(canvas)


def _shortened(words, width, *, size):
    """Cut words that would run into the next column; the table beside the chart has them in full."""
    most = int(width / (size * LETTER * 0.9))
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


def narrow_profile(figure: Profile, *, links=None):
    """Draw the profile for a phone: each criterion's name above its levels, 320 units wide."""
    row_height = 74
    height = 150 + sum(GROUP + row_height * len(group.rows) for group in figure.groups)
    canvas = Canvas(320, height, figure.message, figure.description, links=links)
    _legend(canvas, figure, 0, 14, columns=1)
    step = 320 / len(figure.levels)
    y = 26 * 4 + 20 if figure.previous_round else 26 * 3 + 20
    for group in figure.groups:
        canvas.text(0, y + 28, group.name, size=17, weight="bold")
        y += GROUP
        for row in group.rows:
            canvas.label(0, y + 14, row.name, row.code, size=15)
            _evidence(canvas, row, 232, y - 10, width=34)
            _levels(canvas, figure, row, 0, y + 22, step, names=True)
            y += row_height
    return str(canvas)


def _legend(canvas, figure, x, y, columns=None):
    entries = [("supported", "what the evidence supports"), ("claimed", "what the board agreed")]
    entries.append(("gap", "still to be evidenced"))
    if figure.previous_round:
        entries.append(("previous", f"agreed last time ({figure.previous_round})"))
    for kind, words in entries:
        _mark(canvas, kind, x + 12, y)
        canvas.text(x + 30, y + 5, words, size=14)
        if columns == 1:
            y += 26
        else:
            x += 44 + len(words) * 14 * LETTER


def _mark(canvas, kind, x, y):
    if kind == "supported":
        canvas.draw("circle", cx=x, cy=y, r=9, fill=CLAIMED)
    elif kind == "claimed":
        canvas.draw("circle", cx=x, cy=y, r=8, fill="#FFFFFF", stroke=CLAIMED, stroke_width=3)
    elif kind == "both":
        canvas.draw("circle", cx=x, cy=y, r=11, fill="#FFFFFF", stroke=CLAIMED, stroke_width=2)
        canvas.draw("circle", cx=x, cy=y, r=7, fill=CLAIMED)
    elif kind == "gap":
        canvas.draw("line", x1=x - 12, y1=y, x2=x + 12, y2=y, stroke=GAP, stroke_width=5)
    elif kind == "previous":
        canvas.draw("rect", x=x - 2, y=y - 7, width=4, height=14, fill=MUTED)


def _levels(canvas, figure, row, left, y, step, names=False):
    for place, (_, name) in enumerate(figure.levels):
        canvas.draw(
            "rect",
            x=left + step * place,
            y=y + 1,
            width=step,
            height=canvas.row - 2,
            fill=BANDS[place % 2],
            stroke="none",
        )
        if names:
            canvas.text(left + step * (place + 0.5), y + canvas.row + 10, name, size=11, fill=MUTED, middle=True)
    middle = y + canvas.row / 2
    canvas.draw("line", x1=left, y1=middle, x2=left + step * len(figure.levels), y2=middle, stroke=LINE, stroke_width=1)
    place_of = {rank: left + step * (place + 0.5) for place, (rank, _) in enumerate(figure.levels)}
    if row.claimed.level is None:
        canvas.text(left + 12, middle + 5, row.claimed.words, size=14, fill=WARN, weight="bold")
        return
    agreed = place_of[row.claimed.level]
    supported = left if row.supported.level is None else place_of[row.supported.level]
    if row.previous and row.previous.level is not None:
        canvas.draw("rect", x=place_of[row.previous.level] - 2, y=y + canvas.row - 9, width=4, height=8, fill=MUTED)
    if supported == agreed:
        _mark(canvas, "both", agreed, middle)
        return
    canvas.draw("line", x1=supported, y1=middle, x2=agreed, y2=middle, stroke=GAP, stroke_width=5)
    _mark(canvas, "claimed", agreed, middle)
    if row.supported.level is None:
        canvas.text(left + 4, y + 12, "none", size=11, fill=WARN)
    else:
        _mark(canvas, "supported", supported, middle)


def _evidence(canvas, row, x, y, width=46):
    middle = y + canvas.row / 2
    if not row.applicable:
        canvas.text(x, middle + 5, "no items", size=13, fill=MUTED)
        return
    canvas.draw("rect", x=x, y=middle - 6, width=width, height=11, fill=EMPTY)
    if row.in_date:
        share = width * row.in_date / row.applicable
        canvas.draw("rect", x=x, y=middle - 6, width=round(share, 1), height=11, fill=BAR)
    none = not row.in_date
    words = f"{row.in_date} of {row.applicable}"
    canvas.text(x + width + 6, middle + 5, words, size=13, fill=ALERT if none else INK, weight="bold" if none else None)


def _scores(canvas, row, x, y):
    if not row.counts or not any(row.counts):
        return
    most = max(row.counts)
    for place, count in enumerate(row.counts):
        tall = max(1, round((canvas.row - 10) * count / most, 1))
        canvas.draw("rect", x=x + 17 * place, y=y + canvas.row - 6 - tall, width=14, height=tall, fill=BAR)
    if row.split:
        canvas.text(x + 17 * len(row.counts) + 8, y + canvas.row / 2 + 5, "split", size=13, fill=WARN, weight="bold")


def radar(figure: Profile, *, font="Arial, sans-serif"):
    """Draw the profile as a radar, for those used to one: what was agreed as a line, what is supported filled."""
    size, radius = 640, 200
    canvas = Canvas(size, size - 60, figure.message, figure.description, font=font)
    centre, middle = size / 2, size / 2 - 30
    rows = figure.rows
    steps = len(figure.levels)

    def at(place, share):
        angle = 2 * pi * place / len(rows) - pi / 2
        return centre + radius * share * cos(angle), middle + radius * share * sin(angle)

    def ring(shares):
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(place, share) for place, share in enumerate(shares)))

    def share(mark):
        ranks = [rank for rank, _ in figure.levels]
        return 0 if mark.level is None else (ranks.index(mark.level) + 1) / steps

    for step in range(1, steps + 1):
        canvas.draw("polygon", points=ring([step / steps] * len(rows)), fill="none", stroke=LINE, stroke_width=1)
    for place, row in enumerate(rows):
        x, y = at(place, 1)
        canvas.draw("line", x1=centre, y1=middle, x2=round(x, 1), y2=round(y, 1), stroke=LINE, stroke_width=1)
        x, y = at(place, 1.08)
        wide = len(row.code) * 15 * LETTER
        canvas.text(x - wide * (1 - (x - centre) / radius) / 2, y + 5, row.code, size=15, weight="bold")
    canvas.draw(
        "polygon",
        points=ring([share(row.supported) for row in rows]),
        fill=BAR,
        fill_opacity=0.35,
        stroke=CLAIMED,
        stroke_width=1,
    )
    canvas.draw(
        "polygon",
        points=ring([share(row.claimed) for row in rows]),
        fill="none",
        stroke=CLAIMED,
        stroke_width=3,
        stroke_dasharray="8 4",
    )
    for place, (_, name) in enumerate(figure.levels):
        canvas.text(centre + 4, middle - radius * (place + 1) / steps + 14, name, size=12, fill=MUTED)
    return str(canvas)


def _number(value):
    return f"{value:g}" if isinstance(value, float) else str(value)
