"""Write Hugging Face's learning-rate schedules, factor by factor, for training/schedule.test.ts.

    python bench/peers/schedule_fixtures.py [--output packages/multihead/fixtures/schedules.json]

Each case: name, warmup, total, and the factors at steps 0 to total - 1 (the rate of a peak of 1 before each step).
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import get_scheduler

CASES = [(0, 10), (3, 12), (5, 5), (4, 40)]
NAMES = {
    "linear": {},
    "cosine": {},
    "cosine_with_min_lr": {"min_lr_rate": 0.1},
    "constant": {},
    "constant_with_warmup": {},
    "inverse_sqrt": {},
}


def factors(name: str, options: dict, warmup: int, total: int) -> list[float]:
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=1.0)
    schedule = get_scheduler(name, optimizer, warmup, total, scheduler_specific_kwargs=options)
    found = []
    for _ in range(total):
        found.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description="Write schedules; see the file's docstring.")
    parser.add_argument("--output", type=Path, default=Path("packages/multihead/fixtures/schedules.json"))
    output = parser.parse_args().output
    cases = [
        {"name": name, "warmup": warmup, "total": total, "factors": factors(name, options, warmup, total)}
        for name, options in NAMES.items()
        for warmup, total in CASES
    ]
    output.write_text(json.dumps(cases) + "\n")


if __name__ == "__main__":
    main()
