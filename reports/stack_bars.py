"""Stacked bars of places by level, written as SVG on the server. Pure."""

from reports.canvas import CLAIMED, FONT, INK, MUTED, WHITE, Canvas, width_of, wrap
from reports.stacks import FEWEST, Stacks

WIDE, NARROW = 1100, 320
BAR_AT, BAR_WIDE, ROW = 330, 700, 36
# The blues of static/css/levels.css by how many levels there are, lowest first; the last two thirds take white ink.
BLUES = {
    2: ("#D8DDE0", "#003078"),
    3: ("#D8DDE0", "#1D70B8", "#003078"),
    4: ("#D8DDE0", "#9FC5E8", "#1D70B8", "#003078"),
    5: ("#D8DDE0", "#9FC5E8", "#5B9BD5", "#1D70B8", "#003078"),
    6: ("#D8DDE0", "#9FC5E8", "#5B9BD5", "#1D70B8", "#0B4F96", "#003078"),
}
DARK = frozenset({"#1D70B8", "#0B4F96", "#003078"})
NO_LEVEL = "no level"


def shades(figure):
    """Return the parts of a bar in order, as pairs of words and colour: the levels, and what has none if any has."""
    named = list(zip((name for _, name in figure.levels), BLUES[len(figure.levels)], strict=True))
    return named + ([(NO_LEVEL, WHITE)] if any(bar.no_level for bar in figure.bars) else [])


def stacks(figure: Stacks, *, font=FONT, links=None):
    """Draw the bars, wide: names at the left, in each part its number."""
    top = 44
    canvas = Canvas.of(figure, WIDE, top + ROW * len(figure.bars), "wide", font=font, links=links)
    canvas.legend(shades(figure))
    for number, bar in enumerate(figure.bars):
        y = top + ROW * number
        href = (links or {}).get(bar.code)
        name = canvas.group(href=href, label=bar.sentence(figure.levels))
        lines, size = in_lines(bar.name, BAR_AT - 20)
        at = y + ROW / 2 + 3 - (len(lines) - 1) * size * 0.6
        canvas.lines(0, at, lines, size=size, parent=name, is_link=bool(href))
        _bar(canvas, figure, bar, BAR_AT, y + 4, BAR_WIDE, canvas.group(href=href), tall=ROW - 12)
    return str(canvas)


def narrow_stacks(figure: Stacks, *, links=None):
    """Draw the bars for a phone: names above them."""
    parts = len(shades(figure))
    y, row_tall, leading = 26 * parts + 14, 60, 18
    names = [wrap(bar.name, NARROW, 15) for bar in figure.bars]
    height = y + sum(row_tall + leading * (len(lines) - 1) for lines in names)
    canvas = Canvas.of(figure, NARROW, height, "narrow", links=links)
    canvas.legend(shades(figure), is_list=True)
    for bar, lines in zip(figure.bars, names, strict=True):
        href = (links or {}).get(bar.code)
        name = canvas.group(href=href, label=bar.sentence(figure.levels))
        canvas.lines(0, y + 14, lines, size=15, parent=name, is_link=bool(href))
        y += leading * (len(lines) - 1)
        _bar(canvas, figure, bar, 0, y + 22, NARROW - 4, canvas.group(href=href), tall=22)
        y += row_tall
    return str(canvas)


def in_lines(name, width, *, most=2):
    """Return a bar's name in lines with the size of its letters: what is long stands in two, and smaller."""
    lines = wrap(name, width, 15, most=most)
    return (lines, 15) if len(lines) == 1 else (wrap(name, width, 13, most=most), 13)


def _bar(canvas, figure, bar, x, y, width, part, *, tall):
    if bar.is_hidden or not bar.total:
        words = f"fewer than {FEWEST} places, not shown" if bar.is_hidden else bar.note or "none"
        canvas.text(x, y + tall - 6, words, size=14, fill=MUTED, parent=part)
        return
    unit = width / figure.most
    for (_, fill), count in zip(shades(figure), (*bar.counts, bar.no_level), strict=False):
        if count:
            wide = count * unit
            # Dark shades are near each other in grey: what parts them is a gap, which an outline would fill.
            edge = {} if fill in DARK else {"stroke": CLAIMED}
            canvas.draw("rect", part, x=x + 1.5, y=y, width=max(wide - 3, 1.0), height=tall, fill=fill, **edge)
            if wide > width_of(str(count), 14) + 6:
                ink = WHITE if fill in DARK else INK
                canvas.text(x + wide / 2, y + tall - 6, str(count), size=14, fill=ink, place="middle", parent=part)
            x += wide
    if bar.note:
        canvas.text(x + 8, y + tall - 6, bar.note, size=13, fill=MUTED, parent=part)
