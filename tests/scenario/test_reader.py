from __future__ import annotations

from pathlib import Path

import pytest

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.reader import load, loads
from tests.scenario.good import GOOD, changed, line_of, problems_of, write_log

LIVE_WEIGHTS = "weights: {SET: 5, LIP-01: 3}"
SET_NEEDS = "{LIP-01: 1, CREAM-02: 2}"
RATES = "[[0s, 60/h], [22:00, 600/min]]"
BREAKS = '[["12:00", "12:30"]]'
PICK_WORK = "{per_task: 60s, per_unit: 2s, cv: 0.3}"


def shown(problems: list[Problem]) -> list[str]:
    return [str(problem) for problem in problems]


def test_the_good_text_is_valid(folder: Path) -> None:
    scenario = loads(GOOD, folder=folder)
    assert list(scenario.demand) == ["live", "shelf", "rush", "gift", "old"]
    assert scenario.catalog.skus["0012345"].price == 500
    assert scenario.end == 40 * 3600 * 1_000_000


# name: (old, new, path, words of the rule, words of the hint); one problem, on the line of `old`
BROKEN: dict[str, tuple[str, str, str, str, str]] = {
    "text for a number": ("seed: 7", "seed: x", "seed", "a whole number", ""),
    "sign": ("seed: 7", "seed: -1", "seed", "at least 0", ""),
    "language": ("seed: 7", "language: fr", "language", "must be one of en, zh", ""),
    "wide language": ("seed: 7", "language: 中文", "language", "one of en, zh", "did you mean zh?"),
    "large language": ("seed: 7", "language: ZH", "language", "one of en, zh", "did you mean zh?"),
    "fraction": ("seed: 7", "seed: 1.5", "seed", "a whole number", ""),
    "true for a number": ("seed: 7", "seed: true", "seed", "a whole number", ""),
    "quoted number": ("seed: 7", "seed: '7'", "seed", "a whole number", "write 7, without quotes"),
    "nothing": ("seed: 7", "seed:", "seed", "a whole number", "nothing is written"),
    "nan": ("seed: 7", "seed: .nan", "seed", "a finite number", ""),
    "huge whole": ("seed: 7", f"seed: {'9' * 30}", "seed", "less than 9,223,", ""),
    "huge float": ("seed: 7", "seed: 9e300", "seed", "ordinary size", ""),
    "beyond floats": ("seed: 7", "seed: 1e999", "seed", "too large", ""),
    "version": ("burstsim: 1", "burstsim: 2", "burstsim", "must be 1", "this file format"),
    "version true": ("burstsim: 1", "burstsim: true", "burstsim", "a whole number", ""),
    "key at the top": ("seed: 7", "sead: 7", "sead", "not a key", "did you mean 'seed'?"),
    "thousands": ("1.5\n", "1,500\n", "demand_scale", "a number", "write 1500"),
    "decimal comma": ("1.5\n", "1,5\n", "demand_scale", "a number", "write 1.5"),
    "percent": ("1.5\n", "150%\n", "demand_scale", "a number", "write a share: 1.5"),
    "too large": ("1.5\n", "1e9\n", "demand_scale", "at most 1,000,000", ""),
    "no unit": ("28h", "28", "horizon", "a duration", "did you mean 28s or 28h?"),
    "words": ("28h", "2 hours", "horizon", "a duration", "did you mean 2h?"),
    "Chinese words": ("28h", "28小时", "horizon", "a duration", "did you mean 28h?"),
    "negative span": ("28h", "-2h", "horizon", "must not be negative", ""),
    "no horizon": ("28h", "0s", "horizon", "greater than 0", ""),
    "endless": ("28h", "99999d", "horizon", "at most ten years", ""),
    "list for a span": ("28h", "[1, 2]", "horizon", "a duration", ""),
    "date alone": ("2026-11-10 20:00", "2026-11-10", "start", "a date with a time", ""),
    "number for a date": ("2026-11-10 20:00", "20261110", "start", "a date with a time", ""),
    "no such day": ("2026-11-10 20:00", "2026-11-31 20:00", "start", "a date that exists", ""),
    "no such hour": ("2026-11-10 20:00", "2026-11-10 25:00", "start", "a date with a time", ""),
    "zone": ("2026-11-10 20:00", "2026-11-10T20:00Z", "start", "without a zone", ""),
    "far away": ("2026-11-10 20:00", "9999-11-10 20:00", "start", "between the years", ""),
    "long name": ("Double 11", "D" * 300, "name", "at most 200 characters", ""),
    "currency": ("129.00", "¥129", "catalog.skus.LIP-01.price", "amount of money", "digits"),
    "comma in braces": ("129.00", "129,00", "catalog.skus.LIP-01.00", "not a key", "129.00"),
    "part of a cent": ("129.00", "0.001", "catalog.skus.LIP-01.price", "two decimals", ""),
    "key of a SKU": (
        "price: 129.00",
        "prise: 1",
        "catalog.skus.LIP-01.prise",
        "not a key",
        "price",
    ),
    "no section": ("{price: 129.00, category: make-up}", "5", "catalog.skus.LIP-01", "section", ""),
    "spreadsheet code": ("  skus:\n", "  skus:\n    1.2E+05: {}\n", "", "a code", "quote"),
    "no blank": (SET_NEEDS, "{LIP-01:1}", "catalog.kits.SET.needs.LIP-01:1", "number", "LIP-01: 1"),
    "no parts": (SET_NEEDS, "{}", "catalog.kits.SET.needs", "must not be empty", "in the kit"),
    "unknown part": (
        SET_NEEDS,
        "{LIP-1: 1}",
        "catalog.kits.SET.needs.LIP-1",
        "no item",
        "'LIP-01'",
    ),
    "no such count": (SET_NEEDS, "{LIP-01: 0}", "catalog.kits.SET.needs.LIP-01", "at least 1", ""),
    "in itself": (SET_NEEDS, "{SET: 1}", "catalog.kits.SET.needs.SET", "not contain itself", ""),
    "kit that is a SKU": ("    BOX", "    LIP-01: {needs: {SET: 1}}\n    BOX", "", "of a SKU", ""),
    "shape": ("shape: drop", "shape: dorp", "demand.live.shape", "one of steady", "'drop'"),
    "no shape": ("shape: drop", "shape:", "demand.live.shape", "is required", "one of steady"),
    "no stream": ("  rush:\n", "  rush: 5\n  x:\n", "demand.rush", "a section with keys", ""),
    "no clock": ("at: 20:00", "at: 20", "demand.live.at", "a moment", ""),
    "midnight": ("at: 20:00", "at: 24:00", "demand.live.at", "time of day", "00:00"),
    "wide colon": ("at: 20:00", "at: 20：00", "demand.live.at", "a moment", "20:00?"),
    "after horizon": ("at: 20:00", "at: 29h", "demand.live.at", "between start and", "1d5h after"),
    "before start": ("at: 20:00", "at: -1h", "demand.live.at", "between start and", "1h before"),
    "misspelt": (
        "orders: 600",
        "ordrs: 6",
        "demand.live.ordrs",
        "not a key",
        "did you mean 'orders'",
    ),
    "other shape's": ("rise: 30s", "rate: 5/h", "demand.live.rate", "not a key", "shape: steady"),
    "no half-life": ("half_life: 12m", "half_life: 0", "demand.live.half_life", "than 0", ""),
    "all zero": (LIVE_WEIGHTS, "weights: {SET: 0}", "demand.live.basket.weights", "above zero", ""),
    "no weights": (LIVE_WEIGHTS, "weights: {}", "demand.live.basket.weights", "at least one", ""),
    "negative": ("LIP-01: 3", "LIP-01: -3", "demand.live.basket.weights.LIP-01", "at least 0", ""),
    "no item": ("LIP-01: 3", "LIP-1: 3", "demand.live.basket.weights.LIP-1", "no item", "'LIP-01'"),
    "lines": ("{1: 0.7, 2: 0.3}", "{3: 1}", "demand.live.basket.lines", "more different items", ""),
    "line 0": ("{1: 0.7, 2: 0.3}", "{0: 1}", "demand.live.basket.lines.0", "at least 1", ""),
    "same": ("{1: 0.7, 2: 0.3}", "{1: 1, 01: 1}", "demand.live.basket.lines.01", "a whole", ""),
    "rate": ("120.25/h", "120", "demand.shelf.rate", "a rate", "did you mean 120/h?"),
    "negative rate": ("120.25/h", "-1/h", "demand.shelf.rate", "negative", ""),
    "order of rows": (RATES, "[[2h, 6/h], [0s, 6/h]]", "demand.rush.rates[1]", "above it", ""),
    "no rows": (RATES, "[]", "demand.rush.rates", "must not be empty", ""),
    "no pair": (RATES, "[[0s, 6/h, 5]]", "demand.rush.rates[0]", "a row of two", ""),
    "rate in a row": (RATES, "[[0s, 60]]", "demand.rush.rates[0]", "a rate", "60/h"),
    "nested row": (RATES, "[[0s, [1]]]", "demand.rush.rates[0]", "a row of a moment", ""),
    "negative crew": ("workers: 10", "workers: -1", "warehouses.main.stages.pick.workers", "0", ""),
    "worker": ("workers: 10", "worker: 10", "warehouses.main.stages.pick.worker", "key", "workers"),
    "nobody": ("workers: 10", "workers: 0", "warehouses.main.stages.pick", "nobody ever works", ""),
    "no time": (
        PICK_WORK,
        "{cv: 1}",
        "warehouses.main.stages.pick.work",
        "how long work takes",
        "",
    ),
    "two ways": ("per_unit: 2s", "uph: 5", "warehouses.main.stages.pick.work", "not both", ""),
    "dist": (
        "cv: 0.3",
        "dist: gama",
        "warehouses.main.stages.pick.work.dist",
        "lognormal",
        "'gamma'",
    ),
    "stage of a shift": (
        "pack:\n        d",
        "pak:\n        d",
        "warehouses.main.shifts.pak",
        "no stage",
        "pack",
    ),
    "too long": ("to: 20:00", "to: 3d", "warehouses.main.shifts.pack.day.to", "within a day", ""),
    "outside": ("12:30", "20:30", "warehouses.main.shifts.pack.day.breaks[0]", "its shift", ""),
    "an empty break": (
        *(BREAKS, "[[13:00, 13:00]]", "warehouses.main.shifts.pack.day.breaks[0]"),
        *("end after it begins", ""),
    ),
    "no break": (BREAKS, "[[12:00]]", "warehouses.main.shifts.pack.day.breaks[0]", "a pair", ""),
    "break": (BREAKS, "12:00", "warehouses.main.shifts.pack.day.breaks", "a list", ""),
    "channel": ("[live]", "[life]", "promises.live.where.channel[0]", "no channel", "'live'"),
    "no channel": ("[live]", "[]", "promises.live.where.channel", "must not be empty", ""),
    "met_at": ("packed", "pack", "promises.rest.met_at", "pickup or packed", "'packed'"),
    "no such file": ("orders.csv", "none.csv", "demand.old.file", "no such file", ""),
    "column": (
        "{order: number}",
        "{order: nr}",
        "demand.old.columns.order",
        "no column 'nr'",
        "has",
    ),
    "our column": (
        "{order: number}",
        "{ordr: number}",
        "demand.old.columns.ordr",
        "not a",
        "'order'",
    ),
    "no map": ("columns: {order: number}", "spread: 0s", "", "is named 'order'", "number"),
    "speed": ("speed: 60", "speed: 0", "demand.old.speed", "at least 0.001", ""),
    "twice": ("seed: 7", "seed: 7\nseed: 8", "seed", "written twice", ""),
    "section misspelt": ("warehouses:", "warehouse:", "warehouse", "not a key", "'warehouses'"),
    "catalogue misspelt": ("catalog:", "catlog:", "catlog", "not a key", "'catalog'"),
    "promises misspelt": ("promises:", "promisses:", "promisses", "not a key", "'promises'"),
    "channel misspelt": ("channel: live", "chanel: live", "demand.live.chanel", "not a key", "'c"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_fault_is_one_problem(name: str, folder: Path) -> None:
    old, new, path, rule, hint = BROKEN[name]
    found = problems_of(changed((old, new)), folder)
    assert len(found) == 1, shown(found)
    assert found[0].file == "f.yaml"
    if path:
        assert found[0].path == path
        assert found[0].line == line_of(old) + {"twice": 1, "nobody": -1}.get(name, 0)
    assert rule in found[0].rule
    assert hint in found[0].hint


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("on_time", "compare a metric with a limit"),
        ("on_time => 0.98", "write >= instead of =>"),
        ("on_time ≥ 0.98", "write >= instead of ≥"),
        ("on_time >= 98", "did you mean 98%?"),
        ("on_time >= nan", "ordinary size"),
        ("on_tme >= 0.98", "did you mean 'on_time'?"),
        ("order_to_ship <= 5h", "ask for p95(order_to_ship)"),
        ("p95(order_to_ship) <= 24", "24s or 24h?"),
        ("p95(time_in.pak) <= 24h", "'p95(time_in.pack)'"),
        ("nights(on_time >= 0.98)", "must read as nights"),
        ("nights(nights(on_time >= 0.98) >= 0.5) >= 0.9", "nights inside nights"),
        ("nights() >= 1", "compare a metric"),
        ("nights(" * 60, "must read as"),
        ("x" * 600, "at most 500 characters"),
        ("orders_placed >= 5h", "compare with a number"),
    ],
)
def test_malformed_thresholds(text: str, words: str, folder: Path) -> None:
    (found,) = problems_of(changed(("on_time >= 0.98", text)), folder)
    assert (found.path, found.line) == ("thresholds.time", line_of("on_time >= 0.98"))
    assert words in str(found)


