"""Write the reference fixtures of sentence similarity, by sentence-transformers' losses and evaluators.

    python bench/peers/similarity_fixtures.py [--output packages/multihead/fixtures]

    similarity/losses.json    cases: a loss by our name with its options, the vectors of the texts [texts, batch, size],
                              labels, and what sentence-transformers gives: the loss, and its gradient by the vectors
    similarity/training.json  runs of 20 steps from the model of fixtures/sentence, without dropout, by AdamW without weight
                              decay: the loss of each step, and vectors of the trained model
    similarity/metrics.json   metrics of 1,000 drawn cases by the evaluators; scores and labels are drawn by park_miller.py
                              (parameters "seed" and "count"), so that only the metrics are written

Numbers have nine significant digits, which tell float32 numbers apart.
"""

import argparse
import json
import warnings
from pathlib import Path

import numpy
import torch
import transformers
from park_miller import ParkMiller
from scipy.stats import pearsonr, spearmanr
from sentence_transformers import SentenceTransformer
from sentence_transformers.sentence_transformer.evaluation import BinaryClassificationEvaluator
from sentence_transformers.sentence_transformer.losses import (
    AnglELoss,
    ContrastiveLoss,
    CoSENTLoss,
    CosineSimilarityLoss,
    MatryoshkaLoss,
    MultipleNegativesRankingLoss,
    SoftmaxLoss,
    TripletLoss,
)
from sentence_transformers.sentence_transformer.losses.contrastive import SiameseDistanceMetric
from sentence_transformers.sentence_transformer.losses.matryoshka import shrink
from sentence_transformers.sentence_transformer.losses.triplet import TripletDistanceMetric
from sentence_transformers.util import dot_score
from sklearn.metrics import average_precision_score, matthews_corrcoef

BOTH_WAYS = {"directions": ("query_to_doc", "doc_to_query"), "partition_mode": "per_direction"}

# our name, our options, texts, kind of labels, their loss
LOSSES = [
    ("multiple-negatives-ranking", {}, 2, None, lambda m: MultipleNegativesRankingLoss(m)),
    ("multiple-negatives-ranking", {}, 4, None, lambda m: MultipleNegativesRankingLoss(m)),
    (
        "multiple-negatives-ranking",
        {"scale": 5, "similarity": "dot"},
        3,
        None,
        lambda m: MultipleNegativesRankingLoss(m, scale=5, similarity_fct=dot_score),
    ),
    (
        "multiple-negatives-ranking",
        {"symmetric": True},
        3,
        None,
        lambda m: MultipleNegativesRankingLoss(m, **BOTH_WAYS),
    ),
    ("cosent", {}, 2, "scores", lambda m: CoSENTLoss(m)),
    ("cosent", {"scale": 100}, 2, "binary", lambda m: CoSENTLoss(m, scale=100)),
    ("angle", {}, 2, "scores", lambda m: AnglELoss(m)),
    ("cosine-similarity", {}, 2, "scores", lambda m: CosineSimilarityLoss(m)),
    ("triplet", {"margin": 0.5}, 3, None, lambda m: TripletLoss(m, triplet_margin=0.5)),
    (
        "triplet",
        {"distance": "cosine", "margin": 0.2},
        3,
        None,
        lambda m: TripletLoss(m, distance_metric=TripletDistanceMetric.COSINE, triplet_margin=0.2),
    ),
    (
        "triplet",
        {"distance": "manhattan"},
        3,
        None,
        lambda m: TripletLoss(m, distance_metric=TripletDistanceMetric.MANHATTAN),
    ),
    ("contrastive", {}, 2, "binary", lambda m: ContrastiveLoss(m)),
    (
        "contrastive",
        {"distance": "euclidean", "margin": 4},
        2,
        "binary",
        lambda m: ContrastiveLoss(m, distance_metric=SiameseDistanceMetric.EUCLIDEAN, margin=4),
    ),
    (
        "contrastive",
        {"distance": "manhattan", "margin": 10},
        2,
        "binary",
        lambda m: ContrastiveLoss(m, distance_metric=SiameseDistanceMetric.MANHATTAN, margin=10),
    ),
    ("angle", {"scale": 10}, 3, None, lambda m: AnglELoss(m, scale=10)),
    ("angle", {}, 4, None, lambda m: AnglELoss(m)),
]
MATRYOSHKA = [8, 6, 3]
BATCH = 6


