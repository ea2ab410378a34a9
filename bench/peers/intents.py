"""PyTorch's side of `npm run bench -- intents --sides pytorch`: the same texts, losses and settings with sentence-transformers.

    python bench/peers/intents.py --model runs/minilm --threads 1 < question.json

Reads one line of JSON from stdin:

    {"method": "probe" | "few-shot" | "fine-tuning", "seed": 1, "train": [{"text", "label"}, ...], "test": [...],
     "settings": {...}, "pairs_per_text": 5}

and prints one, {"accuracy": ..., "seconds": ...}. The three methods are Multihead's:

- probe: scikit-learn's logistic regression (C = 30) on vectors of length 1 from the model as it is.
- few-shot: each text with some others of its label; a batch's texts are compared with all of them by the supervised
  contrastive loss (Khosla et al. 2020, L_out, temperature 0.05); then a probe of the vectors.
- fine-tuning: a linear layer on the mean of the tokens' hidden states, which begins as the probe, and the whole model
  trained with cross-entropy, labels smoothed by 0.1.

Training is Hugging Face's: AdamW (fused) without decay of biases and LayerNorms, linear schedule with warm-up, clipping
by the global norm, dropout as config.json has it. Fine-tuning batches texts of similar length together (Hugging Face's
`group_by_length`), few-shot training those of all lengths: Multihead's defaults. Pairs, orders and dropout masks are its own.
"""

import json
import math
import random
import sys
import time

import numpy
import side
import torch
from optimization import adamw
from sentence_transformers import SentenceTransformer
from sklearn.linear_model import LogisticRegression
from torch import Tensor, nn
from transformers import get_linear_schedule_with_warmup

# Multihead's defaults
INVERSE_STRENGTH = 30
TEMPERATURE = 0.05
MAX_LENGTH = 128


def vectors(model: SentenceTransformer, texts: list[str]) -> numpy.ndarray:
    """Means of hidden states, not normalized."""
    return model.encode(texts, batch_size=32, normalize_embeddings=False, show_progress_bar=False)


def unit(rows: numpy.ndarray) -> numpy.ndarray:
    return rows / numpy.linalg.norm(rows, axis=1, keepdims=True)


def fit_probe(rows: numpy.ndarray, labels: list[int]) -> LogisticRegression:
    return LogisticRegression(C=INVERSE_STRENGTH, max_iter=2000).fit(unit(rows), labels)


def forward(model: SentenceTransformer, texts: list[str]) -> Tensor:
    return model(model.preprocess(texts))["sentence_embedding"]


def supervised_contrastive(rows: Tensor, labels: Tensor) -> Tensor:
    units = nn.functional.normalize(rows, dim=1)
    own = torch.eye(len(labels), dtype=torch.bool)
    log_probabilities = (units @ units.T / TEMPERATURE).masked_fill(own, -1e4).log_softmax(dim=1)
    positive = ((labels[:, None] == labels[None, :]) & ~own).float()
    return -((positive * log_probabilities).sum(1) / positive.sum(1)).mean()


def pairs_of(labels: list[int], per_text: int) -> list[tuple[int, int]]:
    """Each text with others of its label, drawn anew only when all have been drawn."""
    pairs = []
    for i, label in enumerate(labels):
        others = [j for j, other in enumerate(labels) if other == label and j != i] or [i]
        left: list[int] = []
        for _ in range(per_text):
            left = left or random.sample(others, len(others))
            pairs.append((i, left.pop()))
    return pairs


def batches_of(examples: list, size: int, length) -> list[list]:
    """An epoch in random order; with `length`, a function of an example, each 50 batches' examples are sorted by it first."""
    order = random.sample(examples, len(examples))
    if length is None:
        return [order[at : at + size] for at in range(0, len(order), size)]
    stretches = [sorted(order[at : at + 50 * size], key=length) for at in range(0, len(order), 50 * size)]
    batches = [stretch[at : at + size] for stretch in stretches for at in range(0, len(stretch), size)]
    return random.sample(batches, len(batches))


