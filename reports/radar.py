"""The profile as a radar, for those who are used to one: SVG with computed coordinates. Pure."""

from math import cos, pi, sin

from reports.canvas import BAR, CLAIMED, FONT, INK, LINE, MUTED, WHITE, Canvas, wrap
from reports.figures import Profile

WIDE, TALL, RADIUS = 900, 640, 220
NARROW, NARROW_RADIUS = 320, 118


def radar(figure: Profile, *, font=FONT, links=None):
    """Draw what was agreed as a dashed line and what is supported as a filled area, with the criteria's names."""
    canvas = Canvas.of(figure, WIDE, TALL, "wide", font=font, links=links)
    _legend(canvas, 0, 14, step=(0, 26))
    names = {row.code: (wrap(row.name, 190, 14), row.sentence) for row in figure.rows}
    _draw(canvas, figure, WIDE / 2, TALL / 2 + 16, RADIUS, names, links or {}, size=14)
    return str(canvas)


def narrow_radar(figure: Profile, *, links=None):
    """Draw the radar for a phone, with codes for names: the table beneath gives both."""
    tall = 2 * NARROW_RADIUS + 140
    canvas = Canvas.of(figure, NARROW, tall, "narrow", links=links)
    _legend(canvas, 0, 14, step=(0, 26))
    names = {row.code: ([row.code], f"{row.code} {row.sentence}") for row in figure.rows}
    _draw(canvas, figure, NARROW / 2, 82 + NARROW_RADIUS + 24, NARROW_RADIUS, names, links or {}, size=13)
    return str(canvas)


def _legend(canvas, x, y, *, step):
    canvas.draw("rect", x=x, y=y - 8, width=24, height=16, fill=BAR, fill_opacity="0.4", stroke=CLAIMED)
    canvas.text(x + 32, y + 5, "what the evidence supports", size=14)
    x, y = x + step[0], y + step[1]
    canvas.draw("line", x1=x, y1=y, x2=x + 24, y2=y, stroke=CLAIMED, stroke_width=3, stroke_dasharray="8 4")
    canvas.text(x + 32, y + 5, "what the board agreed", size=14)
    x, y = x + step[0], y + step[1]
    canvas.draw("circle", cx=x + 12, cy=y, r=3, fill=MUTED)
    canvas.text(x + 32, y + 5, "the centre: no level", size=14, fill=MUTED)


def _draw(canvas, figure, centre, middle, radius, names, links, *, size):
    """Draw the radar; `names` are the lines of each criterion's name and what it says to those who do not see it."""
    rows, ranks = figure.rows, [rank for rank, _ in figure.levels]

    def at(place, share):
        angle = 2 * pi * place / len(rows) - pi / 2
        return centre + radius * share * cos(angle), middle + radius * share * sin(angle)

    def ring(shares):
        return " ".join(f"{x:.1f},{y:.1f}" for x, y in (at(place, share) for place, share in enumerate(shares)))

    def share(mark):
        return 0 if mark.level is None else (ranks.index(mark.level) + 1) / len(ranks)

    for step in range(1, len(ranks) + 1):
        points = ring([step / len(ranks)] * len(rows))
        canvas.draw("polygon", points=points, fill="none", stroke=LINE, stroke_width=1)
    for place, row in enumerate(rows):
        x, y = at(place, 1)
        canvas.draw("line", x1=float(centre), y1=float(middle), x2=x, y2=y, stroke=LINE, stroke_width=1)
        lines, label = names[row.code]
        part = canvas.group(href=links.get(row.code), label=label)
        _name(canvas, lines, *at(place, 1 + 14 / radius), centre, middle, radius, size=size, parent=part)
    supported = ring([share(row.supported) for row in rows])
    canvas.draw("polygon", points=supported, fill=BAR, fill_opacity="0.4", stroke=CLAIMED, stroke_width=1)
    agreed = ring([share(row.claimed) for row in rows])
    canvas.draw("polygon", points=agreed, fill="none", stroke=CLAIMED, stroke_width=3, stroke_dasharray="8 4")
    canvas.draw("circle", cx=float(centre), cy=float(middle), r=3, fill=MUTED)
    for place, (_, words) in enumerate(figure.levels):
        y = middle - radius * (place + 1) / len(ranks) + 15
        # A pale edge keeps the words apart from the lines that they cross.
        label = canvas.draw(
            "text",
            x=float(centre + 5),
            y=y,
            font_size=12,
            fill=INK,
            stroke=WHITE,
            stroke_width=3,
            paint_order="stroke",
        )
        label.text = words


def _name(canvas, lines, x, y, centre, middle, radius, *, size, parent):
    """Write a criterion's name outside the ring: to the right of it at the right, to the left of it at the left."""
    sideways = (x - centre) / radius
    place = "middle" if abs(sideways) < 0.15 else "start" if sideways > 0 else "end"
    upwards = (y - middle) / radius
    # The block of lines stands on its point at the top, hangs from it at the bottom, and is centred at the sides.
    rise = (len(lines) - 1) * size * 1.2
    first = y + size * 0.35 - rise * (1 - upwards) / 2
    how = {"weight": "bold", "parent": parent, "is_link": parent.tag == "a"}
    canvas.lines(x, first, lines, size=size, place=place, **how)
