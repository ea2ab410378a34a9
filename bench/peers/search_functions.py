"""Optuna's side of `npm run bench -- search`: its default sampler on the functions of bench/src/search-functions.ts.

Reads {"function": ..., "trials": ..., "seed": ...} lines, and answers {"best": ...}: the value at the best trial, without noise. For
`npm run bench -- search-objectives`, {"objectives": ..., "trials": ..., "seed": ...}, answered by {"values": ...} of all trials by NSGA-II.
"""
import json
import math
import sys

import numpy as np
import optuna

optuna.logging.set_verbosity(optuna.logging.ERROR)


def branin(trial):
    x, y = trial.suggest_float("x", -5, 10), trial.suggest_float("y", 0, 15)
    inner = y - 5.1 / (4 * math.pi**2) * x**2 + 5 / math.pi * x - 6
    return inner**2 + 10 * (1 - 1 / (8 * math.pi)) * math.cos(x) + 10


ALPHA = np.array([1, 1.2, 3, 3.2])
A = np.array([[10, 3, 17, 3.5, 1.7, 8], [0.05, 10, 17, 0.1, 8, 14], [3, 3.5, 1.7, 10, 17, 8], [17, 8, 0.05, 10, 0.1, 14]])
P = 1e-4 * np.array(
    [
        [1312, 1696, 5569, 124, 8283, 5886],
        [2329, 4135, 8307, 3736, 1004, 9991],
        [2348, 1451, 3522, 2883, 3047, 6650],
        [4047, 8828, 8732, 5743, 1091, 381],
    ]
)


def several(trial, count, low, high):
    return np.array([trial.suggest_float(f"x{i}", low, high) for i in range(count)])


def hartmann(trial):
    x = several(trial, 6, 0, 1)
    return float(-(ALPHA * np.exp(-(A * (x - P) ** 2).sum(axis=1))).sum())


def rosenbrock(trial):
    x = several(trial, 4, -2, 2)
    return float((100 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum())


def conditional(trial):
    kind = trial.suggest_categorical("kind", ["sgd", "adam", "none"])
    by_size = 0.3 * (math.log2(trial.suggest_int("size", 1, 64, log=True)) - 4) ** 2
    if kind == "none":
        return 6 + by_size
    rate = math.log10(trial.suggest_float(f"{kind}-rate", 1e-5, 1, log=True))
    if kind == "sgd":
        return 1 + by_size + (rate + 1) ** 2 + 8 * (trial.suggest_float("momentum", 0, 1) - 0.9) ** 2
    return by_size + 2 * (rate + 3) ** 2 + 4 * (trial.suggest_float("beta", 0, 1) - 0.7) ** 2


def noisy(trial):
    return float(((several(trial, 4, -5, 5) - np.arange(4) + 1) ** 2).sum())


FUNCTIONS = {"branin": branin, "hartmann-6": hartmann, "rosenbrock-4": rosenbrock, "conditional": conditional, "noisy": noisy}


def best(function, trials, seed):
    study = optuna.create_study(sampler=optuna.samplers.TPESampler(seed=seed))
    noise = np.random.RandomState(seed)
    values = []

    def objective(trial):
        values.append(FUNCTIONS[function](trial))
        return values[-1] + (2 * noise.randn() if function == "noisy" else 0)

    study.optimize(objective, n_trials=trials)
    return values[study.best_trial.number]


SHAPES = {
    "zdt1": lambda x, far: far * (1 - math.sqrt(x / far)),
    "zdt2": lambda x, far: far * (1 - (x / far) ** 2),
}


def front(objectives, trials, seed):
    study = optuna.create_study(directions=["minimize", "minimize"], sampler=optuna.samplers.NSGAIISampler(seed=seed))

    def objective(trial):
        x = several(trial, 8, 0, 1)
        return float(x[0]), SHAPES[objectives](float(x[0]), 1 + 9 * float(x[1:].mean()))

    study.optimize(objective, n_trials=trials)
    return [trial.values for trial in study.trials]


print(json.dumps({"version": optuna.__version__}), flush=True)
for line in sys.stdin:
    question = json.loads(line)
    if question.get("quit"):
        break
    if "objectives" in question:
        answer = {"values": front(question["objectives"], question["trials"], question["seed"])}
    else:
        answer = {"best": best(question["function"], question["trials"], question["seed"])}
    print(json.dumps(answer), flush=True)
