"""
What each medium says of an assessment, read back as a person or a program reads it, under the same keys.

A key is a tuple: what is said, and of what. Levels are said by name, as people read them.
"""

import csv
import io
import json
import re
import subprocess
import zipfile
from itertools import zip_longest

from openpyxl import load_workbook

from tests.page_tables import tables_of
from tests.pdf_reading import squeezed

OUTCOMES = {"pass": "Passes", "fail": "Fails", "cannot_tell": "Cannot tell"}
STATUSES = {
    "incomplete": "Incomplete",
    "not_applicable": "Not applicable",
    "none_supported": "No level supported",
    "no_level": "No level by design",
}
LEVEL = re.compile(r"^(?:\d )?(.*?)(?:, .*)?$")


def by_document(document, reviewed=None):
    """Return what the document says: that is what every medium is held to. `reviewed` are ranks by criterion."""
    names = {level["rank"]: level["name"] for level in document["framework"]["levels"]}
    said = {("evidence", ""): _share(document["coverage"])}
    for node in (*document["domains"], *document["criteria"]):
        for standing in ("claimed", "supported"):
            said[standing, node["code"]] = names.get(node[standing]["level"]) or STATUSES[node[standing]["status"]]
        said["evidence", node["code"]] = _share(node["coverage"])
    for node in document["criteria"]:
        said["split", node["code"]] = ", ".join(node["split"])
        for name, count in zip(names.values(), node["counts"] or (), strict=False):
            said["scores", node["code"], name] = str(count)
        if node["code"] in (reviewed or {}):
            said["reviewed", node["code"]] = names[reviewed[node["code"]]]
    for item in document["items"]:
        if item["level"] is not None:
            said["agreed", item["label"]] = names[item["level"]]
        if item["supported"] is not None:
            said["proven", item["label"]] = names[item["supported"]]
    for pathway in document["improvement"]["pathways"]:
        said["verdict", pathway["code"]] = pathway["verdict"].replace("_", " ").lower()
        for gate in pathway["gates"]:
            outcome = OUTCOMES[gate["status"]]
            said |= _gate(pathway["code"], gate["code"], outcome, gate["value"], gate["threshold"])
    return said


def _share(coverage):
    return f"{coverage['in_date']} of {coverage['applicable']}"


def _level(words):
    """Return a level's name from a cell such as "3 Established, but split"."""
    return LEVEL.match(words)[1]


def by_place_page(page, document):
    """Return what the tables of a place's dashboard say."""
    tables, said = tables_of(page), {}
    codes = {f"{each['code']} {each['name']}": each["code"] for each in document["criteria"]}
    codes |= {each["name"]: each["code"] for each in document["domains"]}
    for row in tables["Levels, evidence and scores by criterion"].records:
        code = codes[row["Criterion"]]
        said |= {
            ("claimed", code): _level(row["Agreed"]),
            ("supported", code): _level(row["Supported by evidence"]),
            ("evidence", code): row["Items with evidence in date"],
        }
        if row["Criterion"].startswith(code):
            said["split", code] = "" if row["Split items"] == "None" else row["Split items"]
            scores = {name.removeprefix("Scores at "): count for name, count in row.items() if "Scores at" in name}
            said |= {("scores", code, name): count for name, count in scores.items() if count != "hidden"}
            if row.get("Reviewed", "No level") != "No level":
                said["reviewed", code] = _level(row["Reviewed"])
    for row in next(table for table in tables.values() if table.rows[0][:2] == ["Criterion", "In date"]).records:
        code = codes.get(row["Criterion"], "")
        assert int(row["In date"]) + int(row["Out of date"]) + int(row["None"]) == int(row["Items that apply"])
        said["evidence", code] = f"{row['In date']} of {row['Items that apply']}"
    return said | _gates(tables, document) | _verdicts(page, document)


def by_report_page(page, document):
    """Return what the tables of the report say."""
    tables, said = tables_of(page), {}
    codes = {f"{each['code']} {each['name']}": each["code"] for each in (*document["domains"], *document["criteria"])}
    for row in tables["Levels by criterion"].records:
        code = codes[row["Criterion"]]
        said |= {
            ("claimed", code): _level(row["Claimed"]),
            ("supported", code): _level(row["Supported"]),
            ("evidence", code): row["Evidence in date"],
        }
    for criterion in document["criteria"]:
        for row in tables[f"Items of {criterion['name']}"].records:
            for what, level in (("agreed", row["Agreed"]), ("proven", row["Supported"])):
                if _level(level) not in ("None", "–", "Not agreed", "Not applicable"):
                    said[what, row["Item"]] = _level(level)
    (share,) = re.findall(r"(\d+ of \d+) items that apply", page)
    said["evidence", ""] = share
    return said | _gates(tables, document) | _verdicts(page, document)


