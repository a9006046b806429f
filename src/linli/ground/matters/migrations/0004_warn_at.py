from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('matters', '0003_recused'),
    ]

    operations = [
        migrations.AddField(
            model_name='matter',
            name='warn_at',
            field=models.DateTimeField(null=True),
        ),
    ]