def rounded(values):
    array = numpy.asarray(values, dtype=numpy.float64)
    if array.ndim == 0:
        return float(f"{float(array):.9g}")
    return [rounded(value) for value in array]


def loss_cases() -> list:
    generator = torch.Generator().manual_seed(11)
    cases = []
    for size in (8, 7):
        for name, options, texts, kind, make in LOSSES:
            for matryoshka in (None, MATRYOSHKA) if size == 8 else (None,):
                vectors = [torch.randn(BATCH, size, generator=generator).requires_grad_() for _ in range(texts)]
                labels = {
                    None: None,
                    "scores": torch.rand(BATCH, generator=generator).mul(5).round() / 5,
                    "binary": torch.tensor([0.0, 1.0, 1.0, 0.0, 1.0, 0.0]),
                }[kind]
                loss = make(None)
                if matryoshka:
                    value = sum(
                        loss.compute_loss_from_embeddings([shrink(v, count) for v in vectors], labels)
                        for count in matryoshka
                    )
                else:
                    value = loss.compute_loss_from_embeddings(vectors, labels)
                value.backward()
                cases.append(
                    {
                        "name": name,
                        "options": options,
                        "matryoshka": matryoshka,
                        "vectors": rounded(torch.stack(vectors).detach()),
                        "labels": None if labels is None else rounded(labels),
                        "loss": rounded(value.item()),
                        "gradients": rounded(torch.stack([v.grad for v in vectors])),
                    }
                )
    return cases


class Given(torch.nn.Module):
    """A model whose vectors are given."""

    device = "cpu"

    def forward(self, features: dict) -> dict:
        return {"sentence_embedding": features["vectors"]}


def softmax_cases() -> list:
    generator = torch.Generator().manual_seed(12)
    cases = []
    for options in ({}, {"product": True}, {"vectors": False}):
        torch.manual_seed(3)
        loss = SoftmaxLoss(
            Given(),
            embedding_dimension=8,
            num_labels=3,
            concatenation_sent_rep=options.get("vectors", True),
            concatenation_sent_multiplication=options.get("product", False),
        )
        vectors = [torch.randn(BATCH, 8, generator=generator).requires_grad_() for _ in range(2)]
        labels = torch.tensor([0, 2, 1, 1, 0, 2])
        value = loss([{"vectors": each} for each in vectors], labels)
        value.backward()
        cases.append(
            {
                "name": "softmax",
                "options": options,
                "matryoshka": None,
                "vectors": rounded(torch.stack(vectors).detach()),
                "labels": labels.tolist(),
                "head": head_of(loss),
                "loss": rounded(value.item()),
                "gradients": rounded(torch.stack([v.grad for v in vectors])),
            }
        )
    return cases


def head_of(loss: SoftmaxLoss) -> dict:
    return {"weight": rounded(loss.classifier.weight.detach()), "bias": rounded(loss.classifier.bias.detach())}


WORDS = "the a is was in of good bad film book city river great small very paris".split()


def drawn_texts(count: int, seed: int) -> list:
    draw = ParkMiller(seed)
    return [" ".join(WORDS[draw.below(len(WORDS))] for _ in range(3 + draw.below(6))) for _ in range(count)]


