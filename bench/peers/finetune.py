"""Fine-tune BERT with Hugging Face Transformers on PyTorch: the rival that Multihead's scores are set beside.

    python bench/peers/finetune.py --task text-classification --model DIR --train train.tsv --eval dev.tsv --output OUT
    python bench/peers/finetune.py --task question-answering --model DIR --train train.json --eval dev.json --output OUT
    python bench/peers/finetune.py --task token-classification --model DIR --train train.conll --eval dev.conll --output OUT

A plain PyTorch loop with the settings of Hugging Face's Trainer: AdamW without decay on biases and LayerNorms, linear
schedule with warmup, clipping by the global norm, dropout as config.json has it, batches padded to their longest row.
Flags and defaults are those of `multihead train`. Two more make both sides see the same:

    --batches FILE       JSONL, a line for each optimizer step: the list of its features' indices, in order. Features
                         are numbered from 0 in the order of featurisation (examples in the order of the file, and the
                         windows of a question from left to right). All epochs, one after the other.
    --initial-head FILE  safetensors with the newly initialised tensors, named as in the model's state dict
                         (classifier.weight, classifier.bias; qa_outputs.weight, qa_outputs.bias)

Without --batches each epoch takes a random order, drawn from --seed. Dropout masks cannot be the same on both sides.

Prints JSON lines: one about the run, one for each epoch (mean training loss, scores on --eval, seconds of each part),
and a last one with "summary". --output gets the model of the last epoch in Hugging Face's layout, and
predictions.json for the evaluation file.
"""

import argparse
import json
import math
import resource
import time
from collections.abc import Iterator
from pathlib import Path

import finetune_question_answering as question_answering
import finetune_text_classification as text_classification
import finetune_token_classification as token_classification
import torch
import transformers
from finetune_question_answering import QuestionAnswering
from finetune_text_classification import TextClassification
from finetune_token_classification import TokenClassification
from optimization import adamw
from safetensors.torch import load_file
from torch import Tensor
from transformers import AutoTokenizer, PreTrainedModel, get_linear_schedule_with_warmup

Task = TextClassification | TokenClassification | QuestionAnswering


def read(options: argparse.Namespace, path: Path) -> list:
    """The examples of a file, the first --limit of them."""
    if options.task == "question-answering":
        examples = question_answering.read_examples(path)
    elif options.task == "token-classification":
        examples = token_classification.read_examples(path)
    else:
        examples = text_classification.read_examples(path, options.text, options.label)
    return examples[: options.limit]


def make_task(options: argparse.Namespace, examples: list) -> Task:
    tokenizer = AutoTokenizer.from_pretrained(options.model)
    if options.task == "question-answering":
        return QuestionAnswering(tokenizer, options.max_length or 384, options.stride)
    if options.task == "token-classification":
        return TokenClassification(tokenizer, token_classification.label_names(examples), options.max_length or 128)
    return TextClassification(tokenizer, text_classification.label_names(examples), options.max_length or 128)


def load_model(options: argparse.Namespace, task: Task) -> PreTrainedModel:
    """The pretrained model with a head for the task: random from --seed, or as --initial-head has it."""
    torch.manual_seed(options.seed)
    heads = {"num_labels": len(task.labels)} if isinstance(task, TextClassification | TokenClassification) else {}
    model = getattr(transformers, task.model_class).from_pretrained(options.model, dtype=torch.float32, **heads)
    if isinstance(task, TextClassification | TokenClassification):
        model.config.id2label = dict(enumerate(task.labels))
        model.config.label2id = {name: index for index, name in enumerate(task.labels)}
    if options.initial_head:
        head = load_file(options.initial_head)
        unexpected = model.load_state_dict(head, strict=False).unexpected_keys
        if unexpected:
            raise SystemExit(f"{options.initial_head}: the model has no tensors {', '.join(unexpected)}")
    return model


def collate(features: list[dict], pad: int) -> dict[str, Tensor]:
    """Token ids, mask and types of a batch, padded to its longest row."""
    longest = max(len(feature["input_ids"]) for feature in features)

    def padded(name: str, value: int) -> Tensor:
        return torch.tensor([row + [value] * (longest - len(row)) for row in (feature[name] for feature in features)])

    lengths = torch.tensor([[len(feature["input_ids"])] for feature in features])
    return {
        "input_ids": padded("input_ids", pad),
        "token_type_ids": padded("token_type_ids", 0),
        "attention_mask": (torch.arange(longest) < lengths).long(),
    }


def planned_batches(options: argparse.Namespace, count: int) -> list[list[list[int]]]:
    """For each epoch its batches, as lists of indices of features."""
    if options.batches:
        steps = [json.loads(line) for line in options.batches.read_text().splitlines() if line.strip()]
        if not steps or len(steps) % options.epochs:
            raise SystemExit(f"{options.batches}: {len(steps)} steps cannot be divided into {options.epochs} epochs")
        if any(not 0 <= index < count for step in steps for index in step):
            raise SystemExit(f"{options.batches}: names features outside of 0 to {count - 1}")
        each = len(steps) // options.epochs
        return [steps[first : first + each] for first in range(0, len(steps), each)]
    generator = torch.Generator().manual_seed(options.seed)
    orders = [torch.randperm(count, generator=generator).tolist() for _ in range(options.epochs)]
    return [[order[at : at + options.batch_size] for at in range(0, count, options.batch_size)] for order in orders]


