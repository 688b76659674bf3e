from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [("procrastinate", "0041_post_retry_failed_job")]

    operations = [
        migrations.CreateModel(
            name="Failure",
            fields=[
                ("job_id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("attempts", models.PositiveIntegerField()),
                ("reason", models.TextField()),
                ("failed_at", models.DateTimeField()),
            ],
            options={"db_table": "jobs_failure"},
        ),
        migrations.RunSQL(
            "ALTER TABLE jobs_failure ADD CONSTRAINT jobs_failure_of_job FOREIGN KEY (job_id)"
            " REFERENCES procrastinate_jobs (id) ON DELETE CASCADE",
            "ALTER TABLE jobs_failure DROP CONSTRAINT jobs_failure_of_job",
        ),
        # The queue asks for the earliest job of a lock; without this it reads every waiting job.
        migrations.RunSQL(
            "CREATE INDEX jobs_waiting_lock ON procrastinate_jobs (lock, priority DESC, id)"
            " WHERE status IN ('todo', 'doing') AND lock IS NOT NULL",
            "DROP INDEX jobs_waiting_lock",
        ),
        # Finished jobs stay a week; whoever looks for the dead ones does not read them all.
        migrations.RunSQL(
            "CREATE INDEX jobs_dead ON procrastinate_jobs (id) WHERE status = 'failed'",
            "DROP INDEX jobs_dead",
        ),
        # Each job changes its row twice; the default waits for a fifth of a week's jobs.
        migrations.RunSQL(
            "ALTER TABLE procrastinate_jobs SET (autovacuum_vacuum_scale_factor = 0.01,"
            " autovacuum_analyze_scale_factor = 0.02)",
            "ALTER TABLE procrastinate_jobs RESET (autovacuum_vacuum_scale_factor,"
            " autovacuum_analyze_scale_factor)",
        ),
    ]
