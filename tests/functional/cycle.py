"""The steps of a whole cycle: several people, each in a browser of their own, take a place from round to decision."""

import re
from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from assessments.models import Assessment
from partnership.models import OutgoingMail

from .portal import let_in
from .visitor import Visitor

PLACE, ROUND = "Wirral", "Winter review"
COUNCIL, TRUST, NETWORKS = "Wirral: council", "Wirral: NHS trust", "Wirral: primary care networks"
NEWCOMER = "practice.manager@wirral.example"
# Some have browsers that run no scripts.
WITHOUT_SCRIPTS = {"reviewer@icb.example", "office@icb.example", "trust@wirral.example", "voluntary@wirral.example"}
PASSWORD = "a-long-walk-along-the-mersey"
FIRST, SECOND, MONEY = (
    "All partners signed the vision in the spring and read it anew each year.",
    "Each partner's own plan names its part in the vision.",
    "A pooled budget pays for intermediate care, under an agreement of all partners.",
)
RATIONALE = "Two partners have not signed yet; the others have, and live by it."
NAMED, UNNAMED = "Our own plan says nothing of it.", "The vision is not read anew each year."
RESERVATION = "We sign, and ask that the pooled budget be looked at in the spring."
REFUSAL = "Our board has not seen the financial framework."
INTEREST = "We are paid from the pooled budget."
QUESTION = "Which partners have not signed the vision?"
REPLY = "Two practices, which sign in March."
FINDING = "The signed vision is there, and two partners are missing from it."
RECOMMENDATION = "Have all partners sign by the summer."
ANSWER_TO_REVIEW = "The place agrees with what the review found."
CONDITION = "Publish the risk share of the pooled budget"
REOPENED = "The two practices signed after all."


@dataclass
class Cycle:
    """A place's people in the portal at `address`, each with a window that stays open."""

    chromium: object
    address: str
    people: dict = field(default_factory=dict)
    assessment: Assessment | None = None

    def someone(self, email, *, path="/"):
        """Return the window of a person of the demo, signed in, with a page open, home unless told."""
        if email not in self.people:
            self.people[email] = visitor = Visitor(self.chromium, self.address, script=email not in WITHOUT_SCRIPTS)
            let_in(visitor, email)
        self.people[email].open(path)
        return self.people[email]

    def of_place(self, key, *, path="/"):
        return self.someone(f"{key}@wirral.example", path=path)

    @property
    def path(self):
        return f"/assessments/{self.assessment.public_id}/"

    @property
    def complaints(self):
        return {email: person.complaints for email, person in self.people.items() if person.complaints}


def fill_day(person, label, day):
    """Fill the three boxes of the date that a page asks for under a label."""
    boxes = person.page.get_by_role("group", name=label)
    for part, value in (("Day", day.day), ("Month", day.month), ("Year", day.year)):
        boxes.get_by_label(part, exact=True).fill(str(value))


def open_round(cycle):
    office = cycle.someone("office@icb.example")
    today = timezone.localdate()
    office.follow("^Open a round")
    office.page.get_by_label("Framework version").select_option(label="Place Development Framework 1.0")
    office.page.get_by_label("Name of the round").fill(ROUND)
    fill_day(office, "First day", today)
    fill_day(office, "Last day of scoring", today + timedelta(days=30))
    fill_day(office, "Last day of signing", today + timedelta(days=60))
    office.page.get_by_label(PLACE, exact=True).check()
    office.page.get_by_label("Signatures needed at each place").fill("2")
    office.page.locator("summary", has_text="Organisations that must sign").click()
    office.page.get_by_label(COUNCIL).check()
    office.press("^Open the round")
    assert office.heading.endswith(ROUND)
    cycle.assessment = Assessment.objects.get(round__name=ROUND)


