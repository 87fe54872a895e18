"""The assessments on somebody's home page, with what each of them counts: one query, written once a process."""

from datetime import timedelta

from django.db.models import (
    Case,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Min,
    OuterRef,
    Q,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from assessments.models import (
    Agreement,
    ArtefactLink,
    Assessment,
    CriterionReview,
    EvidenceItem,
    PartnershipAgreement,
    PathwayDate,
    PeerReviewer,
    Question,
    TimeRequest,
    Workshop,
)
from assessments.standing_in import powers_of
from assessments.workflow import SHARED_WITH_ICB, UNDER_REVIEW, Power, State
from frameworks.models import Node
from frameworks.selectors import asks_some
from improvement.models import Action
from partnership.models import Membership
from partnership.prepared import prepared
from partnership.roles import Role
from partnership.services.bodies import KEEPERS
from reports.tasks import NOTICE_DAYS, REVIEW_DAYS

LIVE = UNDER_REVIEW | {State.PREPARING, State.SCORING, State.AGREEING, State.SIGNING, State.SIGNED}


def _count(rows, key, what="pk"):
    """Return the number of `rows` that have `key`, as a subquery."""
    counted = rows.order_by().values(key).annotate(n=Count(what, distinct=True)).values("n")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)


def _next_pathway(day, until):
    """Return the next day, soon, that is planned for a pathway of the framework at a place, as a subquery."""
    anew = PathwayDate.objects.filter(
        place=OuterRef("place"),
        framework=OuterRef("framework"),
        pathway=OuterRef("pathway"),
        number__gt=OuterRef("number"),
    )
    here = {"place": OuterRef("place"), "framework": OuterRef("framework_version__framework")}
    soon = PathwayDate.objects.filter(planned_on__range=(day, until), **here)
    standing = soon.exclude(Exists(anew)).order_by().values("place")
    return standing.annotate(on=Min("planned_on")).values("on")


def counted_assessments(memberships, day):
    """Return the assessments at these people's places that are live or the place's newest, with what they count."""
    places = {part.place_id for part in memberships if part.place_id}
    systems = {part.system_id for part in memberships if part.system_id}
    chaired = {part.place_id for part in memberships if part.role == Role.CHAIR or Power.AGREE in powers_of([part])}
    planned = {part.place_id for part in memberships if part.role in (Role.CHAIR, Role.LEAD)}
    kept = {part.place_id for part in memberships if part.role in KEEPERS}
    return _with_counts(
        places=places,
        systems=systems,
        chaired=chaired,
        planned=planned,
        kept=kept,
        memberships={part.pk for part in memberships},
        day=day,
        near_until=day + timedelta(days=NOTICE_DAYS),
        review_until=day + timedelta(days=REVIEW_DAYS),
    )


