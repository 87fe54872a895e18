"""
The profile as SVG, written on the server: for the browser without JavaScript, for print and for the PDF.

Pure. Every colour has a shape or a number beside it, so that it is read in greyscale.
"""

from dataclasses import dataclass
from itertools import pairwise

from reports.canvas import (
    ALERT,
    BANDS,
    BAR,
    CLAIMED,
    EMPTY,
    FONT,
    GAP,
    INK,
    LINE,
    MUTED,
    WARN,
    WHITE,
    Canvas,
    width_of,
    wrap,
)
from reports.figures import Profile


@dataclass(frozen=True)
class Layout:
    """
    Where the columns of the wide profile stand, and how high its rows are, in SVG units.

    The letters keep their size, so a narrower layout prints larger.
    """

    width: int = 1100
    levels: int = 360
    levels_width: int = 440
    evidence: int = 826
    scores: int = 948
    row: int = 36
    group: int = 44
    # Above a criterion that is a domain itself, beside domains with headings.
    gap: int = 14


SCREEN = Layout()
PAPER = Layout(width=896, levels=338, levels_width=328, evidence=682, scores=790, row=28, group=32, gap=10)

BESIDE = 24
# What reviewers found stands below the line, at its level, in a lane that rows have only where somebody reviewed.
LANE = 16
NARROW, NARROW_BAND, NARROW_GROUP = 320, 34, 62


def profile(figure: Profile, *, font=FONT, links=None, layout=SCREEN):
    """
    Draw the profile, wide: names, levels, evidence in date, and how the scores are spread.

    `links` maps criterion codes to addresses, so that a row leads to what is behind it.
    """
    legend_lines = _legend_lines(figure, layout.width)
    top = 26 * len(legend_lines) + layout.row + 14
    below = _lane(figure)
    pitch = layout.row + below
    canvas = Canvas.of(
        figure,
        layout.width,
        top + 12 + sum(_head(figure, group, layout) + pitch * len(group.rows) for group in figure.groups),
        "wide",
        font=font,
        links=links,
    )
    _legend(canvas, legend_lines)
    step = layout.levels_width / len(figure.levels)
    for place, (_, name) in enumerate(figure.levels):
        middle = layout.levels + step * (place + 0.5)
        canvas.text(middle, top - 10, name, size=14, fill=MUTED, weight="bold", place="middle")
    canvas.text(layout.evidence, top - 10, "Evidence", size=14, fill=MUTED, weight="bold")
    canvas.text(layout.scores, top - 10, "Scores", size=14, fill=MUTED, weight="bold")
    y = top
    for group in figure.groups:
        if group.heading:
            canvas.text(0, y + layout.group * 0.64, group.heading, size=16, weight="bold")
        y += _head(figure, group, layout)
        for row in group.rows:
            href = (links or {}).get(row.code)
            part = canvas.group(href=href, label=row.sentence)
            _row_name(canvas, row, layout, y, part, is_link=bool(href), is_domain=row.code in figure.alone)
            part = canvas.group(href=href)
            _levels(canvas, figure, row, layout.levels, y, step, part, tall=layout.row, below=below)
            _evidence(canvas, row, layout.evidence, y + layout.row / 2, part)
            _scores(canvas, row, layout.scores, y + layout.row - 6, part, tall=layout.row - 10)
            y += pitch
    return str(canvas)


def _head(figure, group, layout):
    """Return how much room there is above the rows of a group."""
    return layout.group if group.heading else layout.gap * (group.code in figure.alone)


def _row_name(canvas, row, layout, y, part, *, is_link, is_domain):
    """Write a row's name in the middle of the row: in one line, or smaller in two; a domain's like a heading."""
    left, size, weight = (0, 16, "bold") if is_domain else (24, 15, None)
    # Bold letters are wider than the canvas reckons.
    width = (layout.levels - 12 - left) / (1.1 if is_domain else 1)
    lines = wrap(row.name, width, size)
    first = y + layout.row / 2 + 5
    if len(lines) > 1:
        lines, size = wrap(row.name, width, 12), 12
        first -= 8 * (len(lines) - 1)
    canvas.lines(left, first, lines, size=size, parent=part, is_link=is_link, weight=weight)


