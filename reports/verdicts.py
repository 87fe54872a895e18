"""What a readiness pathway says, in words; pure. `pathway` is one of the document's `improvement.pathways`."""

from datetime import date, datetime

from frameworks.wording import counted, listed

VERDICTS = {
    "READY": "ready",
    "READY_WITH_CONDITIONS": "ready with conditions",
    "NOT_READY": "not ready",
}
OUTCOMES = {"pass": "Passes", "fail": "Fails", "cannot_tell": "Cannot tell"}


def heading(pathway):
    """Return the verdict as a heading, such as "Full delegation: not ready"."""
    return f"{pathway['name']}: {VERDICTS[pathway['verdict']]}"


def sentence(pathway, actions):
    """
    Say how many gates pass and what becomes of the others; `actions` maps identifiers to actions, due on a `date`.

    Such as "5 of 8 gates fail, 3 of them foundational." A gate that cannot be told counts as failing.
    """
    gates, open_gates = pathway["gates"], failing(pathway)
    if not open_gates:
        return f"All {len(gates)} gates pass." if len(gates) > 1 else "Its only gate passes."
    if pathway["verdict"] == "READY_WITH_CONDITIONS":
        days = [actions[key]["due_on"] for gate in open_gates for key in gate["actions"]]
        has = "the one that fails has an action" if len(open_gates) == 1 else "each that fails has an action"
        due = "due" if len(days) == 1 else "the last of them due"
        return f"{len(gates) - len(open_gates)} of {len(gates)} gates pass; {has}, {due} {_in_words(max(days))}."
    foundational = sum(gate["foundational"] for gate in open_gates)
    unknown = [gate["code"] for gate in open_gates if gate["status"] == "cannot_tell"]
    if len(open_gates) == 1:
        of_them = ", and it is foundational" if foundational else ", and it has no action with an owner and a date"
    elif foundational:
        of_them = f", {foundational} of them foundational"
    else:
        of_them = ", none of them foundational, but not all have an action"
    tail = f" {listed(unknown)} cannot be told." if unknown else ""
    fail = "fails" if len(open_gates) == 1 else "fail"
    return f"{len(open_gates)} of {counted(len(gates), 'gate', 'gates')} {fail}{of_them}.{tail}"


def planned(pathway, said, *, on):
    """
    Return the day that is planned for a pathway, as a page shows it on a day; None where none is.

    `said` is the document's. It is late once the day has passed and the place is not ready. `sentence` says all that.
    """
    if said is None:
        return None
    day = date.fromisoformat(said["planned_on"])
    is_late = day < on and pathway["verdict"] != "READY"
    history = [
        entry | {"day": date.fromisoformat(entry["planned_on"]), "at": datetime.fromisoformat(entry["set_at"])}
        for entry in said["history"]
    ]
    told = f"Planned for {_in_words(day)}"
    if len(history) > 1:
        told += f", at first for {_in_words(history[0]['day'])}"
    return {"day": day, "is_late": is_late, "is_over": day < on, "history": history, "sentence": f"{told}."}


def prospect(pathway, section):
    """
    Say what becomes of a pathway once the open actions are done; `section` is the document's `improvement`.

    "" where that changes nothing, or the content was sealed before it told such things. A gate whose action names no
    level is taken to pass, and the sentence says so.
    """
    if "projected" not in section:
        return ""
    then = section["projected"]["pathways"][pathway["code"]]
    left = len(then["failing"])
    if left == len(failing(pathway)):
        return ""
    gates = len(pathway["gates"])
    told = f"Once its actions are done: {VERDICTS[then['verdict']]}"
    told += f", {left} of {counted(gates, 'gate', 'gates')} {'fails' if left == 1 else 'fail'}" if left else ""
    if then["promised"]:
        told += f", if {listed(then['promised'])} {'passes' if len(then['promised']) == 1 else 'pass'} as promised"
    return f"{told}."


def failing(pathway):
    """Return the gates that do not pass, in the framework's order."""
    return [gate for gate in pathway["gates"] if gate["status"] != "pass"]


def _in_words(day):
    return f"{day.day} {day:%B %Y}"
