"""
The written format as a JSON Schema, for editors that complete and check while one writes.

Draft 7, which the common YAML editors understand. It says what each field may hold and what it means; what only shows
in the whole, such as a gate that names a node which is not there, the dry run says.
"""

from frameworks.kinds import (
    Choice,
    Code,
    Either,
    Field,
    Flag,
    Keyed,
    Kind,
    Many,
    Number,
    One,
    Record,
    Text,
    Texts,
    Whole,
)
from frameworks.vocabulary import RECORDS

Schema = dict[str, object]

# As in `frameworks.reading`; a decimal may stand without quotes in a file, and is kept as it is written.
EXACT = r"^-?\d{1,9}(\.\d{1,9}|/[1-9]\d{0,8})?$"


def schema() -> Schema:
    """Return the schema of a framework file."""
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": "A maturity framework, as docs/framework-format.md describes it",
        "$ref": "#/definitions/framework",
        "definitions": {record.name: _record(record) for record in RECORDS.values()},
    }


def _record(record: Record) -> Schema:
    described: Schema = {
        "title": record.title,
        "type": "object",
        "properties": {field.name: _field(field) for field in record.all_fields()},
        "additionalProperties": False,
        "required": [field.name for field in record.fields if field.required],
    }
    if record.variants:
        described["allOf"] = [_variant(record, kind) for kind in _kinds(record)]
    return described


def _kinds(record: Record) -> tuple[str, ...]:
    kind = record.field("kind").kind
    return kind.words if isinstance(kind, Choice) else ()


def _variant(record: Record, kind: str) -> Schema:
    """Say what holds where `kind` has this value: its own fields, and none of another's."""
    own = dict(record.variants).get(kind, ())
    names = [field.name for field in (*record.fields, *own)]
    then: Schema = {"propertyNames": {"enum": names}}
    if required := [field.name for field in own if field.required]:
        then["required"] = required
    return {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": then}


def _field(field: Field) -> Schema:
    described = _kind(field.kind)
    # Next to a reference a description would be ignored.
    described = {"allOf": [described]} if "$ref" in described else described
    if not field.required:
        # A field may be left empty as well as left out.
        described = {"anyOf": [described, {"type": "null"}]}
    return {"description": field.meaning, **described}


def _kind(kind: Kind) -> Schema:
    match kind:
        case Text(longest=longest):
            return {"type": "string", "maxLength": longest}
        case Code(pattern=pattern, longest=longest):
            return {"type": "string", "maxLength": longest} | ({"pattern": f"^{pattern}$"} if pattern else {})
        case Choice(words=words):
            return {"enum": list(words)}
        case Whole(lowest=lowest, highest=highest):
            return {"type": "integer", "minimum": lowest, "maximum": highest}
        case Number():
            return {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string", "pattern": EXACT}]}
        case Flag():
            return {"type": "boolean"}
        case Texts(longest=longest, most=most):
            return {"type": "array", "items": {"type": "string", "maxLength": longest}, "maxItems": most}
        case One(record=name):
            return {"$ref": f"#/definitions/{name}"}
        case Many(record=name, most=most):
            return {"type": "array", "items": {"$ref": f"#/definitions/{name}"}, "maxItems": most}
        case Keyed(keys=keys, of=of, most=most):
            described: Schema = {"type": "object", "additionalProperties": _kind(of), "maxProperties": most}
            return described | ({"propertyNames": {"pattern": "^[0-9]+$"}} if keys == "rank" else {})
        case Either(kinds=kinds):
            return {"anyOf": [_kind(each) for each in kinds]}
    raise TypeError(kind)