def narrow_profile(figure: Profile, *, links=None):
    """Draw the profile for a phone, 320 units wide: each criterion's name and evidence above its levels."""
    names = {row.code: wrap(row.name, NARROW / (1.1 if row.code in figure.alone else 1), 16) for row in figure.rows}
    below = _lane(figure)
    tall = {code: 20 * len(lines) + 24 + NARROW_BAND + below + 12 for code, lines in names.items()}
    entries = _legend_entries(figure)
    top = 26 * len(entries) + 6
    # The names of the levels stand over every domain, and once over criteria that are domains themselves.
    headings = ["", *(group.heading for group in figure.groups)]
    named = [bool(heading or before) or not place for place, (before, heading) in enumerate(pairwise(headings))]
    height = top + NARROW_GROUP * sum(named) + sum(tall.values())
    canvas = Canvas.of(figure, NARROW, height, "narrow", links=links)
    _legend(canvas, [[entry] for entry in entries])
    step = NARROW / len(figure.levels)
    y = top
    for group, is_named in zip(figure.groups, named, strict=True):
        canvas.text(0, y + 26, group.heading, size=18, weight="bold")
        for place, (_, name) in enumerate(figure.levels if is_named else ()):
            canvas.text(step * (place + 0.5), y + 50, name, size=12, fill=MUTED, weight="bold", place="middle")
        y += NARROW_GROUP * is_named
        for row in group.rows:
            href = (links or {}).get(row.code)
            name = canvas.group(href=href, label=row.sentence)
            weight = "bold" if row.code in figure.alone else None
            canvas.lines(
                0, y + 15, names[row.code], size=16, leading=1.25, parent=name, is_link=bool(href), weight=weight
            )
            part = canvas.group(href=href)
            under = y + 20 * len(names[row.code])
            _evidence(canvas, row, 0, under + 11, part, after=" with evidence")
            _scores(canvas, row, 200, under + 20, part, tall=18)
            _levels(canvas, figure, row, 0, under + 24, step, part, tall=NARROW_BAND, below=below)
            y += tall[row.code]
    return str(canvas)


def _legend_entries(figure):
    entries = [("supported", "what the evidence supports"), ("claimed", "what the board agreed")]
    entries.append(("gap", "still to be evidenced"))
    if any(row.reviewed for row in figure.rows):
        entries.append(("reviewed", "what the ICB's reviewers found"))
    if figure.previous_round:
        entries.append(("previous", f"agreed last time ({figure.previous_round})"))
    if any(row.target for row in figure.rows):
        entries.append(("target", "target"))
    if any(row.projected for row in figure.rows):
        entries.append(("projected", "supported once the actions are done"))
    return entries


def _legend_lines(figure, width):
    """Break the legend into lines of a width."""
    lines, x = [[]], 0
    for kind, words in _legend_entries(figure):
        wide = 42 + width_of(words, 14)
        if lines[-1] and x + wide > width:
            lines.append([])
            x = 0
        lines[-1].append((kind, words))
        x += wide
    return lines


def _legend(canvas, lines):
    """Say what each mark means, at the top."""
    for number, line in enumerate(lines):
        x, y = 0, 14 + 26 * number
        for kind, words in line:
            _mark(canvas, kind, x + 12, y)
            canvas.text(x + 30, y + 5, words, size=14)
            x += 42 + width_of(words, 14)


def _mark(canvas, kind, x, y, parent=None):
    if kind == "supported":
        canvas.draw("circle", parent, cx=x, cy=y, r=9, fill=CLAIMED)
    elif kind == "claimed":
        canvas.draw("circle", parent, cx=x, cy=y, r=8, fill=WHITE, stroke=CLAIMED, stroke_width=3)
    elif kind == "both":
        canvas.draw("circle", parent, cx=x, cy=y, r=11, fill=WHITE, stroke=CLAIMED, stroke_width=2)
        canvas.draw("circle", parent, cx=x, cy=y, r=7, fill=CLAIMED)
    elif kind == "gap":
        canvas.draw("line", parent, x1=x - 12, y1=y, x2=x + 12, y2=y, stroke=GAP, stroke_width=5)
    elif kind == "reviewed":
        points = f"{x:g},{y - 8:g} {x + 7:g},{y:g} {x:g},{y + 8:g} {x - 7:g},{y:g}"
        canvas.draw("polygon", parent, points=points, fill=WHITE, stroke=INK, stroke_width=2)
    elif kind == "previous":
        canvas.draw("rect", parent, x=x - 2, y=y - 5, width=4, height=10, fill=MUTED)
    elif kind == "projected":
        points = f"{x - 5:g},{y - 7:g} {x + 7:g},{y:g} {x - 5:g},{y + 7:g}"
        canvas.draw("polygon", parent, points=points, fill=WHITE, stroke=CLAIMED, stroke_width=2)
    elif kind == "target":
        points = f"{x - 6:g},{y - 4:g} {x + 6:g},{y - 4:g} {x:g},{y + 5:g}"
        canvas.draw("polygon", parent, points=points, fill=MUTED)


