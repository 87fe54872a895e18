"""Reads for the home page: where everything stands in which a person has a part."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from assessments import visibility
from assessments.decided import Decided, decided
from assessments.models import (
    Judgement,
    Round,
)
from assessments.own_work import spared_by_person
from assessments.quorum import Quorum
from assessments.round_table import Counts, RoundRow, is_late
from assessments.services.rounds import OPENERS
from assessments.standing_in import powers_of, with_powers
from assessments.workflow import FROZEN, Power, State
from frameworks import definition
from frameworks.items import noun
from frameworks.models import FrameworkVersion
from frameworks.spread import spread
from partnership.models import Membership, Place, System
from partnership.prepared import prepared
from partnership.roles import DOES, OF_SYSTEM, Role
from reports.home_rows import counted_assessments
from reports.quorums import quorums_of, to_sign
from reports.review_tasks import review_tasks
from reports.standings import Asked, Standing
from reports.tasks import tasks


@dataclass(frozen=True)
class Part:
    """A place or system in which a person has roles; `standings` are those of the place's assessments, newest first."""

    where: Place | System
    roles: tuple[Role, ...]
    standings: tuple[Standing, ...] = ()

    @property
    def role_names(self):
        return [role.label for role in self.roles]

    @property
    def watches(self):
        return bool(set(self.roles) & OF_SYSTEM)

    @property
    def opens_rounds(self):
        return bool(set(self.roles) & OPENERS)


@dataclass(frozen=True)
class Coming:
    """What a person becomes at a place or in a system on a later day, each role with what it does."""

    where: Place | System
    starts_on: date
    memberships: tuple[Membership, ...]

    @property
    def roles(self):
        return [(each, DOES[Role(each.role)]) for each in self.memberships]


@dataclass(frozen=True)
class WatchedRound:
    """The newest round of a system on a framework with a row for each place, by name."""

    round: object
    rows: tuple[RoundRow, ...]


@dataclass(frozen=True)
class Home:
    """
    Everything that a person's home page shows.

    `reviewing` are the standings of other people's assessments that this person reviews, `coming` the roles that
    begin later, the next one first.
    """

    standings: tuple[Standing, ...]
    places: tuple[Part, ...]
    systems: tuple[Part, ...]
    rounds: tuple[WatchedRound, ...]
    drafts: int
    asked: tuple[Asked, ...] = ()
    reviewing: tuple[Standing, ...] = ()
    coming: tuple[Coming, ...] = ()

    def tasks(self, *, today):
        """Return what needs the person now, most urgent first."""
        reviews = review_tasks(self.standings + self.reviewing, today=today)
        return tasks(self.standings, drafts=self.drafts, asked=self.asked, others=reviews, today=today)


def home(*, user, day) -> Home:
    """
    Read where everything stands in which `user` has a part; six queries at most, whatever the data.

    Where a framework asks only until a level is decided, two more while it is scored and one while it is agreed.
    """
    parts = _parts_of(user=user.pk, day=day)
    memberships = [part for part in parts if part.starts_on <= day]
    rows = counted_assessments(memberships, day)
    standings = _standings(rows, memberships, user, day)
    at_place = [part for part in memberships if part.place_id]
    of_system = [part for part in memberships if part.system_id]
    own = tuple(standings[row.pk] for row in rows if row.is_own)
    return Home(
        standings=own,
        places=tuple(_parts(at_place, "place", own)),
        systems=tuple(_parts(of_system, "system", ())),
        rounds=tuple(_rounds(rows, of_system, standings, day)),
        # Only an administrator can publish them.
        asked=tuple(_asked(rows, of_system)),
        reviewing=tuple(standings[row.pk] for row in rows if row.to_review and not row.is_own),
        drafts=FrameworkVersion.objects.filter(publication=None).count() if user.is_superuser else 0,
        coming=tuple(_coming(parts, day)),
    )


@prepared
def _parts_of(*, user, day):
    """Return the memberships that a person has on a day or from a later one."""
    held = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=day), user=user)
    held = held.select_related("place__system", "system", "organisation").order_by("place__name", "pk")
    return with_powers(held, on=day)


def _coming(parts, day):
    """Group by day and place or system the roles that a person takes up later and does not hold already."""
    held = {(part.role, part.place_id, part.system_id) for part in parts if part.starts_on <= day}
    grouped = defaultdict(list)
    for part in sorted(parts, key=lambda part: part.starts_on):
        if part.starts_on > day and (part.role, part.place_id, part.system_id) not in held:
            grouped[part.starts_on, part.place or part.system].append(part)
    for (starts_on, where), memberships in grouped.items():
        yield Coming(where, starts_on, tuple(memberships))


