"""Reference values for mineHardNegatives of packages/multihead/src/vectors: what mine_hard_negatives of sentence-transformers finds.

    pip install sentence-transformers==6.2.0 datasets==5.2.0
    python bench/peers/hard_negatives_fixtures.py     # writes packages/multihead/fixtures/vectors/hard-negatives.json

Text q3 has vector 3 of the queries that vector_search_fixtures.py draws, d12 has vector 12 of its corpus.
"""

import json
import pathlib
import types

import datasets.arrow_dataset
import torch
from datasets import Dataset
from sentence_transformers.util import cos_sim, mine_hard_negatives, pairwise_cos_sim

from vector_search_fixtures import drawn

# Fingerprints are for caches, and dill cannot pickle the types of pyarrow 26, of which they are made.
datasets.arrow_dataset.generate_fingerprint = lambda _: "none"

FILE = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/vectors/hard-negatives.json"
VECTORS = {"q": drawn(2, 8), "d": drawn(1, 90)}


class DrawnModel:
    """Texts are names of drawn vectors."""

    device = torch.device("cpu")
    model_card_data = types.SimpleNamespace(base_model="drawn")
    similarity = staticmethod(cos_sim)
    similarity_pairwise = staticmethod(pairwise_cos_sim)

    def encode_query(self, texts, **_):
        rows = torch.tensor([VECTORS[text[0]][int(text[1:])].tolist() for text in texts])
        return torch.nn.functional.normalize(rows, dim=1).numpy()

    encode_document = encode_query


class DrawnCrossEncoder:
    """Scores by the distance of two vectors."""

    def predict(self, pairs, **_):
        rows = [VECTORS["q"][int(q[1:])] - VECTORS["d"][int(d[1:])] for q, d in pairs]
        return -torch.tensor(rows).norm(dim=1)


PAIRS = [(f"q{i}", f"d{i * 7}") for i in range(8)] + [(f"q{i}", f"d{i * 11 + 1}") for i in range(0, 8, 3)]
CASES = [
    {"num_negatives": 2},
    {"num_negatives": 3, "range_min": 2, "range_max": 9},
    {"num_negatives": 4, "absolute_margin": 0.1},
    {"num_negatives": 4, "relative_margin": 0.2},
    {"num_negatives": 5, "max_score": 0.5, "min_score": 0.1},
    {"num_negatives": 3, "absolute_margin": 0.05, "cross_encoder": True},
]


def mined(case):
    dataset = Dataset.from_dict({"anchor": [a for a, _ in PAIRS], "positive": [p for _, p in PAIRS]})
    options = {**case, "cross_encoder": DrawnCrossEncoder() if "cross_encoder" in case else None}
    corpus = [f"d{i}" for i in range(90)]
    rows = mine_hard_negatives(dataset, DrawnModel(), corpus=corpus, output_scores=True, verbose=False, **options)
    return [[row["anchor"], row["positive"], row["negative"], *row["scores"]] for row in rows]


if __name__ == "__main__":
    content = {
        "writtenBy": "bench/peers/hard_negatives_fixtures.py",
        "pairs": PAIRS,
        "cases": [{"options": case, "found": mined(case)} for case in CASES],
    }
    FILE.write_text(json.dumps(content, separators=(",", ":")) + "\n")
