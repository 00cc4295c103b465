"""The listing knows which records are linked; the version of the data, to which epoch it belongs.

Every row is derived anew at the end of every `migrate`, so what columns hold until then does not matter.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("recommendations", "0007_account_events")]

    operations = [
        migrations.AddField(
            model_name="listing",
            name="linked",
            field=models.BooleanField(
                default=False, help_text="A confirmed link joins it with another public record."
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="listing",
            name="asked_again",
            field=models.BooleanField(
                default=False, help_text="By such a link a later record takes it up or repeats it."
            ),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="listingversion", name="epoch", field=models.CharField(max_length=36)
        ),
        migrations.AddField(
            model_name="listingversion",
            name="made_of",
            field=models.CharField(
                blank=True,
                default="",
                help_text="Digest of the triggers; empty while there are none.",
                max_length=64,
            ),
            preserve_default=False,
        ),
    ]
