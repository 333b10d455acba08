"""Files that are not where they may be, or no files at all."""

from __future__ import annotations

from pathlib import Path

from tests.hardening.corpus import BASE, TABLES, Broken, naming, pipe

__all__ = ["PLACES"]

_OUTSIDE = "order,sku,quantity,time\nSECRET,SECRET,1,2026-11-10 20:00\n"


def _named(name: str, kind: str = "log", options: str = "") -> dict[str, bytes]:
    return {"f.yaml": naming(kind, name, options).encode()}


def _secret(folder: Path) -> Path:
    """A file that lies outside, as /etc/passwd does."""
    (folder / "sale").mkdir(exist_ok=True)
    (folder / "secret.csv").write_text(_OUTSIDE)
    return folder / "secret.csv"


def _below(name: str, kind: str = "log", options: str = "") -> Broken:
    files = {"sale/f.yaml": naming(kind, name, options).encode()}
    return Broken(files, _secret, command=("check", "sale/f.yaml"))


def _linked(folder: Path) -> None:
    (folder / "sale" / "t.csv").symlink_to(_secret(folder))


def _linked_folder(folder: Path) -> None:
    _secret(folder)
    (folder / "sale" / "data").symlink_to(folder)


def _loop(folder: Path) -> None:
    (folder / "t.csv").symlink_to(folder / "t.csv")


def _dangling(folder: Path) -> None:
    (folder / "t.csv").symlink_to(folder / "nowhere.csv")


def _sparse(name: str, size: int) -> Broken:
    def prepare(folder: Path) -> None:
        with (folder / name).open("wb") as stream:
            stream.truncate(size)

    files = {} if name == "f.yaml" else _named(name)
    return Broken(files, prepare)


def _olist(folder: Path) -> None:
    """A profile that reads a second file beside the first, which leads elsewhere."""
    _secret(folder)
    (folder / "sale" / "olist_order_items_dataset.csv").write_text("order_id,product_id\n1,A\n")
    (folder / "sale" / "olist_orders_dataset.csv").symlink_to(folder / "secret.csv")


PLACES: dict[str, Broken] = {
    "no scenario": Broken(),
    "folder for a scenario": Broken(prepare=lambda folder: (folder / "f.yaml").mkdir()),
    "pipe for a scenario": Broken(prepare=pipe("f.yaml")),
    "device for a scenario": Broken(command=("check", "/dev/zero")),
    "empty device for a scenario": Broken(command=("check", "/dev/null")),
    "endless scenario": _sparse("f.yaml", 10 * 1024**3),
    "scenario in a loop": Broken(
        prepare=lambda folder: (folder / "f.yaml").symlink_to(folder / "f.yaml")
    ),
    "scenario below a file": Broken({"f.yaml": BASE.encode()}, command=("check", "f.yaml/x.yaml")),
    "scenario of a long name": Broken(command=("check", "x" * 5000)),
    "scenario of a name with a nul": Broken(command=("check", "a\0b")),
    "scenario of a name with an escape": Broken(command=("check", "\x1b[31m.yaml")),
    "table of a name with a nul": Broken(_named('"a\\0b"')),
    "table of a long name": Broken(_named("x" * 119 + "/" + "y" * 300)),
    "long path of a table": Broken(_named("/".join(["x"] * 50))),
    "password file": Broken(_named("/etc/passwd")),
    "environment": Broken(_named("/proc/self/environ")),
    "device": Broken(_named("/dev/zero")),
    "home": Broken(_named("~/t.csv")),
    "web address": Broken(_named('"http://127.0.0.1:9/t.csv"')),
    "file address": Broken(_named('"file:///etc/passwd"')),
    "share": Broken(_named('"\\\\\\\\host\\\\share\\\\t.csv"')),
    **{f"outside, {kind}": _below("../secret.csv", kind) for kind in TABLES},
    "outside by a detour": _below("./x/../../secret.csv"),
    "outside, a folder": _below("..", options=", profile: olist"),
    "link to the outside": Broken(_below("t.csv").files, _linked, ("check", "sale/f.yaml")),
    "folder that leads outside": Broken(
        _below("data/secret.csv").files, _linked_folder, ("check", "sale/f.yaml")
    ),
    "second file outside": Broken(
        _below("olist_order_items_dataset.csv", options=", profile: olist").files,
        _olist,
        ("check", "sale/f.yaml"),
    ),
    "link in a loop": Broken(_named("t.csv"), _loop),
    "link to nothing": Broken(_named("t.csv"), _dangling),
    **{f"missing, {kind}": Broken(_named("t.csv", kind)) for kind in TABLES},
    **{f"pipe, {kind}": Broken(_named("t.csv", kind), pipe("t.csv")) for kind in TABLES},
    "folder for a table": Broken(_named("t.csv"), lambda folder: (folder / "t.csv").mkdir()),
    "endless table": _sparse("t.csv", 600 * 1024**2),
    "endless parquet": _sparse("t.parquet", 600 * 1024**2),
    "endless spreadsheet": _sparse("t.xlsx", 600 * 1024**2),
    "folder for a parquet": Broken(_named("t.parquet"), lambda home: (home / "t.parquet").mkdir()),
    "folder for a spreadsheet": Broken(_named("t.xlsx"), lambda home: (home / "t.xlsx").mkdir()),
    "sheet of rules from a folder": Broken(
        _named("t.csv", "gifts"), lambda home: (home / "t.csv").mkdir()
    ),
    "open orders from a pipe": Broken(
        {"f.yaml": BASE.encode()}, pipe("p"), ("run", "f.yaml", "--from", "p")
    ),
}
