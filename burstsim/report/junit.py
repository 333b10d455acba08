"""Thresholds as JUnit XML, which build servers read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from xml.etree import ElementTree

from burstsim.report.folder import RunFolder

__all__ = ["junit_bytes", "suites_bytes"]

#: What a suite counts.
_COUNTS = ("tests", "failures", "errors", "skipped")

#: Letters that XML 1.0 does not allow, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_bytes(run: RunFolder) -> bytes:
    """Write a test case for each threshold.

    One that fails is a failure, and so is one that cannot be told, of type INCONCLUSIVE: what is
    not shown to hold must not be green.
    """
    return _written(_suite(run, run.name))


def suites_bytes(runs: Mapping[str, RunFolder], broken: Mapping[str, str]) -> bytes:
    """Write one file for several scenarios, a test suite for each.

    Parameters
    ----------
    runs
        Name of each suite → what its run left.
    broken
        Name → what kept a scenario from being run to its end: an error, since it must not be green.
    """
    suites = [_suite(run, name) for name, run in runs.items()]
    suites += [_broken(name, why) for name, why in broken.items()]
    every = ElementTree.Element("testsuites")
    for count in _COUNTS:
        every.set(count, str(sum(int(suite.attrib[count]) for suite in suites)))
    every.extend(suites)
    return _written(every)


def _suite(run: RunFolder, name: str) -> ElementTree.Element:
    thresholds = run.summary["thresholds"]
    failed = sum(found["status"] != "PASS" for found in thresholds.values())
    suite = _empty(name, tests=len(thresholds), failures=failed)
    for threshold, found in thresholds.items():
        case = _case(suite, name, threshold)
        status, expr = str(found["status"]), _letters(str(found["expr"]))
        said = f"{expr}: {status}, found {_said(found['estimate'])}"
        said += f" ({_said(found['low'])} to {_said(found['high'])})"
        if status != "PASS":
            failure = ElementTree.SubElement(case, "failure", type=status, message=said)
            failure.text = _letters(str(run.summary["sentence"]))
    return suite


def _broken(name: str, why: str) -> ElementTree.Element:
    suite = _empty(name, tests=1, errors=1)
    error = ElementTree.SubElement(_case(suite, name, "run"), "error", type="ERROR")
    error.set("message", _letters(why.partition("\n")[0]))
    error.text = _letters(why)
    return suite


def _empty(name: str, **counts: int) -> ElementTree.Element:
    found = {count: str(counts.get(count, 0)) for count in _COUNTS}
    return ElementTree.Element("testsuite", {"name": _letters(name), **found})


def _case(suite: ElementTree.Element, of: str, name: str) -> ElementTree.Element:
    return ElementTree.SubElement(suite, "testcase", classname=_letters(of), name=_letters(name))


def _written(root: ElementTree.Element) -> bytes:
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _letters(text: str) -> str:
    return _NOT_XML.sub("�", text)


def _said(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.6g}"
