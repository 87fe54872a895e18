"""
What every chart on the server is drawn with: shapes with presentation attributes only, so that no style rule is needed.

Pure. Text is placed by its start, never by `text-anchor="middle"`, which costs the PDF maker dearly.
"""

from unicodedata import east_asian_width
from xml.etree import ElementTree as ET

INK, MUTED, LINE, LINK = "#212B32", "#4C6272", "#AEB7BD", "#005EB8"
CLAIMED, GAP, BAR, EMPTY, ALERT, WARN = "#003078", "#D9730D", "#1D70B8", "#CDD4D9", "#B01C10", "#9A4A00"
BANDS = ("#F7F9FA", "#E8EDEE")
WHITE = "#FFFFFF"
FONT = "Arial, sans-serif"

# How wide a character is, on average, as a share of the size of the letters: enough to place and break short words.
LETTER = 0.52


class Canvas:
    """
    An SVG being drawn, with a title and a description for those who do not see it.

    One with links is a group of them, so that each can be reached; one without is a single picture.
    """

    def __init__(self, width, height, title, description, *, font=FONT, has_links=False, css="app-chart"):
        self.root = ET.Element(
            "svg",
            {
                "xmlns": "http://www.w3.org/2000/svg",
                "viewBox": f"0 0 {_number(width)} {_number(height)}",
                "width": _number(width),
                "height": _number(height),
                "font-family": font,
                "class": css,
                "role": "group" if has_links else "img",
                "aria-label": f"{title}. {description}",
            },
        )
        ET.SubElement(self.root, "title").text = title
        ET.SubElement(self.root, "desc").text = description

    @classmethod
    def of(cls, figure, width, height, shape, *, font=FONT, links=None):
        """Begin the drawing of a figure, whose message and description are said to those who do not see it."""
        css = f"app-chart app-chart--{shape}"
        return cls(width, height, figure.message, figure.description, font=font, has_links=bool(links), css=css)

    def legend(self, parts, *, is_list=False, inset=1):
        """Say at the top what the shades stand for, pairs of words and colour: side by side, or one beneath another."""
        x, y = 0, 12
        for words, fill in parts:
            self.draw("rect", x=x + inset, y=y - 8, width=18, height=14, fill=fill, stroke=CLAIMED)
            self.text(x + 26, y + 4, words, size=14)
            if is_list:
                y += 26
            else:
                x += 48 + width_of(words, 14)

    def draw(self, tag, parent=None, **attributes):
        named = {name.replace("_", "-"): _number(value) for name, value in attributes.items()}
        return ET.SubElement(self.root if parent is None else parent, tag, named)

    def group(self, *, href=None, label=""):
        """
        Return a group to draw into: a link where there is somewhere to go.

        Its label begins with the words that are seen. One without a label repeats a link beside it, for the mouse.
        """
        if not href:
            return self.draw("g")
        if label:
            return self.draw("a", href=href, aria_label=label)
        return self.draw("a", href=href, aria_hidden="true", tabindex=-1)

    def text(self, x, y, words, *, size=15, fill=INK, weight=None, parent=None, place="start", is_link=False):
        """Write words that begin, have their middle or end at x, as `place` says."""
        x -= {"start": 0, "middle": 0.5, "end": 1}[place] * width_of(words, size)
        attributes = {"x": float(x), "y": float(y), "font_size": size, "fill": LINK if is_link else fill}
        if weight:
            attributes["font_weight"] = weight
        if is_link:
            attributes["text_decoration"] = "underline"
        self.draw("text", parent, **attributes).text = words

    def lines(self, x, y, lines, *, size=15, leading=1.2, **how):
        """Write lines below each other, the first with its foot at y; read out, there is a space between them."""
        last = len(lines) - 1
        for number, line in enumerate(lines):
            self.text(x, y + number * size * leading, line + (" " if number < last else ""), size=size, **how)

    def __str__(self):
        return ET.tostring(self.root, encoding="unicode")


def width_of(words, size):
    """Estimate how wide words are: letters of East Asia, and pictures, are as wide as they are high."""
    wide = 0 if words.isascii() else sum(east_asian_width(each) in "WF" for each in words)
    return (wide + (len(words) - wide) * LETTER) * size


def wrap(words, width, size, *, most=2):
    """
    Break words into lines of a width; what would need more than `most` lines ends in an ellipsis.

    A word that no line holds is broken, as are texts that are written without spaces.
    """
    lines = [""]
    for word in [part for whole in words.split() for part in _broken(whole, width, size)]:
        longer = f"{lines[-1]} {word}".strip()
        if not lines[-1] or width_of(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) <= most:
        return lines
    return [*lines[: most - 1], f"{lines[most - 1]}…"]


def _broken(word, width, size):
    """Yield the parts of a word that fit into a width, most often the whole of it."""
    while width_of(word, size) > width and len(word) > 1:
        fits = next(at for at in range(len(word) - 1, 0, -1) if at == 1 or width_of(word[:at], size) <= width)
        yield word[:fits]
        word = word[fits:]
    yield word


def _number(value):
    return f"{round(value, 1):g}" if isinstance(value, float) else str(value)
