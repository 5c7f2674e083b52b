"""MVTI's night as an Airflow DAG (Airflow 3): the steps of mvti-nightly.service, one task each.

An example: copy it to the folder of DAGs of an Airflow whose tasks run as the user `mvti_jobs` on the machine with MVTI's
state folder, and disable mvti-nightly.timer, or let both be: each step of either holds the same lock (NIGHT_LOCK), and who
does not get it ends with 75 and is tried again. MVTI_PROGRAM, MVTI_CONFIG and MVTI_NIGHT_LOCK in the environment of the
workers say where things are.

What the unit may fail (recount, pictures) may fail here; every other step needs the one before it, so the published snapshot stays
what it was when one fails. Two nights never run at once (max_active_runs), and one that was missed is not made up for.
Tasks have a network: with mlflow_uri they tell the MLflow server themselves, where the unit leaves it to mvti-tracking.
"""
import datetime
import os
import shlex

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

PROGRAM = os.environ.get("MVTI_PROGRAM", "/usr/bin/mvti")
CONFIG = os.environ.get("MVTI_CONFIG", "/etc/mvti/mvti.conf")
NIGHT_LOCK = os.environ.get("MVTI_NIGHT_LOCK", "/var/lib/mvti/night.lock")
RETRIES = 2
# Name of the task, may it fail, words of the command. tests/systemd holds them to mvti-nightly.service.
STEPS = [
    ("recount", True, ["recount"]),
    ("dataset", False, ["dataset", "build"]),
    ("train_bts", False, ["train", "bts"]),
    ("train_blend", False, ["train", "blend"]),
    ("train_popularity", False, ["train", "popularity"]),
    ("publish", False, ["publish"]),
    ("pictures", True, ["pictures"]),
]


def command(words):
    return shlex.join(["flock", "--nonblock", "--conflict-exit-code", "75", NIGHT_LOCK, PROGRAM, "--config", CONFIG, "--set",
                       "db_user=mvti_jobs", *words])


with DAG(
    dag_id="mvti_night",
    description="dataset from ratings and visitors' choices, training, publishing",
    schedule="10 4 * * *",
    start_date=datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC),
    catchup=False,
    max_active_runs=1,
    default_args={"retry_delay": datetime.timedelta(minutes=10),
                  "execution_timeout": datetime.timedelta(hours=6)},
    tags=["mvti"],
) as dag:
    before = None
    before_may_fail = False
    for name, may_fail, words in STEPS:
        task = BashOperator(task_id=name, bash_command=command(words),
                            trigger_rule="all_done" if before_may_fail else "all_success",
                            retries=0 if may_fail else RETRIES)  # nothing waits for what may fail
        if before is not None:
            before >> task
        before, before_may_fail = task, may_fail
