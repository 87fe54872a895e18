"""What an assessment's criteria were in an earlier round, and which of their levels can be compared."""

from dataclasses import dataclass

from frameworks import selectors
from frameworks.lineage import CriterionDifference, Difference


@dataclass(frozen=True)
class Comparison:
    """
    An assessment's framework version beside that of an earlier round.

    `difference` is None where both rounds use the same version: every criterion is then what it was.
    """

    difference: Difference | None

    @classmethod
    def with_version(cls, assessment, version_id):
        """Set the assessment's version beside another; no query if it is the same, one otherwise."""
        if version_id == assessment.framework_version_id:
            return cls(None)
        return cls(selectors.difference(later=assessment.framework_version, earlier_id=version_id))

    @classmethod
    def with_versions(cls, assessment, version_ids):
        """Set the assessment's version beside others, by their keys; one query at most."""
        own = assessment.framework_version_id
        others = set(version_ids) - {own}
        found = selectors.differences(later=assessment.framework_version, earlier_ids=others) if others else {}
        return {key: cls(each) for key, each in found.items()} | {own: cls(None)}

    def criterion(self, code) -> CriterionDifference | None:
        """Return what became of the criterion with this code; None where nothing did."""
        return self.difference.criterion(code) if self.difference else None

    def links(self, code, source):
        """Say whether the criterion `code` is, or comes from, the earlier round's criterion `source`."""
        if self.difference is None:
            return code == source
        return source in [each.code for each in self.difference.criterion(code).sources]

    def targets(self, source):
        """Return the codes of what became of an earlier criterion: none if it was dropped, several if it was split."""
        if self.difference is None:
            return (source,)
        return tuple(each.code for each in self.difference.targets(source))

    def why_not(self, code):
        """Return why a criterion's earlier level cannot be compared, in a sentence; nothing if it can."""
        found = self.criterion(code)
        return "" if found is None or found.is_comparable else found.sentence

    def flag(self, code):
        """Return what a person should know of a criterion before they rely on words written for it, or nothing."""
        found = self.criterion(code)
        return "" if found is None or found.is_untouched else f"{found.sentence} {found.note}".strip()

    def comparable(self, sources):
        """Return, by the code of each criterion that means what it meant, its code among the earlier `sources`."""
        if self.difference is None:
            return {code: code for code in sources}
        found = {each.code: each.source.code for each in self.difference.comparable}
        return {code: source for code, source in found.items() if source in sources}

    def changed(self):
        """Return a sentence for each criterion whose earlier level cannot be compared, by its code."""
        if self.difference is None:
            return {}
        return {each.code: each.sentence for each in self.difference.criteria if not each.is_comparable}
