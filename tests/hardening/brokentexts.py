"""Scenario files that are broken: their bytes, their YAML, their values."""

from __future__ import annotations

from tests.hardening.corpus import BASE, Broken, changed, raw

__all__ = ["TEXTS"]

_DEEP = "x: " + "[" * 200 + "]" * 200 + "\n"
_BOMB = "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}' if n else 'lol'] * 9)}]\n" for n in range(9)
)
_PRICE = "A: {price: 5.00}"
_S = "s: {shape: steady, rate: 60/h, basket: {weights: {A: 1, K: 1}}}"

BYTES: dict[str, Broken] = {
    "empty": raw(b""),
    "only blanks": raw(b"  \n\n"),
    "only a comment": raw("# nothing\n"),
    "only a mark": raw(b"\xef\xbb\xbf"),
    "utf-16": raw(BASE.encode("utf-16")),
    "utf-16 without a mark": raw(BASE.encode("utf-16-le")),
    "utf-32": raw(BASE.encode("utf-32")),
    "gb18030": raw(BASE.replace("A:", "口红:").encode("gb18030")),
    "latin-1": raw(BASE.replace("hub", "dépôt").encode("latin-1")),
    "mark in the middle": changed(("horizon", "\ufeffhorizon")),
    "binary": raw(bytes(range(256)) * 4),
    "archive": raw(b"PK\x03\x04" + b"\0" * 30),
    "picture": raw(b"\x89PNG\r\n\x1a\n" + b"\0" * 20),
    "pickle": raw(b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00}\x94."),
    "too large": raw(BASE.encode() + b"#" * (2 * 1024 * 1024)),
    "one long line": raw("x: " + "a" * 1_900_000 + "\n"),
    "long key": raw("a" * 1_000_000 + ": 1\n"),
    "tag without end": raw("x: " + "!" * 100_000),
    "anchor without end": raw("x: &" + "a" * 100_000 + " 1\n"),
    "nul": raw(BASE.encode().replace(b"8h", b"8\0h")),
    "escape": raw(BASE.encode().replace(b"8h", b"8\x1b[31mh")),
    "half a character": changed(("hub:", '"\\ud800":')),
    "cut off": raw(BASE[: BASE.index("A: 1, K")]),
    "windows lines, a fault": raw(BASE.replace("8h", "8 x").replace("\n", "\r\n")),
    "old mac lines": raw(BASE.replace("8h", "8 x").replace("\n", "\r")),
    "html": raw("<!DOCTYPE html><html><body>404</body></html>\n"),
    "json cut off": raw('{"burstsim": 1, "catalog": {'),
}

SYNTAX: dict[str, Broken] = {
    "list at the top": raw("- a\n- b\n"),
    "text at the top": raw("hello\n"),
    "number at the top": raw("5\n"),
    "tab": changed(("  hub", "\thub")),
    "no colon": changed(("horizon: 8h", "horizon 8h")),
    "open bracket": changed(("B: {price: 2.00}}", "B: {price: 2.00}")),
    "open quote": changed(('"2026-11-10 20:00"', '"2026-11-10 20:00')),
    "two documents": changed(more="---\nburstsim: 1\n"),
    "key twice": changed(("horizon: 8h", "horizon: 8h\nhorizon: 9h")),
    "SKU twice": changed((_PRICE, f"{_PRICE}, {_PRICE}")),
    "anchor": changed(("horizon: 8h", "horizon: &h 8h")),
    "alias": changed(("horizon: 8h", "horizon: &h 8h\ndrain: *h")),
    "alias bomb": raw(_BOMB),
    "alias of itself": raw("a: &a [*a]\n"),
    "merge key": changed((_PRICE, "A: {<<: {price: 5}}")),
    "tag that would run code": raw("x: !!python/object/apply:os.system ['id']\n"),
    "tag": changed(("horizon: 8h", "horizon: !!str 8h")),
    "binary tag": changed(("horizon: 8h", "horizon: !!binary aGVsbG8=")),
    "directive": raw("%YAML 9.9\n---\n" + BASE),
    "list as a key": changed(("horizon: 8h", "? [a, b]\n: 8h\nhorizon: 8h")),
    "no key": changed(("horizon: 8h", ": 8h")),
    "deep": raw(_DEEP),
    "deep maps": raw("x: " + "{a: " * 100 + "1" + "}" * 100 + "\n"),
    "deep blocks": raw("".join(" " * n + "a:\n" for n in range(60))),
    "the same thousands of times": raw("a: b\n" * 5_000),
    "spreadsheet code": changed(("{A: 1, K", "{1.2E+05: 1, A: 1, K")),
    "open escape": changed(("8h", '"8h\\q"')),
    "reserved sign": changed(("8h", "@8h")),
    "document end in the middle": changed(("horizon: 8h", "...\nhorizon: 8h")),
}

