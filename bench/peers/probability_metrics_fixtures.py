"""Reference values of metrics of predicted probabilities, from scikit-learn, on 1,000 random cases.

    pip install scikit-learn==1.9.1
    python bench/peers/probability_metrics_fixtures.py   # writes packages/multihead/fixtures/metrics/probabilities.json

The cases themselves are not in the file: test and script draw them by the same generator (Park and Miller 1988) from the
numbers 1 to 1,000. Case: n examples of k classes, each with k whole numbers that, divided by their sum, are probabilities.
NaN (a class that does not occur) is null.
"""

import json
import math
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn import metrics
from sklearn.calibration import calibration_curve

FILE = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/metrics/probabilities.json"
BINS = 10


class ParkMiller:
    def __init__(self, seed: int) -> None:
        self.state = seed

    def below(self, limit: int) -> int:
        self.state = self.state * 48271 % 2147483647
        return int(self.state / 2147483647 * limit)


def draw(seed: int) -> tuple[int, np.ndarray, np.ndarray]:
    random = ParkMiller(seed)
    examples, classes = 2 + random.below(40), 2 + random.below(3)
    references = np.array([random.below(classes) for _ in range(examples)])
    rows = np.array([[1 + random.below(20) for _ in range(classes)] for _ in range(examples)])
    return classes, references, rows / rows.sum(axis=1, keepdims=True)


def number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)


def one_versus_rest(references: np.ndarray, probabilities: np.ndarray, average: str) -> float:
    """roc_auc_score(multi_class="ovr") refuses two columns and classes that do not occur."""
    classes = probabilities.shape[1]
    if len(set(references)) < classes:
        return math.nan
    if classes > 2:
        return metrics.roc_auc_score(references, probabilities, multi_class="ovr", average=average)
    areas = [metrics.roc_auc_score(references == k, probabilities[:, k]) for k in (0, 1)]
    return float(np.average(areas, weights=None if average == "macro" else np.bincount(references, minlength=2)))


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
    ]


def main() -> None:
    warnings.simplefilter("ignore")
    names = ["matthews", "rocAuc", "averagePrecision", "ovrMacro", "ovrWeighted", "logLoss", "brier", "ece"]
    content = {
        "writtenBy": "bench/peers/probability_metrics_fixtures.py",
        "versions": {"scikit-learn": sklearn.__version__, "numpy": np.__version__},
        "names": names,
        "cases": [case(seed) for seed in range(1, 1001)],
    }
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n")
    print(FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
