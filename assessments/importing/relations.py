"""Find where the parts of an office file lead to, by the keys or the field codes that they use for it. Pure."""

import re
from xml.etree import ElementTree

from assessments.importing.parts import LINK_MAX, is_address

KEY = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
FIELD = re.compile(r'\s*HYPERLINK\s+(?:"([^"]*)"|([^\s"\\]\S*))(?:.*?\\l\s+"([^"]*)")?', re.IGNORECASE | re.DOTALL)
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def targets(content):
    """
    Return all targets by their keys; nothing where there is no such part.

    :raises xml.etree.ElementTree.ParseError: if the part is damaged
    """
    if content is None:
        return {}
    return {each.get("Id"): each.get("Target", "") for each in ElementTree.fromstring(content).iter(RELATION)}


def addresses(content):
    """Return the targets that are addresses on the web, as `targets` does."""
    return {key: each for key, each in targets(content).items() if _is_kept(each)}


def address_of(code):
    """Return where on the web a field of Word leads to, such as `HYPERLINK "https://…" \\l "part"`; "" if nowhere."""
    found = FIELD.match(code)
    if found is None:
        return ""
    address = (found[1] or found[2] or "").strip() + (f"#{found[3].replace(' ', '%20')}" if found[3] else "")
    return address if _is_kept(address) else ""


def _is_kept(address):
    return is_address(address) and len(address) <= LINK_MAX
