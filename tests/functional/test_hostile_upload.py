"""Files made to hurt, chosen in a browser: each is refused with a sentence before long, and nothing is loaded."""

import pytest

from frameworks.models import FrameworkVersion
from tests.unit.frameworks.test_hostile_files import ENTITIES, FIRST, MB, SHARED, repacked, sheet

from .visitor import Visitor

ADMINISTRATOR = "administrator@icb.example"
# Far more than any takes, however busy the machine is.
MOST_MILLISECONDS = 60_000
LAUGHS = b"a0: &a0 [lol]\n" + b"".join(
    b"a%d: &a%d [%s]\n" % (n, n, b",".join([b"*a%d" % (n - 1)] * 9)) for n in range(1, 99)
)
HOSTILE = {
    "large.yaml": (lambda: b"x" * (100 * MB), "The file is larger than 4 MB."),
    "deep.yaml": (lambda: b"[" * (3 * MB), "nested more than 40 deep"),
    "aliases.yaml": (lambda: LAUGHS, "repeats itself beyond measure"),
    "encoding.yaml": (lambda: "name: Été".encode("latin-1"), "The file is not in UTF-8."),
    "markup.yaml": (lambda: b"name: <script>alert(1)</script>", "This looks like markup."),
    "tag.yaml": (lambda: b"!!python/object/apply:os.system [x]", "This has the tag"),
    "bomb.xlsx": (lambda: repacked(**{SHARED: b"\x00" * (300 * MB)}), "unpacks to more than 24 MB"),
    "entities.xlsx": (lambda: repacked(**{SHARED: ENTITIES}), "declares a document type"),
    "formula.xlsx": (
        lambda: repacked(**{FIRST: sheet('<row r="1"><c r="A1"><f>1+1</f><v>2</v></c></row>')}),
        "holds a formula",
    ),
}


@pytest.fixture
def person(chromium, address):
    person = Visitor(chromium, address)
    person.context.set_default_timeout(MOST_MILLISECONDS)
    person.sign_in(ADMINISTRATOR)
    return person


def test_files_made_to_hurt_are_refused_with_a_sentence(person, tmp_path):
    before = FrameworkVersion.objects.count()
    for name, (make, words) in HOSTILE.items():
        file = tmp_path / name
        file.write_bytes(make())
        person.open("/frameworks/load/")
        person.page.get_by_label("Framework file").set_input_files(file)
        person.press("^Load it as a draft")

        told = person.page.get_by_role("alert").inner_text()
        assert name in told
        assert words in told
        file.unlink()
    person.look()

    assert FrameworkVersion.objects.count() == before
    assert person.complaints == []
