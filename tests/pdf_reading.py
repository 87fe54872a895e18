"""Read a PDF back with pikepdf: its text by page, and what is wrong with its structure."""

import io
import re

import pikepdf
from pikepdf import Array, Dictionary, Name

HEADING = re.compile(r"/H([1-6])$")


def text_by_page(content):
    """Return the text of each page without white space, which a PDF does not keep."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return ["".join(_shown(page).split()) for page in pdf.pages]


def text_of(content):
    return "".join(text_by_page(content))


def squeezed(words):
    """Return words as `text_by_page` gives them."""
    return "".join(words.split())


def _shown(page):
    maps = {name: _characters(font) for name, font in _fonts(page).items()}
    current, found = {}, []
    for operands, operator in pikepdf.parse_content_stream(page):
        match str(operator):
            case "Tf":
                current = maps[str(operands[0])]
            case "Tj":
                found.append(_decoded(operands[0], current))
            case "TJ":
                found += [_decoded(part, current) for part in operands[0] if isinstance(part, pikepdf.String)]
            case "Do":
                # A picture drawn as vectors carries text of its own.
                form = page.Resources.XObject[str(operands[0])]
                if form.get("/Subtype") == "/Form":
                    found.append(_shown(form))
    return "".join(found)


def _fonts(holder):
    resources = holder.get("/Resources")
    return {str(name): font for name, font in (resources.get("/Font") or {}).items()} if resources is not None else {}


def _characters(font):
    """Return the font's text by glyph number, from its ToUnicode table."""
    table = font.ToUnicode.read_bytes().decode("latin-1")
    pairs = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        pairs |= dict(re.findall(r"<([0-9a-fA-F]+)>\s*<([0-9a-fA-F]*)>", block))
    assert "beginbfrange" not in table
    return {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs.items()}


def _decoded(string, characters):
    codes = bytes(string)
    glyphs = [int.from_bytes(codes[at : at + 2], "big") for at in range(0, len(codes), 2)]
    # Glyph 0 is the one that means "missing".
    return "".join(characters.get(glyph, "�") for glyph in glyphs)


def problems(content):
    """
    Return what keeps a PDF from being well tagged, as sentences.

    A part of what PDF/UA-1 asks, and what is easily lost: the document's language, title and mark; headings without
    jumps; pictures with a text; tables of even rows whose cells belong to headers; fonts embedded.
    """
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return [*_document(pdf), *_structure(pdf), *_pages(pdf)]


def _document(pdf):
    root = pdf.Root
    if not root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield "It is not marked as tagged."
    if not str(root.get("/Lang", "")):
        yield "It names no language."
    if not root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False):
        yield "A reader would show the file's name in place of the title."
    if "/Outlines" not in root:
        yield "It has no bookmarks."
    with pdf.open_metadata() as metadata:
        if not metadata.get("dc:title"):
            yield "It has no title."
        if metadata.get("pdfuaid:part") != "1":
            yield "It does not say that it is PDF/UA."


def _structure(pdf):
    if "/StructTreeRoot" not in pdf.Root:
        yield "It has no structure."
        return
    last = 0
    for node in _walk(pdf.Root.StructTreeRoot):
        kind = str(node.get("/S", ""))
        if heading := HEADING.match(kind):
            level = int(heading[1])
            if level > last + 1:
                yield f"A heading of level {level} follows one of level {last}."
            last = level
        elif kind == "/Figure" and not str(node.get("/Alt", "")).strip():
            yield "A picture has no text."
        elif kind == "/Table":
            yield from _table(node)


def _table(table):
    rows = [node for node in _walk(table) if node.get("/S") == Name.TR]
    widths = {sum(_attribute(cell, "/ColSpan", 1) for cell in _children(row)) for row in rows}
    if len(widths) > 1:
        yield f"A table has rows of {sorted(widths)} cells."
    cells = [cell for row in rows for cell in _children(row)]
    heads = [cell for cell in cells if cell.get("/S") == Name.TH]
    if not heads:
        yield "A table has no header cells."
    # A cell names its headers, or each header says whether it stands for a row or a column.
    if any(_attribute(head, "/Scope", None) is None for head in heads):
        names = {str(head.get("/ID", "")) for head in heads} - {""}
        for cell in cells:
            named = {str(each) for each in _attribute(cell, "/Headers", [])}
            if cell.get("/S") == Name.TD and not (named and named <= names):
                yield "A cell does not say which headers are its own."


def _pages(pdf):
    for number, page in enumerate(pdf.pages, 1):
        for note in page.get("/Annots", []):
            if note.get("/Subtype") == "/Link" and not str(note.get("/Contents", "")):
                yield f"A link on page {number} has no text."
        for name, font in _fonts(page).items():
            inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
            described = inner.get("/FontDescriptor", Dictionary())
            if not any(key in described for key in ("/FontFile", "/FontFile2", "/FontFile3")):
                yield f"The font {name} on page {number} is not embedded."


def _children(node):
    kids = node.get("/K")
    kids = kids if isinstance(kids, Array) else [] if kids is None else [kids]
    return [kid for kid in kids if isinstance(kid, Dictionary) and kid.get("/Type") not in ("/MCR", "/OBJR")]


def _walk(node):
    for child in _children(node):
        yield child
        yield from _walk(child)


def _attribute(node, name, otherwise):
    attributes = node.get("/A", Array())
    for each in attributes if isinstance(attributes, Array) else [attributes]:
        if name in each:
            return each[name]
    return otherwise
