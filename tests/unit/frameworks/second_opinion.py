"""
The roll-up once more, written from docs/framework-rules.md alone: plain, slow, and straight from the raw data.

It shares nothing with the portal's own: where the two differ, one of them, or the page, is wrong.
"""

from decimal import ROUND_DOWN, ROUND_FLOOR, Decimal
from fractions import Fraction

COMMON = {
    "yes_no": [("No", Fraction(0)), ("Yes", Fraction(1))],
    "yes_partly_no": [("No", Fraction(0)), ("Partly", Fraction(1, 2)), ("Yes", Fraction(1))],
}


def opinion(data, items, supported):
    """Return {code: (status, level, value)} for raw data and raw items: mappings by criterion, lists of mappings."""
    view = View(data, items, supported)
    view.visit({"code": "", "nodes": data["nodes"], "rule": data.get("rule", {"kind": "profile_only"})})
    return {code: (each["status"], each["level"], each["value"]) for code, each in view.seen.items()}


def number(text):
    return Fraction(str(text))


class View:
    def __init__(self, data, items, supported):
        self.data, self.items, self.supported = data, items, supported
        self.levels = self.rungs(data["scale"]["levels"])
        self.sets = {code: [(n, v, 0) for n, (_, v) in enumerate(some)] for code, some in COMMON.items()}
        for declared in data.get("answers", []):
            self.sets[declared["code"]] = self.rungs(declared["answers"])
        self.adverse = {each["code"] for each in data.get("classes", []) if each.get("adverse")}
        self.seen = {}

    @staticmethod
    def rungs(levels):
        """Turn levels into (rank, what it counts, demand)."""
        return [(each["rank"], number(each.get("value", each["rank"])), each.get("demand", 0)) for each in levels]

    # What is beneath a node

    def visit(self, node):
        for child in node.get("nodes", []):
            self.visit(child)
        rule = node.get("rule", {"kind": "headline"})
        rule = self.data["rules"][rule] if isinstance(rule, str) else rule
        if "nodes" in node:
            parts = [self.child(child, rule) for child in node["nodes"]]
        elif node.get("scoring") == "checklist":
            parts = [self.answer(node, statement) for statement in node["statements"]]
        else:
            rungs = self.sets[node["answers"]] if "answers" in node else self.levels
            parts = [self.rated(item, rungs, {}) for item in self.items.get(node["code"], [])]
        self.seen[node["code"]] = self.judge(parts, rule, "nodes" in node)

    def answer(self, node, statement):
        given = [each for each in self.items.get(node["code"], []) if each["statement"] == statement["code"]]
        rungs = self.sets[statement.get("answers", node.get("answers", "yes_no"))]
        return self.rated(given[0] if given else {}, rungs, statement)

    def rated(self, item, rungs, declared):
        counts = {rank: value for rank, value, _ in rungs}
        counts[rungs[0][0] - 1] = 2 * rungs[0][1] - rungs[1][1]
        adverse = declared.get("class") in self.adverse
        part = {
            "weight": number(declared.get("weight", 1)),
            "class": declared.get("class"),
            "of_level": declared.get("of_level"),
            "adverse": adverse,
            "least": rungs[0][1],
            "most": rungs[-1][1],
        }
        if part["weight"] == 0:
            return part | {"state": "left out"}
        if item.get("not_applicable"):
            return part | {"state": "not applicable"}
        if item.get("level") is None:
            worst, best = (rungs[-1], rungs[0]) if adverse else (rungs[0], rungs[-1])
            return part | {"state": "missing", "worst": (worst[0], worst[1]), "best": (best[0], best[1])}
        rank = item["level"]
        if self.supported:
            ladder = list(reversed(rungs)) if adverse else rungs
            demands = [demand for _, _, demand in rungs]
            claimed = [each[0] for each in ladder].index(rank)
            met = [at for at in range(claimed + 1) if demands[at] <= item.get("strength", 0)]
            rank = ladder[met[-1]][0] if met else rungs[0][0] - 1
        return part | {"state": "input", "rank": rank, "worth": counts[rank]}

    def child(self, node, rule):
        found = self.seen[node["code"]]
        part = {
            "weight": number(node.get("weight", 1)),
            "class": node.get("class"),
            "of_level": node.get("of_level"),
            "adverse": False,
            "least": self.levels[0][1],
            "most": self.levels[-1][1],
        }
        carry = rule.get("carry", "level")
        numbers = found["numbers"] if carry != "level" else None
        if numbers:
            part["least"], part["most"] = numbers[carry]["least"], numbers[carry]["most"]
        if part["weight"] == 0:
            return part | {"state": "left out"}
        if found["status"] == "not_applicable":
            return part | {"state": "not applicable"}
        lowest, highest = self.levels[0], self.levels[-1]
        if found["status"] == "incomplete":
            return part | {
                "state": "missing",
                "worst": (lowest[0], lowest[1]),
                "best": (highest[0], highest[1]),
            }
        rank = lowest[0] - 1 if found["status"] == "none_supported" else found["level"]
        if numbers:
            return part | {"state": "input", "rank": rank, "worth": numbers[carry]["worth"]}
        worths = {each[0]: each[1] for each in self.levels} | {lowest[0] - 1: 2 * lowest[1] - self.levels[1][1]}
        return part | {"state": "input", "rank": rank, "worth": worths.get(rank)}

    # What the rule makes of it

    def judge(self, parts, rule, of_children):
        inputs = [each for each in parts if each["state"] == "input"]
        unused = [each for each in parts if each["state"] == "not applicable"]
        missing = [each for each in parts if each["state"] == "missing"]
        if missing and rule.get("unanswered") == "until_decided" and inputs:
            ends = []
            for end in ("worst", "best"):
                filled = [each | {"rank": each[end][0], "worth": each[end][1]} for each in missing]
                ends.append(self.apply(inputs + filled, unused, rule, of_children))
            if ends[0]["level"] == ends[1]["level"]:
                return ends[0]
        if missing or not parts:
            return result("incomplete")
        if not inputs:
            numbers = None
            if rule["kind"] in ("mean", "sum", "percent_of_maximum"):
                whole = self.calculate(unused, [], rule, lambda each: each["most"])
                none = self.calculate(unused, [], rule, lambda each: each["least"])
                numbers = self.both(None, none, whole, rule)
            return result("not_applicable", numbers=numbers)
        return self.apply(inputs, unused, rule, of_children)

    def apply(self, inputs, unused, rule, of_children):
        kind = rule["kind"]
        if kind == "profile_only":
            return result("no_level")
        if kind in ("mean", "sum", "percent_of_maximum"):
            return self.banded(inputs, unused, rule)
        if kind == "cumulative_gate":
            return self.ranked(self.gate(inputs, unused, rule, of_children))
        if kind == "rule_table":
            return self.ranked(next(row["level"] for row in rule["rows"] if self.fits(row, inputs, unused)))
        ranks = sorted(each["rank"] for each in inputs)
        middle = next(
            rank
            for rank in ranks
            if 2 * sum(each["weight"] for each in inputs if each["rank"] <= rank)
            >= sum(each["weight"] for each in inputs)
        )
        return self.ranked({"lower_median": middle, "minimum": ranks[0], "headline": min(middle, ranks[0] + 1)}[kind])

    def ranked(self, rank):
        if rank < self.levels[0][0]:
            return result("none_supported")
        return result("level", rank, next(value for each, value, _ in self.levels if each == rank))

    def calculate(self, inputs, unused, rule, worth):
        kept = rule.get("not_applicable", self.data.get("not_applicable", "redistribute")) == "leave_out"
        points = sum((each["weight"] * worth(each) for each in inputs), Fraction(0))
        weight = sum(each["weight"] for each in inputs)
        whole = weight + sum(each["weight"] for each in unused)
        if rule["kind"] == "mean":
            return points / (whole if kept else weight)
        if rule["kind"] == "sum":
            return points if kept else points * whole / weight
        most = sum(each["weight"] * each["most"] for each in (inputs + unused if kept else inputs))
        return 100 * points / most if most else Fraction(0)

    def banded(self, inputs, unused, rule):
        def favour(each):
            return each["least"] + each["most"] - each["worth"] if each["adverse"] else each["worth"]

        exact = self.calculate(inputs, unused, rule, favour)
        least = self.calculate(inputs, unused, rule, lambda each: each["least"])
        most = self.calculate(inputs, unused, rule, lambda each: each["most"])
        numbers = self.both(exact, least, most, rule)
        value = numbers["value"]["worth"]
        declared = rule.get("bands", {})
        if declared == "none":
            return result("no_level", None, value, numbers)
        level = None
        for rank, counts, _ in self.levels:
            if rank in declared:
                start = number(declared[rank])
            else:
                start = numbers["value"]["least"] if rank == self.levels[0][0] else counts
            if value >= start:
                level = rank
        return result("none_supported" if level is None else "level", level, value, numbers)

    def both(self, exact, least, most, rule):
        raw = {"worth": exact, "least": least, "most": most}
        return {
            "exact": raw,
            "value": {name: None if each is None else rounded(each, rule) for name, each in raw.items()},
        }

    def gate(self, inputs, unused, rule, of_children):
        reached = self.levels[0][0] - 1
        top = max(each["of_level"] for each in inputs + unused)
        for level, counts, _ in self.levels:
            if level > top:
                break
            for below in range(self.levels[0][0], level + 1):
                asked = [each for each in inputs if each["of_level"] == below]
                met = Fraction(0)
                for each in asked:
                    needed = rule.get("met", counts if of_children else each["most"])
                    if below < level:
                        needed = rule.get("met_below", needed)
                    worth = each["least"] + each["most"] - each["worth"] if each["adverse"] else each["worth"]
                    met += each["weight"] if worth >= number(needed) else 0
                if met * 100 < number(rule.get("percent", 100)) * sum(each["weight"] for each in asked):
                    return reached
            reached = level
        return reached

    def fits(self, row, inputs, unused):
        return all(self.holds(condition, inputs, unused) for condition in row.get("when", []))

    def holds(self, condition, inputs, unused):
        classes = condition.get("classes") or ([condition["class"]] if "class" in condition else None)

        def belongs(each):
            return classes is None or each["class"] in classes

        def met(each):
            if "met" in condition:
                return each["worth"] >= number(condition["met"])
            if "level" in condition:
                return each["worth"] >= next(v for rank, v, _ in self.levels if rank == condition["level"])
            return each["worth"] >= each["most"]

        seen = [each for each in inputs if belongs(each)]
        hits = [each for each in seen if met(each)]
        anything = any(belongs(each) for each in inputs + unused)
        if "at_least" in condition:
            return len(hits) >= condition["at_least"]
        if "at_most" in condition:
            return len(hits) <= condition["at_most"]
        if "percent" in condition:
            part = sum(each["weight"] for each in hits)
            return anything and part * 100 >= number(condition["percent"]) * sum(each["weight"] for each in seen)
        return {
            "all": anything and len(hits) == len(seen),
            "some": len(hits) > 0,
            "none": len(hits) == 0,
            "not_all": len(hits) < len(seen),
        }[condition["is"]]


def result(status, level=None, value=None, numbers=None):
    return {"status": status, "level": level, "value": value, "numbers": numbers}


def rounded(value, rule):
    """Round by way of whole quotients, and not by the same functions as the portal."""
    mode, unit = rule.get("rounding", "none"), 10 ** rule.get("digits", 0)
    if mode == "none":
        return value
    scaled = value * unit
    if mode == "half_up":
        return Fraction((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), unit)
    way = {"floor": ROUND_FLOOR, "truncate": ROUND_DOWN}[mode]
    whole, rest = divmod(scaled.numerator, scaled.denominator)
    # Half a unit stands for any rest: both ways of rounding down look only at whether there is one.
    return Fraction(int((Decimal(whole) + (Decimal("0.5") if rest else 0)).quantize(Decimal(1), way)), unit)
