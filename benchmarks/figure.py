"""The plot: peers as bars, time an order against orders as a line, both on scales of powers."""

from __future__ import annotations

import math
from html import escape

from burstsim.studies.bench import Figure, Machine

WIDTH, HEIGHT = 860, 360
INK, SOFT, OURS, THEIRS = "#222", "#ccc", "#1f6fb2", "#9aa5b1"


def draw(machine: Machine, figures: list[Figure]) -> str:
    """SVG of both panels and what was measured on."""
    peers = [figure for figure in figures if figure.group == "peers"]
    sizes = [figure for figure in figures if figure.name.startswith("orders: ")]
    below = f"{machine.cpu}, {machine.cores} cores, Python {machine.python}, NumPy {machine.numpy}"
    body = [
        *_bars(sorted(peers, key=lambda figure: -figure.value)),
        *_line(sizes),
        _text(20, HEIGHT - 12, below, size=11),
    ]
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'font-family="sans-serif"><rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>'
    )
    return "\n".join([head, *body, "</svg>"]) + "\n"


def _text(x: float, y: float, words: str, *, size: int = 12, anchor: str = "start") -> str:
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" font-size="{size}" fill="{INK}" '
        f'text-anchor="{anchor}">{escape(words)}</text>'
    )


def _bars(peers: list[Figure]) -> list[str]:
    """One bar a peer, in powers of ten from 1,000 customers a second."""
    parts = [_text(20, 28, "Customers a second, M/M/50, load 0.9 (powers of ten)", size=14)]
    for row, peer in enumerate(peers):
        y = 52 + 50 * row
        length = 40 * max(math.log10(max(peer.value, 1.0)) - 3, 0.1)
        fill = OURS if peer.name.startswith("burstsim") else THEIRS
        parts += [
            _text(140, y + 20, peer.name, anchor="end"),
            f'<rect x="150" y="{y}" width="{length:.1f}" height="30" fill="{fill}"/>',
            _text(156 + length, y + 20, f"{peer.value:,.0f}"),
        ]
    return parts


def _line(sizes: list[Figure]) -> list[str]:
    """Nanoseconds an order by orders, with the range of the rounds."""
    left, right, top, bottom = 500, WIDTH - 30, 60, HEIGHT - 70
    parts = [
        _text(left - 40, 28, "Nanoseconds an order, whole run, 3 warehouses, 10 rules", size=14)
    ]
    if not sizes:
        return parts
    orders = [int(figure.name.partition(": ")[2]) for figure in sizes]
    most = max(figure.high for figure in sizes) * 1.1
    low, span = math.log10(orders[0]), math.log10(orders[-1] / orders[0]) or 1.0

    def at(count: int, value: float) -> tuple[float, float]:
        x = left + (right - left) * (math.log10(count) - low) / span
        return x, bottom - (bottom - top) * value / most

    for quarter in range(5):
        y = at(orders[0], most * quarter / 4)[1]
        parts.append(f'<path d="M{left} {y:.1f}H{right}" stroke="{SOFT}"/>')
        parts.append(_text(left - 8, y + 4, f"{most * quarter / 4:,.0f}", size=11, anchor="end"))
    points = [at(count, figure.value) for count, figure in zip(orders, sizes, strict=True)]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    parts.append(f'<polyline points="{path}" fill="none" stroke="{OURS}" stroke-width="2"/>')
    for (x, y), count, figure in zip(points, orders, sizes, strict=True):
        high, deep = at(count, figure.high)[1], at(count, figure.low)[1]
        parts += [
            f'<path d="M{x:.1f} {high:.1f}V{deep:.1f}" stroke="{OURS}"/>',
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{OURS}"/>',
            _text(x, bottom + 18, f"{count:,}", size=11, anchor="middle"),
        ]
    return parts
