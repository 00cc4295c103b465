"""The search index: an entry for each record, and the words there are."""

import django.db.models.deletion
from django.db import migrations, models

import recommendations.models.search


def on(vendor, *statements):
    """A step that runs on one kind of database only."""

    def run(apps, schema_editor):
        if schema_editor.connection.vendor == vendor:
            for sql in statements:
                schema_editor.execute(sql)

    return run


# SQLite's FTS5 table is installed after every migration instead (search/engines.py).
INDEX = migrations.RunPython(
    on("postgresql", "CREATE INDEX search_entry_vector ON recommendations_searchentry USING gin (vector)"),
    on("sqlite", "DROP TABLE IF EXISTS recommendations_searchfts"),
)


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0001_initial")]

    operations = [
        migrations.CreateModel(
            name="SearchEntry",
            fields=[
                (
                    "recommendation",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search",
                        serialize=False,
                        to="recommendations.recommendation",
                    ),
                ),
                ("reference", models.CharField(db_index=True, help_text="In small letters.", max_length=80)),
                (
                    "title",
                    models.TextField(help_text="Stems of the summary, the reference and the document's symbol."),
                ),
                ("words", models.TextField(help_text="Stems of the words themselves.")),
                (
                    "names",
                    models.TextField(help_text="Stems of who raised it, its issues and groups, and the State."),
                ),
                ("vector", recommendations.models.search.StemVectorField(null=True)),
            ],
            options={"verbose_name_plural": "search entries"},
        ),
        migrations.CreateModel(
            name="SearchWord",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "form",
                    models.CharField(
                        help_text="In small letters, without accents.", max_length=60, unique=True
                    ),
                ),
                ("stem", models.CharField(max_length=60)),
                ("length", models.PositiveSmallIntegerField(db_index=True)),
                ("uses", models.PositiveIntegerField(help_text="How often, when the index was last built.")),
            ],
        ),
        INDEX,
    ]
