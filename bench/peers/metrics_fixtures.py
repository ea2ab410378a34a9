"""Reference values for packages/multihead/src/metrics: scikit-learn, SciPy and the SQuAD v1.1 evaluation.

    pip install scikit-learn==1.9.1 scipy==1.17.1
    python bench/peers/metrics_fixtures.py        # writes packages/multihead/fixtures/metrics/*.json

The same script writes the same files: every random choice comes from one seed. Tests read the files only. Of the files
drawn-*.json they draw the cases themselves (park_miller.py), 1,000 of each; a row is what is expected of a case, the scores
of a class or an average in one number: precision + 2 recall + 3 F1.
"""

import collections
import json
import math
import pathlib
import random
import re
import string
import sys
import unicodedata
import warnings

import numpy
import scipy
import scipy.stats
import sklearn
import sklearn.metrics

from park_miller import ParkMiller

FOLDER = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/metrics"
VERSIONS = {
    "python": sys.version.split()[0],
    "unicode": unicodedata.unidata_version,
    "scikit-learn": sklearn.__version__,
    "scipy": scipy.__version__,
    "numpy": numpy.__version__,
}


def write(name, **content):
    content = {"writtenBy": "bench/peers/metrics_fixtures.py", "versions": VERSIONS, **content}
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    (FOLDER / name).write_text(text + "\n")
    print(f"{name}: {len(text)} bytes")


# --- classification_report -------------------------------------------------------------------------------------------

WORDS = ["no", "yes", "maybe", "card_arrival", "LABEL_0", "a", "positive", "a label with spaces", "x" * 30, "z-9"]


def scores(row):
    return [row["precision"], row["recall"], row["f1-score"], row["support"]]


def report_case(labels, references, predictions, encode, multi_label):
    """One call as the test makes it, with scikit-learn's dictionary and its printed text."""
    ids = list(range(len(labels)))
    digits = random.choice([2, 2, 3, 4])
    # One label an example: as by default, only the classes that references or predictions have are scored.
    scored = ids if multi_label else sorted({*references, *predictions})
    settings = {"target_names": [labels[index] for index in scored], "zero_division": 0}
    left, right = encode(references), encode(predictions)
    table = sklearn.metrics.classification_report(left, right, output_dict=True, **settings)
    averages = ["macro", "weighted"] + (["micro", "samples"] if multi_label else [])
    return {
        "labels": labels,
        "references": references,
        "predictions": predictions,
        "digits": digits,
        "accuracy": float(sklearn.metrics.accuracy_score(left, right)),
        "classes": [scores(table[labels[index]]) for index in scored],
        **({} if multi_label else {"scored": scored}),
        "averages": {name: scores(table[f"{name} avg"]) for name in averages},
        **({} if multi_label else {"confusion": sklearn.metrics.confusion_matrix(left, right, labels=ids).tolist()}),
        "text": sklearn.metrics.classification_report(left, right, digits=digits, **settings),
    }


def single_label_cases(count):
    for _ in range(count):
        labels = random.sample(WORDS, random.randint(2, 10))
        size = random.randint(1, 60)
        skill = random.random()
        drawn = random.randint(1, len(labels))  # some classes may be without a reference
        references = [random.randrange(drawn) for _ in range(size)]
        predictions = [y if random.random() < skill else random.randrange(len(labels)) for y in references]
        yield report_case(labels, references, predictions, lambda ids: ids, multi_label=False)


def multi_label_cases(count):
    for _ in range(count):
        labels = random.sample(WORDS, random.randint(2, 6))
        size = random.randint(1, 30)
        density, noise = random.random(), random.random() * 0.5

        def encode(sets):
            return numpy.array([[int(index in ids) for index in range(len(labels))] for ids in sets])

        references = [[i for i in range(len(labels)) if random.random() < density] for _ in range(size)]
        predictions = [[i for i in range(len(labels)) if (i in ids) != (random.random() < noise)] for ids in references]
        yield report_case(labels, references, predictions, encode, multi_label=True)


# --- regression ------------------------------------------------------------------------------------------------------


def number(value):
    return None if math.isnan(value) else float(value)


