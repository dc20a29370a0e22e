"""The checks behind tools/tidy, one concern a file.

Read source.py and tree.py first: they turn a file into lines, masked text and a tree of brackets,
and everything else asks questions of those. Each check module has RULES, a table from a rule's name
to what should be written instead, and check(project), which yields findings.
"""
