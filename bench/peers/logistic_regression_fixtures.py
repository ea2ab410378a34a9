"""Write the reference fixture of the logistic regression: coefficients of scikit-learn's LogisticRegression.

    pip install scikit-learn==1.9.1
    python bench/peers/logistic_regression_fixtures.py    # writes packages/multihead/fixtures/logistic-regression.json

Features and labels are drawn by park_miller.py (parameters "seed", "examples", "features", "classes"), so that only what
scikit-learn finds is written: coefficients, [classes, features] or of two classes [1, features], and intercepts.
"""

import json
from pathlib import Path

import numpy
import sklearn
from park_miller import ParkMiller
from sklearn.linear_model import LogisticRegression

FILE = Path(__file__).parents[2] / "packages/multihead/fixtures/logistic-regression.json"
CASES = [
    {"seed": 1, "examples": 60, "features": 5, "classes": 2, "C": 1.0},
    {"seed": 2, "examples": 90, "features": 8, "classes": 4, "C": 1.0},
    {"seed": 3, "examples": 40, "features": 12, "classes": 3, "C": 10.0},
    {"seed": 4, "examples": 50, "features": 6, "classes": 5, "C": 0.1},
    {"seed": 5, "examples": 80, "features": 4, "classes": 2, "C": 100.0},
]


def drawn(seed, examples, features, classes, **_):
    random = ParkMiller(seed)
    number = lambda: (random.below(2001) - 1000) / 1000
    centres = [[number() for _ in range(features)] for _ in range(classes)]
    labels = [i if i < classes else random.below(classes) for i in range(examples)]
    return numpy.array([[x + 1.5 * number() for x in centres[label]] for label in labels]), labels


cases = []
for case in CASES:
    x, y = drawn(**case)
    model = LogisticRegression(C=case["C"], tol=1e-10, max_iter=10_000).fit(x, y)
    cases.append({**case, "coefficients": model.coef_.tolist(), "intercepts": model.intercept_.tolist()})
by = {"writtenBy": "bench/peers/logistic_regression_fixtures.py", "versions": {"scikit-learn": sklearn.__version__}}
FILE.write_text(json.dumps({**by, "cases": cases}, separators=(",", ":")) + "\n")
