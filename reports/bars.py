"""Evidence coverage as bars, written as SVG on the server. Pure."""

from reports.canvas import ALERT, BAR, CLAIMED, EMPTY, FONT, INK, LINE, MUTED, WHITE, Canvas, wrap
from reports.evidence_figures import Coverage

ROW, WIDE, BAR_AT, BAR_WIDE = 32, 1100, 360, 440
NARROW = 320

# A shade each, with a border, so that the parts are told apart in greyscale, too.
KINDS = (
    ("in_date", "evidence in date", BAR),
    ("old", "out of date, or without a strength", WHITE),
    ("bare", "no evidence", EMPTY),
)


def coverage(figure: Coverage, *, font=FONT, links=None):
    """Draw the coverage, wide; a bar is as long as the criterion has items."""
    canvas = Canvas.of(figure, WIDE, 50 + ROW * len(figure.rows), "wide", font=font, links=links)
    canvas.legend(_shades(), inset=0)
    unit = _unit(figure, BAR_WIDE)
    for number, row in enumerate(figure.rows):
        y = 40 + ROW * number
        href = (links or {}).get(row.code)
        name = canvas.group(href=href, label=row.sentence)
        lines = wrap(row.name, BAR_AT - 20, 15, most=1)
        canvas.lines(0, y + ROW / 2 + 5, lines, size=15, parent=name, is_link=bool(href))
        _bar(canvas, row, BAR_AT, y + 6, unit, canvas.group(href=href), tall=ROW - 12)
    return str(canvas)


def narrow_coverage(figure: Coverage, *, links=None):
    """Draw the coverage for a phone: names above the bars."""
    row_tall = 58
    canvas = Canvas.of(figure, NARROW, 90 + row_tall * len(figure.rows), "narrow", links=links)
    canvas.legend(_shades(), is_list=True, inset=0)
    unit = _unit(figure, NARROW - 60)
    for number, row in enumerate(figure.rows):
        y = 90 + row_tall * number
        href = (links or {}).get(row.code)
        name = canvas.group(href=href, label=row.sentence)
        canvas.lines(0, y + 14, wrap(row.name, NARROW, 16, most=1), size=16, parent=name, is_link=bool(href))
        _bar(canvas, row, 0, y + 22, unit, canvas.group(href=href), tall=20)
    return str(canvas)


def _shades():
    return [(words, fill) for _, words, fill in KINDS]


def _unit(figure, width):
    return width / max([row.applicable for row in figure.rows] + [1])


def _bar(canvas, row, x, y, unit, part, *, tall):
    if not row.applicable:
        canvas.text(x, y + tall - 5, f"no {row.noun}s", size=13, fill=MUTED, parent=part)
        return
    for kind, _, fill in KINDS:
        number = getattr(row, kind)
        for _ in range(number):
            canvas.draw(
                "rect",
                part,
                x=x,
                y=y,
                width=unit - 2,
                height=tall,
                fill=fill,
                stroke=LINE if kind == "bare" else CLAIMED,
            )
            x += unit
    none = not row.in_date
    words = f"{row.in_date} of {row.applicable}"
    fill, weight = (ALERT, "bold") if none else (INK, None)
    canvas.text(x + 6, y + tall - 5, words, size=13, fill=fill, weight=weight, parent=part)
