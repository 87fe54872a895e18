"""The profile as a figure for plotly.js, made from the same data as the SVG and the table. Pure."""

from reports.canvas import ALERT, BANDS, BAR, CLAIMED, EMPTY, GAP, INK, LINE, MUTED, WARN, WHITE
from reports.figures import Profile
from reports.plotly_layout import AXIS, NOTE, font, layout_of, names_of
from reports.svg import LANE

ROW = 36
LEVELS, EVIDENCE, SCORES = [0, 0.58], [0.63, 0.78], [0.81, 1]


def profile(figure: Profile, *, links):
    """Return the profile; `links` maps criterion codes to addresses, to which the names lead."""
    lines = _lines(figure)
    rows = {code: number for number, (code, _) in enumerate(lines) if code}
    ranks = [rank for rank, _ in figure.levels]
    # What reviewers found stands below the line, at its level, where there is room for it.
    pitch = ROW + LANE if any(row.reviewed for row in figure.rows) else ROW
    names, addresses = names_of(lines, links, headings={"", *figure.alone})
    layout = layout_of(len(lines), addresses) | {
        "barmode": "overlay",
        "height": pitch * len(lines) + 100,
        "xaxis": _columns(LEVELS, [ranks[0] - 0.5, ranks[-1] + 0.5], ranks, [name for _, name in figure.levels]),
        "xaxis2": _columns(EVIDENCE, [0, 2.1], [0.6], ["Evidence"]),
        "xaxis3": _columns(SCORES, [ranks[0] - 0.6, ranks[-1] + 2.6], [ranks[0] + 0.6], ["Scores"]),
        "shapes": _bands(figure, rows),
        "annotations": names + _notes(figure, rows, ranks),
    }
    data = [*_levels(figure, rows, ranks, pitch), *_evidence(figure.rows, rows), *_scores(figure, rows)]
    return {"data": data, "layout": layout}


def _levels(figure, rows, ranks, pitch):
    """Yield the marks at the levels, each kind in a shape and at a height of its own."""
    rated = [row for row in figure.rows if row.claimed.level is not None]
    yield _gaps(rated, rows, ranks)
    marker = {"size": 19, "color": WHITE, "line": {"color": CLAIMED, "width": 3}}
    yield _marks("what the board agreed", rated, rows, "claimed", marker)
    marker = {"size": 13, "color": CLAIMED, "line": {"color": CLAIMED, "width": 0}}
    yield _marks("what the evidence supports", rated, rows, "supported", marker)
    if figure.previous_round:
        marker = {"size": 9, "symbol": "line-ns", "line": {"color": MUTED, "width": 4}}
        name = f"agreed last time ({figure.previous_round})"
        yield _marks(name, figure.rows, rows, "previous", marker, 0.36 * ROW / pitch)
    if pitch > ROW:
        marker = {"size": 13, "symbol": "diamond", "color": WHITE, "line": {"color": INK, "width": 2}}
        yield _marks("what the ICB's reviewers found", figure.rows, rows, "reviewed", marker, 0.36)
    if any(row.target for row in figure.rows):
        marker = {"size": 11, "symbol": "triangle-down", "color": MUTED, "line": {"width": 0}}
        yield _marks("target", figure.rows, rows, "target", marker, -0.4)
    if any(row.projected for row in figure.rows):
        marker = {"size": 13, "symbol": "triangle-right", "color": WHITE, "line": {"color": CLAIMED, "width": 2}}
        yield _marks("supported once the actions are done", figure.rows, rows, "projected", marker, beside=-0.24)


def _notes(figure, rows, ranks):
    """Return what is said in words beside the marks: why there are none, and how many items are split."""
    notes = [
        {"x": ranks[0] - 0.45, "y": rows[row.code], "text": row.note, "font": font(WARN if row.is_unfinished else INK)}
        for row in figure.rows
        if row.note
    ]
    notes += [
        {
            "x": ranks[-1] + 0.6,
            "y": rows[row.code],
            "xref": "x3",
            "text": f"{len(row.split)} split",
            "font": font(WARN),
        }
        for row in figure.rows
        if row.split
    ]
    return [note | NOTE for note in notes]


