"""The tables that are read from an assessment's document, sealed or as of today: their columns. Pure."""

from reports.exports.columns import DAY, FLAG, NUMBER, TEXT, WHOLE, Sheet, column

LEVELS = Sheet(
    "levels",
    "A level of the framework, or an answer to the statements of a checklist",
    (
        column("scale", TEXT, "Empty for the framework's levels, else the key that items give as their scale"),
        column("rank", WHOLE, "The number by which items and results name it; higher is more"),
        column("name", TEXT, "Its name"),
        column("meaning", TEXT, "What it means"),
        column("demand", WHOLE, "The strength of evidence in date, 0 to 4, without which it is not supported"),
    ),
)
NODES = Sheet(
    "results",
    "A criterion, a domain, a tier between them, or the whole, with its results",
    (
        column("node", TEXT, "Its code; empty for the whole", "Node.code"),
        column("name", TEXT, "Its name", "Node.name"),
        column("tier", TEXT, "What the framework calls its tier", "Node.tier"),
        column("is_criterion", FLAG, "Whether items are written for it", "Node.is_criterion"),
        column("parent", TEXT, "The code of what it lies beneath", "Node.parent"),
        column("domain", TEXT, "The code of the domain it belongs to"),
        column("is_optional", FLAG, "Whether the framework calls it optional"),
        column("topic", TEXT, "What a criterion is about for the report: community, or empty"),
        column("claimed_status", TEXT, "level, incomplete, not_applicable, none_supported or no_level"),
        column("claimed_level", WHOLE, "The rank that follows from what the board agreed"),
        column("claimed_name", TEXT, "That level's name"),
        column("claimed_number", TEXT, "The number that the rule calculated, where it does"),
        column("claimed_sentence", TEXT, "How it came about"),
        column("supported_status", TEXT, "The same, as far as evidence in date supports it"),
        column("supported_level", WHOLE, "The rank that evidence supports"),
        column("supported_name", TEXT, "That level's name"),
        column("supported_number", TEXT, "The number that the rule calculated, where it does"),
        column("supported_sentence", TEXT, "How it came about"),
        column("reviewed_judgement", TEXT, "What the reviewers said, as far as the reader sees the review"),
        column("reviewed_level", WHOLE, "The rank that they set"),
        column("reviewed_name", TEXT, "That level's name"),
        column("in_date", WHOLE, "Items beneath it with evidence in date"),
        column("applicable", WHOLE, "Items beneath it that apply"),
        column("split", TEXT, "Its items on which the scores were split, with commas between"),
        column("previous_level", WHOLE, "The claimed rank of the place's last signed round, where it compares"),
        column("previous_changed", TEXT, "Why the level of that round does not compare"),
        column("target_level", WHOLE, "The rank that the place set as its target, or else an open action was to reach"),
        column("projected_level", WHOLE, "The rank that evidence would support once open actions are done, if higher"),
    ),
)
COVERAGE = Sheet(
    "coverage",
    "The evidence of a criterion's items",
    (
        column("criterion", TEXT, "The criterion's code"),
        column("name", TEXT, "Its name"),
        column("in_date", WHOLE, "Items with evidence in date"),
        column("out_of_date", WHOLE, "Items that cite evidence of which none counts any more"),
        column("without", WHOLE, "Items that cite none"),
        column("applicable", WHOLE, "Items that apply"),
    ),
)
ITEMS = Sheet(
    "items",
    "A numbered statement that the place makes, or a checklist's statement that it answers",
    (
        column("item", TEXT, "Its identifier", "EvidenceItem.public_id"),
        column("label", TEXT, "Criterion and number, such as DD1.4"),
        column("criterion", TEXT, "The criterion's code", "EvidenceItem.criterion"),
        column("number", WHOLE, "Its number within the criterion", "EvidenceItem.number"),
        column("statement", TEXT, "What it says", "EvidenceItem.statement"),
        column("statement_code", TEXT, "The checklist's code for it", "EvidenceItem.statement_code"),
        column("statement_class", TEXT, "The class of the checklist's statement"),
        column("is_adverse", FLAG, "Whether the checklist's statement is better not true"),
        column("account", TEXT, "What the place does about a checklist's statement", "EvidenceItem.account"),
        column("lineage", TEXT, "The same for the same item in every round", "EvidenceItem.lineage"),
        column("scale", TEXT, "The scale it is rated on; empty for the framework's levels"),
        column("judgement", TEXT, "LEVEL, NOT_APPLICABLE, or empty while nothing is agreed", "Agreement.judgement"),
        column("level", WHOLE, "The rank that the board agreed", "Agreement.level"),
        column("level_name", TEXT, "Its name"),
        column("rationale", TEXT, "Why", "Agreement.reason"),
        column(
            "undisputed", FLAG, "Whether it was accepted with all others that nobody disputed", "Agreement.undisputed"
        ),
        column("is_decided", FLAG, "Whether no answer to it could change the level any more"),
        column("supported_level", WHOLE, "The rank that evidence in date supports"),
        column("strength", WHOLE, "The strength of its best evidence in date, 0 to 4"),
        column("scores", WHOLE, "How many members gave a level"),
        column("cannot_judge", WHOLE, "How many could not judge"),
        column("not_applicable", WHOLE, "How many held it not to apply"),
        column("lower_median", WHOLE, "The lower median of the members' ranks"),
        column("minimum", WHOLE, "The lowest"),
        column("maximum", WHOLE, "The highest"),
        column("consensus", NUMBER, "Tastle and Wierman's consensus, from 0 to 1"),
        column("is_split", FLAG, "Whether the scores were split; empty where too few were given to say"),
        column("spread", TEXT, "How the scores lie, in a sentence"),
    ),
)
COUNTS = Sheet(
    "counts",
    "How many members gave a level to an item",
    (
        column("item", TEXT, "The item's identifier"),
        column("label", TEXT, "Criterion and number"),
        column("rank", WHOLE, "The level"),
        column("name", TEXT, "The level's name"),
        column("scores", WHOLE, "How many gave it"),
    ),
)
DISSENTS = Sheet(
    "dissents",
    "A recorded dissent from an agreed level",
    (
        column("item", TEXT, "The item's identifier", "Dissent.agreement"),
        column("label", TEXT, "Criterion and number"),
        column("text", TEXT, "What it says", "Dissent.text"),
        column("organisation", TEXT, "Whose; empty where the member chose not to be named", "Dissent.membership"),
        column("is_withdrawn", FLAG, "Whether it was withdrawn since", "DissentWithdrawal.dissent"),
    ),
)
ARTEFACTS = Sheet(
    "artefacts",
    "An artefact that is cited; of one for the board only, that there is one and how strong it is",
    (
        column("artefact", TEXT, "Its identifier", "Artefact.public_id"),
        column("title", TEXT, "Its title", "Artefact.title"),
        column("kind", TEXT, "What it is", "Artefact.kind"),
        column("owner", TEXT, "The organisation that owns it", "Artefact.owner"),
        column("url", TEXT, "Where it is held, where that is a link", "Artefact.url"),
        column("file_name", TEXT, "The name of its file", "Artefact.file_name"),
        column("sha256", TEXT, "The hash of its file", "Artefact.file", "StoredFile.sha256"),
        column("note", TEXT, "What the register notes", "Artefact.note"),
        column("dated_on", DAY, "Its date, where one is stated", "Artefact.dated_on"),
        column("review_by", DAY, "From when it counts as out of date", "Artefact.review_by"),
        column("sensitivity", TEXT, "For whom it is", "Artefact.sensitivity"),
        column(
            "strength",
            WHOLE,
            "0 none or out of date to 4 independent assurance; empty until proposed",
            "Artefact.strength",
        ),
        column("in_date", FLAG, "Whether it counted as evidence on the day", "Artefact.ended_on"),
    ),
)
CITATIONS = Sheet(
    "citations",
    "An artefact cited for an item",
    (
        column("item", TEXT, "The item's identifier", "ArtefactLink.item"),
        column("label", TEXT, "Criterion and number"),
        column("artefact", TEXT, "The artefact's identifier", "ArtefactLink.artefact"),
        column("locator", TEXT, "The page or section, where known", "ArtefactLink.locator"),
    ),
)
PATHWAYS = Sheet(
    "pathways",
    "What a place may be ready for, and whether it is",
    (
        column("pathway", TEXT, "Its code"),
        column("name", TEXT, "Its name"),
        column("summary", TEXT, "What it is"),
        column("verdict", TEXT, "READY, READY_WITH_CONDITIONS or NOT_READY"),
        column("sentence", TEXT, "How many gates fail"),
    ),
)
GATES = Sheet(
    "gates",
    "A gate of a pathway, with what it came to",
    (
        column("pathway", TEXT, "The pathway's code"),
        column("gate", TEXT, "Its code"),
        column("name", TEXT, "Its name"),
        column("kind", TEXT, "What it looks at"),
        column("is_foundational", FLAG, "Whether no action can stand in for it"),
        column("status", TEXT, "pass, fail or cannot_tell"),
        column("value", TEXT, "What was found"),
        column("threshold", TEXT, "What is asked"),
        column("node", TEXT, "The code of the node that it looks at"),
        column("sentence", TEXT, "How it turned out"),
        column("remedy", TEXT, "What would mend it"),
    ),
)
ACTIONS = Sheet(
    "actions",
    "An action as the content has it: as it stood on the day of sealing, or today where nothing is sealed",
    (
        column("action", TEXT, "Its identifier"),
        column("title", TEXT, "What is to be done"),
        column("owner", TEXT, "The organisation that undertakes it"),
        column("owner_name", TEXT, "The person or post responsible"),
        column("due_on", DAY, "By when"),
        column("criterion", TEXT, "The criterion that it is for"),
        column("pathway", TEXT, "Or the pathway"),
        column("gate", TEXT, "and the gate that it is for"),
        column("expected_level", WHOLE, "The rank that it is to reach"),
        column("status", TEXT, "OPEN or DONE"),
    ),
)
BOARD = Sheet(
    "board",
    "A role that somebody held on the partnership board",
    (
        column("name", TEXT, "The person"),
        column("role", TEXT, "The role"),
        column("organisation", TEXT, "For which organisation"),
    ),
)
PARTNERS = Sheet(
    "partners",
    "An organisation of the partnership",
    (
        column("organisation", TEXT, "Its name", "Partner.organisation", "Organisation.name"),
        column("sector", TEXT, "Its sector", "Organisation.sector"),
    ),
)
BODIES = Sheet(
    "bodies",
    "A body of the place's governance",
    (
        column("body", TEXT, "Its identifier", "Body.public_id"),
        column("name", TEXT, "Its name", "Body.name"),
        column("parent", TEXT, "The body above it", "Body.parent"),
        column("answers_to", TEXT, "To whom else it answers", "Body.answers_to_body", "Body.answers_to_organisation"),
        column("form", TEXT, "Its form", "Body.form"),
        column("chair", TEXT, "Its chair, by role and organisation or as a post", "Body.chair", "Body.chair_post"),
        column("purpose", TEXT, "What it is for", "Body.purpose"),
        column("starts_on", DAY, "Its first day, where one is stated", "Body.starts_on"),
        column("ends_on", DAY, "Its last day", "Body.ends_on"),
    ),
)
AGREEMENTS = Sheet(
    "partnership_agreements",
    "Something that partners agreed in writing",
    (
        column("agreement", TEXT, "Its identifier", "PartnershipAgreement.public_id"),
        column("title", TEXT, "Its title", "PartnershipAgreement.title"),
        column("kind", TEXT, "What it is", "PartnershipAgreement.kind"),
        column("status", TEXT, "Where it stands", "PartnershipAgreement.status"),
        column("starts_on", DAY, "Its first day, where one is stated", "PartnershipAgreement.starts_on"),
        column("ends_on", DAY, "Its last day", "PartnershipAgreement.ends_on"),
        column("review_by", DAY, "When it is to be reviewed", "PartnershipAgreement.review_by"),
        column("artefact", TEXT, "The artefact that holds it", "PartnershipAgreement.artefact"),
        column("held_at", TEXT, "Where it is held", "PartnershipAgreement.held_at"),
        column("note", TEXT, "What is noted of it", "PartnershipAgreement.note"),
    ),
)
PARTIES = Sheet(
    "agreement_parties",
    "An organisation that is party to such an agreement",
    (
        column("agreement", TEXT, "The agreement's identifier"),
        column("organisation", TEXT, "The party", "PartnershipAgreement.parties"),
    ),
)
MISSING = Sheet(
    "missing_signatures",
    "An organisation that was asked to sign and had not answered when the signing was closed",
    (column("organisation", TEXT, "Its name"),),
)

# Columns of the items of which there is nothing before the chair has closed scoring.
LEVELS_OF_ITEMS = frozenset(
    {"judgement", "level", "level_name", "rationale", "undisputed", "is_decided", "supported_level"}
)
