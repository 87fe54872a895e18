"""
The library that reads and writes workbooks, brought into a process when something of it is first asked for.

It takes an eighth of what a web process holds once it has started, and many processes write no workbook for long.
"""

from importlib import import_module

MODULES = {
    "openpyxl": ("Workbook", "load_workbook"),
    "openpyxl.cell": ("Cell", "WriteOnlyCell"),
    "openpyxl.styles": ("Alignment", "Border", "Font", "PatternFill", "Protection", "Side"),
    "openpyxl.utils": ("get_column_letter", "range_boundaries"),
    "openpyxl.worksheet.datavalidation": ("DataValidation",),
    "openpyxl.worksheet.worksheet": ("Worksheet",),
}
WHERE = {name: module for module, names in MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in WHERE:
        raise AttributeError(f"The library of workbooks is not asked for {name!r} here")
    found = globals()[name] = getattr(import_module(WHERE[name]), name)
    return found
