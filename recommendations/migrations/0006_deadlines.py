import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('recommendations', '0005_words'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='grade',
            options={'ordering': ['scheme', 'position', 'grade'], 'verbose_name': 'grade', 'verbose_name_plural': 'grades'},
        ),
        migrations.AlterModelOptions(
            name='membership',
            options={'ordering': ['organisation__name', 'user'], 'verbose_name': 'membership', 'verbose_name_plural': 'memberships'},
        ),
        migrations.AlterModelOptions(
            name='reportingtime',
            options={'ordering': ['mechanism'], 'verbose_name': 'reporting time', 'verbose_name_plural': 'reporting times'},
        ),
        migrations.AlterField(
            model_name='grade',
            name='grade',
            field=models.CharField(max_length=10, verbose_name='grade'),
        ),
        migrations.AlterField(
            model_name='grade',
            name='meaning',
            field=models.CharField(help_text='In the words of the body.', max_length=300, verbose_name='meaning'),
        ),
        migrations.AlterField(
            model_name='grade',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, help_text='Order in the scheme.', verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='grade',
            name='scheme',
            field=models.CharField(help_text='For example CCPR.', max_length=30, verbose_name='scheme'),
        ),
        migrations.AlterField(
            model_name='historicalgrade',
            name='grade',
            field=models.CharField(max_length=10, verbose_name='grade'),
        ),
        migrations.AlterField(
            model_name='historicalgrade',
            name='meaning',
            field=models.CharField(help_text='In the words of the body.', max_length=300, verbose_name='meaning'),
        ),
        migrations.AlterField(
            model_name='historicalgrade',
            name='position',
            field=models.PositiveSmallIntegerField(default=0, help_text='Order in the scheme.', verbose_name='position'),
        ),
        migrations.AlterField(
            model_name='historicalgrade',
            name='scheme',
            field=models.CharField(help_text='For example CCPR.', max_length=30, verbose_name='scheme'),
        ),
        migrations.AlterField(
            model_name='historicalmembership',
            name='joined_at',
            field=models.DateTimeField(blank=True, editable=False, verbose_name='joined'),
        ),
        migrations.AlterField(
            model_name='historicalmembership',
            name='organisation',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='recommendations.stakeholder', verbose_name='organisation'),
        ),
        migrations.AlterField(
            model_name='historicalmembership',
            name='user',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AlterField(
            model_name='historicalreportingtime',
            name='mechanism',
            field=models.CharField(choices=[('UPR', 'Universal Periodic Review'), ('CCPR', 'Human Rights Committee'), ('CAT', 'Committee against Torture'), ('CEDAW', 'Committee on the Elimination of Discrimination against Women'), ('CERD', 'Committee on the Elimination of Racial Discrimination'), ('CESCR', 'Committee on Economic, Social and Cultural Rights'), ('CMW', 'Committee on Migrant Workers'), ('CRC', 'Committee on the Rights of the Child'), ('CRPD', 'Committee on the Rights of Persons with Disabilities'), ('CED', 'Committee on Enforced Disappearances'), ('SP', 'Special procedure'), ('REG', 'Regional mechanism'), ('OTHER', 'Other')], db_index=True, max_length=20, verbose_name='mechanism'),
        ),
        migrations.AlterField(
            model_name='historicalreportingtime',
            name='months',
            field=models.PositiveSmallIntegerField(help_text='From the end of the review to the day on which the report is due.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(240)], verbose_name='months'),
        ),
        migrations.AlterField(
            model_name='historicalreportingtime',
            name='source',
            field=models.CharField(blank=True, help_text='Where the body says so.', max_length=300, verbose_name='source'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='joined_at',
            field=models.DateTimeField(auto_now_add=True, verbose_name='joined'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='organisation',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='recommendations.stakeholder', verbose_name='organisation'),
        ),
        migrations.AlterField(
            model_name='membership',
            name='user',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL, verbose_name='person'),
        ),
        migrations.AlterField(
            model_name='reportingtime',
            name='mechanism',
            field=models.CharField(choices=[('UPR', 'Universal Periodic Review'), ('CCPR', 'Human Rights Committee'), ('CAT', 'Committee against Torture'), ('CEDAW', 'Committee on the Elimination of Discrimination against Women'), ('CERD', 'Committee on the Elimination of Racial Discrimination'), ('CESCR', 'Committee on Economic, Social and Cultural Rights'), ('CMW', 'Committee on Migrant Workers'), ('CRC', 'Committee on the Rights of the Child'), ('CRPD', 'Committee on the Rights of Persons with Disabilities'), ('CED', 'Committee on Enforced Disappearances'), ('SP', 'Special procedure'), ('REG', 'Regional mechanism'), ('OTHER', 'Other')], max_length=20, unique=True, verbose_name='mechanism'),
        ),
        migrations.AlterField(
            model_name='reportingtime',
            name='months',
            field=models.PositiveSmallIntegerField(help_text='From the end of the review to the day on which the report is due.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(240)], verbose_name='months'),
        ),
        migrations.AlterField(
            model_name='reportingtime',
            name='source',
            field=models.CharField(blank=True, help_text='Where the body says so.', max_length=300, verbose_name='source'),
        ),
        migrations.CreateModel(
            name='CalendarAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('made_at', models.DateTimeField(auto_now_add=True)),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_address', to=settings.AUTH_USER_MODEL)),
            ],
        ),
    ]
