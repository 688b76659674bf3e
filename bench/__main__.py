"""`python -m bench WORD`, which `./sen bench WORD` calls."""

from __future__ import annotations

import signal
import sys

from bench import catalogue, dossiers, inbox, mixed, portal, scale, search

WORDS = {
    "dossiers": dossiers.main,
    "inbox": inbox.main,
    "mixed": mixed.main,
    "pages": portal.main,
    "procedures": catalogue.main,
    "scale": scale.main,
    "search": search.main,
}


def main(words: list[str]) -> int:
    """Run one benchmark and return its exit code; stopped, it ends its server first."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    signal.signal(signal.SIGINT, signal.default_int_handler)
    if words[:1] and words[0] in WORDS:
        try:
            return WORDS[words[0]](words[1:])
        except KeyboardInterrupt:
            return 130
    print(f"./sen bench {' | '.join(WORDS)}", file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
