"""
Which criteria a dashboard shows, as its address says, and a document with no others. Pure.

A criterion is shown whole or not at all, so that its numbers are the same however the page is narrowed. Readiness is of
the whole place, and is never narrowed.
"""

from dataclasses import dataclass

from assessments import reading

STANDINGS = {
    "short": "Evidence supports less than was agreed",
    "met": "Evidence supports what was agreed",
    "below": "Evidence supports less than the target",
    "incomplete": "Incomplete",
}
ONLY = {"split": "With something on which the scores were split", "bare": "With something without evidence in date"}


@dataclass(frozen=True)
class Narrowing:
    """Only criteria of a domain, in a standing (a key of `STANDINGS`), and with each of `only` (keys of `ONLY`)."""

    domain: str = ""
    standing: str = ""
    only: tuple[str, ...] = ()

    @classmethod
    def of(cls, query, document):
        """Read it from an address; what the document or this page does not know narrows nothing."""
        domain, standing = query.get("domain", ""), query.get("standing", "")
        return cls(
            domain=domain if domain in {each["code"] for each in document["domains"]} else "",
            standing=standing if standing in STANDINGS else "",
            only=tuple(each for each in ONLY if each in query.getlist("only")),
        )

    def __bool__(self):
        return bool(self.domain or self.standing or self.only)

    @property
    def query(self):
        """Return the address's part that says the same."""
        given = {"domain": self.domain, "standing": self.standing, "only": list(self.only)}
        return {name: value for name, value in given.items() if value}

    def says(self, document):
        """Say in words what is shown, for the page and for whom its address is sent to."""
        names = {each["code"]: each["name"] for each in document["domains"]}
        told = [names[self.domain]] if self.domain else []
        told += [STANDINGS[self.standing]] if self.standing else []
        return "; ".join(told + [ONLY[each] for each in self.only])


def narrowed(document, narrowing):
    """Return the document with the criteria that fit alone, and the domains, items and artefacts that go with them."""
    if not narrowing:
        return document
    kept = [each for each in document["criteria"] if _fits(each, document, narrowing)]
    codes = {each["code"] for each in kept}
    items = [item for item in document["items"] if item["criterion"] in codes]
    labels = {item["label"] for item in items}
    return document | {
        "criteria": kept,
        "domains": _with(document["domains"], codes),
        "tiers": _with(document.get("tiers", []), codes),
        "items": items,
        "artefacts": [each for each in document["artefacts"] if labels.intersection(each["items"])],
    }


def _with(nodes, codes):
    kept = ((node, [code for code in node["criteria"] if code in codes]) for node in nodes)
    return [node | {"criteria": criteria} for node, criteria in kept if criteria]


def _fits(criterion, document, narrowing):
    items = [item for item in document["items"] if item["criterion"] == criterion["code"]]
    return (
        (not narrowing.domain or criterion["domain"] == narrowing.domain)
        and (not narrowing.standing or _stands(criterion, document, narrowing.standing))
        and ("split" not in narrowing.only or bool(criterion["split"]))
        and ("bare" not in narrowing.only or any(reading.counts(item) and not item["strength"] for item in items))
    )


def _stands(criterion, document, standing):
    claimed, supported = criterion["claimed"]["level"], criterion["supported"]["level"]
    if standing == "incomplete":
        return criterion["claimed"]["status"] == "incomplete"
    if standing == "below":
        target = reading.targets(document).get(criterion["code"])
        return target is not None and (supported is None or supported < target)
    is_short = claimed is not None and (supported is None or supported < claimed)
    return is_short if standing == "short" else claimed is not None and not is_short
