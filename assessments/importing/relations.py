"""Find where the parts of an office file lead to, by the keys that they use for it. Pure."""

from xml.etree import ElementTree

from assessments.importing.parts import LINK_MAX, is_address

KEY = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
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
    return {key: each for key, each in targets(content).items() if is_address(each) and len(each) <= LINK_MAX}
