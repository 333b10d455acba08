"""The models' validation errors, said in the terms of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from pydantic_core import ErrorDetails

from burstsim.errors import did_you_mean
from burstsim.scenario.faults import Fault
from burstsim.scenario.gifts import COUNT_MODES
from burstsim.scenario.keys import keys_at, real_path, shapes, shapes_with
from burstsim.scenario.paths import KeyPath, shorten

__all__ = ["explain", "rule_of"]

_RULES = {
    "greater_than": "must be greater than {gt}",
    "greater_than_equal": "must be at least {ge}",
    "less_than": "must be less than {lt}",
    "less_than_equal": "must be at most {le}",
    "finite_number": "must be a finite number",
    "int_parsing": "must be a whole number",
    "int_parsing_size": "must be a whole number of ordinary size",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_parsing": "must be a number",
    "float_type": "must be a number",
    "string_type": "must be text",
    "dict_type": "must be a section of names, each with its value",
    "list_type": "must be a list in square brackets",
    "model_type": "must be a section with keys",
    "model_attributes_type": "must be a section with keys",
    "union_tag_not_found": "must be a section with keys",
    "bool_parsing": "must be true or false",
    "bool_type": "must be true or false",
}
_PLURALS = {"entry": "entries", "character": "characters"}


def explain(details: Iterable[ErrorDetails], data: dict[str, Any]) -> list[Fault]:
    """Say each validation error once, with the key at fault, the rule and a hint.

    Parameters
    ----------
    details
        What the models said about `data`.
    data
        The keys and values as read.
    """
    faults = [_explain(detail, data) for detail in details]
    meant = {fault.meant for fault in faults if fault.meant}
    # A key that is only misspelt is not missing as well.
    return [fault for fault in faults if fault.rule != "is required" or fault.path not in meant]


def _explain(detail: ErrorDetails, data: dict[str, Any]) -> Fault:
    path = real_path(detail["loc"], data)
    kind, context, given = detail["type"], detail.get("ctx", {}), detail["input"]
    if kind == "missing":
        return Fault(path, "is required")
    if kind == "extra_forbidden":
        return _unknown_key(path, given, data)
    if kind in ("union_tag_not_found", "union_tag_invalid") and isinstance(given, dict):
        key = str(context["discriminator"]).strip("'")
        listed = str(context.get("expected_tags", "")).replace("'", "").split(", ")
        known = shapes() if key == "shape" else listed if listed != [""] else list(COUNT_MODES)
        return _tagged((*path, key), given, known)
    hint = _hint_for_nothing(path, data) if given is None else ""
    if kind == "literal_error":
        return _choice(path, given, str(context["expected"]), hint)
    if kind == "value_error":
        rule, said = rule_of(detail)
        value = "" if isinstance(given, dict) else _shown(given)
        return Fault(path, rule, value, hint or said)
    if kind in ("too_short", "too_long"):
        rule = _length(kind, context, "character" if isinstance(given, str) else "entry")
        return Fault(path, rule, _shown(given) if given else "", hint)
    rule, _ = rule_of(detail)
    if kind == "string_type" and not isinstance(given, dict | list | None):
        hint = "put it in quotes"
    return Fault(path, rule, _shown(given), hint)


def rule_of(detail: ErrorDetails) -> tuple[str, str]:
    """Say which rule a plain value breaks, and what to do if that is known."""
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "value_error":
        rule, _, hint = str(context["error"]).partition("; ")
        return rule, hint
    rule = _RULES.get(kind, detail["msg"][:1].lower() + detail["msg"][1:])
    return rule.format(**{name: _number(limit) for name, limit in context.items()}), ""


def _unknown_key(path: KeyPath, given: object, data: dict[str, Any]) -> Fault:
    key, section = str(path[-1]), path[:-1]
    rule = "is not a key that is known here"
    known = keys_at(section, data)
    hint = did_you_mean(key, known)
    close = hint.split("'")[1] if hint else ""
    elsewhere = shapes_with(key) if len(path) == 3 and path[0] == "demand" else []
    if given is None and ":" in key:
        close, _, value = key.partition(":")
        hint = f'write a blank after the colon: "{close}: {value}"'
    elif given is None and (amount := _decimal_comma(path, data)):
        hint = amount
    elif elsewhere:
        return Fault(path, rule, hint=f"it goes with shape: {' or '.join(elsewhere)}")
    elif not hint and known:
        hint = "known keys: " + ", ".join(known)
    return Fault(path, rule, hint=hint, meant=(*section, close) if close else None)


def _tagged(path: KeyPath, given: dict[str, Any], known: list[str]) -> Fault:
    """Say of a section that its shape, or mode, is missing or not known."""
    tag = given.get(str(path[-1]))
    if tag is None:
        return Fault(path, "is required", hint=f"one of {', '.join(known)}")
    rule = f"must be one of {', '.join(known)}"
    return Fault(path, rule, _shown(tag), did_you_mean(str(tag), known))


def _choice(path: KeyPath, given: object, expected: str, hint: str) -> Fault:
    names = expected.replace("'", "").replace(" or ", ", ").split(", ")
    rule = f"must be {expected}".replace("'", "")
    if path == ("burstsim",):
        return Fault(path, rule, _shown(given), "the version of this file format, not of a program")
    return Fault(path, rule, _shown(given), hint or did_you_mean(str(given), names))


def _length(kind: str, context: dict[str, Any], what: str) -> str:
    most, least = context.get("max_length"), context.get("min_length")
    if kind == "too_short" and least == 1:
        return "must not be empty"
    limit, word = (least, "at least") if kind == "too_short" else (most, "at most")
    return f"must have {word} {limit} {what if limit == 1 else _PLURALS[what]}"


def _decimal_comma(path: KeyPath, data: dict[str, Any]) -> str:
    """Suspect a decimal comma where digits stand as a key after a number: {price: 9,90}."""
    here: Any = data
    for part in path[:-1]:
        here = here[part] if isinstance(here, dict) and part in here else None
    if not isinstance(here, dict) or not re.fullmatch("[0-9]+", str(path[-1])):
        return ""
    before = dict(zip(list(here)[1:], here.items(), strict=False)).get(path[-1])
    if before is None or isinstance(before[1], bool) or not isinstance(before[1], int):
        return ""
    whole = getattr(before[1], "text", before[1])
    return f"a comma begins the next key; with a decimal point: {before[0]}: {whole}.{path[-1]}"


def _hint_for_nothing(path: KeyPath, data: dict[str, Any]) -> str:
    """Say why a value may be missing after its key."""
    key = path[-1] if path else ""
    if isinstance(key, str) and ":" in key:
        name, _, value = key.partition(":")
        return f'write a blank after the colon: "{name}: {value}"'
    if amount := _decimal_comma(path, data):
        return amount
    return "nothing is written after its colon" if isinstance(key, str) else ""


def _number(value: object) -> str:
    """Write a limit as people do: 1,000,000 and not 1000000.0."""
    if isinstance(value, int | float) and not isinstance(value, bool) and value == int(value):
        return f"{int(value):,}"
    return str(value)


def _shown(value: object) -> str:
    """Show a value as written, on one line and not too long."""
    if isinstance(value, dict | list):
        flat = not any(isinstance(part, dict | list) for part in value)
        if isinstance(value, list) and flat and 0 < len(value) < 6:
            return shorten(f"[{', '.join(map(_shown, value))}]")
        entries = f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
        return f"a {'section' if isinstance(value, dict) else 'list'} of {entries}"
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return shorten(str(getattr(value, "text", value)) or '""')
