"""Read the rows of a workbook as a framework's data, remembering the cell of every value."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from frameworks.kinds import Field, Keyed, Kind
from frameworks.marks import Mark, Source
from frameworks.vocabulary import RECORDS
from frameworks.workbook_cells import is_blank
from frameworks.workbook_changes import CHANGES, DROPPED
from frameworks.workbook_layout import (
    FRAMEWORK,
    ITEMS,
    NODES,
    NOTHING_APPLIES,
    OTHER_COLUMNS,
    OUTCOMES,
    READ_ME,
    RESULTS,
    RULES,
    SHEETS,
    STANDINGS,
    TABLES,
    Table,
    by_rank,
    columns,
    expected_kind,
    framework_fields,
)
from frameworks.workbook_rows import Cells, Data, Row, Sheets


@dataclass(eq=False)
class Parent:
    """A record that later rows may belong to."""

    data: Data
    mark: Mark
    filled: set[str] = field(default_factory=set)


def read_cells(cells: Cells) -> Source:
    """Read all sheets; what cannot be read is among the findings, and reading goes on."""
    return _Reader(cells).read()


class _Reader(Sheets):
    def __init__(self, cells: Cells) -> None:
        super().__init__(cells)
        self.mark = Mark("the workbook")
        self.data: Data = {}
        # By sheet and key, for the rows of other sheets that name them.
        self.parents: dict[str, dict[str, Parent]] = {}

    def read(self) -> Source:
        for number, sheet in enumerate(self.cells):
            if sheet not in SHEETS and sheet != READ_ME:
                known = ", ".join(SHEETS)
                mark = Mark(f"sheet {sheet[:60]}", (len(SHEETS) + number,))
                self.find(mark, "This sheet is not known.", f"Remove it or correct its name; known are: {known}.")
        if FRAMEWORK not in self.cells:
            self.find(self.mark, f"There is no sheet {FRAMEWORK}.", "Begin from the template.")
        self._read_rules()
        self._read_framework()
        self._read_changes()
        for table in TABLES:
            self._read_table(table)
        self._read_cases()
        return Source(self.data, self.mark, tuple(self.findings))

    # The framework itself

    def _read_framework(self) -> None:
        known = {each.name: each for each in (*framework_fields(), *self._apart())}
        for row in self.rows(FRAMEWORK, ("field", "value"), ("meaning",)):
            name = str(row.cells.get("field") or "").strip()
            if not name or is_blank(row.cells.get("value")):
                if name in known:
                    self.mark.fields.setdefault(name, row.places["value"])
                continue
            if name not in known:
                listed = ", ".join(each.name for each in framework_fields())
                self.find(row.places["field"], f"There is no field {name[:60]}.", f"Known are: {listed}.")
            elif name in self.data:
                self.find(row.places["field"], f"The field {name} is here twice, or has a sheet too.", "Keep one.")
            else:
                self.put(self.data, self.mark, name, row.cells["value"], known[name].kind, row.places["value"])

    def _apart(self) -> list[Field]:
        """Return the fields that have sheets of their own; where a sheet cannot show one, it stands here."""
        names = {each.name for each in framework_fields()}
        return [each for each in RECORDS["framework"].fields if each.name not in names]

    def _read_rules(self) -> None:
        _, rule_field = OTHER_COLUMNS[RULES]
        rules: Data = {}
        mark = Mark(f"sheet {RULES}", (SHEETS.index(RULES),))
        for row in self.rows(RULES, ("name", "rule")):
            name = str(row.cells.get("name") or "").strip()
            if name in rules:
                self.find(row.places["name"], f"Another rule is named {name[:60]}.", "Give each its own name.")
            elif not name:
                self.find(row.places["name"], "The rule has no name.", "Give it one.")
            else:
                self.put(rules, mark, name, row.cells.get("rule"), rule_field.kind, row.places["rule"])
        if rules:
            self.data["rules"], self.mark.fields["rules"] = rules, mark
            self.rules = frozenset(rules)

    def _read_changes(self) -> None:
        """Read what became of the version before: rows, beside its number where the whole might stand."""
        whole = self.data.get("changes_from")
        changes: Data = {"number": str(whole)} if isinstance(whole, (str, int)) else {}
        mark = Mark(f"sheet {CHANGES}", (SHEETS.index(CHANGES),))
        place = self.mark.fields.get("changes_from", self.mark)
        mark.fields["number"] = place
        for sheet in (CHANGES, DROPPED):
            fields = {each.name: each for each in OTHER_COLUMNS[sheet]}
            for row in self.rows(sheet, tuple(fields)):
                if isinstance(whole, (dict, list)):
                    self.find(row.mark, "changes_from stands in a cell as well as in rows.", "Keep one of the two.")
                    return
                self._read_change(changes, mark, row, fields)
        if changes.keys() - {"number"}:
            self.data["changes_from"], self.mark.fields["changes_from"] = changes, mark

    def _read_change(self, changes: Data, mark: Mark, row: Row, fields: Mapping[str, Field]) -> None:
        data: Data = {}
        for name, each in fields.items():
            if name != "criterion":
                self.put(data, row.mark, name, row.cells.get(name), each.kind, row.places[name])
        if "criterion" not in fields:
            changes.setdefault("dropped", []).append(data)
            mark.fields.setdefault("dropped", Mark(row.mark.place, row.mark.order)).entries.append(row.mark)
            return
        criterion = self.name_in(row, "criterion")
        criteria = changes.setdefault("criteria", {})
        if criterion in criteria:
            self.find(row.places["criterion"], f"{criterion[:60]} is here twice.", "Remove one of the two rows.")
        criteria[criterion] = data
        mark.fields.setdefault("criteria", Mark(row.mark.place, row.mark.order)).fields[criterion] = row.mark

    # Lists of records

    def _read_table(self, table: Table) -> None:
        known = {each.name: each for each in columns(table)}
        # What rows of other sheets cannot show may stand as a whole in a column of its own.
        whole = {each.name: each for each in RECORDS[table.record].all_fields() if each.name not in known}
        ranked = tuple(name for name, each in known.items() if by_rank(each.kind))
        wanted = (*([table.parent] if table.parent else []), *(name for name in known if name not in ranked))
        for row in self.rows(table.sheet, wanted, tuple(whole), ranked):
            data: Data = {}
            for heading, cell in row.cells.items():
                self._read_field(data, row, heading, cell, known | whole)
            self._attach(table, row, Parent(data, row.mark))

    def _read_field(self, data: Data, row: Row, heading: str, cell: object, known: Mapping[str, Field]) -> None:
        name, _, rank = heading.partition(" ")
        place = row.places[heading]
        if name not in known:
            return
        kind = known[name].kind
        if not rank:
            self.put(data, row.mark, name, cell, kind, place)
            return
        if name not in row.mark.fields:
            row.mark.fields[name] = Mark(row.mark.place, row.mark.order)
        inner = row.mark.fields[name]
        if is_blank(cell):
            inner.fields[rank] = place
            return
        held = data.setdefault(name, {})
        if isinstance(held, dict) and isinstance(kind, Keyed):
            self.put(held, inner, rank, cell, kind.of, place)

    def _attach(self, table: Table, row: Row, record: Parent) -> None:
        """Add a record to the list that it belongs to, and remember it by its key."""
        holder = self._holder(table, row)
        if holder is None:
            return
        if table.holder in holder.data and table.holder not in holder.filled:
            self.find(row.mark, f"{table.holder} stands in a cell as well as in rows.", "Keep one of the two.")
            return
        holder.filled.add(table.holder)
        if table.holder not in holder.data:
            holder.mark.fields[table.holder] = Mark(f"sheet {table.sheet}", row.mark.order)
        holder.data.setdefault(table.holder, []).append(record.data)
        holder.mark.fields[table.holder].entries.append(record.mark)
        key = record.data.get(table.key)
        if isinstance(key, str):
            self.parents.setdefault(table.sheet, {}).setdefault(key.strip(), record)

    def _holder(self, table: Table, row: Row) -> Parent | None:
        root = self.parents.setdefault(FRAMEWORK, {}).setdefault("", Parent(self.data, self.mark))
        if table.holder == "levels":
            if "scale" not in self.data:
                self.data["scale"], self.mark.fields["scale"] = {}, Mark(f"sheet {table.sheet}", row.mark.order)
            scales = self.parents.setdefault("scale", {})
            if isinstance(self.data["scale"], dict):
                return scales.setdefault("", Parent(self.data["scale"], self.mark.fields["scale"]))
            return root
        if not table.within:
            return root
        return self._parent(table.within, row, table.parent, root if table.sheet == NODES else None)

    def _parent(self, sheet: str, row: Row, column: str, if_blank: Parent | None = None) -> Parent | None:
        """Find the row of another sheet that a row names in a column."""
        cell = row.cells.get(column)
        if is_blank(cell) and if_blank is not None:
            return if_blank
        name = str(cell or "").strip()
        found = self.parents.get(sheet, {}).get(name)
        if found is None and not name:
            self.find(row.places[column], f"This names no {column}.", f"Name one from the sheet {sheet}.")
        elif found is None:
            above = " above" if sheet == NODES and column == "parent" else ""
            mend = f"Name one that stands{above} on the sheet {sheet}."
            self.find(row.places[column], f"There is no {column} “{name[:60]}”{above}.", mend)
            # A node goes to the top then, lest whatever names it has nothing to name.
            return if_blank
        return found

    # Golden cases

    def _read_cases(self) -> None:
        for case in self._cases():
            for name in ("items", "expect"):
                if name not in case.data:
                    case.data[name], case.mark.fields[name] = {}, Mark(case.mark.place, case.mark.order)
                    case.filled.add(name)
        for sheet, read in ((ITEMS, self._read_item), (RESULTS, self._read_result), (OUTCOMES, self._read_outcome)):
            for row in self.rows(sheet, tuple(each.name for each in OTHER_COLUMNS[sheet])):
                holder = "items" if sheet == ITEMS else "expect"
                case = self._parent("Golden cases", row, "case")
                if case is None:
                    continue
                if holder not in case.filled:
                    self.find(row.mark, f"{holder} stands in a cell as well as in rows.", "Keep one of the two.")
                    continue
                read(case.data[holder], case.mark.fields[holder], row)

    def _cases(self) -> Iterator[Parent]:
        yield from self.parents.get("Golden cases", {}).values()

    def _read_item(self, items: Data, mark: Mark, row: Row) -> None:
        criterion, statement = self.name_in(row, "criterion"), self.name_in(row, "statement")
        fields = RECORDS["item"].fields
        item: Data = {}
        for each in fields:
            self.put(item, row.mark, each.name, row.cells.get(each.name), each.kind, row.places[each.name])
        if not statement and item == {"level": NOTHING_APPLIES} and criterion not in items:
            items[criterion], mark.fields[criterion] = NOTHING_APPLIES, row.places["level"]
            return
        held = items.setdefault(criterion, {} if statement else [])
        within = mark.fields.setdefault(criterion, Mark(row.mark.place, row.mark.order))
        if isinstance(held, str):
            self.find(row.mark, f"Nothing of {criterion} applies, but here is more of it.", "Keep one of the two.")
        elif isinstance(held, dict) != bool(statement):
            self.find(row.mark, f"{criterion} has rows with a statement and rows without.", "Give all or none one.")
        elif isinstance(held, list):
            held.append(item)
            within.entries.append(row.mark)
        elif statement in held:
            self.find(row.places["statement"], f"{statement[:60]} is answered twice.", "Remove one of the two.")
        else:
            # An answer stands for itself where nothing more is said of it.
            alone = set(item) == {"level"}
            held[statement] = item["level"] if alone else item
            within.fields[statement] = row.places["level"] if alone else row.mark

    def _read_result(self, expected: Data, mark: Mark, row: Row) -> None:
        standing = self.name_in(row, "standing")
        if standing not in STANDINGS:
            self.find(row.places["standing"], f"“{standing[:60]}” is not known.", f"Use: {', '.join(STANDINGS)}.")
            return
        node, place = str(row.cells.get("node") or "").strip(), row.places["expected"]
        self._expect(expected, mark, (standing, node), row, expected_kind(standing), place)

    def _read_outcome(self, expected: Data, mark: Mark, row: Row) -> None:
        path = ("gates", self.name_in(row, "pathway"), self.name_in(row, "gate"))
        self._expect(expected, mark, path, row, OTHER_COLUMNS[OUTCOMES][-1].kind, row.places["expected"])

    def _expect(self, data: Data, mark: Mark, path: tuple[str, ...], row: Row, kind: Kind, place: Mark) -> None:
        for name in path[:-1]:
            data = data.setdefault(name, {})
            mark = mark.fields.setdefault(name, Mark(row.mark.place, row.mark.order))
        if path[-1] in data:
            self.find(place, "This is expected twice.", "Remove one of the two rows.")
        elif is_blank(row.cells.get("expected")):
            self.find(place, "Nothing is expected here.", "Say what has to come out, or remove the row.")
        else:
            self.put(data, mark, path[-1], row.cells["expected"], kind, place)
