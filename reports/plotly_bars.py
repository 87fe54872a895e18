"""Stacked bars as figures for plotly.js, made from the same data as the SVG and the tables. Pure."""

from reports import age_bars
from reports.bars import KINDS
from reports.canvas import ALERT, CLAIMED, INK, MUTED, WHITE
from reports.evidence_age import AGES, EvidenceAge
from reports.evidence_figures import Coverage
from reports.plotly_layout import AXIS, NOTE, font, layout_of, names_of
from reports.stack_bars import DARK, shades
from reports.stacks import FEWEST, Stacks

NUMBERED = {"type": "bar", "orientation": "h", "textposition": "inside", "textangle": 0, "insidetextanchor": "middle"}


def coverage(figure: Coverage, *, links):
    """Return the evidence coverage as stacked bars."""
    lines = [(row.code, row.name) for row in figure.rows]
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "name": name,
            "y": list(range(len(lines))),
            "x": [getattr(row, kind) for row in figure.rows],
            "width": 0.62,
            "marker": {"color": color, "line": {"color": CLAIMED, "width": 1}},
            "hovertext": [row.sentence for row in figure.rows],
            "hoverinfo": "text",
        }
        for kind, name, color in KINDS
    ]
    notes = [
        {
            "x": row.applicable,
            "y": number,
            "text": f"{row.in_date} of {row.applicable}" if row.applicable else f"no {row.noun}s",
            "xshift": 6,
            "font": font(INK if row.in_date else ALERT),
        }
        | NOTE
        for number, row in enumerate(figure.rows)
    ]
    most = max([row.applicable for row in figure.rows] + [1])
    return _stacked(data, notes, names_of(lines, links), pitch=32, reach=most + 1)


def evidence_age(figure: EvidenceAge, *, links):
    """Return the cited artefacts by strength and age as stacked bars."""
    data = [
        {
            "name": name,
            "y": list(range(len(figure.rows))),
            "x": [row.counts[place] for row in figure.rows],
            "text": [str(row.counts[place]) if 0 < row.counts[place] < row.total else "" for row in figure.rows],
            **NUMBERED,
            "width": 0.62,
            **_part(age_bars.FILLS[age], is_dark=age_bars.FILLS[age] in age_bars.DARK),
            "hovertext": [row.sentence for row in figure.rows],
            "hoverinfo": "text",
        }
        for place, (age, name) in enumerate(AGES.items())
    ]
    notes = [
        {"x": row.total, "y": number, "text": str(row.total or "none"), "xshift": 6, "font": font(INK)} | NOTE
        for number, row in enumerate(figure.rows)
    ]
    names = names_of([(row.code, row.name) for row in figure.rows], links)
    most = max([row.total for row in figure.rows] + [1])
    return _stacked(data, notes, names, pitch=34, reach=most + 1)


def stacks(figure: Stacks, *, links):
    """Return how many places are at which level as stacked bars."""
    data = [
        {
            "name": name,
            "y": list(range(len(figure.bars))),
            "x": [0 if bar.is_hidden else (*bar.counts, bar.no_level)[part] for bar in figure.bars],
            "text": [str((*bar.counts, bar.no_level)[part] or "") for bar in figure.bars],
            **NUMBERED,
            "width": 0.66,
            **_part(color, is_dark=color in DARK),
            "hovertext": figure.sentences,
            "hoverinfo": "text",
        }
        for part, (name, color) in enumerate(shades(figure))
    ]
    notes = [
        {"x": bar.total, "y": number, "text": words, "xshift": 6, "font": font(MUTED)} | NOTE
        for number, bar in enumerate(figure.bars)
        if (words := _beside(bar))
    ]
    names = names_of([(bar.code, bar.name) for bar in figure.bars], links, most=2)
    drawn = _stacked(data, notes, names, pitch=36, reach=figure.most * 1.05)
    # A number that does not fit into its part is left to the table, not shrunk to a speck.
    drawn["layout"]["uniformtext"] = {"mode": "hide", "minsize": 14}
    return drawn


def _stacked(data, notes, names, *, pitch, reach):
    """Return the figure of bars with their `names` at the left, a `pitch` apart, for numbers up to `reach`."""
    annotations, addresses = names
    rows = len(annotations)
    layout = layout_of(rows, addresses) | {
        "barmode": "stack",
        "height": pitch * rows + 60,
        "xaxis": AXIS | {"range": [0, reach], "showticklabels": False},
        "annotations": annotations + notes,
    }
    layout["margin"] = layout["margin"] | {"t": 50}
    return {"data": data, "layout": layout}


def _part(color, *, is_dark):
    """Return how a part of a bar looks; dark ones, which are near each other in grey, have a white line between."""
    line = {"color": WHITE, "width": 2} if is_dark else {"color": CLAIMED, "width": 1}
    return {"textfont": font(WHITE if is_dark else INK), "marker": {"color": color, "line": line}}


def _beside(bar):
    if bar.is_hidden:
        return f"fewer than {FEWEST} places, not shown"
    return bar.note or ("" if bar.total else "none")