def invite(cycle):
    """Invite somebody, who comes by the link of the e-mail."""
    office = cycle.someone("office@icb.example")
    office.follow("^Invitations")
    office.follow("^Invite somebody")
    office.page.get_by_label("Place", exact=True).select_option(label=PLACE)
    office.page.get_by_label("Name", exact=True).fill("Practice manager, Wirral")
    office.page.get_by_label("E-mail address").fill(NEWCOMER)
    office.page.get_by_label("Board member").check()
    office.page.get_by_label("For which organisation?").select_option(label=NETWORKS)
    office.press("^Send the invitation")
    assert "was invited" in office.text
    office.follow("^Practice manager, Wirral")

    mail = OutgoingMail.objects.get(to=NEWCOMER)
    link = re.search(r"/join/\S+", mail.body).group()
    newcomer = cycle.people[NEWCOMER] = Visitor(cycle.chromium, cycle.address)
    newcomer.open(link)
    newcomer.look()
    newcomer.page.get_by_label("Your name").fill("Practice manager, Wirral")
    newcomer.page.get_by_label("Password", exact=True).fill(PASSWORD)
    newcomer.press("^Accept")
    assert newcomer.path == "/"


def write_items(cycle):
    """Write three items as the lead, and open scoring."""
    for code, statements in (("AV1", (FIRST, SECOND)), ("DD1", (MONEY,))):
        lead = cycle.of_place("lead", path=f"{cycle.path}criteria/{code}/items/")
        for statement in statements:
            lead.follow("^Add an item")
            lead.page.get_by_label("Statement").fill(statement)
            lead.press("^Save$")
            assert statement in lead.text
    move("lead@wirral.example", cycle, "OPEN_SCORING", "^Open scoring")


def score(cycle):
    """Let five members score alone: the first item is split, the second is not, the third has one who cannot judge."""
    for who, levels in {
        "council": ("1", "2", "2"),
        "trust": ("2", "2", "3"),
        "networks": ("4", "2", "3"),
        "voluntary": ("4", "2", "CANNOT_JUDGE"),
        NEWCOMER: ("2", "2", "3"),
    }.items():
        member = cycle.someone(who) if who == NEWCOMER else cycle.of_place(who)
        member.follow("^Start scoring")
        member.follow("^Start scoring")
        choose(member, levels[:2])
        member.press("^Save and ")
        choose(member, levels[2:])
        member.press("^Save and ")
        assert member.heading.endswith("You have scored everything")
    # Nobody sees how the others scored.
    member.expect(409)
    member.open(f"{cycle.path}agree/")
    assert "The scores are hidden for now" in member.text
    member.expect()


def choose(member, levels):
    for item, level in zip(member.page.locator("[data-item]").all(), levels, strict=True):
        item.locator(f"input[type=radio][value='{level}']").first.check()


def move(email, cycle, name, button):
    """Make a move on its own page, and return who made it."""
    person = cycle.someone(email, path=f"{cycle.path}moves/{name.lower().replace('_', '-')}/")
    person.press(button)
    return person


def agree(cycle):
    """Show how the scores lie, accept what nobody disputes, settle the split, and take two dissents down."""
    chair = cycle.of_place("chair")
    chair.follow("^Close scoring")
    chair.press("^Close scoring")
    assert "0 of 3 items are settled" in chair.text
    chair.follow("^Accept [0-9] that nobody disputes")
    chair.press("^Settle")
    chair.open(f"{cycle.path}criteria/AV1/agree/")
    assert "Split" in chair.text
    settle(chair, "1", "Evolving", RATIONALE)
    dissent(cycle, "trust", "2", NAMED, "Under my organisation's name")
    dissent(cycle, "voluntary", "1", UNNAMED, "Without a name")
    chair.open(f"{cycle.path}criteria/AV1/agree/")
    assert NAMED in chair.text
    assert UNNAMED in chair.text
    assert "but split" in chair.page.locator("#item-1").inner_text()
    chair.look()
    plan_an_action(cycle)
    chair.open(f"{cycle.path}moves/put-up/")
    chair.page.get_by_label("Put it up as incomplete").check()
    chair.look()
    chair.press("^Put up for signature")
    for said in (FIRST, RATIONALE, NAMED, UNNAMED):
        assert said in chair.page.locator("main").text_content()


