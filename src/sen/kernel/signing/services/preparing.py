"""Making the marked places of a paper into fields, and being ready to sign."""

from __future__ import annotations


def prepare(data: bytes) -> bytes:
    """Return the file with its marked places made into fields; unchanged if it marks none.

    The seal's field locks every digit field of the file: what is filled in later is protected by
    the seal. Raises NotPrepared for a broken file, a name twice, or a place of no known kind.
    """
    from sen.kernel.signing.adapters import pdf  # heavy: see there

    return pdf.preparing.prepare(data)


def warm_up() -> None:
    """Load what signing needs, so that the first signature of a process is not slower."""
    from sen.kernel.signing.adapters import pdf  # noqa: F401 - loading it is the work