def test_a_problem_reads_as_a_sentence(folder: Path) -> None:
    text = changed(("orders: 600", "orders: -5"), ("{LIP-01: 1, CREAM", "{LIP-01:1, CREAM"))
    assert shown(problems_of(text, folder)) == [
        f"f.yaml:{line_of('LIP-01:1', text)}: catalog.kits.SET.needs.LIP-01:1: must be a whole "
        'number, got nothing (write a blank after the colon: "LIP-01: 1")',
        f"f.yaml:{line_of('orders: -5', text)}: demand.live.orders: must be at least 0, got -5",
    ]


def test_all_faults_come_at_once_across_sections(folder: Path) -> None:
    text = changed(
        ("start: 2026", "start: 20x6"),
        ("horizon: 28h", "horizon: 5"),
        ("seed: 7", "seed: .nan"),
        ("price: 89.9", "price: x"),
        ("orders: 600", "orders: x"),
        ("basket: {weights: {CREAM-02: 1}, q", "basket: {weights: {CREAM: 1}, q"),
        ("file: orders.csv", "file: none.csv"),
        ("uph: 90", "uph: 0"),
        ("[live]", "[life]"),
        ("fast: p95(order_to", "fast: p95(ordr_to"),
    )
    # The replayed log is missing, so that nobody knows which channels it has.
    assert [problem.path for problem in problems_of(text, folder)] == [
        "start",
        "horizon",
        "seed",
        "catalog.skus.CREAM-02.price",
        "demand.live.orders",
        "demand.shelf.basket.weights.CREAM",
        "demand.old.file",
        "warehouses.main.stages.pack.work.uph",
        "thresholds.fast",
    ]


