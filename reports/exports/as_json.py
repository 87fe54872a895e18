"""Write an export as JSON, and say in a JSON Schema what it holds."""

import json
from datetime import date

from reports.exports.columns import Kind
from reports.exports.gathering import SHEETS, Export

MEDIA_TYPE = "application/json"
FORMAT = 1
SHA256 = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
KINDS = {
    Kind.TEXT: {"type": ["string", "null"]},
    Kind.WHOLE: {"type": ["integer", "null"]},
    Kind.NUMBER: {"type": ["number", "null"]},
    Kind.FLAG: {"type": ["boolean", "null"]},
    Kind.DAY: {"type": ["string", "null"], "format": "date"},
    Kind.INSTANT: {"type": ["string", "null"], "format": "date-time"},
}


def document(export: Export) -> str:
    """Return the export as JSON text; sealed texts are in it word for word, so that their hashes can be checked."""
    data = {
        "format": FORMAT,
        "title": export.title,
        "made_at": export.made_at.isoformat(),
        "tables": {name: records(table) for name, table in export.tables.items()},
        "withheld": dict(export.withheld),
        "sealed": [sealed for content in export.contents if (sealed := content.sealed)],
    }
    return json.dumps(data, ensure_ascii=False, indent=1)


def records(table):
    """Return a table's rows as mappings by column, as JSON takes them."""
    return [dict(zip(table.columns, map(_plain, row), strict=True)) for row in table.rows]


def _plain(value):
    return value.isoformat() if isinstance(value, date) else value


def schema():
    """Return the JSON Schema (draft 2020-12) of an export."""
    text = {
        "type": ["object", "null"],
        "properties": {"text": {"type": "string"}, "sha256": SHA256},
        "required": ["text", "sha256"],
        "additionalProperties": False,
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "An assessment, or a round's submitted assessments, as the place maturity portal exports them",
        "type": "object",
        "required": ["format", "title", "made_at", "tables", "withheld", "sealed"],
        "additionalProperties": False,
        "properties": {
            "format": {"const": FORMAT, "description": "Rises when the shape changes"},
            "title": {"type": "string"},
            "made_at": {"type": "string", "format": "date-time"},
            "tables": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    sheet.name: {"type": "array", "description": f"{sheet.meaning}.", "items": row_schema(sheet)}
                    for sheet in SHEETS
                },
            },
            "withheld": {
                "type": "object",
                "description": "Tables that the reader does not see, and why",
                "propertyNames": {"enum": [sheet.name for sheet in SHEETS]},
                "additionalProperties": {"type": "string"},
            },
            "sealed": {
                "type": "array",
                "description": "What was signed and decided, word for word; the SHA-256 is of the text in UTF-8",
                "items": {
                    "type": "object",
                    "required": ["assessment", "content", "sign_off", "decision"],
                    "additionalProperties": False,
                    "properties": {
                        "assessment": {"type": "string", "format": "uuid"},
                        "content": text,
                        "sign_off": text,
                        "decision": text,
                    },
                },
            },
        },
    }


def row_schema(sheet):
    """Return the schema of a row of a sheet: every column is there, null where nothing is stated."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": [each.name for each in sheet.columns],
        "properties": {each.name: KINDS[each.kind] | {"description": each.meaning} for each in sheet.columns},
    }
