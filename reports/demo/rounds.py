"""Let a place of the demo go through a round, each act by the person whose part it is."""

import io
from collections import Counter
from datetime import timedelta

from assessments import uploads
from assessments.models import Judgement
from assessments.services import (
    agreeing,
    agreements,
    aims,
    delegating,
    dissenting,
    items,
    moves,
    register,
    scoring,
    signing,
    workshops,
)
from assessments.workflow import Move, State
from frameworks.spread import spread
from improvement.services import actions as improvement
from partnership.roles import Role

ORDER = [State.PREPARING, State.SCORING, State.AGREEING, State.SIGNING, State.SIGNED, State.SUBMITTED]
MOVE_TO = {
    State.SCORING: Move.OPEN_SCORING,
    State.AGREEING: Move.CLOSE_SCORING,
    State.SIGNING: Move.PUT_UP,
    State.SIGNED: Move.SEAL,
    State.SUBMITTED: Move.SUBMIT,
}


class PlaceInRound:
    """One place on its way through one round. `persons` and `partners` are by the keys of its file."""

    def __init__(self, case, round_case, assessment, *, persons, partners, nodes, artefacts, dates):
        self.case, self.told, self.assessment = case, round_case, assessment
        self.persons, self.partners, self.nodes, self.artefacts = persons, partners, nodes, artefacts
        self.dates = dates
        self.rows = {}

    def run(self, lineages):
        """Go as far as the file says. `lineages` is by item label, and continues items of earlier rounds."""
        self.prepare(lineages)
        steps = {
            State.SCORING: self.score,
            State.AGREEING: self.agree,
            State.SIGNING: self.sign,
        }
        for state in ORDER[1:]:
            if state not in self.told.moves:
                break
            self.move(state)
            if state in steps:
                steps[state]()

    def someone(self, role):
        return next(self.persons[person["key"]] for person in self.case.people if role in person["roles"])

    def at(self, state, hour=10, minute=0):
        return self.dates.at(self.told.moves[state], hour, minute)

    def move(self, state):
        extras = {}
        if state == State.SIGNED:
            held_on = self.told.meeting.get("held_on", self.told.moves[State.SIGNING])
            extras = {
                "meeting_on": self.dates.day(held_on),
                "minute_reference": self.told.meeting["minute_reference"].format(place=self.case.place["name"]),
            }
        self.assessment = moves.make_move(
            assessment=self.assessment,
            move=MOVE_TO[state],
            based_on=self.assessment.version,
            by=self.someone(Role.LEAD if state == State.SCORING else Role.CHAIR),
            at=self.at(state),
            **extras,
        )

    def prepare(self, lineages):
        lead, at = self.someone(Role.LEAD), self.at(State.PREPARING, 11)
        for item in self.told.items:
            row = items.add_item(
                assessment=self.assessment,
                criterion=self.nodes[item.criterion],
                statement=item.statement,
                lineage=lineages.get(item.label),
                by=lead,
                at=at,
            )
            lineages[item.label] = row.lineage
            self.rows[item.label] = row
            for key, locator in item.cited:
                register.link_artefact(artefact=self.artefacts[key], item=row, locator=locator, by=lead, at=at)

    def score(self):
        """Let each member score on a day of their own after scoring opened."""
        for seat, key in enumerate(self.case.board):
            entries = [self.entry(item, item.scores[seat], key) for item in self.told.items if item.scores[seat] != "."]
            if entries:
                scoring.record_scores(
                    assessment=self.assessment,
                    entries=entries,
                    by=self.persons[key],
                    at=self.at(State.SCORING, 14) + timedelta(days=seat),
                )

    def entry(self, item, given, member):
        judgement = {"?": Judgement.CANNOT_JUDGE, "-": Judgement.NOT_APPLICABLE}.get(given, Judgement.LEVEL)
        return scoring.Entry(
            item=self.rows[item.label],
            judgement=judgement,
            based_on=0,
            level=int(given) if judgement == Judgement.LEVEL else None,
            reason=self.told.reasons.get(item.label, {}).get(member, ""),
            comment=self.told.comments.get((item.label, member), ""),
        )

    def agree(self):
        """Settle what the file says is settled; where more follows, the rest as undisputed."""
        chair = self.someone(Role.CHAIR)
        agreements = {}
        settled = [item for item in self.told.items if item.criterion in self.told.settled]
        if self.told.in_workshop:
            self.hold_workshop(settled)
        else:
            for item in settled:
                agreements[item.label] = agreeing.agree_level(
                    item=self.rows[item.label],
                    judgement=Judgement.LEVEL,
                    level=item.agreed or lower_median(item.scores),
                    reason=self.told.rationales.get(item.label, ""),
                    based_on=0,
                    by=chair,
                    at=self.at(State.AGREEING, 15),
                )
        for dissent in self.told.dissents:
            agreement = agreements[dissent["item"]]
            # Somebody has to write down what is not attributed, too.
            member = dissent["member"] or self.case.board[-1]
            dissenting.record_dissent(
                agreement=agreement,
                text=dissent["text"],
                attributed=dissent["member"] is not None,
                based_on=agreement.version,
                by=self.persons[member],
                at=self.at(State.AGREEING, 16),
            )
        if State.SIGNING in self.told.moves and not self.told.settled:
            agreeing.agree_undisputed(assessment=self.assessment, by=chair, at=self.at(State.AGREEING, 15))
        self.aim()
        for action in self.told.actions:
            self.plan(action)

    def aim(self):
        """Plan the pathways' days, and set the targets."""
        lead, at = self.someone(Role.LEAD), self.at(State.AGREEING, 17)
        numbers = Counter()
        for said in self.told.pathways:
            day = self.dates.day(said["planned_on"]) if said.get("is_illustrative") else said["planned_on"]
            aims.date_pathway(
                assessment=self.assessment,
                pathway=said["pathway"],
                planned_on=day,
                reason=said["reason"],
                based_on=numbers[said["pathway"]],
                by=lead,
                at=at,
            )
            numbers[said["pathway"]] += 1
        if targets := self.told.targets:
            aims.set_targets(
                assessment=self.assessment,
                levels=targets["levels"],
                reach_by=self.dates.day(targets["reach_by"]),
                reason=targets["reason"],
                based_on=0,
                by=lead,
                at=at,
            )

    def hold_workshop(self, settled):
        """Settle items in a workshop: the chair shows how the scores lie that members gave alone, and all agree."""
        opened_at = self.at(State.AGREEING, 14)
        step = {"by": self.someone(Role.CHAIR), "at": opened_at}
        held = workshops.open_workshop(assessment=self.assessment, **step)
        for key in self.case.board:
            workshops.join_workshop(code=held.code, by=self.persons[key], at=opened_at)
        for number, item in enumerate(settled, start=1):
            step["at"] = opened_at + timedelta(minutes=8 * number)
            held = workshops.take_item(workshop=held, item=self.rows[item.label], based_on=held.version, **step)
            held = workshops.reveal(workshop=held, based_on=held.version, **step)
            held = workshops.settle(
                workshop=held,
                judgement=Judgement.LEVEL,
                level=lower_median(item.scores),
                reason="",
                dissent="",
                agreement_based_on=0,
                based_on=held.version,
                **step,
            )
        workshops.close_workshop(workshop=held, based_on=held.version, **step)

    def plan(self, action):
        gate = (action["pathway"], action["gate"]) if "gate" in action else None
        improvement.add_action(
            assessment=self.assessment,
            title=action["title"],
            owner=self.partners[action["owner"]],
            owner_name=action["post"],
            due_on=self.dates.day(action["due_on"]),
            criterion=self.nodes[action["criterion"]] if "criterion" in action else None,
            gate=gate,
            expected_level=action["expected_level"],
            by=self.someone(Role.LEAD),
            at=self.at(State.AGREEING, 17),
        )

    def sign(self):
        digest = signing.current_snapshot(self.assessment).digest
        for number, signature in enumerate(self.told.signatures):
            signed_on = signature.get("signed_on", self.told.moves[State.SIGNING])
            if "deputy_of" in signature:
                delegating.name_deputy(
                    assessment=self.assessment,
                    deputy=self.persons[signature["member"]].memberships.get(),
                    starts_on=None,
                    ends_on=None,
                    by=self.persons[signature["deputy_of"]],
                    at=self.dates.at(signed_on, 11, number),
                )
            signing.sign(
                assessment=self.assessment,
                kind=signature["kind"],
                words=signature["words"],
                digest=digest,
                by=self.persons[signature["member"]],
                at=self.dates.at(signed_on, 12, number),
            )

    def follow_up(self):
        """Say of the actions that are no longer open what became of them."""
        for action in self.told.actions:
            if action["status"] != "OPEN":
                row = self.assessment.actions.get(title=action["title"])
                improvement.change_action(
                    action=row,
                    status=action["status"],
                    title=row.title,
                    owner=row.owner,
                    owner_name=row.owner_name,
                    due_on=row.due_on,
                    note=action["note"],
                    based_on=row.version,
                    by=self.someone(Role.LEAD),
                    at=self.dates.at(action["changed_on"]),
                )


