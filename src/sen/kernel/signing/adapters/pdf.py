"""All of signing that needs pyHanko and Pillow, loaded at first use or when the process warms up.

They cost 0.4 s CPU to import, which a command that signs nothing need not pay. Services import this
one module inside a function: whoever comes while another thread loads it waits for the whole.
"""

from __future__ import annotations

from sen.kernel.signing.adapters import appearance, filling, preparing, stamps, verification

__all__ = ["appearance", "filling", "preparing", "stamps", "verification"]
