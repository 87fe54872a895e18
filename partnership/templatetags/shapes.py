"""
Tags for small shapes and wrappers: where a bar stands, how long it is, what region scrolls.

Sizes are SVG attributes and classes, never styles, which the content security policy refuses.
"""

from django import template
from django.utils.html import escape, format_html
from django.utils.safestring import mark_safe

register = template.Library()

DOTS_AT_MOST = 30  # beyond that nobody counts dots, and the number alone is clearer


@register.filter
def times(count):
    """Return a range to repeat something `count` times in a loop; empty beyond what an eye can count."""
    return range(count) if count <= DOTS_AT_MOST else range(0)


@register.filter
def dots(text):
    """Return a text whose parts stand between dots, such as a caption, so that no line begins with a dot."""
    return str(text).replace(" · ", "\u00a0· ")


@register.filter
def breakable(path):
    """Return a path such as nodes[0].rule as HTML whose lines break before its dots rather than within a name."""
    return mark_safe(escape(path).replace(".", "<wbr>."))


@register.simple_tag
def bars(counts, height=24, width=9, gap=3):
    """
    Return the bars of a tiny chart as {x, y, width, height} in SVG units, one per count, none of zero height.

    The highest bar fills `height`; an empty one is a line of 1, so that the level's place is still seen.
    """
    highest = max([*counts, 1])
    tall = [max(1, round(height * count / highest)) for count in counts]
    return [{"x": n * (width + gap), "y": height - size, "width": width, "height": size} for n, size in enumerate(tall)]


@register.simple_tag
def span(counts, width=9, gap=3):
    """Return how wide the bars are together, in SVG units."""
    return len(counts) * (width + gap) - gap if counts else 0


@register.simple_tag
def share(part, whole, width):
    """Return how much of `width` a part of a whole takes, rounded; at least 1 for a part above zero."""
    if not whole or not part:
        return 0
    return max(1, round(width * part / whole))


@register.simple_tag
def described(counts, names):
    """Return the counts in words, highest level last: "2 Emerging, 5 Evolving"; levels without any are left out."""
    said = [f"{count} {name}" for count, name in zip(counts, names, strict=True) if count]
    return ", ".join(said) or "none"


@register.simple_block_tag
def folded(content, words, rows=None, of="", when=True, narrow=False):
    """
    Fold what is long on a screen, under words that say what it is; left open unless `when`.

    With `rows` the words name one and many of them, "artefact,artefacts", and how many there are is said before; `of`
    follows, as in "3 criteria of Design". What is `narrow` is folded on a phone alone, and open where there is room.
    """
    if not when:
        return content
    if rows is not None:
        one, many = words.split(",")
        words = f"{len(rows)} {one if len(rows) == 1 else many}"
    return format_html(
        '<details class="nhsuk-details portal-fold{}"><summary class="nhsuk-details__summary">'
        '<span class="nhsuk-details__summary-text">{}</span></summary>{}</details>',
        " portal-fold--narrow" if narrow else "",
        f"{words} of {of}" if of else words,
        content,
    )


@register.simple_block_tag
def scroll_region(content, label):
    """Wrap a wide table so that it scrolls by itself, by keyboard too, under a name that says what it is."""
    return format_html(
        '<div class="portal-scroll" role="region" aria-label="{}" tabindex="0" data-scroll-region>{}</div>',
        label,
        content,
    )
