"""Made-up frameworks of every shape that the format allows, each with made-up items, from a random number's seed."""

from fractions import Fraction
from itertools import count
from random import Random

WEIGHTS = [1, 1, 1, 1, 2, "1/2", "33.3", "5/3", 0]
NUMBERS = ["mean", "sum", "percent_of_maximum"]
RANKED = ["headline", "lower_median", "minimum"]


def made_up(seed, *, most_beneath=4, deepest=3):
    """Return (definition data, items by criterion): the items as mappings, as a golden case has them."""
    return Maker(Random(seed), most_beneath, deepest).make()


class Maker:
    def __init__(self, random, most_beneath, deepest):
        self.random = random
        self.most_beneath, self.deepest = most_beneath, deepest
        self.codes = count(1)
        self.items = {}

    def make(self):
        random = self.random
        self.levels = self.rungs(random.randint(3, 6), random.randint(0, 1), free_start=random.random() < 0.8)
        self.ranks = [each["rank"] for each in self.levels]
        sets = [self.rungs(random.randint(2, 5), random.randint(0, 1), free_start=True) for _ in range(2)]
        self.sets = {f"set{n}": some for n, some in enumerate(sets)}
        self.sets["yes_no"] = [{"rank": 0}, {"rank": 1}]
        self.sets["yes_partly_no"] = [{"rank": 0}, {"rank": 1}, {"rank": 2}]
        self.named = {}
        self.reached = 0
        nodes, gives_level = self.nodes(1)
        rule = {"kind": "profile_only"} if random.random() < 0.3 else self.group_rule(nodes, gives_level)[0]
        data = {
            "format": 1,
            "code": "made-up",
            "number": "1",
            "name": "Made up",
            "language": "en",
            "tiers": [f"Tier {n}" for n in range(self.reached)],
            "scale": {"levels": self.levels},
            "answers": [{"code": f"set{n}", "answers": some} for n, some in enumerate(sets)],
            "classes": [
                {"code": "a", "name": "A"},
                {"code": "b", "name": "B"},
                {"code": "x", "name": "X", "adverse": True},
                {"code": "unused", "name": "Unused"},
            ],
            "rules": self.named,
            "not_applicable": random.choice(["redistribute", "leave_out"]),
            "rule": rule,
            "nodes": nodes,
        }
        return data, self.items

    def rungs(self, number, first, *, free_start):
        """Make levels or answers, some counting other than their rank; the lowest may demand evidence."""
        random, demand, value = self.random, 0, Fraction(random_value(self.random))
        own_values = random.random() < 0.5
        rungs = []
        for rank in range(first, first + number):
            if rank > first or not free_start:
                demand = min(4, demand + random.choice([0, 0, 1]))
            rung = {"rank": rank, "name": f"Level {rank}", "demand": demand}
            rungs.append(rung | ({"value": str(value)} if own_values else {}))
            value += Fraction(random.randint(1, 6), random.randint(1, 4))
        return rungs

    def nodes(self, depth):
        self.reached = max(self.reached, depth)
        made = [self.node(depth) for _ in range(self.random.randint(1, self.most_beneath))]
        self.some_weight([node for node, _ in made])
        return [node for node, _ in made], all(gives for node, gives in made if node["weight"] != 0)

    def some_weight(self, some):
        if all(each["weight"] == 0 for each in some):
            some[0]["weight"] = 1

    def node(self, depth):
        random = self.random
        node = {"code": f"N{next(self.codes)}", "name": "Node", "weight": random.choice(WEIGHTS)}
        node["of_level"] = random.choice(self.ranks)
        if random.random() < 0.5:
            node["class"] = random.choice(["a", "b"])
        if depth < self.deepest and random.random() < 0.4:
            node["nodes"], gives_level = self.nodes(depth + 1)
            node["rule"], gives = self.group_rule(node["nodes"], gives_level)
            return node, gives
        return self.criterion(node)

    def criterion(self, node):
        random = self.random
        kind = random.choice(["levels", "answers", "checklist", "checklist"])
        if kind == "checklist":
            node["scoring"] = "checklist"
            if random.random() < 0.6:
                node["answers"] = random.choice(list(self.sets))
            node["statements"] = [self.statement(n) for n in range(random.randint(1, 5))]
            self.some_weight(node["statements"])
            default = node.get("answers", "yes_no")
            items = [
                {"statement": each["code"]} | self.item(self.sets[each.get("answers", default)])
                for each in node["statements"]
                if random.random() < 0.97
            ]
        else:
            rungs = self.levels
            if kind == "answers":
                node["answers"] = random.choice(list(self.sets))
                rungs = self.sets[node["answers"]]
            items = [self.item(rungs) for _ in range(random.choice([0, 1, 1, 2, 3, 4, 5]))]
        self.items[node["code"]] = items
        kinds = [*NUMBERS, "rule_table"]
        kinds += RANKED * 2 if kind == "levels" else []
        kinds += ["cumulative_gate"] * 2 if kind == "checklist" else []
        node["rule"] = self.rule(random.choice(kinds), on_levels=kind == "levels", of_children=False)
        return node, node["rule"].get("bands") != "none"

    def statement(self, number):
        random = self.random
        statement = {
            "code": f"s{number}",
            "text": "Is it so?",
            "weight": random.choice(WEIGHTS),
            "of_level": random.choice(self.ranks),
        }
        if random.random() < 0.2:
            statement["answers"] = random.choice(list(self.sets))
        if random.random() < 0.8:
            statement["class"] = random.choice(["a", "a", "b", "x"])
        return statement

    def item(self, rungs):
        random = self.random
        if random.random() < 0.12:
            return {"not_applicable": True}
        strength = random.randint(0, 4)
        if random.random() < 0.03:
            return {"level": None, "strength": strength}
        return {"level": random.choice(rungs)["rank"], "strength": strength}

    # Rules

    def group_rule(self, nodes, gives_level):
        random = self.random
        kinds = [*RANKED, *NUMBERS, *NUMBERS, "cumulative_gate", "rule_table"] if gives_level else NUMBERS
        rule = self.rule(random.choice(kinds), on_levels=True, of_children=True)
        if rule["kind"] in NUMBERS and (not gives_level or random.random() < 0.5):
            rule["carry"] = random.choice(["value", "exact"])
        gives = rule.get("bands") != "none"
        if random.random() < 0.2:
            name = f"rule {len(self.named)}"
            self.named[name] = rule
            return name, gives
        return rule, gives

    def rule(self, kind, *, on_levels, of_children):
        random = self.random
        rule = {"kind": kind}
        if kind in NUMBERS:
            self.add_number_options(rule)
        elif kind == "cumulative_gate":
            for name in ("met", "met_below"):
                if random.random() < 0.3:
                    rule[name] = random_value(random)
            if random.random() < 0.3:
                rule["percent"] = random.choice([50, 80, "66.6", 100])
            if random.random() < 0.4:
                rule["unanswered"] = "until_decided"
        elif kind == "rule_table":
            if random.random() < 0.5:
                rule["rows"] = self.rising_rows(on_levels)
                rule["unanswered"] = random.choice(["until_decided", "required"])
            else:
                rows = [self.row(on_levels) for _ in range(random.randint(0, 4))]
                rule["rows"] = [*rows, {"level": random.choice(self.ranks)}]
        return rule

    def add_number_options(self, rule):
        random = self.random
        if random.random() < 0.6:
            rule["rounding"] = random.choice(["half_up", "floor", "truncate"])
            rule["digits"] = random.choice([0, 1, 1, 2])
        if random.random() < 0.5:
            rule["not_applicable"] = random.choice(["redistribute", "leave_out"])
        if random.random() < 0.25:
            rule["bands"] = "none"
        elif rule["kind"] != "mean":
            top = 100 if rule["kind"] == "percent_of_maximum" else 12
            starts = sorted(random.sample(range(1, 2 * top), len(self.ranks)))
            rule["bands"] = {rank: f"{start}/2" for rank, start in zip(self.ranks, starts, strict=True)}
            if random.random() < 0.5:
                del rule["bands"][self.ranks[0]]

    def row(self, on_levels):
        random = self.random
        conditions = [self.condition(on_levels) for _ in range(random.randint(1, 3))]
        return {"level": random.choice(self.ranks), "when": conditions}

    def condition(self, on_levels):
        random = self.random
        condition = random.choice(
            [
                {"is": random.choice(["all", "some", "none", "not_all"])},
                {"at_least": random.randint(0, 3)},
                {"at_most": random.randint(0, 3)},
                {"percent": random.choice([25, 50, "200/3", 100])},
            ]
        )
        which = random.random()
        if which < 0.5:
            condition["class"] = random.choice(["a", "b", "x", "unused"])
        elif which < 0.7:
            condition["classes"] = random.sample(["a", "b", "x"], 2)
        if random.random() < 0.4:
            if on_levels and random.random() < 0.7:
                condition["level"] = random.choice(self.ranks)
            else:
                condition["met"] = random_value(random)
        return condition

    def rising_rows(self, on_levels):
        """Make a table in which better answers never lower the level."""
        random = self.random
        rows = [{"level": self.ranks[0], "when": [{"class": "x", "is": "some"}]}] if random.random() < 0.6 else []
        for rank in reversed(self.ranks[1:]):
            if random.random() < 0.7:
                asked = random.choice([{"is": "all"}, {"is": "some"}, {"at_least": 2}, {"percent": 60}])
                rows.append({"level": rank, "when": [{"class": random.choice(["a", "b"])} | asked]})
        return [*rows, {"level": self.ranks[0]}]


def random_value(random):
    return random.choice(["0", "1/4", "1/2", "1", "2", "5/2", "3"])
