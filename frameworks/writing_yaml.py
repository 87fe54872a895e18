"""Write a framework's data as a YAML file that reads back as the same, with fields in the order of the guide."""

from collections.abc import Mapping

import yaml

from frameworks.kinds import Either, Keyed, Kind, Many, One
from frameworks.vocabulary import RECORDS

SCHEMA_LINE = "# yaml-language-server: $schema=framework-format.schema.json\n"
# What is short stands on one line, in braces.
SHORT = 100


class _Dumper(yaml.SafeDumper):
    """Writes every repeated part out: people would not know what to make of anchors."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        # Lists are indented beneath their field, as people write them.
        return super().increase_indent(flow, False)


def _mapping(dumper: _Dumper, data: dict[str, object]) -> yaml.MappingNode:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", data.items())
    plain = all(not isinstance(value, (dict, list)) for value in data.values())
    node.flow_style = plain and len(str(data)) < SHORT and "\n" not in str(list(data.values()))
    return node


def _list(dumper: _Dumper, data: list[object]) -> yaml.SequenceNode:
    plain = all(not isinstance(value, (dict, list)) for value in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=plain and len(str(data)) < SHORT)


_Dumper.add_representer(dict, _mapping)
_Dumper.add_representer(list, _list)


def write_yaml(data: Mapping[str, object]) -> str:
    """Write a sound definition, as read from its canonical text."""
    return SCHEMA_LINE + _dump(data)


def write_golden(case: Mapping[str, object]) -> str:
    """Write a golden case as it stands beneath the line "golden:" of a framework file."""
    return _dump({"golden": [case]}).partition("\n")[2]


def _dump(data: Mapping[str, object]) -> str:
    ordered = _ordered(data, One("framework"))
    return yaml.dump(ordered, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)


def _ordered(value: object, kind: Kind) -> object:
    """Return the value with the fields of every record in the order of the vocabulary."""
    kinds = kind.kinds if isinstance(kind, Either) else (kind,)
    for each in kinds:
        if isinstance(each, Many) and isinstance(value, list):
            return [_ordered(inner, One(each.record)) for inner in value]
        if isinstance(each, Keyed) and isinstance(value, dict):
            return {name: _ordered(inner, each.of) for name, inner in value.items()}
        if isinstance(each, One) and isinstance(value, dict):
            fields = {field.name: field.kind for field in RECORDS[each.record].all_fields()}
            names = [name for name in fields if name in value]
            return {name: _ordered(value[name], fields[name]) for name in names}
    return value
