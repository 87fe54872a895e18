"""
Whose scores who may see, in which phase: the one place that says so.

Every read of `Score` starts here. Your own score you always see. Another member's you never see before the chair has
closed scoring; from then on the board sees it with its name. The ICB, contributors and observers never see a score of
a person, in any phase. Counts (how many scores were given) are for everybody who sees the assessment at all.
"""

from collections import defaultdict

from django.db import DEFAULT_DB_ALIAS
from django.db.models import BigIntegerField, Count, Exists, F, OuterRef, Q, Subquery, TextField, Value
from django.db.models.functions import Cast, Coalesce, Concat
from django.utils import timezone

from assessments import permissions
from assessments.models import Agreement, EvidenceItem, Presence, Score
from assessments.workflow import REVEALED, Act, State
from partnership.listed import ExistsOfGroup, Listed, OfGroup
from partnership.models import Membership
from partnership.prepared import prepared
from partnership.roles import Role

COLUMNS = tuple(column.attname for column in Score._meta.concrete_fields)


def own_scores(*, user, items):
    """
    Return the person's own scores of items, given by their keys, in each item's present ballot: a dict by these.

    Matched by person and not by membership: somebody who holds several has one score all the same.
    """
    return {score.item_id: score for score in _own_scores(user=user.pk, items=list(items))}


@prepared
def _own_scores(*, user, items):
    return Score.objects.filter(item__in=items, membership__user=user, ballot=F("item__ballot"))


def own_vote(*, user, item):
    """Return the person's own score in the ballot that a workshop is holding on an item, or None."""
    return Score.objects.filter(item=item, membership__user=user, ballot=item.ballot + 1).first()


def votes_given(*, item):
    """Return how many have voted in the ballot that a workshop is holding on an item: a count alone."""
    return Score.objects.filter(item=item, ballot=item.ballot + 1).count()


