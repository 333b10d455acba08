"""Thresholds as JUnit XML, which build servers read."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from burstsim.report.folder import RunFolder

__all__ = ["junit_bytes"]

#: Letters that XML 1.0 does not allow, escaped or not.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def junit_bytes(run: RunFolder) -> bytes:
    """Write a test case for each threshold.

    One that fails is a failure, and so is one that cannot be told, of type INCONCLUSIVE: what is
    not shown to hold must not be green.
    """
    thresholds = run.summary["thresholds"]
    failed = sum(found["status"] != "PASS" for found in thresholds.values())
    suite = ElementTree.Element(
        "testsuite",
        name=_letters(run.name),
        tests=str(len(thresholds)),
        failures=str(failed),
        errors="0",
        skipped="0",
    )
    for name, found in thresholds.items():
        case = ElementTree.SubElement(
            suite, "testcase", classname=_letters(run.name), name=_letters(name)
        )
        status, expr = str(found["status"]), _letters(str(found["expr"]))
        said = f"{expr}: {status}, found {_said(found['estimate'])}"
        said += f" ({_said(found['low'])} to {_said(found['high'])})"
        if status != "PASS":
            failure = ElementTree.SubElement(case, "failure", type=status, message=said)
            failure.text = _letters(str(run.summary["sentence"]))
    ElementTree.indent(suite)
    written: bytes = ElementTree.tostring(suite, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _letters(text: str) -> str:
    return _NOT_XML.sub("�", text)


def _said(value: float | None) -> str:
    return "n/a" if value is None else f"{value:.6g}"
