"""Which keys a section takes, found by walking the models."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario

__all__ = ["keys_at", "real_path", "shapes", "shapes_with"]

#: Keys that say which of several sections one is.
_TAGS = ("shape", "mode", "what")


def keys_at(path: Sequence[str | int], data: Any) -> list[str]:
    """Keys that the section at `path` takes; none where it is no section of fixed keys.

    Examples
    --------
    >>> keys_at(("cancellations",), {})
    ['share', 'delay']
    """
    kind, here = _plain(Scenario), data
    for part in path:
        kind, here = _plain(_inside(_chosen(kind, here), part)), _value_at(here, part)
    return _keys(_chosen(kind, here))


def real_path(location: Sequence[int | str], data: Any) -> KeyPath:
    """Drop from a validation error's location what is no key of the file.

    That is the shape of a stream, the mark of a key, and what a plain value stands for where
    it is short for a section: ``needs: {A: 0}`` is at fault, not a quantity in it.
    """
    kind, here = _plain(Scenario), data
    path: list[int | str] = []
    plain = False
    for position, part in enumerate(location):
        if _is_union(kind):
            kind = _plain(_variant(kind, part, here))
            continue
        last = position == len(location) - 1
        if last and part == "[key]" and not (isinstance(here, dict) and part in here):
            continue
        if plain:
            break
        path.append(part)
        written = isinstance(here, dict) and part in here
        plain = written and not isinstance(_value_at(here, part), dict | list)
        kind, here = _plain(_inside(kind, part)), _value_at(here, part)
    return tuple(path)


def shapes() -> list[str]:
    """Every shape of a demand stream."""
    return [shape for option in _streams() for shape in _shapes(option)]


def shapes_with(key: str) -> list[str]:
    """Shapes whose streams take this key."""
    return [shape for option in _streams() if key in _keys(option) for shape in _shapes(option)]


def _streams() -> tuple[Any, ...]:
    return get_args(_plain(_inside(_inside(Scenario, "demand"), "*")))


def _keys(kind: Any) -> list[str]:
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return [field.alias or name for name, field in kind.model_fields.items()]
    return []


def _shapes(option: Any) -> tuple[str, ...]:
    fields = getattr(option, "model_fields", {})
    field = next((fields[tag] for tag in _TAGS if tag in fields), None)
    return get_args(field.annotation) if field and get_origin(field.annotation) is Literal else ()


def _variant(kind: Any, shape: Any, here: Any) -> Any:
    """Pick from a union: by its tag, or what is written as a section or as a list.

    A section that names a file may stand for a map of sections.
    """
    options = [_plain(option) for option in get_args(kind)]
    is_map = any(get_origin(option) is dict for option in options)
    named = isinstance(here, dict) and not isinstance(here.get("file", {}), dict)
    for option in options:
        if _shapes(option):
            if shape in _shapes(option):
                return option
        elif get_origin(option) is dict:
            if isinstance(here, dict) and not named:
                return option
        elif bool(_keys(option)) == (named if is_map else isinstance(here, dict)):
            return option
    return None


def _value_at(here: Any, part: str | int) -> Any:
    if isinstance(here, dict):
        return here.get(part)
    if isinstance(here, list) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _is_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, types.UnionType)


def _chosen(kind: Any, here: Any) -> Any:
    """Pick the variant of a section that its shape or mode says, or how it is written."""
    if not _is_union(kind):
        return kind
    written = (_value_at(here, tag) for tag in _TAGS)
    return _plain(_variant(kind, next(filter(None, written), None), here))


def _plain(kind: Any) -> Any:
    """Strip Annotated and Optional."""
    while True:
        if get_origin(kind) is Annotated:
            kind = get_args(kind)[0]
        elif _is_union(kind) and type(None) in get_args(kind):
            kind = next(part for part in get_args(kind) if part is not type(None))
        else:
            return kind


def _inside(kind: Any, part: int | str) -> Any:
    """Type of what stands under `part` in a value of this type; None when it has no parts."""
    kind = _plain(kind)
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        for name, field in kind.model_fields.items():
            if part == (field.alias or name):
                return field.annotation
        return None
    arguments = get_args(kind)
    return arguments[-1] if arguments else None
