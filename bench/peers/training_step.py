"""PyTorch's side of `npm run bench -- training`: whole training steps of BERT, on request.

    python bench/peers/training_step.py --hidden 768 --layers 12 --heads 12 --intermediate 3072 --batch 8 --sequence 128

A long-lived process, so that the caller can alternate its own measurements with PyTorch's in one run. It speaks JSON, a
line at a time. First it prints a line about itself: versions, settings, parameters, `flops` of one step, and
`baseline_rss_mb`, its memory before there was a model. Then it answers each line read from stdin with one line:

    {"run": n}     n whole steps: forward, loss, backward, clipping, AdamW, schedule, zero_grad(set_to_none=True)
                   -> {"ms": [...], "loss": of the last, "rss_mb": now, "peak_rss_mb": since the start of the process}
    {"matmul": n}  n float32 products of 2048 x 2048 matrices -> {"gflops": best, "median_gflops": ...}
    {"loss": true} the loss of the batch in evaluation mode, no step taken -> {"loss": ...}
    {"quit": true} ends the process, as does the end of stdin

Any other line is answered with {"error": ...}. The matrices of matmul take 48 MB, which are freed afterwards.

Floating-point operations of a step. The forward pass costs, per token, 2 operations for each weight of a matrix
product, and per layer 2 * sequence * hidden for the scores and as much for the weighted sum of values; the backward
pass costs twice the forward pass:

    6 * tokens * layers * (4 * hidden^2 + 2 * hidden * intermediate)   projections and feed-forward
    + 12 * tokens * layers * sequence * hidden                         attention
    + 6 * batch * (hidden^2 + hidden * labels)                         pooler and head (first token only)

Embeddings, LayerNorm, softmax, GELU, dropout and AdamW are not counted: they are no matrix products.
"""

import argparse
import json
import statistics
import sys
import time
from pathlib import Path

import torch
import transformers
from optimization import adamw
from transformers import BertConfig, BertForSequenceClassification

MATMUL_SIZE = 2048


def step_flops(config: BertConfig, batch: int, sequence: int) -> int:
    """The formula of this file's docstring."""
    hidden, tokens = config.hidden_size, batch * sequence
    layer = 6 * tokens * (4 * hidden**2 + 2 * hidden * config.intermediate_size) + 12 * tokens * sequence * hidden
    return config.num_hidden_layers * layer + 6 * batch * (hidden**2 + hidden * config.num_labels)


