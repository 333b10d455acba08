"""The public names."""

from __future__ import annotations

import burstsim


def test_names_are_sorted_and_there() -> None:
    assert list(burstsim.__all__) == sorted(burstsim.__all__)
    for name in burstsim.__all__:
        assert getattr(burstsim, name) is not None


def test_the_readme_example_runs() -> None:
    from pathlib import Path

    root = Path(__file__).parents[1]
    text = (root / "README.md").read_text()
    block = text.split("```python\n")[1].split("```")[0]
    # the same lines, on fewer replications and wherever the tests are started from
    block = block.replace("configs/", f"{root}/configs/").replace(
        "replications=10", "replications=2"
    )
    names: dict[str, object] = {}
    exec(compile(block, "README.md", "exec"), names)
    assert names["result"].replications == 2
