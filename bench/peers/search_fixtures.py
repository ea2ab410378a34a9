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


def distribution_json(distribution):
    from optuna.distributions import CategoricalDistribution, IntDistribution

    if isinstance(distribution, CategoricalDistribution):
        return {"type": "categorical", "choices": list(distribution.choices)}
    kind = "int" if isinstance(distribution, IntDistribution) else "float"
    extra = {} if distribution.step is None or distribution.log else {"step": distribution.step}
    return {"type": kind, "low": distribution.low, "high": distribution.high, "log": distribution.log, **extra}


def record(trial):
    """A trial as the tests make a TrialRecord of it."""
    state = {"COMPLETE": "complete", "PRUNED": "pruned", "RUNNING": "running", "FAIL": "failed", "WAITING": "waiting"}
    return {
        "number": trial.number,
        "state": state[trial.state.name],
        "params": trial.params,
        "values": trial.values,
        "reported": [[step, None if math.isnan(value) else value] for step, value in trial.intermediate_values.items()],
        "system": {key: value for key, value in trial.system_attrs.items() if key.startswith("tpe:") and trial.state.name == "RUNNING"},
    }


def distributions(trials):
    return {name: distribution_json(each) for trial in trials for name, each in trial.distributions.items()}


def mixed_study(n_trials, seed, directions=("minimize",)):
    """Trials with parameters of all kinds, a conditional one, some pruned, one that runs."""
    storage = optuna.storages.InMemoryStorage()
    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(storage=storage, sampler=sampler, directions=list(directions))

    def objective(trial):
        x = trial.suggest_float("x", -5, 5)
        rate = trial.suggest_float("rate", 1e-5, 1e-1, log=True)
        kind = trial.suggest_categorical("kind", ["a", "b", "c"])
        depth = trial.suggest_int("depth", 1, 8)
        width = trial.suggest_int("width", 4, 256, log=True)
        drop = trial.suggest_float("drop", 0, 0.5, step=0.05)
        loss = (x - 1) ** 2 + abs(math.log10(rate) + 3) + {"a": 0, "b": 1, "c": 2}[kind] + 0.1 * depth + drop
        if kind == "a":
            loss += abs(trial.suggest_float("extra", 0, 1) - 0.3)
        if len(directions) > 1:
            return loss, width / 256 + 0.05 * depth
        for step in range(1, 4):
            trial.report(float("nan") if trial.number == 9 else loss * (1 + 1 / step), step)
        if trial.number % 7 == 5 or trial.number == 9:
            raise optuna.TrialPruned()
        return loss

    study.optimize(objective, n_trials=n_trials)
    running = study.ask()
    running.suggest_float("x", -5, 5)
    return study


def tpe():
    """The split, the kernels of each parameter and the densities of TPE, for some studies and points."""
    import numpy as np
    from optuna.samplers._tpe import sampler as module

    # Which of two equal observations gets which width, NumPy's usual sort leaves open; with a stable one it is the older's.
    unstable = np.argsort
    np.argsort = lambda values, *, kind="stable": unstable(values, kind=kind)
    cases = []
    for n_trials, seed, directions in [(12, 1, ["minimize"]), (40, 2, ["minimize"]), (60, 3, ["maximize"]), (30, 4, ["minimize", "minimize"])]:
        study = mixed_study(n_trials, seed, directions)
        sampler = optuna.samplers.TPESampler(seed=0)
        trials = study.get_trials(deepcopy=False)
        finished = sum(trial.state != optuna.trial.TrialState.RUNNING for trial in trials)
        gamma = module.default_gamma if len(directions) == 1 else module.default_gamma_multiobjective
        below, above = module._split_trials(study, trials, gamma(finished))
        search_space = sampler._search_space.calculate(study)
        if len(directions) > 1:
            search_space = {name: each for t in trials[:1] for name, each in t.distributions.items() if name != "extra"}
        search_space = dict(sorted(search_space.items()))
        good = sampler._build_parzen_estimator(study, search_space, below, handle_below=True)
        bad = sampler._build_parzen_estimator(study, search_space, above, handle_below=False)
        points = good.sample(np.random.RandomState(7), 8)
        kernels = {}
        for (name, _), each in zip(search_space.items(), bad._mixture_distribution.distributions):
            if hasattr(each, "mu"):
                kernels[name] = {"mus": each.mu.tolist(), "sigmas": each.sigma.tolist()}
        cases.append(
            {
                "directions": directions,
                "trials": [record(trial) for trial in trials],
                "distributions": distributions(trials),
                "below": [trial.number for trial in below],
                "above": [trial.number for trial in above],
                "space": {name: distribution_json(each) for name, each in search_space.items()},
                "kernels": kernels,
                "weights": bad._mixture_distribution.weights.tolist(),
                "points": [{name: values[i].item() for name, values in points.items()} for i in range(8)],
                "good": good.log_pdf(points).tolist(),
                "bad": bad.log_pdf(points).tolist(),
            }
        )
    np.argsort = unstable
    write("tpe.json", cases)