def test_a_misspelt_shape_hides_nothing_in_its_stream(folder: Path) -> None:
    text = changed(("shape: drop", "shape: dorp"), ("LIP-01: 3", "LIP-1: 3"), ("600\n", "-6\n"))
    assert [problem.path for problem in problems_of(text, folder)] == [
        "demand.live.shape",
        "demand.live.orders",
        "demand.live.basket.weights.LIP-1",
    ]


@pytest.mark.parametrize(
    ("old", "new", "paths"),
    [
        ("    LIP-01: {", "    LIP-02: 5\n    LIP-01: {", ["catalog.skus.LIP-02"]),
        ("    0012345: {price: 5", "    0012345: 5 #", ["catalog.skus.0012345"]),
        ("channel: live", "channel: []", ["demand.live.channel"]),
        ("  live: {where", "  live: 5 # {", ["promises.live"]),
        ("from: 08:00", "from: 8", ["warehouses.main.shifts.pack.day.from"]),
        ("work: {uph: 90, per: unit}", "work: 5", ["warehouses.main.stages.pack.work"]),
    ],
)
def test_what_follows_from_a_fault_is_not_told(
    old: str, new: str, paths: list[str], folder: Path
) -> None:
    assert [problem.path for problem in problems_of(changed((old, new)), folder)] == paths


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("burstsim: 1", ["horizon", "demand", "warehouses"]),
        ("{}", ["burstsim", "horizon", "demand", "warehouses"]),
        (
            "burstsim: 1\nhorizon: 1h\ndemand: 5\nwarehouses: []\ncatalog: x\n",
            ["demand", "warehouses", "catalog"],
        ),
        (
            "burstsim: 1\nhorizon: 1h\ndemand: {a: {shape: steady}}\nwarehouses: {a: {}}",
            ["demand.a.basket", "demand.a.rate", "warehouses.a"],
        ),
        ("[1]", [""]),
        ("", [""]),
    ],
)
def test_skeletons(text: str, paths: list[str], folder: Path) -> None:
    assert [problem.path for problem in problems_of(text, folder)] == paths


