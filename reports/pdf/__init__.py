"""Make a tagged PDF of a report, in a process of its own."""
