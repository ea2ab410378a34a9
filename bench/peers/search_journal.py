"""Optuna's side of `npm run bench -- search-journal`: reads a journal and continues its study, at the same time as Multihead does.

Reads {"path": ..., "study": ..., "trials": ...} lines: runs so many trials (0: none), and answers with all trials, as Optuna reads them.
"""
import json
import sys

import optuna
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

optuna.logging.set_verbosity(optuna.logging.ERROR)


def objective(trial):
    kind = trial.suggest_categorical("kind", ["a", "b"])
    x = trial.suggest_float("x", 1e-3, 1e3, log=True)
    n = trial.suggest_int("n", 1, 9) if kind == "a" else 0
    trial.report(float("nan"), 1)
    trial.report(x, 2)
    if trial.number % 5 == 4:
        raise optuna.TrialPruned()
    return x + n


print(json.dumps({"version": optuna.__version__}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    if question.get("quit"):
        break
    study = optuna.load_study(study_name=question["study"], storage=JournalStorage(JournalFileBackend(question["path"])))
    study.optimize(objective, n_trials=question["trials"]) if question["trials"] else None
    trials = [[t.number, t.state.name.lower().replace("fail", "failed"), t.params, t.values] for t in study.trials]
    print(json.dumps({"trials": trials}), flush=True)
