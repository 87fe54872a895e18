"""What fields of several records have alike."""

from frameworks.kinds import Choice, Code, Field, Number, Text, Whole

SLUG = "[a-z0-9]+(-[a-z0-9]+)*"
CODE = "[A-Za-z0-9]+([._-][A-Za-z0-9]+)*"
LANGUAGE = "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
# Names are headings: they stand in columns of the database and of tables.
NAME = Text(200)
RANK = Whole(0, 6)
# What a node may be about, where a chapter of the report gathers that.
TOPICS = ("community",)

NOT_APPLICABLE = Choice(("redistribute", "leave_out"))
WEIGHT = Field("weight", Number(), "How much it counts beside its neighbours; 1 if left out, and 0 leaves it out.")
CLASS = Field("class", Code(), "The code of its class, where a rule table asks by class.")
OF_LEVEL = Field("of_level", RANK, "The level that it belongs to, where a cumulative gate asks level by level.")