def _gates(tables, document):
    said = {}
    for pathway in document["improvement"]["pathways"]:
        for caption, table in tables.items():
            if caption.startswith(f"Gates of {pathway['name']}"):
                for row in table.records:
                    if "Outcome" in row:
                        code = row["Gate"].split()[0]
                        said |= _gate(pathway["code"], code, row["Outcome"], row["Found"], row["Asked for"])
    return said


def _gate(pathway, code, outcome, found, asked):
    key = (pathway, code)
    return {("outcome", *key): outcome, ("found", *key): found, ("asked", *key): asked}


def _verdicts(page, document):
    return {
        ("verdict", pathway["code"]): found[1]
        for pathway in document["improvement"]["pathways"]
        if (found := re.search(rf">{re.escape(pathway['name'])}: ([a-z ]+)</h", page))
    }


def words_of_pdf(pdf):
    text = subprocess.run(["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True).stdout
    return text.decode()


def by_pdf(words, document):
    """Return what the words of the report's PDF say, cell after cell of its tables."""
    # Without white space a share would run into what stands after it.
    text, said = squeezed(re.sub(r"(\d+ of \d+)\n", r"\1|", words)), {}
    levels = {squeezed(name): name for name in STATUSES.values()}
    levels |= {f"{level['rank']}{squeezed(level['name'])}": level["name"] for level in document["framework"]["levels"]}
    level = "|".join(map(re.escape, levels))
    for node in (*document["domains"], *document["criteria"]):
        name, cell = re.escape(squeezed(node["code"] + node["name"])), rf"(?:{level})(?:,?butsplit)?"
        if found := re.search(rf"{name}({level})(?:,?butsplit)?({level})(?:{cell}|–)*(\d+of\d+)", text):
            said["claimed", node["code"]], said["supported", node["code"]] = levels[found[1]], levels[found[2]]
            said["evidence", node["code"]] = found[3].replace("of", " of ")
    (share,) = re.findall(r"(\d+of\d+)itemsthatapply", text)
    said["evidence", ""] = share.replace("of", " of ")
    for pathway in document["improvement"]["pathways"]:
        for gate in pathway["gates"]:
            row = squeezed(gate["code"] + gate["name"]) + ("foundational" if gate["foundational"] else "")
            row += squeezed(gate["value"] + gate["threshold"])
            for outcome in OUTCOMES.values():
                if row + squeezed(outcome) in text:
                    said |= _gate(pathway["code"], gate["code"], outcome, gate["value"], gate["threshold"])
        for verdict in ("ready with conditions", "not ready", "ready"):
            if squeezed(f"{pathway['name']}: {verdict}") in text:
                said["verdict", pathway["code"]] = verdict
                break
    return said


def by_rows(tables):
    """Return what the tables of an export or of the API say; `tables` gives rows as mappings, by the export's names."""
    said = {}
    for row in tables["results"]:
        code = row["node"]
        for standing in ("claimed", "supported"):
            said[standing, code] = row[f"{standing}_name"] or STATUSES[row[f"{standing}_status"]]
        said["evidence", code] = f"{row['in_date']} of {row['applicable']}"
        if row["is_criterion"] in (True, "true"):
            said["split", code] = row["split"] or ""
            if row["reviewed_name"]:
                said["reviewed", code] = row["reviewed_name"]
    for row in tables["items"]:
        if row["level_name"]:
            said["agreed", row["label"]] = row["level_name"]
    added = {}
    for row in tables["counts"]:
        key = ("scores", row["label"].partition(".")[0], row["name"])
        added[key] = added.get(key, 0) + int(row["scores"])
    said |= {key: str(count) for key, count in added.items()}
    for row in tables["gates"]:
        said |= _gate(row["pathway"], row["gate"], OUTCOMES[row["status"]], row["value"], row["threshold"])
    for row in tables["pathways"]:
        said["verdict", row["pathway"]] = row["verdict"].replace("_", " ").lower()
    for row in tables["assessments"]:
        said["evidence", ""] = f"{row['in_date']} of {row['applicable']}"
    return said


TABLES = ("results", "items", "counts", "gates", "pathways", "assessments")


def tables_of_json(content):
    return json.loads(content)["tables"]


def tables_of_csv(content):
    archive = zipfile.ZipFile(io.BytesIO(content))
    return {name: list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig")))) for name in TABLES}


def tables_of_workbook(content):
    book = load_workbook(io.BytesIO(content), read_only=True)
    found = {}
    for name in TABLES:
        heading, *rows = book[name].iter_rows(values_only=True)
        found[name] = [dict(zip_longest(heading, row)) for row in rows]
    return found
