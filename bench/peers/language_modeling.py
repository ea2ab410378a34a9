"""PyTorch's side of `npm run bench -- language-modeling`: trains Hugging Face's GPT2LMHeadModel from the same weights over
the same batches, and prints the loss on the same test blocks and the seconds of training.

    python bench/peers/language_modeling.py --folder runs/language-modeling/shakespeare --steps 2000

The folder holds `start/` (config.json, model.safetensors), `batches.jsonl` (a list of blocks of n + 1 token ids a step) and
`tests.json` (blocks). Settings are nanoGPT's: AdamW (0.9, 0.99), rate 1e-3 with 100 steps of warm-up and a cosine to a
tenth, weight decay 0.1 on matrices, clipping at 1, no dropout.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from optimization import adamw
from transformers import GPT2LMHeadModel, get_scheduler


def loss_of(model: GPT2LMHeadModel, blocks: torch.Tensor) -> torch.Tensor:
    logits = model(blocks[:, :-1]).logits
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), blocks[:, 1:].flatten())


def main() -> None:
    parser = argparse.ArgumentParser(description="Train a small GPT-2; see the file's docstring.")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--steps", type=int, required=True)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    model = GPT2LMHeadModel.from_pretrained(options.folder / "start").train()
    optimizer = adamw(model, 1e-3, 0.1)
    for group in optimizer.param_groups:
        group["betas"] = (0.9, 0.99)
    schedule = get_scheduler(
        "cosine_with_min_lr", optimizer, 100, options.steps, scheduler_specific_kwargs={"min_lr_rate": 0.1}
    )
    seconds = 0.0
    with (options.folder / "batches.jsonl").open() as lines:
        for line in lines:
            blocks = torch.tensor(json.loads(line))
            started = time.perf_counter()
            loss = loss_of(model, blocks)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            seconds += time.perf_counter() - started
    model.eval()
    tests = torch.tensor(json.loads((options.folder / "tests.json").read_text()))
    with torch.no_grad():
        losses = [loss_of(model, part).item() * len(part) for part in tests.split(64)]
    print(json.dumps({"loss": sum(losses) / len(tests), "seconds": seconds}))


if __name__ == "__main__":
    main()