def evaluate(model: PreTrainedModel, task: Task, features: list[dict], examples: list, batch_size: int):
    """Scores and predictions over the features, taken in order of length so that little is padded."""
    model.eval()
    outputs: list = [None] * len(features)
    order = sorted(range(len(features)), key=lambda index: len(features[index]["input_ids"]), reverse=True)
    with torch.inference_mode():
        for at in range(0, len(order), batch_size):
            rows = order[at : at + batch_size]
            result = model(**collate([features[row] for row in rows], task.tokenizer.pad_token_id))
            for position, row in enumerate(rows):
                outputs[row] = {name: value[position] for name, value in result.items()}
    return task.score(outputs, features, examples)


class Trainer:
    """The optimizer and its schedule over a known number of steps."""

    def __init__(self, model: PreTrainedModel, steps: int, options: argparse.Namespace) -> None:
        self.model = model
        self.optimizer = adamw(model, options.learning_rate, options.weight_decay)
        warmup = math.ceil(steps * options.warmup_ratio)
        self.schedule = get_linear_schedule_with_warmup(self.optimizer, warmup, steps)
        self.max_grad_norm = options.max_grad_norm

    def epoch(self, batches: Iterator[dict[str, Tensor]]) -> list[float]:
        """The loss of each step."""
        self.model.train()
        losses = []
        for batch in batches:
            losses.append(self.step(self.model(**batch).loss))
        return losses

    def step(self, loss: Tensor) -> float:
        """Updates the parameters by the gradients of a batch's loss."""
        loss.backward()
        if self.max_grad_norm > 0:
            torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_grad_norm)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
        return loss.item()


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()

    began = time.perf_counter()
    train = read(options, options.train)
    held_out = read(options, options.eval) if options.eval else []
    task = make_task(options, train + held_out)
    train_features, eval_features = task.featurise(train), task.featurise(held_out)
    model = load_model(options, task)
    plan = planned_batches(options, len(train_features))
    trainer = Trainer(model, sum(len(epoch) for epoch in plan), options)
    say(
        torch=torch.__version__,
        transformers=transformers.__version__,
        settings={name: str(value) if isinstance(value, Path) else value for name, value in vars(options).items()},
        labels=getattr(task, "labels", None),
        train={"examples": len(train), "features": len(train_features)},
        eval={"examples": len(held_out), "features": len(eval_features)},
        steps=sum(len(epoch) for epoch in plan),
        seconds=time.perf_counter() - began,
    )

    scores, predictions, train_seconds = {}, None, 0.0
    for number, epoch in enumerate(plan, start=1):
        started = time.perf_counter()
        chosen = ([train_features[index] for index in step] for step in epoch)
        losses = trainer.epoch(collate(rows, task.tokenizer.pad_token_id) | task.targets(rows) for rows in chosen)
        trained = time.perf_counter()
        if held_out and (options.evaluate == "epoch" or number == len(plan)):
            scores, predictions = evaluate(model, task, eval_features, held_out, options.eval_batch_size)
        say(
            epoch=number,
            loss=sum(losses) / len(losses),
            first_loss=losses[0],
            eval=scores,
            train_seconds=trained - started,
            eval_seconds=time.perf_counter() - trained,
        )
        train_seconds += trained - started

    if options.output:
        model.save_pretrained(options.output)
        task.tokenizer.save_pretrained(options.output)
        (options.output / "predictions.json").write_text(json.dumps(predictions, ensure_ascii=False) + "\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    say(
        summary=scores,
        train_seconds=train_seconds,
        seconds=time.perf_counter() - began,
        peak_rss_mb=peak,
    )


def say(**message: object) -> None:
    print(json.dumps(message, ensure_ascii=False), flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Fine-tune BERT with Hugging Face Transformers on PyTorch.")
    parser.add_argument("--task", required=True, choices=["text-classification", "token-classification", "question-answering"])
    parser.add_argument("--model", required=True, type=Path, help="pretrained model, a folder in Hugging Face's layout")
    parser.add_argument("--train", required=True, type=Path, help="CSV, TSV or JSONL; SQuAD JSON; CoNLL")
    parser.add_argument("--eval", type=Path)
    parser.add_argument("--output", type=Path, help="folder for the trained model; nothing is saved without it")
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch-size", type=int, default=8)
    parser.add_argument("--eval-batch-size", type=int, default=32)
    parser.add_argument("--learning-rate", type=float, default=5e-5)
    parser.add_argument("--warmup-ratio", type=float, default=0.0)
    parser.add_argument("--weight-decay", type=float, default=0.0)
    parser.add_argument("--max-grad-norm", type=float, default=1.0, help="0 for no limit")
    parser.add_argument("--max-length", type=int, help="tokens (default: 128; question answering: 384)")
    parser.add_argument("--stride", type=int, default=128, help="tokens that windows of a context share")
    parser.add_argument("--seed", type=int, default=42)
    parser.add_argument("--text", default="text", help="column of the text, where the file names its columns")
    parser.add_argument("--label", default="label", help="column of the label, where the file names its columns")
    parser.add_argument("--evaluate", choices=["epoch", "end"], default="epoch", help="after each epoch, or the last only")
    parser.add_argument("--batches", type=Path, help="JSONL with the features of each step")
    parser.add_argument("--initial-head", type=Path, help="safetensors with the head to begin with")
    parser.add_argument("--limit", type=int, help="take only so many examples of each file, for a quick look")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