def lower_median(scores):
    """Return the lower median of a string of scores."""
    given = [int(character) for character in scores if character.isdigit()]
    return spread(Counter(given), sorted(set(given))).lower_median


def add_artefacts(case, place, *, persons, partners, dates, day):
    """Fill a place's register, and return the artefacts by key; a stand-in file is attached where there is no link."""
    lead = next(persons[person["key"]] for person in case.people if Role.LEAD in person["roles"])
    added = {}
    for described in case.artefacts:
        upload = None
        if not described["url"]:
            content = io.BytesIO(described["body"].format(place=case.place["name"]).encode())
            upload = uploads.check(content, name=described["file_name"], max_bytes=1_000_000)
        added[described["key"]] = register.add_artefact(
            place=place,
            title=described["title"],
            kind=described["kind"],
            upload=upload,
            url=described["url"] or "",
            note=described["note"] or "",
            owner=partners.get(described["owner"]),
            dated_on=dates.day(described["dated_on"]),
            review_by=dates.day(described["review_by"]),
            sensitivity=described["sensitivity"],
            strength=described["strength"],
            by=lead,
            at=dates.at(day, 9),
        )
    return added


def add_agreements(case, place, *, partners, artefacts, at):
    """Add what partners have agreed in writing."""
    for described in case.agreements:
        agreements.add_agreement(
            place=place,
            title=described["title"],
            kind=described["kind"],
            status=described["status"],
            parties=[partners[key] for key in described["parties"]],
            artefact=described["artefact"] and artefacts[described["artefact"]],
            note=described["note"],
            by=None,
            at=at,
        )
