"""The API's description (OpenAPI 3.1), made from its resources; `manage.py print_openapi` prints docs/openapi.json."""

from partnership.throttle import READ_BY_TOKEN
from reports.api.answers import PROBLEM
from reports.api.resources import LEAST, MOST, RESOURCES, USUAL
from reports.exports.as_json import row_schema

VERSION = "1.0"
ROOT = "/api/v1/"
ABOUT = f"""\
Read-only. A token reads what the programme office of its system reads on the pages: what places have submitted, never \
a single member's score. Rows have the same columns as the downloads of the same data.

Lists come in pages: follow `next` until it is null. Answers carry an ETag: send it back as If-None-Match and get 304 \
where nothing changed. A token may be used {READ_BY_TOKEN.most} times a minute. Nothing is ever sorted by level.
"""
ERRORS = {
    "400": "What was asked for cannot be understood",
    "401": "No token that works",
    "404": "No such address",
    "405": "Only reading",
    "429": "Too many requests",
}
PARAMETERS = {
    "limit": {
        "description": "How many {pages_of} a page has the rows of",
        "schema": {"type": "integer", "minimum": LEAST, "maximum": MOST, "default": USUAL},
    },
    "after": {
        "description": "Where the page begins: as it stands in the `next` of the page before",
        "schema": {"type": "string", "format": "uuid"},
    },
    "round": {
        "description": "Only of this round, by its identifier",
        "schema": {"type": "string", "format": "uuid"},
    },
    "place": {
        "description": "Only of this place, by its identifier",
        "schema": {"type": "string", "format": "uuid"},
    },
}


def description():
    """Return the description as plain data."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Place maturity", "version": VERSION, "description": ABOUT},
        "security": [{"token": []}],
        "paths": {ROOT: _index()} | {f"{ROOT}{name}/": _path(each) for name, each in RESOURCES.items()},
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "The programme office makes tokens on the page of its system. Each is shown once.",
                }
            },
            "schemas": {_schema_name(each): row_schema(each.sheet) for each in RESOURCES.values()}
            | {
                "problem": {
                    "type": "object",
                    "description": "What went wrong (RFC 9457); `detail` says how to mend it",
                    "required": ["type", "title", "status", "detail"],
                    "properties": {
                        "type": {"type": "string"},
                        "title": {"type": "string"},
                        "status": {"type": "integer"},
                        "detail": {"type": "string"},
                    },
                }
            },
            "responses": {
                status: {
                    "description": words,
                    "content": {PROBLEM: {"schema": {"$ref": "#/components/schemas/problem"}}},
                }
                for status, words in ERRORS.items()
            }
            | {"304": {"description": "The program has just that already"}},
        },
    }


def _schema_name(resource):
    return f"{resource.name}-row"


def _index():
    listed = {"type": "object", "additionalProperties": {"type": "string"}}
    schema = {
        "type": "object",
        "required": ["system", "resources", "description"],
        "additionalProperties": False,
        "properties": {"system": {"type": "string"}, "resources": listed, "description": {"type": "string"}},
    }
    return {"get": {"summary": "What there is", "operationId": "index", "responses": _responses(schema, "401 405 429")}}


def _path(resource):
    data = {"type": "array", "items": {"$ref": f"#/components/schemas/{_schema_name(resource)}"}}
    schema = {
        "type": "object",
        "required": ["data", "next"],
        "additionalProperties": False,
        "properties": {"data": data, "next": {"type": ["string", "null"], "description": "The next page's address"}},
    }
    return {
        "get": {
            "summary": f"{resource.sheet.meaning}.",
            "operationId": resource.name,
            "parameters": [_parameter(name, resource) for name in ("limit", "after", *resource.filters)],
            "responses": _responses(schema, "400 401 405 429"),
        }
    }


def _parameter(name, resource):
    told = PARAMETERS[name]
    words = told["description"].format(pages_of=resource.pages_of)
    return {"name": name, "in": "query", "description": words, "schema": told["schema"]}


def _responses(schema, errors):
    etag = {"ETag": {"schema": {"type": "string"}}}
    found = {"200": {"description": "A page", "headers": etag, "content": {"application/json": {"schema": schema}}}}
    return found | {status: {"$ref": f"#/components/responses/{status}"} for status in ("304", *errors.split())}