def test_what_yaml_allows_and_we_do_not_hides_nothing_else(folder: Path) -> None:
    text = changed(("orders: 600", "<<: {orders: 600}"), ("CREAM-02: 1}, q", "CREAM: 1}, q"))
    assert [problem.path for problem in problems_of(text, folder)] == [
        "demand.live.<<",
        "demand.shelf.basket.weights.CREAM",
    ]


def test_cells_of_a_log_are_named_with_their_stream(folder: Path) -> None:
    write_log(folder, "number,sku,quantity,time\n1,LIP-01,2,2026-11-10 20:00\n2,SET,x,soon\n")
    found = problems_of(GOOD, folder)
    assert [(Path(problem.file).name, problem.line, problem.path) for problem in found] == [
        ("orders.csv", 3, "demand.old.file"),
        ("orders.csv", 3, "demand.old.file"),
    ]
    assert "column 'time' must be a time" in found[0].rule
    assert "column 'quantity' must be a whole number" in found[1].rule


def test_a_log_with_unknown_skus(folder: Path) -> None:
    rows = "".join(f"{n},NEW-{n},1,2026-11-10 20:00\n" for n in range(8))
    write_log(folder, "number,sku,quantity,time\n" + rows)
    (found,) = problems_of(GOOD, folder)
    assert str(found) == (
        f"f.yaml:{line_of('file: orders.csv')}: demand.old.file: has SKUs that the catalogue "
        "lacks, got NEW-0, NEW-1, NEW-2, NEW-3, NEW-4 and 3 more "
        "(unknown: add puts them into the catalogue)"
    )
    loads(changed(("speed: 60", "unknown: add")), folder=folder)


