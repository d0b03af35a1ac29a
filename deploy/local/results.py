#!/usr/bin/env python3
"""Reads the results of a test program (JUnit's XML) and prints a line for each test: passed, failed or skipped, a tab, and its name."""
import sys
import xml.etree.ElementTree as tree

for case in tree.parse(sys.argv[1]).iter("testcase"):
    if case.find("failure") is not None or case.find("error") is not None:
        outcome = "failed"
    elif case.find("skipped") is not None:
        outcome = "skipped"
    else:
        outcome = "passed"
    print(outcome, f"{case.get('classname')}.{case.get('name')}", sep="\t")