@prepared
def _with_counts(*, places, systems, chaired, planned, kept, memberships, day, near_until, review_until):
    peers = PeerReviewer.objects.filter(membership__in=memberships, ended_at=None)
    parts = Q(place__in=places) | Q(system__in=systems) | Q(pk__in=peers.values("assessment"))
    here = Assessment.objects.newest().filter(parts)
    # On each framework by itself: a round on one leaves what goes on with another where it stands.
    newer = Assessment.objects.filter(
        place=OuterRef("place"),
        framework_version__framework=OuterRef("framework_version__framework"),
        round__opens_on__gt=OuterRef("round__opens_on"),
    )
    items = EvidenceItem.objects.filter(assessment=OuterRef("pk"))
    nodes = Node.objects.filter(version=OuterRef("framework_version"), is_criterion=True)
    cited = items.filter(Exists(ArtefactLink.objects.filter(item=OuterRef("pk"))))
    agreed = Agreement.objects.standing().filter(item__assessment=OuterRef("pk"))
    members = Membership.objects.current(day).filter(place=OuterRef("place"), role=Role.MEMBER)
    open_actions = Action.objects.filter(assessment__place=OuterRef("place"), status=Action.Status.OPEN)
    open_actions = open_actions.filter(assessment__place__in=planned)
    reviewed = PartnershipAgreement.objects.filter(place=OuterRef("place"), review_by__lte=review_until)
    reviewed = reviewed.filter(Q(ends_on=None) | Q(ends_on__gte=day), place__in=kept)
    next_review = reviewed.order_by().values("place").annotate(on=Min("review_by")).values("on")
    late, near = Q(due_on__lt=day), Q(due_on__range=(day, near_until))
    # Of what waits for its review, each place's newest alone; what is in review, all of it.
    shared_since = newer.filter(state__in=SHARED_WITH_ICB)
    named = peers.filter(assessment=OuterRef("pk"))
    questions = Question.objects.filter(assessment=OuterRef("pk"))
    unanswered = questions.filter(replies=None)
    reply_by = unanswered.order_by().values("assessment").annotate(day=Min("reply_by")).values("day")
    soonest = open_actions.order_by().values("assessment__place").annotate(on=Min("due_on")).values("on")
    return (
        here.annotate(
            is_newest=~Exists(newer),
            asks_for_time=Exists(TimeRequest.objects.filter(assessment=OuterRef("pk"), answered_at=None)),
            is_peer=Exists(named),
            to_review=Case(
                When(
                    # What stays behind at a place that has closed is reviewed no more.
                    (Q(system__in=systems) | Q(is_peer=True))
                    & Q(place__ended_on=None)
                    & (Q(state__in=UNDER_REVIEW) | Q(state=State.SUBMITTED) & ~Exists(shared_since)),
                    then=Value(True),
                ),
                default=Value(False),
            ),
        )
        .filter(
            Q(is_newest=True) & ~Q(is_peer=True)
            | Q(place__in=places, state__in=LIVE)
            | Q(asks_for_time=True, state__in=LIVE) & ~Q(is_peer=True)
            | Q(to_review=True)
        )
        .select_related("place", "round", "round__system")
        .annotate(
            framework=F("framework_version__framework"),
            is_own=Case(When(place__in=places, then=Value(True)), default=Value(False)),
            n_items=_count(items, "assessment"),
            n_own=_count(items.filter(statement_code=""), "assessment"),
            n_open=_count(items.filter(open_for_scoring=True), "assessment"),
            n_cited=_count(cited, "assessment"),
            n_unconfirmed=_count(items.unconfirmed(), "assessment"),
            n_criteria=_count(nodes, "version"),
            n_begun=_count(items, "assessment", "criterion"),
            n_agreed=_count(agreed, "item__assessment"),
            n_members=_count(members, "place", "user"),
            n_late=_count(open_actions.filter(late), "assessment__place"),
            n_near=_count(open_actions.filter(near), "assessment__place"),
            next_action_on=Subquery(soonest, output_field=DateField()),
            n_reviews=_count(reviewed, "place"),
            next_review_on=Subquery(next_review, output_field=DateField()),
            pathway_on=Subquery(_next_pathway(day, near_until), output_field=DateField()),
            n_reviewed=_count(CriterionReview.objects.filter(assessment=OuterRef("pk")), "assessment", "criterion"),
            n_asked=_count(unanswered, "assessment"),
            reply_by=Subquery(reply_by, output_field=DateField()),
            is_shared=Exists(questions.filter(kind=Question.Kind.REVIEW)),
            has_workshop=Exists(Workshop.objects.filter(assessment=OuterRef("pk"), closed_at=None)),
            # The text is long: it comes along only where the spread of scores must be judged, or what is left to ask.
            scale_text=Case(
                When(
                    Q(state=State.AGREEING, place__in=chaired)
                    | asks_some("framework_version") & Q(state__in=(State.SCORING, State.AGREEING)),
                    then=F("framework_version__definition"),
                ),
                default=Value(""),
                output_field=TextField(),
            ),
        )
        .order_by("place__name", "-round__opens_on", "-number")
    )
