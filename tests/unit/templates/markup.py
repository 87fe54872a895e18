"""Compare two pieces of HTML by what a browser makes of them."""

import lxml.html

REFERENCES = ("for", "aria-describedby", "aria-controls", "data-aria-controls", "aria-labelledby")


def outline(html):
    """
    Return HTML as nested tuples (tag, attributes, children) that do not depend on layout.

    Whitespace, the order of attributes and of class names, and the ids themselves do not
    count; what an id refers to does, so ids become numbers in the order of the document.
    """
    root = lxml.html.fragment_fromstring(html, create_parent="div")
    ids = {element.get("id"): str(number) for number, element in enumerate(root.iter()) if element.get("id")}
    return children(root, ids)


def children(element, ids):
    parts = [" ".join((element.text or "").split())]
    for child in element:
        parts.append((child.tag, attributes(child, ids), children(child, ids)))
        parts.append(" ".join((child.tail or "").split()))
    return tuple(part for part in parts if part)


def attributes(element, ids):
    found = {}
    for name, value in element.attrib.items():
        if name == "id":
            value = ids[value]
        elif name in REFERENCES:
            value = " ".join(sorted(ids.get(each, f"nothing has the id {each}") for each in value.split()))
        elif name == "class":
            value = " ".join(sorted(value.split()))
        found[name] = value
    return tuple(sorted(found.items()))
