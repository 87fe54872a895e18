"""The forms that take a document with statements, and ask what in it is what."""

import hashlib
import re

from django import forms

from assessments.importing.guessing import DETAILS, LABELS, Holds, guess_columns, guess_criterion, lacks_evidence
from assessments.importing.parts import UNREADABLE
from assessments.importing.proposal import cited_in
from assessments.importing.word import LISTED, OTHER
from frameworks.marks import LARGEST_FILE
from partnership.fields import FileField, looks

MOST_MENDED = 100
MENDED = re.compile(r"m(\d{1,4})-(\d{1,4})-(\d{1,4})")


class DocumentForm(forms.Form):
    file = FileField(
        label="Your document",
        help_text=f"A Word document (.docx) or an Excel workbook (.xlsx), up to {LARGEST_FILE // 1024 // 1024} MB.",
        error_messages={"required": "Choose your document"},
        widget=forms.FileInput({"accept": ".docx,.xlsx"}),
    )

    @property
    def content(self):
        """What the file holds; however large it is, no more than this is read."""
        return self.cleaned_data["file"].read(LARGEST_FILE + 1)


class ColumnsForm(forms.Form):
    """What each column of each part holds, guessed at first. What is not among the choices counts as left out."""

    brackets = looks(
        forms.BooleanField(
            label="Take what a statement cites, such as “(see our Plan on a page)”, or links to, as evidence, too",
            required=False,
        ),
        small=True,
    )

    def __init__(self, parts, sent=None):
        super().__init__()
        self.parts = parts
        self.cites = any(
            links or any(map(cited_in, row)) for part in parts for row, links in zip(part.rows, part.links, strict=True)
        )
        # What stands beside lists are introductions, as a rule.
        has_list = any(part.name == LISTED for part in parts)
        guessed = [
            [Holds.NOTHING] * len(part.columns)
            if has_list and part.name == OTHER
            else guess_columns(part.columns, part.rows)
            for part in parts
        ]
        self.columns = [
            [self._sent(sent, f"c{place}-{number}", guess) for number, guess in enumerate(guesses)]
            for place, guesses in enumerate(guessed)
        ]
        self.with_brackets = "brackets" in sent if sent is not None else self.cites
        self.initial["brackets"] = self.with_brackets
        for place, part in enumerate(parts):
            for number, column in enumerate(part.columns):
                self._add(f"c{place}-{number}", column, part, number, self.columns[place][number])

    @staticmethod
    def _sent(sent, name, guess):
        if sent is None:
            return guess
        try:
            return Holds(sent.get(name, ""))
        except ValueError:
            return Holds.NOTHING

    def _add(self, name, column, part, number, holds):
        example = next((row[number] for row in part.rows if row[number]), "")
        self.fields[name] = forms.ChoiceField(
            label=column,
            choices=[(each.value, label) for each, label in LABELS.items()],
            help_text=f"For example: {_cut(example, 120)}" if example else "Empty throughout.",
        )
        self.initial[name] = holds.value

    @property
    def groups(self):
        """The fields of each part, under its name, with how many rows it has."""
        return [
            {
                "name": part.name,
                "rows": len(part.rows),
                "fields": [self[f"c{place}-{number}"] for number in range(len(part.columns))],
            }
            for place, part in enumerate(self.parts)
        ]

    @property
    def hidden(self):
        """The choices as pairs of name and value, to be sent along with a later page."""
        chosen = [
            (f"c{place}-{number}", holds.value)
            for place, columns in enumerate(self.columns)
            for number, holds in enumerate(columns)
        ]
        return [*chosen, ("brackets", "on")] if self.with_brackets else chosen

    @property
    def problems(self):
        """What has to be chosen otherwise, as pairs of a sentence and where to mend it."""
        found = []
        for place, (part, columns) in enumerate(zip(self.parts, self.columns, strict=True)):
            if Holds.STATEMENT not in columns:
                continue
            for holds in Holds:
                if holds and columns.count(holds) > 1:
                    what = LABELS[holds][0].lower() + LABELS[holds][1:]
                    second = len(columns) - 1 - columns[::-1].index(holds)
                    found.append((f"{part.name}: choose one column only for {what}", f"id_c{place}-{second}"))
            if Holds.CRITERION not in columns:
                found.append((f"{part.name}: choose which column names the criterion", f"id_c{place}-0"))
            if lacks_evidence(columns):
                what = (
                    "choose which column holds the title or the link of the evidence, or leave out its date and place"
                )
                first = next(number for number, holds in enumerate(columns) if holds in DETAILS)
                found.append((f"{part.name}: {what}", f"id_c{place}-{first}"))
        if not any(Holds.STATEMENT in columns for columns in self.columns):
            found.append(("Choose which column holds the statements", "id_c0-0"))
        return found


class NamesForm(forms.Form):
    """Which criterion each name in the document means, guessed by how alike they are."""

    def __init__(self, names, criteria, sent=None):
        super().__init__()
        known = [(each.code, each.name) for each in criteria]
        codes = {each.code for each in criteria}
        self.meant = {}
        for name in names:
            key = "n-" + hashlib.sha256(name.encode()).hexdigest()[:12]
            code = sent.get(key) if sent is not None and key in sent else guess_criterion(name, known)
            code = code if code in codes else ""
            self.fields[key] = forms.ChoiceField(
                label=f"“{_cut(name, 100)}”" if name else "With nothing above",
                choices=[("", "No criterion: leave it out"), *((each, f"{each} {called}") for each, called in known)],
            )
            self.initial[key], self.meant[name] = code, code


class MendingForm(forms.Form):
    """
    What is wrong in a document, each cell to be mended where it stands; `rows` are those with something wrong.

    Of very many the first are asked for. What was mended is sent as `m<part>-<row>-<column>`.
    """

    def __init__(self, proposal):
        problems = [problem for row in proposal.refused for problem in row.problems if problem.cell]
        asked = {problem.cell: problem for problem in problems[:MOST_MENDED]}
        super().__init__({self._name(cell): problem.written.replace(UNREADABLE, "") for cell, problem in asked.items()})
        for cell, problem in asked.items():
            is_long = problem.holds in {Holds.STATEMENT, Holds.NOTE}
            self.fields[self._name(cell)] = looks(
                forms.CharField(
                    label=LABELS[problem.holds],
                    required=False,
                    widget=forms.Textarea({"rows": 3}) if is_long else forms.TextInput(),
                ),
                heading=False,
            )
        self.full_clean()
        for problem in problems:
            if problem.cell in asked:
                self.add_error(self._name(problem.cell), problem.text)
        self.rows = [self._row(row, asked) for row in proposal.refused]

    def _row(self, row, asked):
        cells = dict.fromkeys(problem.cell for problem in row.problems if problem.cell in asked)
        return {
            "row": row,
            # The field for it says it once more.
            "statement": "" if any(asked[cell].holds == Holds.STATEMENT for cell in cells) else row.statement,
            "fields": [self[self._name(cell)] for cell in cells],
            "others": [problem.text for problem in row.problems if problem.cell not in asked],
        }

    @staticmethod
    def _name(cell):
        return "m{}-{}-{}".format(*cell)


def mended(parts, sent):
    """Return the parts of a document with what was mended in them."""
    cells = {}
    for name, text in sent.items():
        if found := MENDED.fullmatch(name):
            part, row, column = map(int, found.groups())
            cells.setdefault(part, {})[row, column] = text
    return tuple(part.mended(cells.get(place)) for place, part in enumerate(parts))


def _cut(text, most):
    return text if len(text) <= most else f"{text[:most].rstrip()}…"
