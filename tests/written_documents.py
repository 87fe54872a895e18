"""Documents as places have them, made up: Word documents of paragraphs and tables, and Excel workbooks."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

from openpyxl import Workbook

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
STYLES = f"""<?xml version="1.0" encoding="UTF-8"?>
<w:styles {W}>
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="H2"><w:name w:val="heading 2"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="Mine"><w:name w:val="Our heading"/><w:basedOn w:val="H2"/></w:style>
<w:style w:styleId="LP"><w:name w:val="List Paragraph"/></w:style>
</w:styles>"""


def heading(text, level=1):
    return f'<w:p><w:pPr><w:pStyle w:val="H{level}"/></w:pPr><w:r><w:t>{escape(text)}</w:t></w:r></w:p>'


def numbered(text, *linked):
    """Return a paragraph of a list; `linked` words follow the text, each after a blank."""
    look = '<w:pPr><w:pStyle w:val="LP"/><w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr></w:pPr>'
    return f"<w:p>{look}<w:r><w:t>{escape(text)}</w:t></w:r>{' '.join(linked)}</w:p>"


def linked(words, key):
    """Return words that lead to where `leading_to` says of a key."""
    return f'<w:hyperlink {R} r:id="{key}"><w:r><w:t xml:space="preserve">{escape(words)} </w:t></w:r></w:hyperlink>'


def by_field(words, code, *, is_simple=False):
    """Return words that lead to where a field code says, in one element or, as Word writes them, over several runs."""
    runs = "".join(f'<w:r><w:t xml:space="preserve">{escape(part)}</w:t></w:r>' for part in words.partition(" "))
    if is_simple:
        return f"<w:fldSimple w:instr={quoteattr(code)}>{runs}</w:fldSimple>"
    half = len(code) // 2
    codes = "".join(f"<w:r><w:instrText>{escape(part)}</w:instrText></w:r>" for part in (code[:half], code[half:]))
    begin, shown, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    return f"{begin}{codes}{shown}{runs}{end}"


def leading_to(addresses):
    """Return the part of a document that says where its links lead to, by key."""
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    links = (
        f'<Relationship Id="{key}" Type="{kind}" Target="{escape(address)}" TargetMode="External"/>'
        for key, address in addresses.items()
    )
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    return (
        "word/_rels/document.xml.rels",
        f'<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="{relations}">{"".join(links)}</Relationships>',
    )


def plain(text, *, bold=False):
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    return f'<w:p><w:r>{look}<w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def table(*rows):
    """Return a table; a cell is a text, or words that `linked` made."""
    blocks = (
        [f"<w:p>{cell}</w:p>" if cell.startswith("<w:hyperlink") else plain(cell) for cell in row] for row in rows
    )
    cells = ("".join(f"<w:tc>{block}</w:tc>" for block in row) for row in blocks)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def word(*blocks, raw=None, more=()):
    """Return a Word document of blocks, or with `raw` as its text; `more` are further parts by name."""
    text = (
        raw or f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{"".join(blocks)}</w:body></w:document>'
    )
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in (("word/document.xml", text), ("word/styles.xml", STYLES), *more):
            package.writestr(name, content)
    return file.getvalue()


def excel(leading_to=None, /, **sheets):
    """Return a workbook with rows by the name of their sheet; cells may lead to addresses, by sheet and name."""
    book = Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    for (sheet, cell), address in (leading_to or {}).items():
        book[sheet][cell].hyperlink = address
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def submission(first="Shared objectives", second="Public engagement"):
    """Return a submission as a borough might write it: headings of sorts, numbered statements, citations."""
    return word(
        plain("Placeton Together: our development framework"),
        plain("AIMS & DIRECTION"),
        plain(first, bold=True),
        numbered("We agreed three aims with everybody in 2024 (see our Plan on a page)."),
        numbered("Each partner has written what the aims ask of it (see Partner plans) (see our Plan on a page)."),
        plain("Something in between that is no statement."),
        plain(f"  {second} (PE) "),
        plain("1. The forum of residents meets every month."),
        plain("2) Its chair sits on the board."),
        heading("Evidence", 2),
        numbered("Minutes are published."),
        heading("Finance", 1),
        numbered("We share an account."),
    )