def settle(chair, number, level, rationale):
    form = chair.page.locator(f"#item-{number}").get_by_role("form", name="Settle item")
    form.get_by_role("radio", name=level).check()
    form.get_by_label("Rationale").fill(rationale)
    with chair.page.expect_navigation():
        form.get_by_role("button", name="Record and stay").click()


def dissent(cycle, key, number, text, how):
    member = cycle.of_place(key, path=f"{cycle.path}criteria/AV1/agree/")
    item = member.page.locator(f"#item-{number}")
    item.locator("summary", has_text="Record my dissent").click()
    item.get_by_label("What do you disagree with").fill(text)
    item.get_by_label(how).check()
    with member.page.expect_navigation():
        item.get_by_role("button", name="Record dissent").click()
    assert text in member.text


def plan_an_action(cycle):
    lead = cycle.of_place("lead", path=f"{cycle.path}actions/add/")
    lead.page.get_by_label("What is to be done").fill("Have the two practices sign the vision")
    lead.page.get_by_label("What it is for").select_option(value="criterion:AV1")
    lead.page.get_by_label("Organisation responsible").select_option(label=NETWORKS)
    fill_day(lead, "To be done by", timezone.localdate() + timedelta(days=90))
    lead.press("^Plan the action")


def sign(cycle):
    """Sign as one with a reservation, one who declines, one with an interest, and one by a deputy; then seal."""
    answer(cycle.of_place("council"), "Sign with a reservation", "What is the reservation?", RESERVATION)
    answer(cycle.of_place("trust"), "Decline to sign", "Why does the organisation decline?", REFUSAL)
    chair = cycle.of_place("chair", path=f"{cycle.path}moves/seal/")
    assert "This cannot be done yet" in chair.text
    answer(cycle.of_place("voluntary"), "Declare an interest and not sign", "What is the interest?", INTEREST)
    networks = cycle.of_place("networks")
    networks.follow("^Read and sign")
    networks.follow("^Let somebody sign in your place")
    networks.page.get_by_label("Deputy", exact=True).select_option(label="Practice manager, Wirral (board member)")
    networks.press("^Name the deputy")
    networks.look()
    deputy = cycle.someone(NEWCOMER)
    assert f"Sign for {NETWORKS}, as its deputy" in deputy.text
    answer(deputy, "Sign")
    assert "as deputy of Board member, Wirral primary care networks" in deputy.text
    chair.open("/")
    chair.follow("^Close the signing")
    fill_day(chair, "When did the board meet to confirm this?", timezone.localdate())
    chair.page.get_by_label("Reference of the minute").fill("PB/27/3")
    chair.press("^Close the signing")
    for said in (RESERVATION, REFUSAL, INTEREST, "as deputy of"):
        assert said in chair.text
    chair.look()
    move("chair@wirral.example", cycle, "SUBMIT", "^Submit")


def answer(signatory, kind, asked="", words=""):
    signatory.follow("^Read and sign")
    signatory.page.get_by_label(kind, exact=True).check()
    if words:
        signatory.page.get_by_label(asked).fill(words)
    signatory.press("^Give the organisation's word")
    assert words in signatory.text


