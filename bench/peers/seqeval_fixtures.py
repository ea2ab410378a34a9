"""Reference values for packages/multihead/src/metrics/sequence-labeling: what seqeval counts of 1,000 drawn cases.

    pip install seqeval==1.2.2
    python bench/peers/seqeval_fixtures.py        # writes packages/multihead/fixtures/metrics/entities.json

Tests draw the same cases (park_miller.py). The scores of a type or an average are one number, precision + 2 recall + 3 F1.
Four cases in five are scored in seqeval's default mode and strictly; the tags of every fifth fit no scheme. Of the first 50,
the entities and the printed reports are there, too.
"""

import json
import pathlib
import sys
import warnings

import numpy
import seqeval.scheme
from seqeval.metrics import accuracy_score, classification_report
from seqeval.metrics.sequence_labeling import get_entities, precision_recall_fscore_support
from seqeval.metrics.v1 import precision_recall_fscore_support as strict_scores

from park_miller import ParkMiller

FILE = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/metrics/entities.json"
PREFIXES = {"IOB1": "IOB", "IOB2": "IOB", "IOE1": "IOE", "IOE2": "IOE", "IOBES": "IOBES", "BILOU": "BILOU"}
TYPES = ["PER", "LOC", "work-of-art", "", "é", "机构", "\U0001f600", "\uff21", "MISC", "A"]


def draw(seed):
    below = ParkMiller(seed).below
    scheme = list(PREFIXES)[below(6)]
    is_wild = seed % 5 == 0
    prefixes = "BIESULO.X" if is_wild else PREFIXES[scheme]
    suffix = below(4) == 0
    types = TYPES[: 10 if below(20) == 0 else 1 + below(5)]

    def tag():
        prefix = prefixes[below(len(prefixes))]
        kind = types[below(len(types))]
        if prefix == "O" or kind == "":
            return prefix
        return f"{kind}-{prefix}" if suffix else f"{prefix}-{kind}"

    references = [[tag() for _ in range(below(9))] for _ in range(1 + below(5))]
    changed = below(101)  # percent of the tags that are predicted as drawn anew
    predictions = [[tag() if below(100) < changed else one for one in sentence] for sentence in references]
    return {
        "scheme": None if is_wild else scheme,
        "suffix": suffix,
        "zero_division": below(2),
        "references": references,
        "predictions": predictions,
    }


def scores_by(score, references, predictions, **options):
    """Of each type and of the three averages: one number, and the support."""
    each = score(references, predictions, average=None, **options)
    rows = list(zip(*each))
    if rows:
        rows += [score(references, predictions, average=name, **options) for name in ("micro", "macro", "weighted")]
    return [[round(float(p + 2 * r + 3 * f), 13), int(s)] for p, r, f, s in rows]


def case(seed):
    drawn = draw(seed)
    references, predictions = drawn["references"], drawn["predictions"]
    options = {"suffix": drawn["suffix"], "zero_division": drawn["zero_division"]}
    scheme = drawn["scheme"] and getattr(seqeval.scheme, drawn["scheme"])
    row = [
        round(accuracy_score(references, predictions), 13) if any(references) else 0,
        scores_by(precision_recall_fscore_support, references, predictions, **options),
    ]
    if scheme:
        row.append(scores_by(strict_scores, references, predictions, scheme=scheme, **options))
    if seed > 50:
        return row
    digits = 2 + seed % 3
    found = [get_entities(sentence, drawn["suffix"]) for sentence in references]
    texts = []
    for mode in [{}, {"mode": "strict", "scheme": scheme}] if scheme else [{}]:
        try:
            texts.append(classification_report(references, predictions, digits=digits, **options, **mode))
        except ValueError:  # no entities
            texts.append(None)
    return row + ([] if scheme else [None]) + [found, texts]


def main():
    warnings.simplefilter("ignore")
    content = {
        "writtenBy": "bench/peers/seqeval_fixtures.py",
        "versions": {"python": sys.version.split()[0], "seqeval": "1.2.2", "numpy": numpy.__version__},
        "cases": [case(seed) for seed in range(1, 1001)],
    }
    text = json.dumps(content, separators=(",", ":"), ensure_ascii=True)
    FILE.write_text(text + "\n")
    print(f"{FILE.name}: {len(text)} bytes")


main()
