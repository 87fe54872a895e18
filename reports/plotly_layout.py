"""
What all figures for plotly.js have alike. Pure.

A figure is a plain dict with `data` and `layout`; a page hands it to the script as JSON. Texts hold no markup, which
plotly.js would turn into style attributes that the security policy refuses. `layout.meta.links` gives the addresses to
which annotations lead, by their place in the list.
"""

from reports.canvas import INK, LINK
from reports.stack_bars import in_lines

FONT = {"family": "Arial, sans-serif", "size": 15, "color": INK}
NAMES = 352
AXIS = {"fixedrange": True, "showgrid": False, "zeroline": False, "side": "top", "ticks": "", "tickangle": 0}
NOTE = {"showarrow": False, "xanchor": "left", "yanchor": "middle", "align": "left"}


def font(color, *, size=14, bold=False):
    return {"color": color, "size": size, "weight": "bold" if bold else "normal"}


def names_of(lines, links, headings=(), *, most=1):
    """Return the names at the left as annotations, those of `headings` bold, and the addresses by their places."""
    names, addresses = [], {}
    for number, (code, name) in enumerate(lines):
        indent = 0 if code in headings or "" not in dict(lines) else 24
        href = links.get(code)
        if href:
            addresses[str(number)] = href
        words, size = in_lines(name, NAMES - 40, most=most)
        names.append(
            {
                "xref": "paper",
                "x": 0,
                "xshift": indent - NAMES,
                "y": number,
                "text": "<br>".join(words),
                "font": font(LINK if href else INK, size=size, bold=code in headings),
            }
            | NOTE
        )
    return names, addresses


def layout_of(number, addresses):
    """Return the layout of so many rows from the top, whose names lead to the addresses."""
    return {
        "font": FONT,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": NAMES, "r": 4, "t": 90, "b": 4},
        "hovermode": "closest",
        "dragmode": False,
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "x": 0,
            "xref": "container",
            "xanchor": "left",
            "y": 1,
            "yref": "container",
            "yanchor": "top",
            "itemclick": False,
            "itemdoubleclick": False,
            "traceorder": "normal",
            "font": font(INK),
        },
        "yaxis": {
            "range": [number - 0.5, -0.5],
            "showticklabels": False,
            "fixedrange": True,
            "showgrid": False,
            "zeroline": False,
        },
        "meta": {"links": addresses},
    }
