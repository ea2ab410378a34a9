"""Writes packages/multihead/fixtures/search: what Optuna, SciPy and cmaes say, for the tests of the search room.

    pip install optuna cmaes scipy
    python bench/peers/search_fixtures.py
"""
import json
import math
import os
from pathlib import Path

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

FOLDER = Path(__file__).resolve().parents[2] / "packages/multihead/fixtures/search"
FOLDER.mkdir(parents=True, exist_ok=True)
optuna.logging.set_verbosity(optuna.logging.ERROR)


def write(name, content):
    (FOLDER / name).write_text(json.dumps(content) + "\n")


def trial_json(trial):
    return {
        "number": trial.number,
        "state": trial.state.name,
        "params": trial.params,
        "values": trial.values,
        "reported": {str(step): str(value) for step, value in trial.intermediate_values.items()},
        "user": trial.user_attrs,
    }


def journal():
    """A study with everything that a journal holds: states, conditions, NaN, attributes, waiting trials, two studies."""
    path = FOLDER / "optuna.journal"
    path.unlink(missing_ok=True)
    storage = JournalStorage(JournalFileBackend(str(path)))
    optuna.create_study(study_name="other", storage=storage, directions=["minimize", "maximize"])
    study = optuna.create_study(
        study_name="tuning", storage=storage, direction="maximize", sampler=optuna.samplers.TPESampler(seed=1, n_startup_trials=5)
    )
    study.set_user_attr("by", "Optuna: 'NaN' is a text here")

    def objective(trial):
        x = trial.suggest_float("x", -5, 5)
        rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
        kind = trial.suggest_categorical("kind", ["a", "b", None, True, 3])
        size = trial.suggest_int("size", 4, 64, log=True) if kind == "a" else trial.suggest_int("width", 10, 100, step=10)
        drop = trial.suggest_float("drop", 0, 0.5, step=0.1)
        for step in range(3):
            trial.report(float("nan") if trial.number == 4 else x * step, step)
        trial.set_user_attr("size", size)
        if trial.number == 5:
            raise optuna.TrialPruned()
        if trial.number == 6:
            raise ValueError
        return -(x**2) + drop + math.log10(rate)

    study.optimize(objective, n_trials=12, catch=ValueError)
    study.enqueue_trial({"x": 1.5, "kind": "b"})
    study.ask()  # takes the waiting trial, and goes on running
    study.enqueue_trial({"x": 2.5})
    write("optuna-journal.json", [trial_json(trial) for trial in study.trials])


if __name__ == "__main__":
    journal()