def regression_cases(count):
    for case in range(count):
        size = random.randint(2, 40)
        scale = 10.0 ** random.randint(-6, 6)
        offset = random.choice([0.0, 1.0, 1000.0]) * scale
        references = [offset + scale * random.gauss(0, 1) for _ in range(size)]
        predictions = [y + scale * random.gauss(0, random.choice([0.01, 0.3, 3])) for y in references]
        if case % 3 == 0:  # ties
            references = [float(round(y / scale)) for y in references]
            predictions = [float(round(x / scale)) for x in predictions]
        if case % 10 == 1:
            predictions = [3.5] * size
        if case % 10 == 2:
            references = [2.0] * size
        if case % 20 == 2:
            predictions = [2.0] * size
        yield {
            "references": references,
            "predictions": predictions,
            "mse": number(sklearn.metrics.mean_squared_error(references, predictions)),
            "rmse": number(sklearn.metrics.root_mean_squared_error(references, predictions)),
            "mae": number(sklearn.metrics.mean_absolute_error(references, predictions)),
            "r2": number(sklearn.metrics.r2_score(references, predictions)),
            "pearson": number(scipy.stats.pearsonr(references, predictions).statistic),
            "spearman": number(scipy.stats.spearmanr(references, predictions).statistic),
        }


# --- drawn by tests too ----------------------------------------------------------------------------------------------


def digest(rows):
    """Precision, recall and F1 of several rows in one number."""
    return sum((k + 1) * (row["precision"] + 2 * row["recall"] + 3 * row["f1-score"]) for k, row in enumerate(rows))


def drawn_report(seed):
    random = ParkMiller(seed)
    examples, classes, skill = 1 + random.below(40), 2 + random.below(5), random.below(100)
    references = [random.below(classes) for _ in range(examples)]
    predictions = [y if random.below(100) < skill else random.below(classes) for y in references]
    labels = list(range(classes))
    table = sklearn.metrics.classification_report(references, predictions, output_dict=True, zero_division=0)
    confusion = sklearn.metrics.confusion_matrix(references, predictions, labels=labels)
    return [
        float(sklearn.metrics.accuracy_score(references, predictions)),
        digest([table[str(label)] for label in labels if str(label) in table]),
        digest([table["macro avg"]]),
        digest([table["weighted avg"]]),
        int(sum((k + 1) ** 2 * int(count) for k, count in enumerate(confusion.flatten()))),
    ]


def drawn_label_report(seed):
    random = ParkMiller(seed)
    examples, labels, density, noise = 1 + random.below(30), 2 + random.below(4), random.below(100), random.below(60)
    references = [[random.below(100) < density for _ in range(labels)] for _ in range(examples)]
    predictions = [[applies != (random.below(100) < noise) for applies in row] for row in references]
    left, right = numpy.array(references).astype(int), numpy.array(predictions).astype(int)
    table = sklearn.metrics.classification_report(left, right, output_dict=True, zero_division=0)
    return [
        float(sklearn.metrics.accuracy_score(left, right)),
        digest([table[str(label)] for label in range(labels)]),
        *[digest([table[f"{name} avg"]]) for name in ("micro", "macro", "weighted", "samples")],
    ]


def drawn_regression(seed):
    """In every third case only few values, so that there are ties and constants."""
    random = ParkMiller(seed)
    examples, values = 2 + random.below(20), 3 if seed % 3 == 0 else 4000
    references = [random.below(values) / 8 - 100 for _ in range(examples)]
    predictions = [y + random.below(values) / 16 for y in references]
    return [
        number(sklearn.metrics.mean_squared_error(references, predictions)),
        number(sklearn.metrics.root_mean_squared_error(references, predictions)),
        number(sklearn.metrics.mean_absolute_error(references, predictions)),
        number(sklearn.metrics.r2_score(references, predictions)),
        number(scipy.stats.pearsonr(references, predictions).statistic),
        number(scipy.stats.spearmanr(references, predictions).statistic),
        float(numpy.mean(references)),
        float(numpy.std(references, ddof=1)),
    ]


def write_drawn():
    seeds = range(1, 1001)
    write(
        "drawn-reports.json",
        names=["accuracy", "classes", "macro", "weighted", "confusion"],
        cases=[drawn_report(seed) for seed in seeds],
    )
    write(
        "drawn-label-reports.json",
        names=["accuracy", "classes", "micro", "macro", "weighted", "samples"],
        cases=[drawn_label_report(seed) for seed in seeds],
    )
    write(
        "drawn-regressions.json",
        names=["mse", "rmse", "mae", "r2", "pearson", "spearman", "mean", "deviation"],
        cases=[drawn_regression(seed) for seed in seeds],
    )


# --- SQuAD v1.1: the definition of the official evaluation, written anew ---------------------------------------------