def review(cycle):
    """Review both criteria and an answer, ask and be answered, and finish."""
    reviewer = move("reviewer@icb.example", cycle, "START_REVIEW", "^Start the review")
    reviewer.open(f"{cycle.path}criteria/AV1/review/")
    reviewer.follow("^Ask the place about this criterion")
    reviewer.page.get_by_label("What do you ask?").fill(QUESTION)
    fill_day(reviewer, "Last day for the reply", timezone.localdate() + timedelta(days=7))
    reviewer.press("^Ask the place")
    reply(cycle, "lead", QUESTION, REPLY)
    reviewer.open(f"{cycle.path}questions/")
    assert REPLY in reviewer.text
    reviewer.look()
    for code, level, words, recommendation in (("AV1", "1", FINDING, RECOMMENDATION), ("DD1", "3", "", "")):
        reviewer.open(f"{cycle.path}criteria/{code}/review/")
        found = reviewer.page.get_by_role("form", name="Review of")
        found.locator(f"input[type=radio][value='{level}']").first.check()
        found.get_by_label("Fairly sure").check()
        found.get_by_label("Why?").fill(words)
        found.get_by_label("Recommendation").fill(recommendation)
        reviewer.press("^Record and go to the next")
    # The place sees nothing of it before the review is finished.
    lead = cycle.of_place("lead", path=f"{cycle.path}criteria/AV1/review/")
    assert FINDING not in lead.text
    reviewer.open(f"{cycle.path}moves/finish-review/")
    reviewer.page.get_by_label("What do you say to the place?").fill("Two criteria were read.")
    fill_day(reviewer, "Last day for the reply", timezone.localdate() + timedelta(days=7))
    reviewer.look()
    reviewer.press("^Finish the review")
    lead.open(f"{cycle.path}criteria/AV1/review/")
    assert FINDING in lead.text
    assert RECOMMENDATION in lead.text
    lead.look()
    reply(cycle, "chair", "Two criteria were read.", ANSWER_TO_REVIEW)


def reply(cycle, key, question, text):
    person = cycle.of_place(key)
    person.follow("^Read and reply")
    assert question in person.text
    form = person.page.get_by_role("form", name="Reply to question").last
    form.locator("textarea").fill(text)
    with person.page.expect_navigation():
        form.get_by_role("button", name="Give the reply").click()
    assert text in person.text


def decide(cycle):
    """Accept one pathway with a condition and not yet the other; the condition becomes an action of the place."""
    office = cycle.someone("office@icb.example", path=f"{cycle.path}moves/decide/")
    fill_day(office, "When was it decided?", timezone.localdate())
    pathways = office.page.locator("section.portal-card").all()
    for number, pathway in enumerate(pathways):
        pathway.get_by_label("Not yet" if number else "Accept with conditions", exact=True).check()
        pathway.get_by_label("Reasons").fill("As the review found.")
    first = pathways[0]
    first.get_by_label("Functions delegated").fill("Intermediate care")
    first.locator("summary", has_text="Conditions").click()
    first.get_by_label("Condition 1").fill(CONDITION)
    first.get_by_label("For which gate?").first.select_option(index=1)
    first.get_by_label("Which partner does it?").first.select_option(label=COUNCIL)
    boxes = first.get_by_role("group", name="By when?").first
    for part, value in (("Day", "30"), ("Month", "6"), ("Year", str(timezone.localdate().year + 1))):
        boxes.get_by_label(part, exact=True).fill(value)
    office.press("^Record and seal the decision")
    assert CONDITION in office.text
    office.look()
    lead = cycle.of_place("lead", path=f"/places/{cycle.assessment.place.public_id}/actions/")
    assert COUNCIL in lead.page.locator("tr", has_text=CONDITION).inner_text()
    assert "a condition of the ICB's decision" in lead.text
    lead.look()
    lead.open(f"{cycle.path}decision/")
    assert "Intermediate care" in lead.text


def re_open(cycle):
    """Re-open as version 2; the first can still be read, and is checked by its hash."""
    chair = cycle.of_place("chair", path=f"{cycle.path}sign-off/")
    chair.follow("^Re-open as a new version")
    chair.page.get_by_label("Why?").fill(REOPENED)
    chair.press("^Re-open")
    assert "Version 2 is open" in chair.text
    chair.look()
    chair.open(f"{cycle.path}sign-off/")
    assert "Superseded by version 2" in chair.text
    assert RESERVATION in chair.text
    digest = cycle.assessment.seal.digest
    chair.open("/reports/check/")
    chair.page.get_by_label("Hash", exact=True).fill(digest)
    chair.press("^Check")
    assert "Authentic" in chair.text
    chair.look()
