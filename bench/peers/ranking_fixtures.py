"""Write the reference fixtures of text ranking, by sentence-transformers' losses of cross-encoders.

    python bench/peers/ranking_fixtures.py [--output packages/multihead/fixtures]

    ranking/model/         a tiny cross-encoder, as CrossEncoder.save_pretrained writes it
    ranking/losses.json    a loss by our name with its options, the scores and the labels of each query's documents, and what
                           sentence-transformers gives: the loss, and its gradient by the scores
    ranking/training.json  runs of 20 steps from that model, without dropout, by AdamW without weight decay: the loss of each step,
                           and the outputs for some pairs of the trained model
    ranking/scores.json    the scores of predict() and the order of rank() of that model

Numbers have nine significant digits, which tell float32 numbers apart.
"""

import argparse
import json
import shutil
from pathlib import Path

import torch
from sentence_transformers import CrossEncoder
from sentence_transformers.cross_encoder.losses import (
    BinaryCrossEntropyLoss,
    LambdaLoss,
    LambdaRankScheme,
    ListNetLoss,
    NDCGLoss2Scheme,
    NoWeightingScheme,
)

from similarity_fixtures import drawn_texts, rounded


class GivenScores(CrossEncoder):
    """A cross-encoder whose scores are given: a document is its number."""

    num_labels = 1
    device = torch.device("cpu")

    def __init__(self, scores):
        torch.nn.Module.__init__(self)
        self.scores = scores

    def preprocess(self, pairs, **_):
        return {"rows": torch.tensor([document for _, document in pairs])}

    def forward(self, features, **_):
        return {"scores": self.scores[features["rows"]].unsqueeze(1)}


class PositiveLikelihood(torch.nn.Module):
    """Our cross-entropy: that of the softmax over a query's documents with the share of each label."""

    def __init__(self, model):
        super().__init__()
        self.model = model

    def forward(self, inputs, labels):
        losses = []
        for query, documents, own in zip(*inputs, labels):
            tokens = self.model.preprocess([(query, document) for document in documents])
            scores = self.model(tokens)["scores"].view(1, -1)
            losses.append(torch.nn.functional.cross_entropy(scores, (own / own.sum()).view(1, -1)))
        return torch.stack(losses).mean()


LOSSES = [
    ("binary-cross-entropy", {}, "binary", lambda m: BinaryCrossEntropyLoss(m)),
    ("binary-cross-entropy", {"posWeight": 3}, "binary", lambda m: BinaryCrossEntropyLoss(m, pos_weight=torch.tensor(3.0))),
    ("cross-entropy", {}, "binary", PositiveLikelihood),
    ("list-net", {}, "grades", lambda m: ListNetLoss(m)),
    ("lambda", {}, "grades", lambda m: LambdaLoss(m)),
    ("lambda", {"k": 2}, "grades", lambda m: LambdaLoss(m, k=2)),
    ("lambda", {"weighting": "none", "sigma": 0.5}, "binary", lambda m: LambdaLoss(m, NoWeightingScheme(), sigma=0.5)),
    ("lambda", {"weighting": "lambda-rank"}, "grades", lambda m: LambdaLoss(m, LambdaRankScheme())),
    ("lambda", {"weighting": "ndcg-loss2"}, "grades", lambda m: LambdaLoss(m, NDCGLoss2Scheme())),
]
LENGTHS = [3, 5, 2, 4]


def drawn_labels(kind, lengths, generator):
    """Labels of each query's documents, one of them at least above 0."""
    most = {"binary": 2, "grades": 4}[kind]
    labels = [torch.randint(0, most, (length,), generator=generator).float() for length in lengths]
    for own in labels:
        own[0] = most - 1
    return labels


def loss_of(loss, queries, documents, labels):
    """The loss of a batch of queries; of single pairs where the loss takes these."""
    if not isinstance(loss, BinaryCrossEntropyLoss):
        return loss([queries, documents], labels)
    flat = [(query, document) for query, own in zip(queries, documents) for document in own]
    return loss([[query for query, _ in flat], [document for _, document in flat]], torch.cat(labels))


def loss_cases():
    generator = torch.Generator().manual_seed(5)
    cases = []
    for name, options, kind, make in LOSSES:
        scores = torch.randn(sum(LENGTHS), generator=generator).mul(2).requires_grad_()
        labels = drawn_labels(kind, LENGTHS, generator)
        numbers = iter(range(sum(LENGTHS)))
        documents = [[next(numbers) for _ in range(length)] for length in LENGTHS]
        value = loss_of(make(GivenScores(scores)), list(range(len(LENGTHS))), documents, labels)
        value.backward()
        cases.append({
            "name": name, "options": options, "lengths": LENGTHS, "scores": rounded(scores.detach()),
            "labels": rounded(torch.cat(labels)), "loss": rounded(value.item()), "gradients": rounded(scores.grad),
        })
    return cases


def training_cases(folder):
    generator = torch.Generator().manual_seed(6)
    cases = []
    for name, options, kind, make in LOSSES:
        model = CrossEncoder(str(folder), max_length=20)
        model.eval()  # no dropout
        queries = drawn_texts(8, 21)
        documents = [drawn_texts(2 + i % 3, 31 + i) for i in range(8)]
        labels = drawn_labels(kind, [len(own) for own in documents], generator)
        optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0)
        loss, losses = make(model), []
        for step in range(20):
            batch = [(4 * step + i) % 8 for i in range(4)]
            parts = ([each[i] for i in batch] for each in (queries, documents, labels))
            value = loss_of(loss, *parts)
            optimizer.zero_grad()
            value.backward()
            optimizer.step()
            losses.append(value.item())
        pairs = [(queries[1], document) for document in documents[1]]
        logits = model.predict(pairs, activation_fn=torch.nn.Identity())
        cases.append({
            "name": name, "options": options, "queries": queries, "documents": documents,
            "labels": [rounded(own) for own in labels], "losses": rounded(losses), "logits": rounded(logits),
        })
    return cases


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--output", type=Path, default=Path("packages/multihead/fixtures"))
    output = parser.parse_args().output
    folder = output / "ranking"
    shutil.rmtree(folder, ignore_errors=True)
    torch.manual_seed(3)
    model = CrossEncoder(str(output / "sentence/model"), num_labels=1, max_length=20)
    with torch.no_grad():
        model.model.classifier.weight.normal_(0, 0.5)
        model.model.classifier.bias.fill_(0.1)
    model.save_pretrained(str(folder / "model"))
    (folder / "model/README.md").unlink()
    write = lambda name, **content: (folder / name).write_text(json.dumps(content, separators=(",", ":")) + "\n")
    by = {"writtenBy": "bench/peers/ranking_fixtures.py"}
    write("losses.json", **by, cases=loss_cases())
    write("training.json", **by, cases=training_cases(folder / "model"))
    query, documents = drawn_texts(1, 41)[0], drawn_texts(7, 42)
    write(
        "scores.json", **by, query=query, documents=documents,
        scores=rounded(model.predict([(query, document) for document in documents])),
        order=[hit["corpus_id"] for hit in model.rank(query, documents)],
    )


if __name__ == "__main__":
    main()
