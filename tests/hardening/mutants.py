"""Valid files changed at random: bytes, lines, tokens, and values in the tree."""

from __future__ import annotations

import random
import re

__all__ = ["NASTY", "mutate"]

#: What is put in the place of something that was right.
NASTY = (
    *("", "0", "-1", "1e308", "-0.0", ".nan", ".inf", "9" * 30, "0x1F", "1_000", "1e-320", "١"),
    *("null", "~", "true", "no", "[]", "{}", "[[]]", "{a: {}}", "*x", "&x 1", "!!int 1", "<<: {}"),
    *("-5s", "0s", "1us", "9999d", "25:00", "24:00", "2026-02-30 00:00", "0001-01-01 00:00"),
    *("1/h", "-1/h", "1e12/h", "0/h", "5%", "-5%", "=1+1", "#DIV/0!", "\x1b[31m", "\u202e", "\x00"),
    *(
        "\ufeff",
        "\t",
        '"',
        "'",
        ",",
        ":",
        "- ",
        "? ",
        "|",
        ">",
        "%",
        "@",
        "`",
        "\r",
        "\n\n",
        "\x85",
    ),
    *("../../etc/passwd", "/dev/zero", "a" * 300, "hub.pick", "__class__", "口红", "e\u0301", "😀"),
)

_TOKEN = re.compile(r"[\w./:-]+|[^\w\s]")


def mutate(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    """Change a file in one to four places."""
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        content = chance.choice((_byte, _line, _token, _token, _token, _swap))(
            content, chance, others
        )
    return content


def _byte(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    data = bytearray(content or b"x")
    at = chance.randrange(len(data))
    kind = chance.randrange(5)
    if kind == 0:
        data[at] = chance.randrange(256)
    elif kind == 1:
        data[at] ^= 1 << chance.randrange(8)
    elif kind == 2:
        del data[at : at + chance.choice((1, 2, 16))]
    elif kind == 3:
        data[at:at] = bytes(chance.randrange(256) for _ in range(chance.choice((1, 4))))
    else:
        del data[at:]
    return bytes(data)


def _line(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    lines = content.split(b"\n")
    at = chance.randrange(len(lines))
    kind = chance.randrange(6)
    if kind == 0:
        del lines[at]
    elif kind == 1:
        lines.insert(at, lines[chance.randrange(len(lines))])
    elif kind == 2:
        lines[at] = lines[at].strip()
    elif kind == 3:
        lines[at] = b"  " + lines[at]
    elif kind == 4:
        lines.insert(at, chance.choice(chance.choice(others).split(b"\n")))
    else:
        end = min(len(lines), at + 5)
        lines[at:end] = chance.sample(lines[at:end], end - at)
    return b"\n".join(lines)


def _token(content: bytes, chance: random.Random, others: list[bytes]) -> bytes:
    text = content.decode("utf-8", "replace")
    found = list(_TOKEN.finditer(text))
    if not found:
        return content
    match = chance.choice(found)
    if chance.random() < 0.7:
        new = chance.choice(NASTY)
    else:
        new = chance.choice(
            _TOKEN.findall(chance.choice(others).decode("utf-8", "replace")) or [""]
        )
    return (text[: match.start()] + new + text[match.end() :]).encode("utf-8", "replace")


def _swap(content: bytes, chance: random.Random, _: list[bytes]) -> bytes:
    """Let two values of the tree change places, or stand in for each other."""
    text = content.decode("utf-8", "replace")
    found = list(re.finditer(r"(?<=: )(\{[^{}\n]*\}|\[[^\[\]\n]*\]|[^\s,{}\[\]]+)", text))
    if len(found) < 2:
        return content
    first, second = sorted(chance.sample(found, 2), key=lambda match: match.start())
    if first.end() > second.start():
        return content
    instead = chance.choice((first[0], second[0]))
    before, between, after = text[: first.start()], text[first.end() : second.start()], text
    made = before + second[0] + between + instead + after[second.end() :]
    return made.encode("utf-8", "replace")
