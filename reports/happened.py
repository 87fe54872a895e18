"""What happened with an assessment, in order, as far as its content and its seal tell; pure."""

from datetime import date, datetime

from frameworks.wording import counted


def day(text):
    return date.fromisoformat(text) if text else None


def instant(text):
    return datetime.fromisoformat(text)


def shown_seal(seal):
    """Return a seal's data with its days and instants as such, for pages to write as people do."""
    # Seals of format 1 know of no answer that was replaced.
    signatures = [
        each
        | {"at": instant(each["signed_at"])}
        | {"replaced": [before | {"at": instant(before["signed_at"])} for before in each.get("replaced", ())]}
        for each in seal["signatures"]
    ]
    return seal | {
        "signatures": signatures,
        "at": instant(seal["sealed_at"]),
        "met_on": day(seal["meeting_on"]),
        "frozen_at": instant(seal["snapshot"]["frozen_at"]),
    }


def _workshop(held):
    """Say of a workshop who was there and what it came to."""
    members, firms = counted(held["present"], "member", "members"), len(held["organisations"])
    of = f" of {counted(firms, 'organisation', 'organisations')}" if firms else ""
    voted = counted(len(held["voted"]), "item", "items")
    return f"Workshop closed, with {members}{of}: {voted} voted on, {len(held['settled'])} settled."


def history(document, seal):
    """Return what happened, in order, as far as the sealed content tells."""
    happened = [{"day": day(document["round"]["opens_on"]), "what": f"Round {document['round']['name']} opened."}]
    if reopens := document.get("reopens"):
        by = reopens["reopened_by"]
        happened += [
            {"at": instant(reopens["sealed_at"]), "what": f"Version {reopens['number']} sealed."},
            {"at": instant(reopens["reopened_at"]), "what": f"Re-opened by {by}: “{reopens['reason']}”"},
        ]
    happened += [{"at": instant(each["closed_at"]), "what": _workshop(each)} for each in document.get("workshops", ())]
    if seal is None:
        return happened
    seal = shown_seal(seal)
    happened.append({"at": seal["frozen_at"], "what": f"Content frozen as snapshot {seal['snapshot']['number']}."})
    happened += [
        {"at": each["at"], "what": f"{each['organisation']}: {each['kind_words'].lower()}."}
        for each in sorted(seal["signatures"], key=lambda each: each["at"])
    ]
    by = f"{seal['sealed_by']['name']} ({seal['sealed_by']['role']})"
    happened.append({"at": seal["at"], "what": f"Signing closed and content sealed by {by}."})
    return happened