def test_a_log_over_centuries_has_a_mistyped_date(folder: Path) -> None:
    write_log(folder, "number,sku,quantity,time\n1,SET,1,1900-01-01\n2,SET,1,2026-11-10\n")
    (found,) = problems_of(GOOD, folder)
    assert "more than ten years apart" in found.rule


def test_a_time_format_that_is_none(folder: Path) -> None:
    (found,) = problems_of(changed(("speed: 60", "time_format: '%Q'")), folder)
    assert (found.path, found.line) == ("demand.old.time_format", line_of("speed: 60"))


def test_load_names_the_file_and_looks_beside_it(folder: Path) -> None:
    path = folder / "sale.yaml"
    path.write_text(GOOD, encoding="utf-8")
    assert load(path, set={"seed": 8}).seed == 8
    path.write_text(changed(("seed: 7", "seed: x")), encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        load(str(path))
    assert str(caught.value).startswith(f"{path}:{line_of('seed: 7')}: seed: ")


def test_a_scenario_without_a_name_is_called_by_its_file(folder: Path) -> None:
    text = changed(("name: Double 11, live room 88\n", ""))
    (folder / "night.yaml").write_text(text, encoding="utf-8")
    assert load(folder / "night.yaml").name == "night"
    (folder / "night.yaml").write_text(GOOD, encoding="utf-8")
    assert load(folder / "night.yaml").name == "Double 11, live room 88"
