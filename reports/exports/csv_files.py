"""Write an export as CSV: a zip with a file for each table, a manifest of them, and a page that says what is in it."""

import csv
import hashlib
import io
import json
import zipfile

from reports.exports.gathering import Export
from reports.tables import Table, csv_text

MEDIA_TYPE = "application/zip"
README, MANIFEST, COLUMNS = "README.txt", "manifest.json", "columns.csv"


def archive(export: Export) -> bytes:
    """Return the zip as bytes; its entries carry the export's own time."""
    files = {f"{name}.csv": csv_text(table).encode() for name, table in export.tables.items()}
    files[COLUMNS] = csv_text(_columns(export)).encode()
    manifest = {
        "title": export.title,
        "made_at": export.made_at.isoformat(),
        "files": [_entry(name, content) for name, content in files.items()],
        "withheld": dict(export.withheld),
    }
    readme = _readme(export)
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in {README: readme, MANIFEST: text, **files}.items():
            package.writestr(zipfile.ZipInfo(name, export.made_at.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def _entry(name, content):
    rows = sum(1 for _ in csv.reader(io.StringIO(content.decode()))) - 1
    return {"name": name, "rows": rows, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def _columns(export):
    rows = [(sheet.name, each.name, str(each.kind), each.meaning) for sheet in export.sheets for each in sheet.columns]
    return Table(columns=("table", "column", "kind", "meaning"), rows=tuple(rows))


def _readme(export):
    lines = [
        export.title,
        "",
        f"Taken on {export.made_at:%d %B %Y at %H:%M} UTC.",
        "",
        "One file for each table, in UTF-8 with a byte order mark, commas between cells, and the names of the columns "
        "in the first line. columns.csv says what each column holds, manifest.json the SHA-256 of each file.",
        "Days are written as 2026-12-04, instants in UTC as 2026-12-04T09:00:00+00:00. An empty cell says that nothing "
        "is stated.",
        "A text that a spreadsheet could take for a formula has an apostrophe (') before it, and before a sign that "
        "follows a semicolon, a tab or a bar. The JSON file has every text as it was written.",
        "",
        *(f"{sheet.name}.csv: {sheet.meaning}. {len(export.tables[sheet.name].rows)} rows." for sheet in export.sheets),
        *(f"{name}: not in this file. {why}" for name, why in export.withheld.items()),
        "",
    ]
    return "\n".join(lines)
