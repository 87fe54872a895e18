"""
A place's governance as a tree, and drawn as a chart; pure.

Made from the bodies of an assessment's document, so that the page, its list and the report say the same. Documents that
were frozen before forms, chairs and lines of accountability were kept have bodies without them.
"""

from dataclasses import dataclass

from reports.canvas import BANDS, CLAIMED, FONT, GAP, INK, LINE, MUTED, WHITE, Canvas, width_of, wrap

PAD, GAP_BELOW, NAME_SIZE, FACT_SIZE = 9, 12, 15, 13
NOT_STATED = "NOT_STATED"


@dataclass(frozen=True)
class Branch:
    """A body with how far down it stands, from 0, and the bodies beneath it."""

    body: dict
    depth: int
    branches: tuple

    def walk(self):
        yield self
        for branch in self.branches:
            yield from branch.walk()

    @property
    def facts(self):
        """The body's form and chair in words."""
        return f"{self.form or 'Form not stated'} · chair: {self.body.get('chair') or 'not stated'}"

    @property
    def form(self):
        """The body's form in words, "" where none is stated."""
        return "" if self.body.get("form", NOT_STATED) == NOT_STATED else self.body["form_words"]

    @property
    def unstated(self):
        """What nobody has stated of the body, for one line instead of three."""
        known = {"form": self.form, "chair": self.body.get("chair"), "since when": self.body.get("since")}
        return [name for name, value in known.items() if not value]

    @property
    def answers_to(self):
        return self.body.get("answers_to") or ""


@dataclass(frozen=True)
class Structure:
    """The bodies at the top, each with what is beneath it, and the organisations that bodies answer to."""

    branches: tuple[Branch, ...]
    outside: tuple[str, ...]

    @property
    def rows(self):
        """All branches in the order of the list, from the top down."""
        return [row for branch in self.branches for row in branch.walk()]

    @property
    def has_lines_beside(self):
        return any(row.answers_to for row in self.rows)

    @property
    def description(self):
        """Say the structure in words, for those who do not see it drawn."""
        return " ".join(_sentence(row) for row in self.rows)


@dataclass(frozen=True)
class Layout:
    """How wide the chart is, and how far a body stands in from the one above it, in SVG units."""

    width: int = 960
    step: int = 48
    css: str = "app-chart app-chart--wide"


SCREEN = Layout()
PAPER = Layout(width=760, step=40)
NARROW = Layout(width=320, step=16, css="app-chart app-chart--narrow")


def structure(bodies) -> Structure:
    """Arrange the bodies of a document beneath each other, in their order; one without a parent there is at the top."""
    names = {body["name"] for body in bodies}
    below = {}
    for body in bodies:
        below.setdefault(body["parent"] if body["parent"] in names else "", []).append(body)
    outside = [body.get("answers_to") for body in bodies]
    return Structure(
        branches=_branches(below, "", 0),
        outside=tuple(dict.fromkeys(name for name in outside if name and name not in names)),
    )


def _branches(below, name, depth):
    return tuple(Branch(body, depth, _branches(below, body["name"], depth + 1)) for body in below.get(name, ()))


def _sentence(row):
    under = f", under {row.body['parent']}" if row.depth else ""
    also = f" Answers to {row.answers_to}." if row.answers_to else ""
    return f"{row.body['name']}{under}.{also}"


def chart(found: Structure, *, title, layout=SCREEN, font=FONT):
    """
    Draw the structure: a box for each body, a line to the one it is under, a dashed one to whom it answers beside that.

    Organisations outside stand at the top, in dashed boxes.
    """
    rows = found.rows
    lines = [row for row in rows if row.answers_to]
    channel = 14 if layout.width > 400 else 8
    right = layout.width - channel * len(lines) - 4
    boxes = {}
    y = 2
    for name in found.outside:
        boxes[name] = _box(name, ["Outside the place's bodies"], 2, y, right)
        y += boxes[name].height + GAP_BELOW
    for row in rows:
        boxes[row.body["name"]] = box = _box(row.body["name"], [row.facts], 2 + layout.step * row.depth, y, right)
        y += box.height + GAP_BELOW
    canvas = Canvas(layout.width, y - GAP_BELOW + 2, title, found.description, font=font, css=layout.css)
    for row in rows:
        if row.depth:
            _line_up(canvas, boxes[row.body["parent"]], boxes[row.body["name"]], layout)
    beside = max((box.x + box.width for box in boxes.values()), default=0)
    for number, row in enumerate(lines, 1):
        _line_beside(canvas, boxes[row.body["name"]], boxes[row.answers_to], beside + channel * number)
    for name, box in boxes.items():
        _draw(canvas, box, is_outside=name in found.outside)
    return str(canvas)


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    names: list
    facts: list

    @property
    def height(self):
        return 2 * PAD + 19 * len(self.names) + 17 * len(self.facts)

    @property
    def middle(self):
        return self.y + self.height / 2


def _box(name, facts, x, y, right):
    width = right - x
    inner = width - 2 * PAD
    # Bold letters are wider than the canvas reckons.
    names = wrap(name, inner / 1.1, NAME_SIZE, most=4)
    told = [line for fact in facts for line in wrap(fact, inner, FACT_SIZE, most=5)]
    widest = max([1.1 * width_of(line, NAME_SIZE) for line in names] + [width_of(line, FACT_SIZE) for line in told])
    return _Box(x, y, min(width, max(widest + 2 * PAD, 120)), names, told)


def _line_up(canvas, parent, box, layout):
    """Draw from a body's left side to the foot of the one that it is under."""
    x = parent.x + layout.step / 2
    points = f"{x:g},{parent.y + parent.height:g} {x:g},{box.middle:g} {box.x:g},{box.middle:g}"
    canvas.draw("polyline", points=points, fill="none", stroke=MUTED, stroke_width=2)


def _line_beside(canvas, box, other, x):
    """Draw from a body's right side to the right side of whom it answers to, with an arrowhead."""
    start, end = box.x + box.width, other.x + other.width
    points = f"{start:g},{box.middle:g} {x:g},{box.middle:g} {x:g},{other.middle:g} {end + 8:g},{other.middle:g}"
    canvas.draw("polyline", points=points, fill="none", stroke=GAP, stroke_width=2, stroke_dasharray="6 4")
    head = f"{end:g},{other.middle:g} {end + 9:g},{other.middle - 5:g} {end + 9:g},{other.middle + 5:g}"
    canvas.draw("polygon", points=head, fill=GAP)


def _draw(canvas, box, *, is_outside):
    shape = {"x": box.x, "y": box.y, "width": box.width, "height": box.height, "stroke_width": 2}
    if is_outside:
        canvas.draw("rect", **shape, fill=WHITE, stroke=LINE, stroke_dasharray="6 4")
    else:
        canvas.draw("rect", **shape, fill=BANDS[0], stroke=CLAIMED)
    y = box.y + PAD + 14
    canvas.lines(box.x + PAD, y, box.names, size=NAME_SIZE, leading=19 / NAME_SIZE, fill=INK, weight="bold")
    y += 19 * len(box.names) - 1
    canvas.lines(box.x + PAD, y, box.facts, size=FACT_SIZE, leading=17 / FACT_SIZE, fill=MUTED)