def counted_in_room(workshops):
    """
    Return workshops with how many have joined and voted, as `present` and `voted`.

    Votes are those of the ballot that is being held: counts alone, in the one query that reads the workshops.
    """
    votes = Score.objects.filter(item=OuterRef("item"), ballot=OuterRef("item__ballot") + 1)
    presences = Presence.objects.filter(workshop=OuterRef("pk"))

    def number(rows, by):
        return Coalesce(Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n")), 0)

    return workshops.annotate(voted=number(votes, "item"), present=number(presences, "workshop"))


def own_judgements(*, user, assessment):
    """
    Return the person's judgements and levels of all items, by their keys, and the keys of those a predecessor scored.

    That there is a score is all that a successor may know of it while the board scores: never which. One query.
    """
    own, before = {}, set()
    found = _judgements_of_seat(user=user.pk, assessment=assessment.pk, day=timezone.localdate())
    for item, judgement, level, is_own in found:
        if is_own:
            own[item] = (judgement, level)
        else:
            before.add(item)
    return own, before


@prepared
def _judgements_of_seat(*, user, assessment, day):
    scores = Score.objects.filter(_of_seat(user, day), item__assessment=assessment, ballot=F("item__ballot"))
    return scores.annotate(is_own=Q(membership__user=user)).values_list("item", "judgement", "level", "is_own")


def own_scored(*, user, assessment):
    """
    Return, for each item that is open for scoring, its criterion's code and whether the person's seat has scored it.

    In the present ballot; one query.
    """
    return _scored_by_seat(user=user.pk, assessment=assessment.pk, day=timezone.localdate())


@prepared
def _scored_by_seat(*, user, assessment, day):
    own = Score.objects.filter(_of_seat(user, day), item=OuterRef("pk"), ballot=OuterRef("ballot"))
    items = EvidenceItem.objects.filter(assessment=assessment, open_for_scoring=True)
    return items.annotate(is_scored=Exists(own)).values_list("criterion__code", "is_scored")


def own_items_left(*, user, assessment):
    """Return how many items that are open for scoring have no score for the person's seat in the present ballot."""
    own = Score.objects.filter(_of_seat(user), item=OuterRef("pk"), ballot=OuterRef("ballot"))
    return assessment.items.filter(~Exists(own), open_for_scoring=True).count()


def own_with_scores(*, user, assessment, code=""):
    """
    Return what `own_judgements` does and, of a criterion's items or of all, the person's own scores whole. One query.
    """
    given, before, own = {}, set(), {}
    found = _scores_of_seat(user=user.pk, assessment=assessment.pk, day=timezone.localdate())
    for item, judgement, level, is_own, of, *values in found:
        if not is_own:
            before.add(item)
            continue
        given[item] = (judgement, level)
        # Of the others no more is needed, and a row of a table takes ten times as long as its values.
        if not code or of == code:
            own[item] = Score.from_db(DEFAULT_DB_ALIAS, COLUMNS, values)
    return given, before, own


@prepared
def _scores_of_seat(*, user, assessment, day):
    scores = Score.objects.filter(_of_seat(user, day), item__assessment=assessment, ballot=F("item__ballot"))
    told = scores.annotate(is_own=Q(membership__user=user))
    return told.values_list("item", "judgement", "level", "is_own", "item__criterion__code", *COLUMNS)


def _of_seat(user, day=None):
    """Match what was scored by a person, or by those whose seats they hold on a day, today unless told."""
    return Q(membership__user=user) | Q(
        membership__seat__in=Membership.objects.current(day).filter(user=user).values("seat")
    )


def named_scores(*, capacity, assessment):
    """
    Return the scores of an assessment that a person may see with the names of those who gave them; a queryset.

    Each score comes with its membership, person and organisation. All ballots are included but for the one that a
    workshop is holding: nobody sees a vote before the reveal.
    """
    scores = Score.objects.filter(item__assessment=assessment, ballot__lte=F("item__ballot")).select_related(
        "membership__user", "membership__organisation"
    )
    if permissions.can(Act.SEE_NAMED_SCORES, capacity=capacity, assessment=assessment):
        return scores
    return scores.filter(membership__user=capacity.user)


def scores_given(*, assessment):
    """
    Return how many items of the assessment each person has scored in the present ballot: a dict by the user's key.

    What somebody scored who left since counts for whoever took their seat over.
    Counts alone, no levels: for progress, which everybody may see; who is left is for `may_see_who_is_left`.
    While some items only are being scored again, only these count.
    """
    only_open = assessment.state == State.SCORING
    rows = _items_by_membership(assessments=[assessment.pk], only_open=only_open, day=timezone.localdate())
    return _counted(rows).get(assessment.pk, {})


@prepared
def _items_by_membership(*, assessments, only_open, day):
    """
    List the items that were scored by each membership, with who answers for them; the latest memberships first.

    So many rows are found as people scored, not as scores were given, and nothing is asked of each score.
    """
    given = Score.objects.filter(item__assessment__in=assessments, ballot=F("item__ballot"))
    if only_open:
        given = given.filter(item__open_for_scoring=True)
    # All that is asked besides the items hangs on these alone, so that it is asked once for a membership.
    groups = ("item__assessment", "item__assessment__place", "membership", "membership__seat", "membership__user")
    listed = given.values(*groups).annotate(items=Listed(Cast("item", TextField())))
    members = Membership.objects.current(day).filter(place=OuterRef("item__assessment__place"), role=Role.MEMBER)
    told = listed.annotate(holder=_holder_of_seat(day)).annotate(
        holder_is_member=ExistsOfGroup(members.filter(user=OuterRef("holder"))),
        giver_is_member=ExistsOfGroup(members.filter(user=OuterRef("membership__user"))),
    )
    return told.order_by("-membership")


def _counted(rows, *, of_members=False):
    """
    Count the items that each person answers for, or those of present members alone, by assessment.

    As in `_counting`: what somebody scored who left counts where their successor did not score it.
    """
    scored_for_seat, found = defaultdict(set), {}
    for row in rows:
        who = row["holder"] or row["membership__user"]
        is_member = row["holder_is_member"] if row["holder"] else row["giver_is_member"]
        items = set(row["items"].split(",")) - scored_for_seat[row["membership__seat"]]
        scored_for_seat[row["membership__seat"]] |= items
        if is_member or not of_members:
            found.setdefault(row["item__assessment"], defaultdict(set))[who] |= items
    return {
        assessment: {person: len(items) for person, items in people.items()} for assessment, people in found.items()
    }


def _counting():
    """
    Return the scores without what was given for a seat by somebody who left, where their successor scored the item.

    One seat has one score for each item and ballot, and the predecessor's stays on record.
    """
    later = Score.objects.filter(
        item=OuterRef("item"),
        ballot=OuterRef("ballot"),
        membership__seat=OuterRef("membership__seat"),
        membership__gt=OuterRef("membership"),
    )
    return Score.objects.filter(~Exists(later))


def _holder_of_seat(day):
    """Return who holds the seat that a score was given for on a day, as a subquery; nobody where it is empty."""
    holders = Membership.objects.current(day).filter(seat=OuterRef("membership__seat"))
    return OfGroup(holders.order_by("-pk").values("user")[:1], output_field=BigIntegerField())


def answers_given(*, assessments, criteria):
    """
    Return what each person answered to the open statements of each criterion, in the present ballots.

    Rows of (assessment's key, criterion's code, user's key, text), the text "statement=judgement=level" for each
    answer, in any order. Only for counting what their own answers leave nobody to ask them: no page shows any of it.
    """
    given = Score.objects.filter(
        item__assessment__in=assessments,
        item__criterion__code__in=criteria,
        item__open_for_scoring=True,
        ballot=F("item__ballot"),
    ).exclude(item__statement_code="")
    # PostgreSQL puts nothing together that is not all of one type.
    text = TextField()
    statement, judgement, level = (Cast(each, text) for each in ("item__statement_code", "judgement", "level"))
    between, none = Value("=", text), Value("", text)
    answer = Concat(statement, between, judgement, between, Coalesce(level, none))
    groups = ("item__assessment", "item__criterion__code", "membership__user")
    return given.values(*groups).annotate(answers=Listed(answer)).values_list(*groups, "answers")


def scores_given_by_assessment(*, assessments):
    """
    Return how many scores each assessment has in the present ballots of the items that are open: a dict by its key.

    `assessments` are keys. Counts alone, for the progress of a whole round; one query.
    """
    return dict(_counts_by_assessment(assessments=assessments))


@prepared
def _counts_by_assessment(*, assessments):
    given = Score.objects.filter(
        item__assessment__in=assessments, item__open_for_scoring=True, ballot=F("item__ballot")
    )
    # As in `_counting`, one for each seat and item, but without looking for a later one of each score.
    text = TextField()
    one = Concat(Cast("item", text), Value(" ", text), Cast("membership__seat", text))
    return given.values_list("item__assessment").annotate(given=Count(one, distinct=True))


def scores_given_by_person(*, assessments):
    """
    Return how many of the open items of each assessment each present member has scored in the present ballot.

    A dict of dicts, by the assessment's key and the user's. Counts alone, for the progress of several assessments at
    once; one query.
    """
    keys = {each.pk for each in assessments}
    return _counted(_items_by_membership(assessments=keys, only_open=True, day=timezone.localdate()), of_members=True)


def open_spreads(*, assessments):
    """
    Return how the revealed scores lie of the items for which nothing is agreed yet, without names.

    A list of (assessment's key, item's key, code of its criterion, code of its statement, judgement, level, count); one
    query. The caller leaves out the assessments whose board the reader does not belong to.
    """
    settled = Agreement.objects.standing().filter(item=OuterRef("item"))
    scores = _counting().filter(
        ~Exists(settled),
        item__assessment__in=assessments,
        item__assessment__state__in=REVEALED,
        ballot=F("item__ballot"),
    )
    fields = (
        "item__assessment",
        "item",
        "item__criterion__code",
        "item__statement_code",
        "judgement",
        "level",
    )
    return list(scores.values(*fields).annotate(given=Count("pk")).values_list(*fields, "given"))


def revealed_scores(*, assessment):
    """
    Return the scores of each item's present ballot once the chair has closed scoring, none before; a queryset.

    Of a seat that was handed over, one score counts: the successor's, where there is one.
    For what the board agrees, freezes and reports as one, without a reader: never with names.
    """
    if assessment.state not in REVEALED:
        return Score.objects.none()
    return _counting().filter(item__assessment=assessment, ballot=F("item__ballot"))


@prepared
def revealed_voices(*, assessment, item=None):
    """
    Return what `revealed_scores` holds as rows of item, judgement, level, seat and whose.

    Both are keys; the caller sees to it that the scores are revealed. By membership, in the order of their beginning.
    """
    scores = _counting().filter(item__assessment=assessment, ballot=F("item__ballot"))
    if item is not None:
        scores = scores.filter(item=item)
    fields = ("item", "judgement", "level", "membership__seat")
    of = ("membership__organisation__name", "membership__organisation__sector")
    return scores.order_by("membership").values_list(*fields, *of)


def ballots_shown(*, items):
    """
    Return how the scores of some items lie in every ballot that was shown, by the keys of item and number.

    Each is a dict of counts by judgement and level. Without names, for the record of a workshop; one query.
    """
    scores = _counting().filter(item__in=items, item__assessment__state__in=REVEALED, ballot__lte=F("item__ballot"))
    counts = {}
    fields = ("item", "ballot", "judgement", "level")
    for item, ballot, judgement, level, given in (
        scores.values(*fields).annotate(given=Count("pk")).values_list(*fields, "given")
    ):
        counts.setdefault((item, ballot), {})[judgement, level] = given
    return counts


def every_ballot(*, assessment):
    """Return all scores of an assessment with those who gave them, for the copy that re-opening makes."""
    return Score.objects.filter(item__assessment=assessment).select_related("membership__user")


def may_see_who_is_left(*, capacity, assessment):
    """Tell whether a person may be shown the names of the members who have still to score."""
    return permissions.can(Act.SEE_WHO_IS_LEFT, capacity=capacity, assessment=assessment)
