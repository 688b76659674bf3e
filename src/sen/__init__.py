"""Sen: a province's whole digital government as one program."""

__version__ = "0.1.0"
