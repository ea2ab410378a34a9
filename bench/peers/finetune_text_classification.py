"""The task text-classification of finetune.py: one label for each text."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast


@dataclass(frozen=True)
class Example:
    text: str
    label: str


def read_examples(path: Path, text: str, label: str) -> list[Example]:
    """Examples of a JSONL, CSV or TSV file.

    A table whose first row holds both column names has a header; any other has the text in its first column and the
    label in its second. Quotes mean nothing in TSV.
    """
    if path.suffix == ".jsonl":
        with path.open(encoding="utf-8") as file:
            records = [json.loads(line) for line in file if line.strip()]
        return [Example(str(record[text]), str(record[label])) for record in records]
    dialect = {"delimiter": "\t", "quoting": csv.QUOTE_NONE} if path.suffix == ".tsv" else {}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.reader(file, **dialect) if row]
    columns = (0, 1)
    if rows and {text, label} <= set(rows[0]):
        columns = (rows[0].index(text), rows[0].index(label))
        rows = rows[1:]
    return [Example(row[columns[0]].strip(), row[columns[1]].strip()) for row in rows]


def label_names(examples: list[Example]) -> list[str]:
    """The labels in the order of their ids, as Multihead orders them: integers by value, others by code points."""
    names = {example.label for example in examples}
    integers = all(name.removeprefix("-").isdecimal() and str(int(name)) == name for name in names)
    return sorted(names, key=int if integers else str)


class TextClassification:
    """Features, batches and scores of the task."""

    model_class = "AutoModelForSequenceClassification"

    def __init__(self, tokenizer: PreTrainedTokenizerFast, labels: list[str], max_length: int) -> None:
        self.tokenizer = tokenizer
        self.labels = labels
        self.max_length = max_length

    def featurise(self, examples: list[Example]) -> list[dict]:
        """One feature an example, in the order of the file."""
        ids = {name: index for index, name in enumerate(self.labels)}
        encoded = self.tokenizer(
            [example.text for example in examples], truncation=True, max_length=self.max_length, padding=False
        )
        return [
            {
                "input_ids": encoded["input_ids"][index],
                "token_type_ids": encoded["token_type_ids"][index],
                "labels": ids[example.label],
            }
            for index, example in enumerate(examples)
        ]

    def targets(self, features: list[dict]) -> dict[str, Tensor]:
        return {"labels": torch.tensor([feature["labels"] for feature in features])}

    def score(
        self, outputs: list[dict[str, Tensor]], features: list[dict], examples: list[Example]
    ) -> tuple[dict, list[str]]:
        """Accuracy in percent, and each example's predicted label."""
        predicted = [int(output["logits"].argmax()) for output in outputs]
        right = sum(guess == feature["labels"] for guess, feature in zip(predicted, features))
        return {"accuracy": 100 * right / len(examples)}, [self.labels[guess] for guess in predicted]
