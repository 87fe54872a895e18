"""
How long things take, and how much memory they need: `make bench`.

No test by its name: absolute times mean little on a shared machine. A section of rows is a module with a `SECTION`, as
`tests.bench.sections` says; another kind of row, such as pages under a web server, is another such module, named in
`tests.bench.__main__`.
"""