def memory_mb() -> dict:
    """Resident memory, now and at its highest since the process began (Linux)."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return {
        "rss_mb": int(status["VmRSS"].split()[0]) / 1024,
        "peak_rss_mb": int(status["VmHWM"].split()[0]) / 1024,
    }


class TrainingStep:
    """A model, one fixed batch, and the optimizer that fits it."""

    def __init__(self, options: argparse.Namespace) -> None:
        torch.manual_seed(options.seed)
        chosen = {} if options.attention == "default" else {"attn_implementation": options.attention}
        self.config = BertConfig(
            hidden_size=options.hidden,
            num_hidden_layers=options.layers,
            num_attention_heads=options.heads,
            intermediate_size=options.intermediate,
            vocab_size=options.vocab,
            max_position_embeddings=max(512, options.sequence),
            hidden_dropout_prob=options.dropout,
            attention_probs_dropout_prob=options.dropout,
            num_labels=options.labels,
            **chosen,
        )
        self.model = BertForSequenceClassification(self.config)
        if options.lora_rank:
            self.model = with_adapter(self.model, options.lora_rank)
        self.model.train()
        optimizer = {"default": {}, "foreach": {"foreach": True}, "fused": {"fused": True}}[options.adamw]
        self.optimizer = adamw(self.model, options.learning_rate, options.weight_decay, **optimizer)
        self.schedule = transformers.get_linear_schedule_with_warmup(self.optimizer, 100, 10_000)
        self.max_grad_norm = options.max_grad_norm

        shape = (options.batch, options.sequence)
        self.batch = {
            "input_ids": torch.randint(1, options.vocab, shape),
            "attention_mask": torch.ones(shape, dtype=torch.int64),
            "token_type_ids": torch.zeros(shape, dtype=torch.int64),
            "labels": torch.randint(0, options.labels, (options.batch,)),
        }
        if options.padding:
            self.batch["attention_mask"][-1, -max(1, options.sequence // 4) :] = 0

    def step(self) -> float:
        """One whole training step. Returns the loss before it."""
        loss = self.model(**self.batch).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), self.max_grad_norm)
        self.optimizer.step()
        self.schedule.step()
        self.optimizer.zero_grad(set_to_none=True)
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
            loss = self.model(**self.batch).loss.item()
        self.model.train()
        return {"loss": loss}

    def describe(self, options: argparse.Namespace) -> dict:
        return {
            "torch": torch.__version__,
            "transformers": transformers.__version__,
            "threads": torch.get_num_threads(),
            "attention": self.config._attn_implementation,
            "adamw": options.adamw,
            "dropout": options.dropout,
            "parameters": sum(parameter.numel() for parameter in self.model.parameters()),
            "trainable": sum(parameter.numel() for parameter in self.model.parameters() if parameter.requires_grad),
            "flops": step_flops(self.config, options.batch, options.sequence),
            **memory_mb(),
        }


def with_adapter(model: BertForSequenceClassification, rank: int) -> torch.nn.Module:
    """PEFT's LoRA on all linear layers but the head, which learns as a whole."""
    from peft import LoraConfig, TaskType, get_peft_model

    settings = LoraConfig(task_type=TaskType.SEQ_CLS, r=rank, lora_alpha=2 * rank, target_modules="all-linear")
    return get_peft_model(model, settings)


def matmul(repetitions: int) -> dict:
    """The machine's float32 rate, as PyTorch's own matrix product reaches it."""
    left, right = torch.randn(2, MATMUL_SIZE, MATMUL_SIZE)
    product = torch.empty_like(left)
    torch.mm(left, right, out=product)  # warm up
    rates = []
    for _ in range(max(1, repetitions)):
        started = time.perf_counter()
        torch.mm(left, right, out=product)
        rates.append(2 * MATMUL_SIZE**3 / (time.perf_counter() - started) / 1e9)
    return {"gflops": max(rates), "median_gflops": statistics.median(rates)}


def answer(training: TrainingStep, line: str) -> dict | None:
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


def say(message: dict) -> None:
    print(json.dumps(message), flush=True)


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run training steps of BERT on request; see the file's docstring.")
    parser.add_argument("--hidden", type=int, default=768)
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--intermediate", type=int, default=3072)
    parser.add_argument("--vocab", type=int, default=30522)
    parser.add_argument("--labels", type=int, default=2)
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--sequence", type=int, default=128)
    parser.add_argument("--dropout", type=float, default=0.1, help="of hidden states and of attention weights")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--attention", choices=["default", "sdpa", "eager"], default="default")
    parser.add_argument("--adamw", choices=["default", "foreach", "fused"], default="default")
    parser.add_argument("--fused", dest="adamw", action="store_const", const="fused", help="same as --adamw fused")
    parser.add_argument("--learning-rate", type=float, default=2e-5)
    parser.add_argument("--weight-decay", type=float, default=0.01)
    parser.add_argument("--max-grad-norm", type=float, default=1.0)
    parser.add_argument("--lora-rank", type=int, default=0, help="of PEFT's LoRA on all linear layers; 0 trains all parameters")
    parser.add_argument("--padding", action="store_true", help="pad the last row, so that the mask is not skipped")
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def main() -> None:
    options = parse_arguments()
    torch.set_num_threads(options.threads)
    baseline = memory_mb()["rss_mb"]
    training = TrainingStep(options)
    say(training.describe(options) | {"baseline_rss_mb": baseline})
    for line in sys.stdin:
        try:
            reply = answer(training, line)
        except json.JSONDecodeError as error:
            reply = {"error": f"not JSON: {error}"}
        if reply is None:
            return
        say(reply)


if __name__ == "__main__":
    main()
