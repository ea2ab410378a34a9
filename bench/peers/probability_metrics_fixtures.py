"""Reference values of metrics of predicted probabilities, from scikit-learn, on 1,000 random cases.

    pip install scikit-learn==1.9.1
    python bench/peers/probability_metrics_fixtures.py
    # writes packages/multihead/fixtures/metrics/probabilities.json and multi-label-probabilities.json

The cases themselves are not in the files: test and script draw them by the same generator (park_miller.py) from the numbers
1 to 1,000. One label: n examples of k classes, each with k whole numbers that, divided by their sum, are probabilities.
Several labels: n examples of k labels, each of which applies or not, with scores in steps of a 32nd; in every second case
each example has a label that applies and one that does not. NaN (a class that does not occur) is null.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

from park_miller import ParkMiller

FOLDER = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/metrics"
BINS = 10


def draw(seed: int) -> tuple[int, np.ndarray, np.ndarray]:
    random = ParkMiller(seed)
    examples, classes = 2 + random.below(40), 2 + random.below(3)
    references = np.array([random.below(classes) for _ in range(examples)])
    rows = np.array([[1 + random.below(20) for _ in range(classes)] for _ in range(examples)])
    return classes, references, rows / rows.sum(axis=1, keepdims=True)


def number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def one_versus_rest(references: np.ndarray, probabilities: np.ndarray, average: str) -> float:
    """roc_auc_score(multi_class="ovr") refuses two columns: there the same average is made by hand."""
    classes = probabilities.shape[1]
    if classes > 2:
        labels = list(range(classes))
        return metrics.roc_auc_score(references, probabilities, multi_class="ovr", average=average, labels=labels)
    if len(set(references)) == 1:
        return math.nan
    areas = [metrics.roc_auc_score(references == k, probabilities[:, k]) for k in (0, 1)]
    return float(np.average(areas, weights=None if average == "macro" else np.bincount(references, minlength=2)))


def curves(positive: np.ndarray, scores: np.ndarray) -> list[float | None]:
    """Each curve in two numbers: the sum of its points' products, and of its thresholds (those that are finite)."""
    both = len(set(positive)) == 2
    rates = metrics.roc_curve(positive, scores, drop_intermediate=False) if both else None
    points = metrics.precision_recall_curve(positive, scores) if positive.any() else None
    return [
        float(np.dot(rates[0], rates[1])) if rates else None,
        float(rates[2][1:].sum()) if rates else None,
        float(np.dot(points[0], points[1])) if points else None,
        float(points[2].sum()) if points else None,
    ]


def case(seed: int) -> list[float | None]:
    classes, references, probabilities = draw(seed)
    predictions = probabilities.argmax(axis=1)
    positive, scores = references == 1, probabilities[:, 1]
    both = len(set(positive)) == 2
    confidence, right = probabilities.max(axis=1), (predictions == references).astype(int)
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence), minlength=BINS)
    if set(right) == {0, 1}:
        accuracy, mean = calibration_curve(right, confidence, n_bins=BINS)
        error = float((counts[counts > 0] / len(right) * np.abs(accuracy - mean)).sum())
    else:  # calibration_curve wants both outcomes
        bins = np.searchsorted(np.linspace(0, 1, BINS + 1)[1:-1], confidence)
        error = sum(abs(right[bins == b].mean() - confidence[bins == b].mean()) * (bins == b).mean() for b in set(bins))
    return [
        number(metrics.matthews_corrcoef(references, predictions)),
        number(metrics.roc_auc_score(positive, scores)) if both else None,
        number(metrics.average_precision_score(positive, scores)),
        number(one_versus_rest(references, probabilities, "macro")),
        number(one_versus_rest(references, probabilities, "weighted")),
        number(metrics.log_loss(references, probabilities, labels=list(range(classes)))),
        number(metrics.brier_score_loss(positive, scores, pos_label=True)) if both else number(float(np.mean((scores - positive) ** 2))),
        number(error),
        number(metrics.brier_score_loss(references, probabilities, labels=list(range(classes)))),
        *curves(positive, scores),
    ]


def draw_labels(seed: int) -> tuple[np.ndarray, np.ndarray]:
    random = ParkMiller(seed)
    examples, labels, density = 1 + random.below(30), 2 + random.below(4), random.below(100)
    applies = np.array([[random.below(100) < density for _ in range(labels)] for _ in range(examples)])
    scores = np.array([[random.below(33) / 32 for _ in range(labels)] for _ in range(examples)])
    if seed % 2 == 0:
        for row in applies:
            one = random.below(labels)
            row[one], row[(one + 1) % labels] = True, False
    return applies.astype(int), scores


def best_f1(applies: np.ndarray, scores: np.ndarray) -> float:
    """The highest F1 that a threshold has."""
    return max(metrics.f1_score(applies, scores >= threshold, zero_division=0) for threshold in np.unique(scores))


def label_case(seed: int) -> list[float | None]:
    applies, scores = draw_labels(seed)
    averages = ("macro", "weighted", "micro", "samples")
    areas = [number(metrics.roc_auc_score(applies, scores, average=average)) for average in averages]
    precisions = [number(metrics.average_precision_score(applies, scores, average=average)) for average in averages]
    tuned = [best_f1(applies[:, k], scores[:, k]) for k in range(applies.shape[1])]
    return [*areas, *precisions, float(np.mean(tuned))]


def write(name: str, names: list[str], cases: list[list[float | None]]) -> None:
    content = {
        "writtenBy": "bench/peers/probability_metrics_fixtures.py",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "names": names,
        "cases": cases,
    }
    (FOLDER / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(name, (FOLDER / name).stat().st_size, "bytes")


def main() -> None:
    warnings.simplefilter("ignore")
    names = ["matthews", "rocAuc", "averagePrecision", "ovrMacro", "ovrWeighted", "logLoss", "brier", "ece"]
    names += ["brierMultiClass", "rocPoints", "rocThresholds", "precisionRecallPoints", "precisionRecallThresholds"]
    write("probabilities.json", names, [case(seed) for seed in range(1, 1001)])
    names = [f"{metric}{average}" for metric in ("rocAuc", "averagePrecision") for average in ("Macro", "Weighted", "Micro", "Samples")]
    write("multi-label-probabilities.json", [*names, "tunedF1"], [label_case(seed) for seed in range(1, 1001)])


if __name__ == "__main__":
    main()
