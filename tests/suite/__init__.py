"""Programs that go wrong, and healthy ones that look like them; `manifest.toml` says what is true of each.

A case is a function of a family's file: a task without arguments, or with `main = true` in the manifest a `main(view)`.
`# where: NAME` marks the line that evidence must lead to.
"""
