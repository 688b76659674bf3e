"""`python -m bench WORD`, which `./sen bench WORD` calls."""

from __future__ import annotations

import sys

from bench import dossiers

WORDS = {"dossiers": dossiers.main}


def main(words: list[str]) -> int:
    """Run one benchmark and return its exit code."""
    if words[:1] and words[0] in WORDS:
        return WORDS[words[0]](words[1:])
    print(f"./sen bench {' | '.join(WORDS)}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
