"""Two models whose tables only these tests have."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from sen.base.identifiers import new_id

TABLES = """
CREATE TEMPORARY TABLE database_tests_shelf (id uuid PRIMARY KEY, name text NOT NULL);
CREATE TEMPORARY TABLE database_tests_book (
    id uuid PRIMARY KEY,
    shelf_id uuid REFERENCES database_tests_shelf,
    title text NOT NULL,
    facts jsonb,
    tags text[],
    scan bytea,
    changed_at timestamptz NOT NULL
);
CREATE TEMPORARY TABLE database_tests_note (
    id uuid PRIMARY KEY, text text NOT NULL DEFAULT '', mark text NOT NULL DEFAULT 'none'
)"""
DROP = "DROP TABLE database_tests_book, database_tests_shelf, database_tests_note"


class Shelf(models.Model):
    """What books stand on."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=50)

    class Meta:
        app_label = "database_tests"
        managed = False
        db_table = "database_tests_shelf"

    def __str__(self) -> str:
        return self.name


class Book(models.Model):
    """A row of each kind of value."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    shelf = models.ForeignKey(Shelf, on_delete=models.PROTECT, null=True, related_name="+")
    title = models.CharField(max_length=50)
    facts = models.JSONField(null=True)
    tags = ArrayField(models.TextField(), null=True)
    scan = models.BinaryField(null=True)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        app_label = "database_tests"
        managed = False
        db_table = "database_tests_book"

    def __str__(self) -> str:
        return self.title
