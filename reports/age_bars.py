"""How strong and how old the evidence is, as bars, written as SVG on the server. Pure."""

from reports.canvas import BAR, CLAIMED, FONT, INK, MUTED, WHITE, Canvas, width_of, wrap
from reports.evidence_age import AGES, EvidenceAge

WIDE, NARROW = 1100, 320
BAR_AT, BAR_WIDE, ROW = 400, 560, 34
# Dark for new, and each with a border: the parts are told apart in greyscale, too.
FILLS = dict(zip(AGES, (CLAIMED, BAR, "#9FC5E8", WHITE), strict=True))
DARK = frozenset({CLAIMED, BAR})


def evidence_age(figure: EvidenceAge, *, font=FONT, links=None):
    """Draw the bars, wide: a block for each artefact, in the shade of its age."""
    top = 40
    canvas = Canvas.of(figure, WIDE, top + ROW * len(figure.rows), "wide", font=font, links=links)
    canvas.legend(_shades())
    unit = _unit(figure, BAR_WIDE)
    for number, row in enumerate(figure.rows):
        y = top + ROW * number
        href = (links or {}).get(row.code)
        part = canvas.group(href=href, label=row.sentence)
        lines = wrap(row.name, BAR_AT - 20, 15, most=1)
        canvas.lines(0, y + ROW / 2 + 5, lines, size=15, parent=part, is_link=bool(href))
        _bar(canvas, row, BAR_AT, y + 6, unit, canvas.group(href=href), tall=ROW - 12)
    return str(canvas)


def narrow_evidence_age(figure: EvidenceAge, *, links=None):
    """Draw the bars for a phone: names above them."""
    top, row_tall = 26 * len(AGES) + 14, 60
    canvas = Canvas.of(figure, NARROW, top + row_tall * len(figure.rows), "narrow", links=links)
    canvas.legend(_shades(), is_list=True)
    unit = _unit(figure, NARROW - 40)
    for number, row in enumerate(figure.rows):
        y = top + row_tall * number
        href = (links or {}).get(row.code)
        part = canvas.group(href=href, label=row.sentence)
        canvas.lines(0, y + 14, wrap(row.name, NARROW, 15, most=1), size=15, parent=part, is_link=bool(href))
        _bar(canvas, row, 0, y + 22, unit, canvas.group(href=href), tall=20)
    return str(canvas)


def _shades():
    return [(words, FILLS[age]) for age, words in AGES.items()]


def _unit(figure, width):
    return width / max([row.total for row in figure.rows] + [1])


def _bar(canvas, row, x, y, unit, part, *, tall):
    for age, count in zip(AGES, row.counts, strict=True):
        if count:
            wide = count * unit
            edge = {} if FILLS[age] in DARK else {"stroke": CLAIMED}
            canvas.draw("rect", part, x=x + 1.5, y=y, width=wide - 3, height=tall, fill=FILLS[age], **edge)
            # Where a bar has several parts, each that is wide enough has its number; the whole is beside it.
            if count < row.total and wide > width_of(str(count), 13) + 6:
                ink = WHITE if FILLS[age] in DARK else INK
                canvas.text(x + wide / 2, y + tall - 5, str(count), size=13, fill=ink, parent=part, place="middle")
            x += wide
    fill = INK if row.total else MUTED
    canvas.text(x + 8, y + tall - 5, str(row.total or "none"), size=13, fill=fill, parent=part)
