"""The families of directives, each a file of cases and of golden SQL."""

from __future__ import annotations

from tests.dialects.directives import altering, batches, columns, constraints, indexes, rows, tables
from tests.dialects.directives.case import Family

FAMILIES: dict[str, Family] = {
    "tables": tables.CASES,
    "columns": columns.CASES,
    "altering": altering.CASES,
    "constraints": constraints.CASES,
    "indexes": indexes.CASES,
    "rows": rows.CASES,
    "batches": batches.CASES,
}