def training_runs(folder: Path) -> list:
    runs = []
    softmax = ("softmax", {}, 2, "classes", lambda m: SoftmaxLoss(m, embedding_dimension=16, num_labels=3))
    chosen = [(*LOSSES[i], None) for i in (0, 3, 4, 6, 7, 8, 11)] + [(*LOSSES[1], [16, 8]), (*softmax, None), (*LOSSES[15], None)]
    # With all 16 dimensions: without a loss of its own, the rest would follow noise, which AdamW makes as large as a gradient.
    for number, (name, options, texts, kind, make, matryoshka) in enumerate(chosen):
        model = SentenceTransformer(str(folder), device="cpu")
        model.eval()  # without dropout
        torch.manual_seed(number)
        loss = make(model)
        head = {"head": head_of(loss)} if name == "softmax" else {}
        if matryoshka:
            loss = MatryoshkaLoss(model, loss, matryoshka)
        columns = [drawn_texts(24, 100 + 10 * number + column) for column in range(texts)]
        draw = ParkMiller(500 + number)
        labels = None
        if kind == "scores":
            labels = [draw.below(6) / 5 for _ in range(24)]
        if kind == "binary":
            labels = [float(draw.below(2)) for _ in range(24)]
        if kind == "classes":
            labels = [draw.below(3) for _ in range(24)]
        learned = [*model.parameters(), *(loss.classifier.parameters() if head else [])]
        optimizer = torch.optim.AdamW(learned, lr=1e-3, weight_decay=0)
        losses = []
        for step in range(20):
            at = [(6 * step + i) % 24 for i in range(6)]
            features = [model.preprocess([column[i] for i in at]) for column in columns]
            targets = None if labels is None else torch.tensor([labels[i] for i in at])
            optimizer.zero_grad()
            value = loss(features, targets)
            value.backward()
            optimizer.step()
            losses.append(value.item())
        runs.append(
            {
                "name": name,
                "options": options,
                "matryoshka": matryoshka,
                "texts": columns,
                "labels": labels,
                **head,
                "losses": rounded(losses),
                "vectors": rounded(model.encode(columns[0][:4])),
            }
        )
    return runs


def metric_cases() -> list:
    cases = []
    for seed in range(1, 1001):
        draw = ParkMiller(seed)
        count = 2 + draw.below(12)
        # Few different values make ties; multiples of 1/64 have exact middles in float32.
        scores = numpy.array([(draw.below(33) - 8) / 64 for _ in range(count)], dtype=numpy.float32)
        labels = numpy.array([draw.below(2) for _ in range(count)])
        values = numpy.array([draw.below(6) for _ in range(count)])
        accuracy, accuracy_threshold = BinaryClassificationEvaluator.find_best_acc_and_threshold(scores, labels, True)
        f1, precision, recall, threshold = BinaryClassificationEvaluator.find_best_f1_and_threshold(scores, labels, True)
        constant = len(set(scores.tolist())) == 1 or len(set(values.tolist())) == 1
        cases.append(
            [
                *rounded([accuracy, accuracy_threshold, f1, threshold, precision, recall]),
                rounded(average_precision_score(labels, scores)) if labels.any() else 0,
                rounded(matthews_corrcoef(labels, scores >= threshold)),
                None if constant else rounded(pearsonr(values, scores)[0]),
                None if constant else rounded(spearmanr(values, scores)[0]),
            ]
        )
    return cases


def write(path: Path, rows: list, more: dict) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(row) for row in rows)
    path.write_text(json.dumps(more)[:-1] + (", " if more else "") + f'"cases": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"{path}  {path.stat().st_size} bytes")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path("packages/multihead/fixtures"))
    output = parser.parse_args().output
    transformers.logging.set_verbosity_error()
    warnings.simplefilter("ignore")  # of cases with one label
    torch.set_num_threads(1)
    columns = ["accuracy", "accuracyThreshold", "f1", "f1Threshold", "precision", "recall", "ap", "mcc"]
    write(output / "similarity" / "losses.json", [*loss_cases(), *softmax_cases()], {})
    write(output / "similarity" / "training.json", training_runs(output / "sentence" / "model"), {})
    write(output / "similarity" / "metrics.json", metric_cases(), {"columns": [*columns, "pearson", "spearman"]})
