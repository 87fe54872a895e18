"""The optional parts of a framework, and how much of each does not apply to a place. Pure."""


def optional_parts(table):
    """Return the uppermost optional parts, each with how many things lie beneath it and how many do not apply."""
    found = []

    def visit(node):
        if node.optional:
            items = items_beneath(table, node)
            if items:
                left_out = sum(item.judgement == "NOT_APPLICABLE" for item in items)
                found.append({"node": node, "all": len(items), "left_out": left_out})
            return
        for child in node.children:
            visit(child)

    visit(table.case.definition.root)
    return found


def items_beneath(table, node):
    """Return the items of a node's criteria, in document order."""
    return [item for each in node.walk() if each.is_criterion for item in table.case.by_criterion[each.code]]
