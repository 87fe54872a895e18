"""
Every record and field of the written format, in one list.

The JSON Schema, the workbook's sheets, the bounds on what a file may hold and the tables of
docs/framework-format.md follow from it; a test holds it equal to what the parser knows.
"""

from collections.abc import Mapping

from frameworks.kinds import Record
from frameworks.vocabulary_changes import CHANGES
from frameworks.vocabulary_gates import GATES
from frameworks.vocabulary_golden import GOLDEN
from frameworks.vocabulary_rules import RULES
from frameworks.vocabulary_tree import TREE

RECORDS: Mapping[str, Record] = {record.name: record for record in (*TREE, *RULES, *GATES, *GOLDEN, *CHANGES)}
