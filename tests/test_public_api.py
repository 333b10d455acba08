"""The public names."""

from __future__ import annotations

from pathlib import Path

import pytest

import burstsim


def test_names_are_sorted_and_there() -> None:
    assert list(burstsim.__all__) == sorted(burstsim.__all__)
    for name in burstsim.__all__:
        assert getattr(burstsim, name) is not None


@pytest.mark.parametrize("readme", ["README.md", "README.zh.md"])
def test_the_readme_example_runs(readme: str) -> None:
    root = Path(__file__).parents[1]
    text = (root / readme).read_text(encoding="utf-8")
    block = text.split("```python\n")[1].split("```")[0]
    # the same lines, on fewer replications and wherever the tests are started from
    block = block.replace("configs/", f"{root}/configs/").replace(
        "replications=10", "replications=2"
    )
    names: dict[str, object] = {}
    exec(compile(block, readme, "exec"), names)
    assert names["result"].replications == 2
