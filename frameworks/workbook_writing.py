"""Lay a framework's data out in the rows of a workbook."""

from collections.abc import Mapping

from frameworks.kinds import Field, Keyed
from frameworks.vocabulary import RECORDS
from frameworks.workbook_cells import Cell, CellTooSmall, encode
from frameworks.workbook_changes import rows_of
from frameworks.workbook_layout import (
    BY_SHEET,
    FRAMEWORK,
    FRAMEWORK_HEADINGS,
    ITEMS,
    NODES,
    NOTHING_APPLIES,
    OTHER_COLUMNS,
    OUTCOMES,
    RESULTS,
    RULES,
    STANDINGS,
    TABLES,
    Table,
    by_rank,
    columns,
    expected_kind,
    framework_fields,
)

Data = Mapping[str, object]
Row = dict[str, Cell]
Grid = dict[str, list[list[Cell]]]


def lay_out(data: Data) -> Grid:
    """
    Return the rows of every sheet, the headings first.

    `data` is a sound definition, as read from its canonical text.

    :raises CellTooSmall: if something is too long for a cell
    """
    return _Writer(data).grid()


class _Writer:
    def __init__(self, data: Data) -> None:
        self.data = data
        declared = data.get("rules")
        self.rules = frozenset(declared) if isinstance(declared, dict) else frozenset()
        self.rows: dict[str, list[Row]] = {sheet: [] for sheet in (*BY_SHEET, *OTHER_COLUMNS)}
        # What no table can show stands as a whole in the row it belongs to.
        self.framework: dict[str, Cell] = {}

    def grid(self) -> Grid:
        for field in framework_fields():
            if field.name in self.data and not (field.name == "changes_from" and rows_of(self.data[field.name])):
                self.framework[field.name] = self._encode(self.data[field.name], field)
        self._write_framework_tables()
        self._write_rules()
        if rows := rows_of(self.data.get("changes_from")):
            self.rows |= rows
            self.framework["changes_from"] = self.data["changes_from"]["number"]
        grid = {FRAMEWORK: [list(FRAMEWORK_HEADINGS), *self._framework_rows()]}
        for table in TABLES:
            grid[table.sheet] = self._sheet(table.sheet, self._headings(table))
        for sheet, fields in OTHER_COLUMNS.items():
            grid[sheet] = self._sheet(sheet, [field.name for field in fields])
        return grid

    def _framework_rows(self) -> list[list[Cell]]:
        meanings = {field.name: field.meaning for field in RECORDS["framework"].fields}
        names = dict.fromkeys([field.name for field in framework_fields()] + list(self.framework))
        return [[name, self.framework.get(name), meanings[name]] for name in names]

    def _sheet(self, sheet: str, headings: list[str]) -> list[list[Cell]]:
        headings += [name for row in self.rows[sheet] for name in row if name not in headings]
        headings = list(dict.fromkeys(headings))
        return [list(headings), *([row.get(name) for name in headings] for row in self.rows[sheet])]

    def _headings(self, table: Table) -> list[str]:
        headings = [table.parent] if table.parent else []
        for field in columns(table):
            if by_rank(field.kind):
                headings += [f"{field.name} {rank}" for rank in self._ranks()]
            else:
                headings.append(field.name)
        return headings

    def _ranks(self) -> list[object]:
        scale = self.data.get("scale")
        levels = scale.get("levels") if isinstance(scale, dict) else None
        return [level.get("rank") for level in levels or () if isinstance(level, dict)]

    def _write_framework_tables(self) -> None:
        for table in TABLES:
            if table.within and table.sheet != NODES:
                continue
            holder = "scale" if table.holder == "levels" else table.holder
            if holder not in self.data:
                continue
            value = self.data[holder]
            if holder == "scale":
                value = value.get("levels") if isinstance(value, dict) and list(value) == ["levels"] else None
            if not self._write_table(table, value, ""):
                self.framework[holder] = self._encode(self.data[holder], RECORDS["framework"].field(holder))

    def _write_rules(self) -> None:
        declared = self.data.get("rules")
        if isinstance(declared, dict) and declared:
            name, rule = OTHER_COLUMNS[RULES]
            self.rows[RULES] = [
                {name.name: each, rule.name: encode(value, rule.kind)} for each, value in declared.items()
            ]
        elif "rules" in self.data:
            self.framework["rules"] = self._encode(declared, RECORDS["framework"].field("rules"))

    def _write_table(self, table: Table, value: object, parent: str) -> bool:
        """Write a list of records as rows; return False, with nothing written, if rows cannot show it."""
        if not isinstance(value, list) or not value or not all(isinstance(each, dict) and each for each in value):
            return False
        known = {field.name for field in RECORDS[table.record].all_fields()}
        if any(set(each) - known for each in value):
            return False
        for each in value:
            self._write_record(table, each, parent)
        return True

    def _write_record(self, table: Table, record: Data, parent: str) -> None:
        row: Row = {table.parent: parent or None} if table.parent else {}
        self.rows[table.sheet].append(row)
        fields = {field.name: field for field in columns(table)}
        inner = [other for other in TABLES if other.within == table.sheet]
        for name, value in record.items():
            field = fields.get(name) or RECORDS[table.record].field(name)
            within = next((other for other in inner if other.holder == name), None)
            if within is not None and self._write_table(within, value, str(record.get(table.key, ""))):
                continue
            if table.record == "golden" and self._write_case(record, name, value):
                continue
            if name in fields and by_rank(field.kind) and isinstance(value, dict) and value:
                row |= {f"{name} {rank}": self._encode_as(inner, field.kind) for rank, inner in value.items()}
            else:
                row[name] = self._encode(value, field)

    def _write_case(self, case: Data, name: str, value: object) -> bool:
        """Write the items or the expectations of a golden case as rows, if rows can show them."""
        rows: list[tuple[str, Row]] | None
        if name == "items":
            rows = self._item_rows(value)
        elif name == "expect":
            rows = self._expected_rows(value)
        else:
            return False
        if rows is None:
            return False
        for sheet, row in rows:
            self.rows[sheet].append({"case": str(case.get("name", "")), **row})
        return True

    def _item_rows(self, items: object) -> list[tuple[str, Row]] | None:
        rows: list[tuple[str, Row]] = []
        if not isinstance(items, dict):
            return None
        for criterion, value in items.items():
            if value == NOTHING_APPLIES:
                rows.append((ITEMS, {"criterion": criterion, "level": value}))
                continue
            if isinstance(value, list) and value and all(isinstance(each, dict) for each in value):
                pairs = [("", each) for each in value]
            elif isinstance(value, dict) and value:
                pairs = list(value.items())
            else:
                return None
            for statement, item in pairs:
                cells = self._item_cells(statement, item)
                if cells is None:
                    return None
                rows.append((ITEMS, {"criterion": criterion, "statement": statement or None, **cells}))
        return rows

    def _item_cells(self, statement: str, item: object) -> Row | None:
        fields = {field.name: field for field in RECORDS["item"].fields}
        if not isinstance(item, dict):
            return {"level": self._encode(item, fields["level"])}
        # A level by itself would come back as an answer without its mapping, or as a word for the whole criterion.
        alone = not set(item) - {"level"}
        if set(item) - set(fields) or (alone and (statement or item.get("level") == NOTHING_APPLIES)):
            return None
        return {name: self._encode(value, fields[name]) for name, value in item.items()}

    def _expected_rows(self, expected: object) -> list[tuple[str, Row]] | None:
        if not isinstance(expected, dict) or not all(isinstance(each, dict) and each for each in expected.values()):
            return None
        rows: list[tuple[str, Row]] = []
        for name, results in expected.items():
            if name in STANDINGS:
                kind = expected_kind(name)
                for node, value in results.items():
                    cell = encode(value, kind)
                    rows.append((RESULTS, {"standing": name, "node": node or None, "expected": cell}))
            elif name == "gates":
                for pathway, outcomes in results.items():
                    if not isinstance(outcomes, dict) or not outcomes:
                        return None
                    for gate, value in outcomes.items():
                        cell = encode(value, OTHER_COLUMNS[OUTCOMES][-1].kind)
                        rows.append((OUTCOMES, {"pathway": pathway, "gate": gate, "expected": cell}))
            else:
                return None
        return rows

    def _encode(self, value: object, field: Field) -> Cell:
        try:
            return encode(value, field.kind, self.rules)
        except CellTooSmall as error:
            raise CellTooSmall(f"{field.name}: {error}") from None

    def _encode_as(self, value: object, kind: object) -> Cell:
        return encode(value, kind.of if isinstance(kind, Keyed) else kind, self.rules)
