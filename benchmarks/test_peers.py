"""burstsim's station against other engines on one queue, every customer's start compared."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.peers import PEERS, missing
from burstsim.studies.benchqueues import draw_queue, heap_loop


@pytest.mark.benchmark(group="M/M/50, load 0.9, 100k customers")
@pytest.mark.parametrize("peer", PEERS)
@pytest.mark.filterwarnings("ignore")  # what peers warn of is theirs
def test_peer(benchmark, peer: str) -> None:
    reason = missing(peer)
    if reason:
        pytest.skip(reason)
    full = benchmark.enabled
    queue = draw_queue(50, 0.9, 1.0, tasks=100_000 if full else 2_000, noise="exponential")
    rounds = (1 if peer in ("SimPy", "Ciw") else 7) if full else 1
    starts = benchmark.pedantic(
        PEERS[peer], (queue,), rounds=rounds, warmup_rounds=1 if peer == "Numba heap" else 0
    )
    assert np.array_equal(starts, heap_loop(*queue))
