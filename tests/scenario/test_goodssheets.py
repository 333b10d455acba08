"""SKUs, kits, stock and carriers in spreadsheets are the same as in the scenario."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from burstsim.errors import Problem, ScenarioError
from burstsim.scenario.reader import loads
from burstsim.scenario.scenario import Scenario
from burstsim.scenario.variants import changed

SALE = """
burstsim: 1
horizon: 4h
catalog:
  skus: SKUS
  kits: KITS
demand: {d: {shape: steady, rate: 600/h, basket: {weights: {"0012": 1}}}}
warehouses:
  hub:
    stages: {pick: {zones: {fast: {workers: 9}, x: {workers: 9}}, work: {per_task: 20s}}}
    stock: STOCK
    carriers: CARRIERS
  far:
    stages: {pick: {workers: 9, work: {per_task: 20s}}}
"""

PLAIN = {
    "SKUS": """{"0012": {price: 129.00, margin: 60.5, category: make-up, brand: 光, owner: glow,
      zone: fast, extra_pick_time: 2s}, BAG: {}}""",
    "KITS": """{SET: {price: 299.00, work: 40s, needs: {"0012": 1, BAG: 2}},
      DUO: {needs: {"0012": 2}}}""",
    "STOCK": '{"0012": 700, BAG: 0}',
    "CARRIERS": """{sf: {share: 0.6, capacity: 900, pickups: ["10:00", "22:00"]},
      yto: {share: 0.4, pickups: ["18:00", "2026-01-01 23:00"]}}""",
}

Rows = list[list[str]]

TABLES: dict[str, Rows] = {
    "SKUS": [
        ["商品编码", "价格", "毛利", "品类", "品牌", "货主", "库区", "拣货加时"],
        ["0012", "129.00", "60.5", "make-up", "光", "glow", "fast", "2s"],
        ["BAG", "", "", "", "", "", "", ""],
    ],
    "KITS": [
        ["组合编码", "子件编码", "数量", "价格", "组装工时"],
        ["SET", "0012", "1", "299.00", ""],
        ["DUO", "0012", "2", "", ""],
        ["SET", "BAG", "2", "299.00", "40s"],
    ],
    "STOCK": [
        ["仓库", "商品编码", "库存"],
        ["far", "0012", "5"],
        ["hub", "0012", "300"],
        ["hub", "BAG", "0"],
        ["hub", "0012", "400"],
    ],
    "CARRIERS": [
        ["仓库", "快递", "揽收时间", "运力", "占比"],
        ["hub", "sf", "10:00", "900", "0.6"],
        ["hub", "yto", "18:00；2026-01-01 23:00", "", "0.4"],
        ["far", "ems", "09:00", "", "1"],
        ["hub", "sf", "22:00", "", ""],
    ],
}


def sale(**parts: str) -> str:
    text = SALE
    for name, part in (PLAIN | parts).items():
        text = text.replace(f": {name}\n", f": {part}\n")
    return text


def said(scenario: Scenario) -> dict[str, Any]:
    """All of it but the warnings, which name lines of the file."""
    return scenario.model_dump(mode="json")


def write(path: Path, rows: Rows, encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)


def problems(folder: Path, **parts: str) -> list[Problem]:
    with pytest.raises(ScenarioError) as caught:
        loads(sale(**parts), folder=folder)
    return list(caught.value.problems)


def from_table(folder: Path, part: str, rows: Rows, beside: str = "") -> Scenario:
    write(folder / "t.csv", rows)
    return loads(sale(**{part: f"{{file: t.csv{beside}}}"}), folder=folder)


def wrong(folder: Path, part: str, rows: Rows) -> list[Problem]:
    write(folder / "t.csv", rows)
    return problems(folder, **{part: "{file: t.csv}"})


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_tables_are_the_same_scenario(encoding: str, tmp_path: Path) -> None:
    for part, rows in TABLES.items():
        write(tmp_path / f"{part}.csv", rows, encoding)
    files = {part: f"{{file: {part}.csv}}" for part in TABLES}
    found, plain = loads(sale(**files), folder=tmp_path), loads(sale())
    assert said(found) == said(plain)
    assert found.digest() == plain.digest()
    assert list(found.catalog.skus) == ["0012", "BAG"]


def test_one_workbook_has_them_all(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "all.xlsx") as book:
        for part, rows in TABLES.items():
            tab: Any = book.add_worksheet(part.lower())
            for at, row in enumerate(rows):
                for column, cell in enumerate(row):
                    number = rows[0][column] in ("库存", "数量", "运力", "占比", "毛利") and at
                    tab.write(at, column, float(cell) if number and cell else cell)
    files = {part: f"{{file: all.xlsx, sheet: {part.lower()}}}" for part in TABLES}
    assert said(loads(sale(**files), folder=tmp_path)) == said(loads(sale()))


def test_columns_may_be_called_anything(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", [["Artikel", "Bestand"], ["0012", "700"], ["BAG", "0"]])
    named = "{file: t.csv, columns: {sku: Artikel, quantity: Bestand}}"
    assert said(loads(sale(STOCK=named), folder=tmp_path)) == said(loads(sale()))


def test_what_stands_beside_the_file_is_laid_over_it(tmp_path: Path) -> None:
    found = from_table(tmp_path, "SKUS", TABLES["SKUS"], ', "0012": {price: 5}, NEW: {}')
    sku = found.catalog.skus["0012"]
    assert (sku.price, sku.brand, list(found.catalog.skus)) == (500, "光", ["0012", "BAG", "NEW"])
    beside = ", DUO: {work: 3s, needs: {'0012': {else: [BAG]}}}"
    kit = from_table(tmp_path, "KITS", TABLES["KITS"], beside).catalog.kits["DUO"]
    assert (kit.work, kit.needs["0012"].quantity, kit.needs["0012"].else_) == (
        3_000_000,
        2,
        ["BAG"],
    )
    assert from_table(tmp_path, "STOCK", TABLES["STOCK"], ", BAG: 8").warehouses["hub"].stock == {
        "0012": 700,
        "BAG": 8,
    }
    beside = ", sf: {capacity: 7, pickups: ['11:00']}"
    carrier = from_table(tmp_path, "CARRIERS", TABLES["CARRIERS"], beside).warehouses["hub"]
    assert (carrier.carriers["sf"].capacity, len(carrier.carriers["sf"].pickups)) == (7, 1)


def test_one_table_serves_all_warehouses(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", TABLES["STOCK"])
    text = sale(STOCK="{file: t.csv}") + "    stock: {file: t.csv}\n"
    houses = loads(text, folder=tmp_path).warehouses
    assert (houses["hub"].stock, houses["far"].stock) == ({"0012": 700, "BAG": 0}, {"0012": 5})


def test_a_carrier_may_take_regions(tmp_path: Path) -> None:
    rows = [["carrier", "pickup", "region"], ["ems", "09:00 21:00", "north；west"], ["x", "9h", ""]]
    found = from_table(tmp_path, "CARRIERS", rows, ", x: {share: 1}").warehouses["hub"].carriers
    assert (found["ems"].regions, len(found["ems"].pickups)) == (["north", "west"], 2)


def test_studies_and_overrides_vary_what_the_file_said(tmp_path: Path) -> None:
    found = from_table(tmp_path, "STOCK", TABLES["STOCK"])
    paths: dict[str, object] = {'warehouses.hub.stock."0012"': 40}
    text = sale(STOCK="{file: t.csv}")
    assert said(changed(found, paths)) == said(loads(text, folder=tmp_path, set=paths))
    assert said(changed(found, paths)) == said(loads(sale(STOCK='{"0012": 40, BAG: 0}')))


@pytest.mark.parametrize(
    ("part", "rows", "told"),
    [
        ("SKUS", [["sku", "price"], ["0012", "¥9"], ["1.2E+05", "1"]], [2, 3]),
        ("SKUS", [["sku", "zone"], ["0012", ""], ["BAG", ""], ["0012", "x"]], [4]),
        ("KITS", [["parent", "component"], ["S", "BAG"], ["S", "BAG"], ["S", ""]], [4]),
        ("KITS", [["parent", "component"], ["S", "BAG"], ["S", "BAG"]], [3]),
        (
            "KITS",
            [["parent", "component", "price"], ["S", "BAG", "1"], ["S", "0012", "2"]],
            [3],
        ),
        ("KITS", [["parent", "component", "quantity"], ["S", "BAG", "0"]], [2]),
        ("STOCK", [["sku", "quantity"], ["0012", "many"], ["BAG", "-1"]], [2, 3]),
        (
            "CARRIERS",
            [["carrier", "pickup", "share"], ["a", "8pm", "1"], ["b", "9h", "-1"]],
            [2, 3],
        ),
        ("CARRIERS", [["carrier", "pickup", "share"], ["a", "9:00", "1"], ["a", "9:00", ""]], [3]),
        ("CARRIERS", [["carrier", "pickup", "share"], ["a", "9:00", "1"], ["a", "8:00", "2"]], [3]),
    ],
)
def test_wrong_rows_are_all_told_with_their_lines(
    part: str, rows: Rows, told: list[int], tmp_path: Path
) -> None:
    found = wrong(tmp_path, part, rows)
    assert [problem.line for problem in found] == told
    assert {problem.file for problem in found} == {str(tmp_path / "t.csv")}
    assert all(problem.path.endswith(f"{part.lower()}.file") for problem in found)


@pytest.mark.parametrize(
    ("part", "rows", "path"),
    [
        ("STOCK", [["sku", "quantity"], ["0012", "1"], ["B", "1"]], "warehouses.hub.stock.B"),
        (
            "KITS",
            [["parent", "component"], ["S", "0012"], ["S", "B"]],
            "catalog.kits.S.needs.B",
        ),
        ("SKUS", [["sku", "zone"], ["0012", ""], ["SET", ""]], "catalog.kits.SET"),
        (
            "CARRIERS",
            [["carrier", "pickup", "share"], ["a", "9:00", "1"], ["b", "9:00", ""]],
            "warehouses.hub.carriers.b",
        ),
    ],
)
def test_what_does_not_fit_the_rest_is_told_where_it_stands(
    part: str, rows: Rows, path: str, tmp_path: Path
) -> None:
    found = next(problem for problem in wrong(tmp_path, part, rows) if problem.path == path)
    if part == "SKUS":  # the kit of that name is at fault, and stands in the scenario
        assert found.file == "scenario"
    else:
        assert (found.file, found.line) == (str(tmp_path / "t.csv"), 3)


def test_what_the_scenario_says_beside_a_file_is_told_there(tmp_path: Path) -> None:
    write(tmp_path / "t.csv", TABLES["STOCK"])
    (found,) = problems(tmp_path, STOCK="{file: t.csv, X: 4}")
    assert (found.file, found.path) == ("scenario", "warehouses.hub.stock.X")


@pytest.mark.parametrize("part", list(TABLES))
def test_a_table_that_cannot_be_read_hides_no_other_fault(part: str, tmp_path: Path) -> None:
    """And brings about none: nothing is missed that may stand in it."""
    write(tmp_path / "in.csv", TABLES[part])
    (tmp_path / "in").mkdir()
    (found,) = problems(tmp_path / "in", **{part: "{file: ../in.csv}"})
    assert "folder of the scenario" in found.rule
    (found,) = problems(tmp_path, **{part: "{file: not-there.csv}"})
    assert found.path.endswith(f"{part.lower()}.file")
    text = sale(**{part: "{file: not-there.csv}"}).replace("horizon: 4h", "horizon: 4")
    with pytest.raises(ScenarioError) as caught:
        loads(text, folder=tmp_path)
    first, second = (problem.path for problem in caught.value.problems)
    assert {first, second} == {"horizon", found.path}


def test_stock_of_another_warehouse_only(tmp_path: Path) -> None:
    rows = [["warehouse", "sku", "quantity"], ["far", "0012", "1"]]
    (found,) = wrong(tmp_path, "STOCK", rows)
    assert found.rule == "has no row of the warehouse hub"


@pytest.mark.parametrize(
    "path", ['catalog.skus."0012".price', "warehouses.hub.carriers.sf.capacity"]
)
def test_an_override_into_a_table_is_laid_over_it(path: str, tmp_path: Path) -> None:
    part = path.split(".")[-3].upper()
    write(tmp_path / "t.csv", TABLES[part])
    found = loads(sale(**{part: "{file: t.csv}"}), folder=tmp_path, set={path: 11})
    if part == "SKUS":
        assert found.catalog.skus["0012"].price == 1100
    else:
        assert found.warehouses["hub"].carriers["sf"].capacity == 11


def test_a_sku_may_be_called_file() -> None:
    found = loads(sale(SKUS='{"0012": {}, BAG: {}, file: {price: 3}}', STOCK="{file: 5}"))
    assert found.catalog.skus["file"].price == 300
    assert found.warehouses["hub"].stock == {"file": 5}


PIECES = st.lists(st.tuples(st.sampled_from(["0012", "BAG"]), st.integers(0, 10**6)), min_size=1)


@settings(max_examples=20, deadline=None)
@given(PIECES)
def test_stock_in_several_places_adds_up(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[tuple[str, int]]
) -> None:
    folder = tmp_path_factory.mktemp("stock")
    rows = [["sku", "quantity"], *([sku, str(count)] for sku, count in pieces)]
    stock = from_table(folder, "STOCK", rows).warehouses["hub"].stock
    assert stock == {name: sum(count for sku, count in pieces if sku == name) for name, _ in pieces}