def normalized(answer):
    kept = "".join(character for character in answer.lower() if character not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def token_f1(prediction, reference):
    predicted, expected = normalized(prediction).split(), normalized(reference).split()
    shared = sum((collections.Counter(predicted) & collections.Counter(expected)).values())
    if shared == 0:
        return 0
    precision, recall = 1.0 * shared / len(predicted), 1.0 * shared / len(expected)
    return (2 * precision * recall) / (precision + recall)


def best(score, prediction, answers):
    return max(score(prediction, answer) for answer in answers)


ODD_WORDS = (
    "a an the A The AN a. the, (an) an't theatre Athe the-a _the the_ 9a a9 été aé éa theα αthe 的the a的 a\u0301 "
    "\u0301the ß SS İstanbul I\u0307 ΑΣ Σ ΣΑΣ ὈΔΥΣΣΕΎΣ ﬁ ǅ K Å naïve 北京 the北京 東京都 １２ Ⅷ ² ½ ٣ a٣ 😀 the😀 a\u200da "
    "the\u200bend don't U.S.A. $1,000.50 50% — – “quoted” «the» ‚a‘ ¿a? ！the！ ・a ''' \"a\" `the` a~b [the] {an} <a> "
    "C++ a/b the\\an \u00adthe \ufefftheory \ufeff 한국 हिन्दी हिन्दीthe עברית a\u0640b العربية ไทย kg m²"
).split(" ")
SPACES = [" ", " ", " ", "  ", "\t", "\n", "\r\n", "\u00a0", "\u3000", "\u2003", "\u2028", "\u0085", "\x1c", "\x1f"]
SPACES += ["\u200b", "\ufeff", "\u1680", "\u202f", "\u205f", "\u180e", "\x0b", "\x0c", ""]
PLAIN_WORDS = "Denver Broncos defeated Carolina Panthers in Super Bowl 50 on February 7 2016 the a an of and".split(" ")


def assigned():
    """A character that Unicode 14 knows and that is no surrogate."""
    while True:
        limit = random.choice([0x100, 0x3000, 0x20000])
        character = chr(random.randrange(limit))
        if unicodedata.category(character) not in ("Cn", "Cs", "Co"):
            return character


def word():
    kind = random.random()
    if kind < 0.45:
        return random.choice(PLAIN_WORDS)
    if kind < 0.85:
        return random.choice(ODD_WORDS)
    return "".join(random.choice([assigned(), random.choice("aeTHΣ.,'_")]) for _ in range(random.randint(1, 4)))


def phrase():
    return "".join(word() + random.choice(SPACES) for _ in range(random.randint(0, 5)))


def variation(text):
    """What a model might answer where the text is right."""
    kind = random.randrange(7)
    if kind == 0:
        return text
    if kind == 1:
        return text.upper()
    if kind == 2:
        return "The " + text + "."
    if kind == 3:
        return phrase() + " " + text
    if kind == 4:
        return " ".join(text.split()[: random.randint(0, 3)])
    if kind == 5:
        return " ".join(random.sample(text.split() * 2, len(text.split())))
    return phrase()


def squad_cases(count):
    for _ in range(count):
        answers = [phrase() for _ in range(random.randint(1, 3))]
        prediction = variation(random.choice(answers))
        yield {
            "prediction": prediction,
            "answers": answers,
            "normalized": normalized(prediction),
            "exact": [normalized(prediction) == normalized(answer) for answer in answers],
            "f1": [token_f1(prediction, answer) for answer in answers],
        }


def evaluate(cases):
    """The whole evaluation, summed in the order of the questions."""
    exact = f1 = 0
    for case in cases:
        exact += best(lambda x, y: normalized(x) == normalized(y), case["prediction"], case["answers"])
        f1 += best(token_f1, case["prediction"], case["answers"])
    return {"exactMatch": 100.0 * exact / len(cases), "f1": 100.0 * f1 / len(cases)}


def main():
    warnings.simplefilter("ignore")  # undefined metrics are among the cases
    random.seed(20260601)
    FOLDER.mkdir(parents=True, exist_ok=True)
    write("classification-report.json", cases=list(single_label_cases(200)))
    write("classification-report-multi-label.json", cases=list(multi_label_cases(60)))
    write("regression.json", cases=list(regression_cases(60)))
    cases = list(squad_cases(1000))
    totals = [{"count": count, **evaluate(cases[:count])} for count in range(1, 1001, 37)]
    write("squad.json", cases=cases, totals=totals)
    write_drawn()


if __name__ == "__main__":
    main()
