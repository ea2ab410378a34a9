"""The task token-classification of finetune.py: a tag for each word, as Hugging Face's run_ner trains it."""

from dataclasses import dataclass
from pathlib import Path

import seqeval.metrics
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

IGNORED = -100


@dataclass(frozen=True)
class Example:
    tokens: list[str]
    tags: list[str]


def read_examples(path: Path) -> list[Example]:
    """Sentences of a CoNLL file: the token in the first column, its tag in the last."""
    examples, rows = [], []
    for line in [*path.read_text(encoding="utf-8").split("\n"), ""]:
        if line.strip(" \t\r"):
            cells = line.rstrip("\r").split("\t" if "\t" in line else " ")
            rows.append((cells[0], cells[-1].strip()))
        elif rows:
            examples.append(Example([token for token, _ in rows], [tag for _, tag in rows]))
            rows = []
    return examples


def label_names(examples: list[Example]) -> list[str]:
    return sorted({tag for example in examples for tag in example.tags})


class TokenClassification:
    """Features, batches and scores of the task."""

    model_class = "AutoModelForTokenClassification"

    def __init__(self, tokenizer: PreTrainedTokenizerFast, labels: list[str], max_length: int) -> None:
        self.tokenizer = tokenizer
        self.labels = labels
        self.max_length = max_length

    def featurise(self, examples: list[Example]) -> list[dict]:
        """One feature a sentence; a word has its tag at its first token."""
        features = []
        for example in examples:
            encoded = self.tokenizer(example.tokens, is_split_into_words=True, truncation=True, max_length=self.max_length)
            labels, previous = [], None
            for word in encoded.word_ids():
                begins = word is not None and word != previous
                labels.append(self.labels.index(example.tags[word]) if begins else IGNORED)
                previous = word
            types = encoded.get("token_type_ids") or [0] * len(labels)
            features.append({"input_ids": encoded["input_ids"], "token_type_ids": types, "labels": labels})
        return features

    def targets(self, features: list[dict]) -> dict[str, Tensor]:
        longest = max(len(feature["labels"]) for feature in features)
        padded = [feature["labels"] + [IGNORED] * (longest - len(feature["labels"])) for feature in features]
        return {"labels": torch.tensor(padded)}

    def score(
        self, outputs: list[dict[str, Tensor]], features: list[dict], examples: list[Example]
    ) -> tuple[dict, list[list[str]]]:
        """seqeval's F1 over all entities in percent, and each sentence's tags."""
        references, predictions = [], []
        for output, feature in zip(outputs, features):
            labels = feature["labels"]
            best = output["logits"].argmax(-1).tolist()
            references.append([self.labels[label] for label in labels if label != IGNORED])
            predictions.append([self.labels[guess] for guess, label in zip(best, labels) if label != IGNORED])
        scores = {
            "f1": 100 * seqeval.metrics.f1_score(references, predictions),
            "precision": 100 * seqeval.metrics.precision_score(references, predictions),
            "recall": 100 * seqeval.metrics.recall_score(references, predictions),
            "accuracy": 100 * seqeval.metrics.accuracy_score(references, predictions),
        }
        return scores, predictions
