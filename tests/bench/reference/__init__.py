"""
Two views that do the least that a page or a save could do, to compare the portal's with in the same run.

Only `tests.bench.settings` installs them: they are no part of the portal.
"""