def _standings(rows, memberships, user, day):
    roles, powers = defaultdict(set), defaultdict(frozenset)
    for part in memberships:
        roles[part.place_id or -part.system_id].add(Role(part.role))
        powers[part.place_id] |= powers_of([part])
    given = visibility.scores_given_by_person(assessments=[row for row in rows if row.state == State.SCORING])
    texts = {row: definition.load(row.scale_text) for row in rows if row.scale_text}
    spared = spared_by_person({row.pk: text for row, text in texts.items() if row.state == State.SCORING})
    agreeing = {row.pk: text for row, text in texts.items() if row.state == State.AGREEING}
    needless = decided(agreeing, day=day)
    chaired = {
        row.pk: text
        for row, text in texts.items()
        if row.pk in agreeing and (Role.CHAIR in roles[row.place_id] or Power.AGREE in powers[row.place_id])
    }
    unsettled = _unsettled(chaired, needless)
    quorums, deputised = quorums_of(
        [row for row in rows if row.state in FROZEN], deputies=[part.pk for part in memberships], on=day
    )
    signs_for = defaultdict(list)
    for part in memberships:
        if part.role == Role.SIGNATORY:
            signs_for[part.place_id].append(part.organisation.name)
    standings = {}
    for row in rows:
        scored = given.get(row.pk, {})
        needs_none = spared.get(row.pk, {})
        left_out = needless.get(row.pk, Decided())
        quorum = quorums.get(row.pk)
        standings[row.pk] = Standing(
            public_id=str(row.public_id),
            powers=powers[row.place_id],
            place_id=str(row.place.public_id),
            place=row.place.name,
            round=row.title,
            state=row.state,
            roles=frozenset(roles[row.place_id] | roles[-row.system_id] | ({Role.REVIEWER} if row.is_peer else set())),
            scoring_closes_on=row.scoring_closes_on,
            signing_closes_on=row.signing_closes_on,
            noun=noun(bool(row.n_items) and not row.n_own),
            items=row.n_items - len(left_out.items),
            items_with_evidence=row.n_cited - left_out.cited,
            unconfirmed=row.n_unconfirmed,
            criteria=row.n_criteria,
            criteria_with_items=row.n_begun,
            asked=row.n_open - needs_none.get(user.pk, 0),
            own_scored=scored.get(user.pk, 0),
            scores=sum(scored.values()),
            scores_wanted=row.n_open * row.n_members - sum(needs_none.values()),
            members=row.n_members,
            finished=sum(n >= row.n_open - needs_none.get(user, 0) for user, n in scored.items()) if row.n_open else 0,
            agreed=row.n_agreed,
            unsettled=unsettled[row.pk],
            quorum=quorum,
            to_sign=to_sign(row, quorum, signs_for[row.place_id] or deputised.get(row.pk, ())),
            is_deputy=not signs_for[row.place_id],
            late_actions=row.n_late,
            near_actions=row.n_near,
            next_action_on=row.next_action_on,
            agreements_due=row.n_reviews,
            next_review_on=row.next_review_on,
            pathway_on=row.pathway_on,
            tells_actions=row.is_newest,
            round_id=str(row.round.public_id),
            reviewed=row.n_reviewed,
            open_questions=row.n_asked,
            reply_by=row.reply_by,
            is_shared=row.is_shared,
            has_workshop=row.has_workshop,
            stays_at_place=row.round.visibility == Round.Visibility.PLACE,
        )
    return standings


def _unsettled(definitions, needless):
    """Count, by assessment, the items whose scores are split and for which a level must still be agreed."""
    lies, scales = defaultdict(Counter), {}
    for assessment, item, criterion, statement, judgement, level, number in (
        visibility.open_spreads(assessments=definitions) if definitions else ()
    ):
        if judgement == Judgement.LEVEL and item not in needless[assessment].items:
            lies[assessment, item][level] += number
            scales[item] = definitions[assessment].node(criterion).scale_of(statement)
    split = Counter()
    for (assessment, item), counts in lies.items():
        split[assessment] += bool(spread(counts, scales[item].ranks).split)
    return split


def _parts(memberships, kind, standings):
    """Group memberships by the place or system that they are for, with the standings there."""
    grouped = {}
    for part in memberships:
        grouped.setdefault(getattr(part, kind), []).append(Role(part.role))
    for where, roles in grouped.items():
        here = tuple(each for each in standings if each.place_id == str(where.public_id))
        yield Part(where=where, roles=tuple(dict.fromkeys(roles)), standings=here)


def _asked(rows, of_system):
    """Return, for those who run a system, the rounds whose places wait for an answer about more time."""
    run = {part.system_id for part in of_system if part.role in OPENERS}
    waiting = Counter(row.round for row in rows if row.asks_for_time and row.deadline and row.system_id in run)
    for round, places in sorted(waiting.items(), key=lambda pair: pair[0].opens_on):
        yield Asked(str(round.public_id), f"{round.name}, {round.system.name}", places)


def _rounds(rows, of_system, standings, day):
    """Return, for those who watch a system, the newest round on each framework with what each place has."""
    watched = {part.system_id for part in of_system if part.role in OF_SYSTEM}
    by_round = defaultdict(list)
    for row in rows:
        if row.system_id in watched and row.is_newest:
            by_round[row.round].append(row)
    newest = {}
    for round, (row, *_) in by_round.items():
        series = round.system_id, row.framework
        if series not in newest or round.opens_on > newest[series].opens_on:
            newest[series] = round
    for round in sorted(newest.values(), key=lambda round: (round.system.name, -round.opens_on.toordinal())):
        yield WatchedRound(round, tuple(_watched(row, standings[row.pk], day) for row in by_round[round]))


def _watched(row, standing, day):
    quorum = standing.quorum or Quorum(required=(), minimum=row.round.minimum_signatures, expected=(), given={})
    counts = Counts(
        noun=standing.noun,
        items=standing.items,
        criteria_with_items=standing.criteria_with_items,
        criteria=standing.criteria,
        items_with_evidence=standing.items_with_evidence,
        scores=standing.scores,
        scores_wanted=standing.scores_wanted,
        agreed=standing.agreed,
        signatures=len(quorum.counted),
        signatures_wanted=quorum.minimum,
        missing=tuple(name for name in quorum.required if name not in quorum.counted),
    )
    stays = row.round.visibility == Round.Visibility.PLACE
    return RoundRow(row, counts, is_late=is_late(row, day), is_reviewed=not stays)