def _columns(domain, reach, values, texts):
    return AXIS | {
        "domain": domain,
        "range": reach,
        "tickvals": values,
        "ticktext": texts,
        "tickfont": font(MUTED, bold=True),
    }


def _lines(figure):
    """Return a line for each domain and criterion, from the top, as (code, name); a domain's code is empty."""
    lines = []
    for group in figure.groups:
        if group.heading:
            lines.append(("", group.heading))
        lines += [(row.code, row.name) for row in group.rows]
    return lines


def _gaps(rated, rows, ranks):
    short = [row for row in rated if row.is_short_of_evidence]
    # Where the evidence supports no level, the line begins at the edge.
    starts = [ranks[0] - 0.5 if row.supported.level is None else row.supported.level for row in short]
    return {
        "type": "scatter",
        "mode": "lines",
        "name": "still to be evidenced",
        "x": [x for row, start in zip(short, starts, strict=True) for x in (start, row.claimed.level, None)],
        "y": [y for row in short for y in (rows[row.code], rows[row.code], None)],
        "line": {"color": GAP, "width": 5},
        "hoverinfo": "skip",
    }


def _marks(name, of, rows, kind, marker, shift=0.0, beside=0.0):
    shown = [row for row in of if (mark := getattr(row, kind)) and mark.level is not None]
    return {
        "type": "scatter",
        "mode": "markers",
        "name": name,
        "x": [getattr(row, kind).level + beside for row in shown],
        "y": [rows[row.code] + shift for row in shown],
        "marker": marker | {"opacity": 1},
        "hovertext": [row.sentence for row in shown],
        "hoverinfo": "text",
        "cliponaxis": False,
    }


def _evidence(shown, rows):
    some = [row for row in shown if row.applicable]
    for x, color in (([1 for _ in some], EMPTY), ([row.in_date / row.applicable for row in some], BAR)):
        yield {
            "type": "bar",
            "orientation": "h",
            "xaxis": "x2",
            "y": [rows[row.code] for row in some],
            "x": x,
            "width": 0.32,
            "marker": {"color": color, "line": {"width": 0}},
            "hovertext": [row.sentence for row in some],
            "hoverinfo": "text",
            "showlegend": False,
        }
    yield {
        "type": "scatter",
        "mode": "text",
        "xaxis": "x2",
        "x": [1.1 for _ in some],
        "y": [rows[row.code] for row in some],
        "text": [f"{row.in_date} of {row.applicable}" for row in some],
        "textposition": "middle right",
        "textfont": {"size": 14, "color": [INK if row.in_date else ALERT for row in some]},
        "hoverinfo": "skip",
        "showlegend": False,
        "cliponaxis": False,
    }


def _scores(figure, rows):
    """Draw each row's scores as small bars that stand on its line; none while scores are hidden."""
    shown = [row for row in figure.rows if row.counts and any(row.counts)]
    for place, (rank, name) in enumerate(figure.levels):
        yield {
            "type": "bar",
            "xaxis": "x3",
            "x": [rank for _ in shown],
            "y": [-max(0.03, 0.68 * row.counts[place] / max(row.counts)) for row in shown],
            "base": [rows[row.code] + 0.34 for row in shown],
            "width": 0.8,
            "marker": {"color": BAR, "line": {"width": 0}},
            "hovertext": [f"{row.name}: {row.counts[place]} scores at {name}" for row in shown],
            "hoverinfo": "text",
            "showlegend": False,
        }


def _bands(figure, rows):
    first, number = figure.levels[0][0] - 0.5, len(figure.levels)
    bands = [
        {
            "type": "rect",
            "layer": "below",
            "x0": first + place,
            "x1": first + place + 1,
            "y0": row - 0.47,
            "y1": row + 0.47,
            "fillcolor": BANDS[place % 2],
            "line": {"width": 0},
        }
        for row in rows.values()
        for place in range(number)
    ]
    middles = [
        {
            "type": "line",
            "layer": "below",
            "x0": first,
            "x1": first + number,
            "y0": row,
            "y1": row,
            "line": {"color": LINE, "width": 1},
        }
        for row in (rows[each.code] for each in figure.rows if each.claimed.level is not None)
    ]
    return bands + middles
