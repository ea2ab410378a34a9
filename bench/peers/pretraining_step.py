"""PyTorch's side of `npm run bench -- pretraining`: whole training steps of a language model, on request.

    python bench/peers/pretraining_step.py --folder runs/pretraining/mini-gpt-12-x-64 --task text-generation

The folder holds `start/` (config.json, model.safetensors) and `batches.json`, a list of batches; `npm run bench --
pretraining` writes them. A long-lived process that speaks JSON, a line at a time, as training_step.py does: it answers

    {"run": n}     n whole steps, over the batches in turn: forward, loss, backward, clipping, AdamW,
                   zero_grad(set_to_none=True) -> {"ms": [...], "loss": of the last, "rss_mb": now, "peak_rss_mb": ...}
    {"matmul": n}  n float32 products of 2048 x 2048 matrices -> {"gflops": best, "median_gflops": ...}
    {"loss": true} the loss of the first batch without dropout, no step taken -> {"loss": ...}
    {"quit": true} ends the process, as does the end of stdin

text-generation: GPT2LMHeadModel; cross-entropy of every position. fill-mask: BertForMaskedLM, as its users call it: labels
over the whole batch, -100 where nothing is hidden, so that it scores the vocabulary at every position.

Floating-point operations of a step, per token 6 for each weight of a matrix product (2 forward, 4 backward):

    6 * tokens * layers * (4 * hidden^2 + 2 * hidden * intermediate)   projections and feed-forward
    + 12 * tokens * layers * sequence * hidden                         attention (the whole square, causal or not)
    + 6 * guesses * hidden * vocabulary                                the head, where there is something to guess
    + 6 * guesses * hidden^2                                           BERT's transform before it
"""

import argparse
import json
import sys
import time
from pathlib import Path

import torch
import transformers
from optimization import adamw
from training_step import matmul, memory_mb, say
from transformers import BertForMaskedLM, GPT2LMHeadModel


def read_batches(path: Path, task: str) -> list[dict[str, torch.Tensor]]:
    """Batches as Hugging Face's models take them."""
    batches = []
    for batch in json.loads(path.read_text()):
        tensors = {name: torch.tensor(value["data"]).reshape(value["shape"]) for name, value in batch.items()}
        if task == "fill-mask":
            labels = torch.full_like(tensors["input_ids"], -100)
            labels.view(-1)[tensors.pop("masked_positions")] = tensors["labels"]
            tensors["labels"] = labels
        batches.append(tensors)
    return batches


class PretrainingStep:
    """A model, batches, and the optimizer."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        self.is_masked = options.task == "fill-mask"
        model_class = BertForMaskedLM if self.is_masked else GPT2LMHeadModel
        self.model = model_class.from_pretrained(options.folder / "start").train()
        optimizer = {"default": {}, "foreach": {"foreach": True}, "fused": {"fused": True}}[options.adamw]
        self.optimizer = adamw(self.model, options.learning_rate, options.weight_decay, **optimizer)
        self.batches = read_batches(options.folder / "batches.json", options.task)
        self.steps = 0

    def loss_of(self, batch: dict[str, torch.Tensor]) -> torch.Tensor:
        if self.is_masked:
            return self.model(**batch).loss
        logits = self.model(batch["input_ids"], use_cache=False).logits
        return torch.nn.functional.cross_entropy(logits.flatten(0, 1), batch["labels"].flatten())

    def step(self) -> float:
        """One whole training step. Returns the loss before it."""
        loss = self.loss_of(self.batches[self.steps % len(self.batches)])
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad(set_to_none=True)
        self.steps += 1
        return loss.item()

    def run(self, steps: int) -> dict:
        milliseconds, loss = [], None
        for _ in range(steps):
            started = time.perf_counter()
            loss = self.step()
            milliseconds.append((time.perf_counter() - started) * 1000)
        return {"ms": milliseconds, "loss": loss, **memory_mb()}

    def loss(self) -> dict:
        self.model.eval()
        with torch.no_grad():
            loss = self.loss_of(self.batches[0]).item()
        self.model.train()
        return {"loss": loss}

    def flops(self) -> int:
        """The formula of this file's docstring."""
        config, batch = self.model.config, self.batches[0]
        hidden, layers = config.hidden_size, config.num_hidden_layers
        inner = config.intermediate_size if self.is_masked else config.n_inner or 4 * hidden
        tokens, sequence = batch["input_ids"].numel(), batch["input_ids"].shape[1]
        guesses = int((batch["labels"] >= 0).sum())
        layer = 6 * tokens * (4 * hidden**2 + 2 * hidden * inner) + 12 * tokens * sequence * hidden
        head = 6 * guesses * hidden * (config.vocab_size + (hidden if self.is_masked else 0))
        return layers * layer + head

    def describe(self, options: argparse.Namespace) -> dict:
        return {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "threads": torch.get_num_threads(),
            "attention": self.model.config._attn_implementation,
            "adamw": options.adamw,
            "parameters": sum(parameter.numel() for parameter in self.model.parameters()),
            "flops": self.flops(),
            **memory_mb(),
        }


def answer(training: PretrainingStep, line: str) -> dict | None:
    """What to say to a line of input; None to stop."""
    match json.loads(line):
        case {"run": int(steps)}:
            return training.run(steps)
        case {"matmul": int(repetitions)}:
            return matmul(repetitions)
        case {"loss": True}:
            return training.loss()
        case {"quit": _}:
            return None
        case other:
            return {"error": f"unknown request {other}: expected run, matmul, loss or quit"}


def main() -> None:
    parser = argparse.ArgumentParser(description="Run steps of pretraining on request; see the file's docstring.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--task", choices=["text-generation", "fill-mask"], required=True)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--adamw", choices=["default", "foreach", "fused"], default="default")
    parser.add_argument("--learning-rate", type=float, default=1e-4)
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    training = PretrainingStep(options)
    say(training.describe(options))
    for line in sys.stdin:
        reply = answer(training, line)
        if reply is None:
            return
        say(reply)


if __name__ == "__main__":
    main()