def truncated_normal():
    """SciPy's truncated normal distribution and error functions, far out in the tails too."""
    from scipy import special, stats

    limits = [(-1, 2), (0.5, 0.6), (-40, -38), (-3, 50), (6, 9), (20, 25), (-0.001, 0.001), (-8, -1)]
    quantiles = [1e-12, 1e-4, 0.1, 0.5, 0.77, 0.9999]
    xs = [-30, -21, -19.5, -6, -2.9, -1, -0.3, 0, 1e-9, 0.2, 0.84, 1, 1.3, 2.9, 5.9, 6.1, 9]
    write(
        "truncated-normal.json",
        {
            "limits": limits,
            "quantiles": quantiles,
            "ppf": [[float(stats.truncnorm.ppf(q, *limit)) for q in quantiles] for limit in limits],
            "masses": [float(stats._continuous_distns._log_gauss_mass(*map(float, limit)).real) for limit in limits],
            "xs": xs,
            "erf": special.erf(xs).tolist(),
            "erfc": special.erfc(xs).tolist(),
            "log_ndtr": special.log_ndtr(xs).tolist(),
        },
    )


def sobol():
    """SciPy's Sobol sequence, plain and scrambled by given matrices and shifts."""
    import numpy as np
    from scipy.stats import _sobol, qmc

    rng = np.random.RandomState(3)
    dimensions, bits = 5, 30
    plain = qmc.Sobol(64, scramble=False)
    matrices = np.tril(rng.randint(0, 2, size=(dimensions, bits, bits))).astype(np.uint32)
    shifts = rng.randint(0, 2**bits, size=dimensions).astype(np.uint32)
    scrambled = qmc.Sobol(dimensions, scramble=False)
    _sobol._cscramble(dim=dimensions, bits=bits, ltm=matrices.copy(), sv=scrambled._sv)
    scrambled._shift = shifts
    scrambled._quasi = shifts.copy()
    scrambled._first_point = (shifts / 2.0**bits).reshape(1, -1)
    rows = (matrices.astype(np.int64) * 2 ** np.arange(bits - 1, -1, -1)).sum(axis=-1)
    write(
        "sobol.json",
        {
            "plain": plain.random(32).tolist(),
            "later": qmc.Sobol(64, scramble=False).fast_forward(1000).random(2).tolist(),
            "matrices": rows.tolist(),
            "shifts": shifts.tolist(),
            "scrambled": scrambled.random(64).tolist(),
        },
    )


def cma():
    """The state of cmaes' CMA after generations of given points."""
    import numpy as np
    from cmaes import CMA

    runs = []
    for dimensions, population in [(2, None), (5, None), (3, 12)]:
        rng = np.random.RandomState(dimensions)
        optimizer = CMA(mean=np.full(dimensions, 0.5), sigma=0.2, bounds=np.array([[0.0, 1.0]] * dimensions), seed=1, population_size=population)
        generations = []
        for _ in range(8):
            points = rng.uniform(0, 1, size=(optimizer.population_size, dimensions))
            losses = ((points - 0.3) ** 2 * np.arange(1, dimensions + 1)).sum(axis=1)
            optimizer.tell([(point, float(loss)) for point, loss in zip(points, losses)])
            optimizer._eigen_decomposition()
            generations.append(
                {
                    "points": points.tolist(),
                    "losses": losses.tolist(),
                    "mean": optimizer.mean.tolist(),
                    "sigma": float(optimizer._sigma),
                    "covariance": optimizer._C.tolist(),
                }
            )
        runs.append({"dimensions": dimensions, "population": optimizer.population_size, "generations": generations})
    write("cma.json", runs)


class Told:
    """Random numbers that are given, as the tests give them: one for each number or choice that is drawn."""

    def __init__(self, numbers):
        self.numbers = iter(numbers)
        self.rng = self

    def rand(self, count=None):
        import numpy as np

        return next(self.numbers) if count is None else np.array([next(self.numbers) for _ in range(count)])

    def choice(self, count):
        return int(next(self.numbers) * count)


