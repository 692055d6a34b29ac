"""A nightly search as an Airflow DAG; copy it to Airflow's folder of DAGs.

A task that Airflow tries again has the same date, so it resumes the search that failed.
"""

from datetime import datetime, timedelta

from airflow import DAG
from airflow.operators.bash import BashOperator

EFSNAS = "/opt/efsnas/deploy/efsnas"
RUNS = "hdfs:///runs"

with DAG(
    dag_id="efsnas_nightly",
    schedule="30 1 * * *",
    start_date=datetime(2026, 1, 1),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 3, "retry_delay": timedelta(minutes=5)},
) as dag:
    search = BashOperator(
        task_id="search",
        bash_command=EFSNAS + " search --config /opt/efsnas/conf/nightly.conf --master spark://host:7077"
        " --run-dir " + RUNS + "/nightly-{{ ds }}",
    )
    remove_old_runs = BashOperator(
        task_id="remove_old_runs",
        bash_command=EFSNAS + " runs --remove-older-than 30d " + RUNS,
    )
    search >> remove_old_runs
