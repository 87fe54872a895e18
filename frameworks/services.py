"""Load framework versions as drafts, publish them, and retire them."""

from django.db import transaction

from frameworks import definition, golden, identity, selectors
from frameworks.models import Framework, FrameworkVersion, Node, Publication, Retirement
from frameworks.selectors import lineage_problems
from partnership import audit
from partnership.permissions import check_can_administer


class AlreadyPublished(Exception):
    """The version was published before, and once is enough."""


class WrongDefinition(Exception):
    """The stored text is not the definition that the row says it is; the text of the exception says how."""


class GoldenCasesFail(Exception):
    """The version does not give the results that its own author expects; `failures` names each difference."""

    def __init__(self, failures):
        super().__init__("Its golden cases do not come out as expected. " + " ".join(f"{each}." for each in failures))
        self.failures = failures


class NoGoldenCases(Exception):
    """The version has no golden case, so that nothing shows that its rules do what its author means."""

    def __init__(self):
        super().__init__(f"{golden.MISSING.what} {golden.MISSING.mend}")


class NotPublished(Exception):
    """A draft opens no rounds, so there is nothing to retire."""


class AlreadyRetired(Exception):
    """The version was retired before, and once is enough."""


# All that can speak against retiring.
CANNOT_RETIRE = (NotPublished, AlreadyRetired)

# All that can speak against publishing, each with a sentence for the administrator.
CANNOT_PUBLISH = (AlreadyPublished, WrongDefinition, NoGoldenCases, GoldenCasesFail, definition.DefinitionError)


class DefinitionRefused(Exception):
    """The file cannot be loaded; `findings` says everything that is wrong with it."""

    def __init__(self, findings):
        super().__init__("\n".join(str(finding) for finding in findings))
        self.findings = tuple(findings)


@transaction.atomic
def load_version(*, examined, by, at):
    """
    Keep what a framework file says as a draft, and return its version with what that changed (`selectors.Outcome`).

    A draft of the same number is replaced; what is stored already stays as it is. `examined` comes from
    `frameworks.loading.examine`; `by` is an administrator, or None for the command line.

    :raises PermissionDenied: if `by` is not an administrator
    :raises DefinitionRefused: if anything is wrong with the file, or its version is published with other content;
        nothing is written
    """
    check_can_administer(user=by)
    if not examined.is_sound:
        raise DefinitionRefused(examined.findings)
    parsed = examined.definition
    framework, _ = Framework.objects.get_or_create(
        code=parsed.code,
        defaults={"name": parsed.name, "owner": parsed.owner, "public_id": identity.framework_id(parsed.code)},
    )
    # The lock comes first: the same version may be published right now.
    version = framework.versions.select_for_update(no_key=True).filter(number=parsed.number).first()
    prospect = selectors.prospect(examined=examined)
    if prospect.problems:
        raise DefinitionRefused(examined.refused(prospect.problems).findings)
    if prospect.outcome == selectors.Outcome.UNCHANGED:
        return version, prospect.outcome
    version, added = framework.versions.get_or_create(
        number=parsed.number,
        defaults={
            "definition": examined.text,
            "digest": examined.digest,
            "public_id": identity.version_id(parsed.code, parsed.number),
        },
    )
    before = "" if added else version.digest
    if not added:
        framework.versions.filter(pk=version.pk).update(definition=examined.text, digest=examined.digest)
        version.refresh_from_db()
    if not framework.versions.filter(publication__isnull=False).exists():
        _name(framework, parsed)
    audit.record(
        audit.Type.VERSION_LOADED, chain=None, by=by, at=at, target=version, digest=version.digest, before=before
    )
    return version, prospect.outcome


def _name(framework, parsed):
    """Let a framework go by the name and owner that a version gives it."""
    Framework.objects.filter(pk=framework.pk).update(name=parsed.name, owner=parsed.owner)


@transaction.atomic
def publish_version(*, version, by, at):
    """
    Publish a framework version, so that rounds may use it, and lay out its nodes as rows.

    `by` is an administrator, or None where the portal's own set-up publishes what it brings along.

    :raises PermissionDenied: if `by` is not an administrator
    :raises AlreadyPublished: if the version is published; nothing changes
    :raises WrongDefinition: if its text, digest, code and number do not belong together
    :raises frameworks.definition.DefinitionError: if the definition is not sound, or does not say what became of each
        criterion of the version before
    :raises NoGoldenCases: if nothing proves the version
    :raises GoldenCasesFail: if a golden case does not come out as expected
    """
    check_can_administer(user=by)
    # The lock comes first: of two who publish at once, the second finds the first one's row.
    version = FrameworkVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if Publication.objects.filter(version=version).exists():
        raise AlreadyPublished(f"Version {version.number} is published already")
    parsed = _sound(version)
    if problems := lineage_problems(framework=version.framework, definition=parsed):
        raise definition.DefinitionError(problems)
    if not parsed.golden:
        raise NoGoldenCases
    if failures := golden.run(parsed):
        raise GoldenCasesFail(failures)
    _lay_out(version, parsed)
    _name(version.framework, parsed)
    publication = Publication.objects.create(version=version, digest=version.digest, published_at=at, published_by=by)
    audit.record(audit.Type.VERSION_PUBLISHED, chain=None, by=by, at=at, target=version, digest=version.digest)
    return publication


@transaction.atomic
def retire_version(*, version, by, at):
    """
    Retire a published version: it opens no new rounds, and those that are open finish with it. There is no way back.

    :raises PermissionDenied: if `by` is not an administrator
    :raises NotPublished: if the version is a draft
    :raises AlreadyRetired: if it was retired before; nothing changes
    """
    check_can_administer(user=by)
    # Whoever opens a round holds the same lock: the round is open before this, or refused.
    version = FrameworkVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    if not Publication.objects.filter(version=version).exists():
        raise NotPublished(f"Version {version.number} is a draft, which opens no rounds")
    if Retirement.objects.filter(version=version).exists():
        raise AlreadyRetired(f"Version {version.number} is retired already")
    retirement = Retirement.objects.create(version=version, retired_at=at, retired_by=by)
    audit.record(audit.Type.VERSION_RETIRED, chain=None, by=by, at=at, target=version, digest=version.digest)
    return retirement


def _sound(version):
    if definition.digest(version.definition) != version.digest:
        raise WrongDefinition("The digest is not that of the definition: generate both from the readable file again")
    parsed = definition.load(version.definition)
    if (parsed.code, parsed.number) != (version.framework.code, version.number):
        raise WrongDefinition(
            f"The definition calls itself {parsed.code} {parsed.number}, "
            f"but it is stored as {version.framework.code} {version.number}"
        )
    return parsed


def _lay_out(version, parsed):
    """Write a row per domain, criterion and tier between, parents first."""
    positions = {code: position for position, code in enumerate(parsed.nodes) if code}
    rows = {}
    layer, tier = parsed.root.children, 1
    while layer:
        made = [
            Node(
                version=version,
                parent=rows.get(node.parent_code),
                code=node.code,
                name=node.name,
                tier=tier,
                position=positions[node.code],
                is_criterion=node.is_criterion,
            )
            for node in layer
        ]
        rows |= {row.code: row for row in Node.objects.bulk_create(made)}
        layer, tier = [child for node in layer for child in node.children], tier + 1