def train(modules: nn.Module, examples: list, loss_of, settings: dict, length=None) -> None:
    """`loss_of` gives the loss of some of the examples, `length` the length of one where batches are to be of similar length."""
    batch, epochs = settings["batchSize"], settings["epochs"]
    steps = epochs * math.ceil(len(examples) / batch)
    optimizer = adamw(modules, settings["learningRate"], settings["weightDecay"], fused=True)
    warmup = math.ceil(steps * settings["warmupRatio"])
    schedule = get_linear_schedule_with_warmup(optimizer, warmup, steps)
    modules.train()
    for _ in range(epochs):
        for some in batches_of(examples, batch, length):
            loss_of(some).backward()
            torch.nn.utils.clip_grad_norm_(modules.parameters(), settings["maxGradNorm"])
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
    modules.eval()


def few_shot(model: SentenceTransformer, texts: list[str], labels: list[int], question: dict) -> None:
    def loss_of(pairs: list[tuple[int, int]]) -> Tensor:
        indices = [index for pair in pairs for index in pair]
        rows = forward(model, [texts[index] for index in indices])
        return supervised_contrastive(rows, torch.tensor([labels[index] for index in indices]))

    train(model, pairs_of(labels, question["pairs_per_text"]), loss_of, question["settings"])


class Classifier(nn.Module):
    """A linear layer on the means of hidden states, which begins as a probe."""

    def __init__(self, model: SentenceTransformer, texts: list[str], labels: list[int]) -> None:
        super().__init__()
        self.model = model
        rows = vectors(model, texts)
        probe = fit_probe(rows, labels)
        self.dropout = nn.Dropout(0.1)
        self.classifier = nn.Linear(*reversed(probe.coef_.shape))
        with torch.no_grad():
            lengths = numpy.linalg.norm(rows, axis=1)
            self.classifier.weight.copy_(torch.tensor(probe.coef_ / lengths.mean()))
            self.classifier.bias.copy_(torch.tensor(probe.intercept_))

    def logits(self, texts: list[str]) -> Tensor:
        return self.classifier(self.dropout(forward(self.model, texts)))


def accuracy_of(question: dict, folder: str) -> float:
    names = sorted({row["label"] for row in question["train"]})
    texts = [row["text"] for row in question["train"]]
    labels = [names.index(row["label"]) for row in question["train"]]
    test_texts = [row["text"] for row in question["test"]]
    test_labels = [names.index(row["label"]) if row["label"] in names else -1 for row in question["test"]]
    model = SentenceTransformer(folder, device="cpu")
    del model[2:]  # the normalization: a classifier reads the means as they are
    model.max_seq_length = MAX_LENGTH
    model.eval()
    if question["method"] == "fine-tuning":
        classifier = Classifier(model, texts, labels)

        def loss_of(rows: list[int]) -> Tensor:
            wanted = torch.tensor([labels[row] for row in rows])
            logits = classifier.logits([texts[row] for row in rows])
            return nn.functional.cross_entropy(logits, wanted, label_smoothing=question["settings"]["labelSmoothing"])

        lengths = [len(ids) for ids in model.tokenizer(texts, truncation=True, max_length=MAX_LENGTH)["input_ids"]]
        train(classifier, list(range(len(texts))), loss_of, question["settings"], lengths.__getitem__)
        with torch.inference_mode():
            rows = torch.tensor(vectors(model, test_texts))
            predicted = classifier.classifier(rows).argmax(dim=1).numpy()
    else:
        if question["method"] == "few-shot":
            few_shot(model, texts, labels, question)
        predicted = fit_probe(vectors(model, texts), labels).predict(unit(vectors(model, test_texts)))
    return float((predicted == numpy.array(test_labels)).mean())


def main() -> None:
    options = side.options(__doc__)
    question = json.loads(sys.stdin.readline())
    random.seed(question["seed"])
    torch.manual_seed(question["seed"])
    began = time.perf_counter()
    accuracy = accuracy_of(question, options.model)
    print(json.dumps({"accuracy": accuracy, "seconds": round(time.perf_counter() - began)}))


if __name__ == "__main__":
    main()