VALUES: dict[str, Broken] = {
    "no version": changed(("burstsim: 1\n", "")),
    "other version": changed(("burstsim: 1", "burstsim: 99")),
    "only a version": raw("burstsim: 1\n"),
    "unknown key": changed(("horizon", "horizn")),
    "unknown everywhere": changed(
        ("price: 5.00", "prise: 5.00"), ("workers", "worker"), ("rate", "rat")
    ),
    "list for a section": changed(("catalog:\n", "catalog: []\nx:\n")),
    "text for a section": changed((_S, "s: steady")),
    "nothing": changed((" 8h", "")),
    "duration without a unit": changed(("8h", "8")),
    "duration in words": changed(("8h", "eight hours")),
    "duration of another age": changed(("8h", "999999999999h")),
    "duration of thousands of digits": changed(("8h", "9" * 6000 + "h")),
    "duration of a part of a tick": changed(("8h", "0.00000000001s")),
    "negative duration": changed(("8h", "-8h")),
    "nan": changed(more="demand_scale: .nan\n"),
    "nan in a weight": changed(("A: 1, K", "A: .nan, K")),
    "infinity": changed(more="demand_scale: .inf\n"),
    "minus infinity": changed(more="demand_scale: -.inf\n"),
    "nan as text": changed(more="demand_scale: nan\n"),
    "beyond a float": changed(more="demand_scale: 1e999\n"),
    "many digits": changed(more=f"seed: {'9' * 400}\n"),
    "beyond 64 bits": changed(more="seed: 18446744073709551616\n"),
    "hex": changed(more="seed: 0x10\n"),
    "octal": changed(more="seed: 0o10\n"),
    "underscores": changed(more="seed: 1_000\n"),
    "sexagesimal": changed(more="seed: 1:30\n"),
    "yes": changed(more="seed: yes\n"),
    "wide digits": changed(more="seed: １２\n"),
    "fraction of a worker": changed(("workers: 5", "workers: 2.5")),
    "negative workers": changed(("workers: 5", "workers: -5")),
    "a million million workers": changed(("workers: 5", "workers: 1000000000000")),
    "negative price": changed(("5.00", "-5.00")),
    "price in a currency": changed(("5.00", "$5")),
    "price of parts of cents": changed(("5.00", "5.001")),
    "price in scientific": changed(("5.00", "1e20")),
    "rate without a unit": changed(("60/h", "60")),
    "rate of nothing": changed(("60/h", "/h")),
    "rate per fortnight": changed(("60/h", "60/fortnight")),
    "negative rate": changed(("60/h", "-60/h")),
    "endless rate": changed(("60/h", "1e400/h")),
    "moment that is none": changed(("2026-11-10", "2026-02-30")),
    "year beyond": changed(("2026-11-10", "99999-01-01")),
    "zone": changed(("20:00", "20:00+08:00")),
    "unknown shape": changed(("steady", "stead")),
    "unknown item": changed(("{A: 1, K: 1}", "{Z: 1}")),
    "unknown part of a kit": changed(("needs: {A: 1", "needs: {Q: 1")),
    "kit in itself": changed(("needs: {A: 1", "needs: {K: 1")),
    "cycle of kits": changed(("K: {needs", "L: {needs: {M: 1}}, M: {needs: {L: 1}}, K: {needs")),
    "kit called like a SKU": changed(("K: {needs", "A: {needs")),
    "weights of zero": changed(("A: 1, K: 1", "A: 0, K: 0")),
    "no weights": changed(("{A: 1, K: 1}", "{}")),
    "no demand": changed((_S, "{}")),
    "no stages": changed(("{stages: {pick: {workers: 5, work: {per_task: 60s}}}}", "{stages: {}}")),
    "stock of nothing known": changed(("{stages", "{stock: {Z: 5}, stages")),
    "negative stock": changed(("{stages", "{stock: {A: -5}, stages")),
    "share above one": changed(more="cancellations: {share: 1.5, delay: {mean: 1h, cv: 1}}\n"),
    "share as percent": changed(more="cancellations: {share: 50%, delay: {mean: 1h, cv: 1}}\n"),
    "unknown warehouse": changed(more="oms: {routing: {all: [hubb]}}\n"),
    "unknown stage": changed(
        ("{stages", '{shifts: {pak: {d: {from: "08:00", to: "20:00", workers: 1}}}, stages')
    ),
    "name of blanks": changed(("hub", '" "')),
    "name with a line end": changed(("hub", '"a\\nb"')),
    "name with an escape": changed(("hub", '"\\e[31mred"')),
    "name that turns around": changed(("hub", '"abc\\u202egpj.exe"')),
    "title with an escape": changed(more='name: "\\e]0;owned\\a"\n'),
    "name without end": changed(("hub", "h" * 5000)),
    "threshold that is code": changed(more="thresholds: {x: \"__import__('os').system('id')\"}\n"),
    "threshold of nothing": changed(more='thresholds: {x: ""}\n'),
    "threshold of no metric": changed(more="thresholds: {x: on_tme >= 0.9}\n"),
    "threshold without end": changed(more=f"thresholds: {{x: {'(' * 5000}}}\n"),
    "threshold with nan": changed(more="thresholds: {x: fill_rate >= nan}\n"),
    "condition that is code": changed(
        more="policies: {p: {when: 'eval(1) > 0', every: 5m, do: {stop_selling: A}}}\n"
    ),
    "faults everywhere": changed(
        ("8h", "8"), ("5.00", "x"), ("60/h", "60"), ("workers: 5", "workers: -1"), more="seed: x\n"
    ),
}

TEXTS = {**BYTES, **SYNTAX, **VALUES}
