"""First-come-first-served stations with several exchangeable workers.

Every file here holds one exact way to serve a queue; :func:`serve` picks among them. They all
equal the plain heap loop to the last tick, because times are whole numbers.
"""

from __future__ import annotations

from burstsim.kernels.stations.chooser import serve

__all__ = ["serve"]
