"""What stands in the papers of a whole round, and the zip of its reports, with its manifest."""

import hashlib
import io
import json
import zipfile
from collections import Counter
from dataclasses import asdict, dataclass, replace

from django.utils.text import slugify

from reports import verdicts
from reports.figures import profile
from reports.tables import Table, csv_text

MANIFEST_CSV, MANIFEST_JSON, SUMS = "manifest.csv", "manifest.json", "SHA256SUMS"
NOT_MADE = "It could not be made: tell those who look after the portal"
NOT_SUBMITTED = "The place has not submitted"
# How many criteria stand beside each other on a page.
ACROSS = 12
# The same files give the same zip, whenever it is made.
WHEN = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Packed:
    """A file of the zip as its manifest tells it; without one `why_not` says why."""

    place: str
    version: int | None
    what: str
    name: str = ""
    path: str = ""
    pages: int | None = None
    size: int | None = None
    sha256: str = ""
    why_not: str = NOT_MADE
    content: bytes = b""

    @property
    def told(self):
        return {name: value for name, value in asdict(self).items() if name not in ("name", "content")}


def with_file(packed, content, *, pages):
    """Return what is packed with its file, named so that two of one place never meet in a folder."""
    digest = hashlib.sha256(content).hexdigest()
    place = slugify(packed.place)[:60] or "place"
    version = f"-version-{packed.version}" if packed.version > 1 else ""
    return replace(
        packed,
        path=f"{place}-{packed.name}{version}-{digest[:12]}.pdf",
        pages=pages,
        size=len(content),
        sha256=digest,
        why_not="",
        content=content,
    )


def archive(said, files):
    """Return the zip of a round: the files, and a manifest that names each, and each that is missing."""
    told = [each.told for each in files]
    told += [Packed(place=name, version=None, what="All", why_not=NOT_SUBMITTED).told for name in said["missing"]]
    manifest = {name: said[name] for name in ("system", "round", "places", "missing")} | {"files": told}
    columns = tuple(Packed("", None, "").told)
    outlet = io.BytesIO()
    with zipfile.ZipFile(outlet, "w") as package:

        def put(path, content):
            # PDFs are compressed already.
            package.writestr(zipfile.ZipInfo(path, WHEN), content)

        put(MANIFEST_CSV, csv_text(Table(columns, tuple(tuple(each.values()) for each in told))))
        put(MANIFEST_JSON, json.dumps(manifest, ensure_ascii=False, indent=1))
        put(SUMS, "".join(f"{each.sha256}  {each.path}\n" for each in files if each.content))
        for each in files:
            if each.content:
                put(each.path, each.content)
    return outlet.getvalue()


def manifest_of(file):
    """Return what the zip of a round says of itself."""
    with zipfile.ZipFile(file) as package:
        return json.loads(package.read(MANIFEST_JSON))


@dataclass(frozen=True)
class Distribution:
    """How many places a criterion's supported levels lie over, in the order of the levels; `others` have none."""

    code: str
    name: str
    counts: tuple[int, ...]
    others: int
    short: int
    split: int


def system_report(said, documents):
    """
    Return what the system report shows, its places by name; `said` is the order's text.

    The places of a round share a framework version.
    """
    levels = documents[0]["framework"]["levels"]
    ordered = sorted(zip(said["places"], documents, strict=True), key=lambda pair: pair[0]["place"])
    drawn = [(place, document, profile(document)) for place, document in ordered]
    return {
        "said": said,
        "framework": documents[0]["framework"],
        "levels": levels,
        "round": documents[0]["round"],
        "places": [place for place, *_ in drawn],
        "parts": list(_parts(drawn)),
        "distributions": list(_distributions([figure for *_, figure in drawn], levels)),
        "pathways": [_pathway(code, [(each[0], each[1]) for each in drawn]) for code in _codes(documents[0])],
    }


def _codes(document):
    return [pathway["code"] for pathway in document["improvement"]["pathways"]]


def _parts(drawn):
    """Yield the table of places by criterion in parts that a page is wide enough for."""
    codes = [row.code for row in drawn[0][2].rows]
    for at in range(0, len(codes), ACROSS):
        yield {
            "codes": codes[at : at + ACROSS],
            "rows": [
                place
                | {name: document["coverage"][name] for name in ("in_date", "applicable")}
                | {"cells": [_cell(row) for row in figure.rows[at : at + ACROSS]]}
                for place, document, figure in drawn
            ],
        }


def _cell(row):
    """Say a criterion in few letters: the supported rank, the agreed one if it is another, and a mark for a split."""
    supported = "–" if row.supported.level is None else str(row.supported.level)
    agreed = "" if row.claimed.level in (None, row.supported.level) else f" ({row.claimed.level})"
    return supported + agreed + (" s" if row.split else "")


def _distributions(drawn, levels):
    for rows in zip(*(figure.rows for figure in drawn), strict=True):
        counts = Counter(row.supported.level for row in rows)
        yield Distribution(
            code=rows[0].code,
            name=rows[0].name,
            counts=tuple(counts[level["rank"]] for level in levels),
            others=len(rows) - sum(counts[level["rank"]] for level in levels),
            short=sum(row.is_short_of_evidence for row in rows),
            split=sum(bool(row.split) for row in rows),
        )


def _pathway(code, places):
    def of(document):
        return next(each for each in document["improvement"]["pathways"] if each["code"] == code)

    return {
        "name": of(places[0][1])["name"],
        "gates": [
            {"code": gate["code"], "name": gate["name"] or gate["threshold"]} for gate in of(places[0][1])["gates"]
        ],
        "places": [
            {
                "place": place["place"],
                "verdict": verdicts.VERDICTS[of(document)["verdict"]],
                "failing": [gate["code"] for gate in verdicts.failing(of(document))],
            }
            for place, document in places
        ],
    }
