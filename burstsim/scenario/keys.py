"""Which keys a section takes, found by walking the models."""

from __future__ import annotations

import types
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from burstsim.scenario.paths import KeyPath
from burstsim.scenario.scenario import Scenario

__all__ = ["keys_at", "real_path", "shapes", "shapes_with"]


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
    """Drop from a validation error's location what is no key: the shape and the mark of a key."""
    kind, here = _plain(Scenario), data
    path: list[int | str] = []
    for position, part in enumerate(location):
        if _is_union(kind):
            kind = _plain(_variant(kind, part, here))
            continue
        last = position == len(location) - 1
        if last and part == "[key]" and not (isinstance(here, dict) and part in here):
            continue
        if position and not isinstance(here, dict | list):
            break  # a plain value that stands for a section
        path.append(part)
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
    field = getattr(option, "model_fields", {}).get("shape")
    return get_args(field.annotation) if field and get_origin(field.annotation) is Literal else ()


def _variant(kind: Any, shape: Any, here: Any) -> Any:
    """Pick from a union: by its shape, or what is written as a section or as a list."""
    for option in get_args(kind):
        if _shapes(option):
            if shape in _shapes(option):
                return option
        elif bool(_keys(_plain(option))) == isinstance(here, dict):
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
    """Pick the variant of a section that its ``shape`` says, or how it is written."""
    return _plain(_variant(kind, _value_at(here, "shape"), here)) if _is_union(kind) else kind


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