def _lane(figure):
    return LANE if any(row.reviewed for row in figure.rows) else 0


def _levels(canvas, figure, row, left, y, step, part, *, tall, below):
    for place in range(len(figure.levels)):
        box = {"x": left + step * place, "y": y + 1, "width": step, "height": tall + below - 2}
        canvas.draw("rect", part, fill=BANDS[place % 2], **box)
    middle, right = y + tall / 2, left + step * len(figure.levels)
    if row.claimed.level is not None:
        canvas.draw("line", part, x1=left, y1=middle, x2=right, y2=middle, stroke=LINE, stroke_width=1)
    place_of = {rank: left + step * (place + 0.5) for place, (rank, _) in enumerate(figure.levels)}
    if row.previous and row.previous.level is not None:
        _mark(canvas, "previous", place_of[row.previous.level], y + tall - 5, part)
    if row.target:
        _mark(canvas, "target", place_of[row.target.level], y + 5, part)
    if row.claimed.level is None:
        fill = WARN if row.is_unfinished else INK
        canvas.text(left + 12, middle + 5, row.note, size=14, fill=fill, weight="bold", parent=part)
    else:
        _standings(canvas, row, left, y, place_of, middle, part)
    # Beside and below the circles, so that none hides another.
    if row.projected:
        _mark(canvas, "projected", place_of[row.projected.level] - BESIDE, middle, part)
    if row.reviewed:
        _mark(canvas, "reviewed", place_of[row.reviewed.level], y + tall + below / 2 - 2, part)


def _standings(canvas, row, left, y, place_of, middle, part):
    """Draw what was agreed, what the evidence supports, and the gap between them."""
    agreed = place_of[row.claimed.level]
    supported = left if row.supported.level is None else place_of[row.supported.level]
    if supported == agreed:
        _mark(canvas, "both", agreed, middle, part)
        return
    canvas.draw("line", part, x1=supported, y1=middle, x2=agreed, y2=middle, stroke=GAP, stroke_width=5)
    _mark(canvas, "claimed", agreed, middle, part)
    if row.supported.level is None:
        canvas.text(left + 4, y + 13, "none", size=12, fill=WARN, weight="bold", parent=part)
    else:
        _mark(canvas, "supported", supported, middle, part)


def _evidence(canvas, row, x, middle, part, *, width=46, after=""):
    if not row.applicable:
        canvas.text(x, middle + 5, f"no {row.noun}s", size=13, fill=MUTED, parent=part)
        return
    canvas.draw("rect", part, x=x, y=middle - 6, width=width, height=11, fill=EMPTY)
    if row.in_date:
        canvas.draw("rect", part, x=x, y=middle - 6, width=width * row.in_date / row.applicable, height=11, fill=BAR)
    none = not row.in_date
    canvas.text(
        x + width + 7,
        middle + 5,
        f"{row.in_date} of {row.applicable}{after}",
        size=13,
        fill=ALERT if none else INK,
        weight="bold" if none else None,
        parent=part,
    )


def _scores(canvas, row, x, foot, part, *, tall):
    """Draw the members' scores as bars, one per level, and say where they are split."""
    if not row.counts or not any(row.counts):
        return
    most = max(row.counts)
    for place, count in enumerate(row.counts):
        height = max(1.0, tall * count / most)
        canvas.draw("rect", part, x=x + 15 * place, y=foot - height, width=12, height=height, fill=BAR)
    if row.split:
        words = f"{len(row.split)} split"
        canvas.text(x + 15 * len(row.counts) + 6, foot - 4, words, size=13, fill=WARN, weight="bold", parent=part)