def nsga_ii():
    """Whom NSGA-II lets survive, and the children that it makes of them."""
    import numpy as np
    from optuna.samplers.nsgaii import UniformCrossover
    from optuna.samplers.nsgaii._child_generation_strategy import NSGAIIChildGenerationStrategy
    from optuna.samplers.nsgaii._elite_population_selection_strategy import NSGAIIElitePopulationSelectionStrategy

    cases = []
    for n_trials, seed, directions in [(24, 5, ["minimize", "minimize"]), (40, 6, ["minimize", "minimize"])]:
        study = mixed_study(n_trials, seed, directions)
        trials = [trial for trial in study.trials if trial.state == optuna.trial.TrialState.COMPLETE]
        survivors = {}
        for size in [2, 5, 11, 20]:
            select = NSGAIIElitePopulationSelectionStrategy(population_size=size)
            survivors[size] = [trial.number for trial in select(study, list(trials))]
        space = {name: each for name, each in sorted(trials[0].distributions.items()) if name != "extra"}
        space = {"kind": space["kind"], **space}  # choices first: in this order Optuna mutates the values of two parents
        children = []
        rng = np.random.RandomState(seed)
        for crossover, swapping, mutation in [(0.9, 0.5, None), (0.5, 0.2, 0.3), (1.0, 0.5, 0.0), (0.0, 0.5, 0.0)]:
            for _ in range(10):
                numbers = rng.uniform(size=20).tolist()
                strategy = NSGAIIChildGenerationStrategy(
                    crossover=UniformCrossover(swapping),
                    crossover_prob=crossover,
                    mutation_prob=mutation,
                    swapping_prob=swapping,
                    rng=Told(numbers),
                )
                child = strategy(study, space, trials[:12])
                internal = {name: space[name].to_internal_repr(value) for name, value in child.items()}
                children.append({"chances": [crossover, swapping, mutation], "numbers": numbers, "child": internal})
        cases.append(
            {
                "directions": directions,
                "trials": [record(trial) for trial in trials],
                "distributions": distributions(trials),
                "survivors": survivors,
                "children": children,
            }
        )
    write("nsga-ii.json", cases)


def importance():
    """PED-ANOVA's importances."""
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    cases = []
    for n_trials, seed, directions in [(20, 1, ["minimize"]), (80, 2, ["minimize"]), (50, 3, ["maximize"])]:
        study = mixed_study(n_trials, seed, directions)
        evaluator = PedAnovaImportanceEvaluator()
        cases.append(
            {
                "directions": directions,
                "trials": [record(trial) for trial in study.trials],
                "distributions": distributions(study.trials),
                "importance": get_param_importances(study, evaluator=evaluator),
            }
        )
    write("importance.json", cases)


def pruners():
    """Decisions of Optuna's pruners, report by report."""
    import numpy as np

    choices = {
        "median": (optuna.pruners.MedianPruner(n_startup_trials=3, n_warmup_steps=1, interval_steps=2), {"startupTrials": 3, "warmupSteps": 1, "intervalSteps": 2}),
        "percentile": (optuna.pruners.PercentilePruner(30.0, n_startup_trials=2, n_min_trials=3), {"percentile": 30, "startupTrials": 2, "minTrials": 3}),
        "asha": (optuna.pruners.SuccessiveHalvingPruner(min_resource=1, reduction_factor=2), {"reductionFactor": 2}),
        "hyperband": (optuna.pruners.HyperbandPruner(min_resource=1, max_resource=9, reduction_factor=3), {"maxResource": 9}),
    }
    cases = []
    for name, (pruner, options) in choices.items():
        for direction in ["minimize", "maximize"]:
            rng = np.random.RandomState(len(name))
            study = optuna.create_study(study_name="pruning", direction=direction, pruner=pruner)
            decisions = []
            for number in range(30):
                trial = study.ask()
                level = rng.uniform()
                told = []
                for step in range(1, 10):
                    value = float("nan") if number in (11, 17) and step > number - 10 else float(level + rng.uniform(0, 0.3) + 1 / step)
                    trial.report(value, step)
                    told.append([None if math.isnan(value) else value, bool(trial.should_prune())])
                    if told[-1][1]:
                        break
                study.tell(trial, level if not told[-1][1] else None, state=optuna.trial.TrialState.PRUNED if told[-1][1] else optuna.trial.TrialState.COMPLETE)
                decisions.append(told)
            cases.append({"pruner": name, "options": options, "direction": direction, "trials": decisions})
    write("pruners.json", cases)


if __name__ == "__main__":
    journal()
    tpe()
    truncated_normal()
    sobol()
    cma()
    nsga_ii()
    importance()
    pruners()
