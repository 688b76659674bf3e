"""Import contracts of our own, run by import-linter."""

from __future__ import annotations

from typing import Any

from grimp import ImportGraph
from importlinter.application import output
from importlinter.domain import fields
from importlinter.domain.contract import Contract, ContractCheck
from importlinter.domain.helpers import module_expressions_to_modules


class OneDoor(Contract):
    """From outside, a package is entered by its doors only.

    packages: the houses, such as `sen.kernel.*`.
    doors: the modules of a house that others may import.
    exempt: importers (with their final dot) that may go anywhere, such as `sen.config.`.
    Tests may use another package's `tests.factories`.
    """

    packages = fields.ListField(subfield=fields.ModuleExpressionField())
    doors = fields.SetField(subfield=fields.StringField())
    exempt = fields.ListField(subfield=fields.StringField(), required=False)

    def check(self, graph: ImportGraph, verbose: bool) -> ContractCheck:  # noqa: ARG002, FBT001 - import-linter's signature
        packages: Any = self.packages  # the fields of a contract hold their values at run time
        doors: Any = self.doors
        exempt: Any = self.exempt
        broken: list[Any] = []
        for package in module_expressions_to_modules(graph, packages):
            inside = package.name + "."
            for module in graph.find_descendants(package.name):
                if module.removeprefix(inside).split(".")[0] in doors:
                    continue
                for importer in graph.find_modules_that_directly_import(module):
                    both_tests = ".tests." in importer and module.endswith(".tests.factories")
                    if both_tests or importer.startswith((inside, *(exempt or ()))):
                        continue
                    broken += graph.get_import_details(importer=importer, imported=module)
        return ContractCheck(kept=not broken, metadata={"broken": broken})

    def render_broken_contract(self, check: ContractCheck) -> None:
        for detail in check.metadata["broken"]:
            output.print_error(
                f"{detail['importer']}:{detail['line_number']} imports {detail['imported']}, "
                "which is not a door",
                bold=False,
            )
