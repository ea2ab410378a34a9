"""The task question-answering of finetune.py: Hugging Face's run_qa for SQuAD v1.1, without its dependencies.

Features, n-best search and scores follow examples/pytorch/question-answering of Hugging Face Transformers, with two
deliberate differences:

- Windows with stride are cut here, from an encoding without truncation: tokenizers 0.23 loses windows
  (huggingface/tokenizers issue 2091). They are the windows that tokenizers 0.22 gives.
- Where the answer begins in a window's last token, run_qa's search for the start runs off the context ("edge case" in
  its own comment) and lands on the last token of the sequence. Here it stops at the last token of the context.
"""

import collections
import json
import re
import string
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

N_BEST = 20
MAX_ANSWER_LENGTH = 30  # tokens


@dataclass(frozen=True)
class Example:
    """A question about a context. `answers` are texts with their first character in the context."""

    id: str
    question: str
    context: str
    answers: list[tuple[str, int]]


def read_examples(path: Path) -> list[Example]:
    articles = json.loads(path.read_text(encoding="utf-8"))["data"]
    return [
        Example(
            str(question["id"]),
            question["question"],
            paragraph["context"],
            [(answer["text"], answer["answer_start"]) for answer in question["answers"]],
        )
        for article in articles
        for paragraph in article["paragraphs"]
        for question in paragraph["qas"]
    ]


class QuestionAnswering:
    """Features, batches and scores of the task."""

    model_class = "AutoModelForQuestionAnswering"

    def __init__(self, tokenizer: PreTrainedTokenizerFast, max_length: int, stride: int) -> None:
        self.tokenizer = tokenizer
        self.max_length = max_length
        self.stride = stride

    def featurise(self, examples: list[Example]) -> list[dict]:
        """The windows of all examples, in the order of the file and of the text.

        `offsets` holds the characters of each context token, and None for the question and special tokens.
        """
        return [feature for index, example in enumerate(examples) for feature in self.windows(index, example)]

    def windows(self, index: int, example: Example) -> Iterator[dict]:
        cls, sep = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        # The lengths are ours to mind: no warning about what the model can take.
        question = self.tokenizer(example.question.lstrip(), add_special_tokens=False, verbose=False)["input_ids"]
        context = self.tokenizer(
            example.context, add_special_tokens=False, return_offsets_mapping=True, verbose=False
        )
        prefix = [cls, *question, sep]
        room = self.max_length - len(prefix) - 1
        if room <= self.stride:
            raise SystemExit(
                f"question {example.id}: its {len(question)} tokens leave {room} for the context, "
                f"which must be more than the stride of {self.stride}; raise --max-length or lower --stride"
            )
        for first in range(0, max(1, len(context["input_ids"])), room - self.stride):
            ids = context["input_ids"][first : first + room]
            offsets = [None] * len(prefix) + context["offset_mapping"][first : first + room] + [None]
            start, end = answer_tokens(example.answers, offsets)
            yield {
                "example": index,
                "input_ids": [*prefix, *ids, sep],
                "token_type_ids": [0] * len(prefix) + [1] * (len(ids) + 1),
                "offsets": offsets,
                "start_positions": start,
                "end_positions": end,
            }
            if first + room >= len(context["input_ids"]):
                return

    def targets(self, features: list[dict]) -> dict[str, Tensor]:
        names = ("start_positions", "end_positions")
        return {name: torch.tensor([feature[name] for feature in features]) for name in names}

    def score(
        self, outputs: list[dict[str, Tensor]], features: list[dict], examples: list[Example]
    ) -> tuple[dict, dict[str, str]]:
        """Exact match and F1 in percent by the official formula, and the predicted answer of each question's id."""
        candidates = collections.defaultdict(list)
        for output, feature in zip(outputs, features):
            candidates[feature["example"]] += best_spans(output, feature["offsets"])
        predictions = {}
        for index, example in enumerate(examples):
            _, start, end = max(candidates[index], key=lambda span: span[0], default=(0.0, 0, 0))
            predictions[example.id] = example.context[start:end]
        return squad_scores(predictions, examples), predictions


def answer_tokens(answers: list[tuple[str, int]], offsets: list[tuple[int, int] | None]) -> tuple[int, int]:
    """First and last token of the first answer; both 0, the [CLS] token, if it is not wholly inside the window."""
    inside = [token for token, offset in enumerate(offsets) if offset is not None]
    if not answers or not inside:
        return 0, 0
    text, start = answers[0]
    end = start + len(text)
    first, last = inside[0], inside[-1]
    if offsets[first][0] > start or offsets[last][1] < end:
        return 0, 0
    # The last token that begins at or before the start, and the first that ends at or after the end.
    begins = max(token for token in inside if offsets[token][0] <= start)
    finishes = min(token for token in inside if offsets[token][1] >= end)
    return begins, finishes


def best_spans(output: dict[str, Tensor], offsets: list[tuple[int, int] | None]) -> list[tuple[float, int, int]]:
    """The window's candidates as (score, first character, last character + 1), from its n best starts and ends."""
    start_scores = output["start_logits"].numpy()[: len(offsets)]
    end_scores = output["end_logits"].numpy()[: len(offsets)]
    return [
        (float(start_scores[start] + end_scores[end]), offsets[start][0], offsets[end][1])
        for start in np.argsort(start_scores)[::-1][:N_BEST]
        for end in np.argsort(end_scores)[::-1][:N_BEST]
        if offsets[start] is not None
        and offsets[end] is not None
        and start <= end < start + MAX_ANSWER_LENGTH
    ]


def normalize(answer: str) -> str:
    """As the official SQuAD v1.1 script: lower case, no punctuation, no articles, single blanks."""
    kept = "".join(character for character in answer.lower() if character not in set(string.punctuation))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", kept).split())


def f1_score(prediction: str, truth: str) -> float:
    """The harmonic mean of precision and recall over words."""
    predicted, expected = normalize(prediction).split(), normalize(truth).split()
    common = sum((collections.Counter(predicted) & collections.Counter(expected)).values())
    if common == 0:
        return 0.0
    precision, recall = common / len(predicted), common / len(expected)
    return 2 * precision * recall / (precision + recall)


def squad_scores(predictions: dict[str, str], examples: list[Example]) -> dict:
    exact = f1 = 0.0
    for example in examples:
        prediction = predictions[example.id]
        truths = [text for text, _ in example.answers]
        exact += max(normalize(prediction) == normalize(truth) for truth in truths)
        f1 += max(f1_score(prediction, truth) for truth in truths)
    return {"exact_match": 100 * exact / len(examples), "f1": 100 * f1 / len(examples)}
