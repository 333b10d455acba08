"""Options that are broken: they are parsed, and never evaluated."""

from __future__ import annotations

from tests.hardening.corpus import BASE, Broken

__all__ = ["WORDS"]

_FILES = {"f.yaml": BASE.encode()}


def _check(*options: str) -> Broken:
    return Broken(_FILES, command=("check", "f.yaml", *options))


def _set(text: str) -> Broken:
    return _check("--set", text)


def _run(*options: str) -> Broken:
    return Broken(_FILES, command=("run", "f.yaml", "--reps", "1", *options))


def _sweep(*options: str) -> Broken:
    return Broken(_FILES, command=("sweep", "f.yaml", *options))


WORDS: dict[str, Broken] = {
    "set without a value": _set("seed"),
    "set of nothing": _set("=5"),
    "set of code": _set("seed=__import__('os').getpid()"),
    "set of arithmetic": _set("seed=1+1"),
    "set of an unknown key": _set("sead=1"),
    "set of a key that goes nowhere": _set("seed.x=1"),
    "set of an attribute": _set("__class__.__init__=1"),
    "set of an item of a list": _set("demand.s.basket[0]=1"),
    "set with an open quote": _set('catalog.skus."A.price=1'),
    "set of a tag": _set("seed=!!python/name:os.system 1"),
    "set of an alias": _set("seed=*x"),
    "set of an anchor": _set("seed=&x 1"),
    "set of an open bracket": _set("demand.s.basket.weights={A: 1"),
    "set of a deep list": _set("demand.s.basket.weights=" + "[" * 5000),
    "set of nan": _set("demand_scale=.nan"),
    "set of infinity": _set("demand_scale=1e999"),
    "set of many digits": _set("seed=" + "9" * 10_000),
    "set of an escape": _set("demand.s.channel=\x1b[31m"),
    "set of a long path": _set(".".join(["a"] * 5000) + "=1"),
    "set of a comment": _set("seed=#5"),
    "set of two documents": _set("seed=1\n---\n2"),
    "set of a file that is not there": _set("gifts={file: nowhere.csv}"),
    "threshold that is code": _run("--threshold", "__import__('os').system('id') >= 0"),
    "threshold of a format": _run("--threshold", "{0.__class__} >= 1"),
    "threshold without end": _run("--threshold", "on_time >= " + "9" * 10_000),
    "threshold of brackets": _run("--threshold", "p95(" * 100),
    "threshold of an escape": _run("--threshold", "\x1b[2Jon_time >= 1"),
    "vary without values": _sweep("--vary", "seed"),
    "vary of code": _sweep("--vary", "seed=__import__('os')"),
    "vary of an endless range": _sweep("--vary", "demand_scale=1..1e18:1e-9"),
    "vary of nan": _sweep("--vary", "demand_scale=.nan,.inf"),
    "vary of an unknown key": _sweep("--vary", "demand_scal=1,2"),
    "from a file that is not there": _run("--from", "nowhere.csv"),
    "at no moment": _run("--at", "teatime"),
}
