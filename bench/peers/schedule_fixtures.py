"""Write Hugging Face's learning-rate schedules, factor by factor, for training/schedule.test.ts.

    python bench/peers/schedule_fixtures.py [--output packages/multihead/fixtures/schedules.json]

Each case: name, settings (in camelCase), peak, warmup, total, and the factors at steps 0 to total - 1 (the rate before each
step, by the peak). And packages/multihead/fixtures/plateau.json: for torch's ReduceLROnPlateau the rates after each of some
random values, for settings of all kinds.
"""

import argparse
import json
from pathlib import Path

import torch
from transformers import get_scheduler

CASES = [(0, 10), (3, 12), (5, 5), (4, 40)]
PEAK = 0.02
NAMES = [
    ("linear", {}),
    ("cosine", {}),
    ("cosine", {"num_cycles": 1.5}),
    ("cosine_with_restarts", {}),
    ("cosine_with_restarts", {"num_cycles": 3}),
    ("cosine_with_min_lr", {"min_lr_rate": 0.1}),
    ("cosine_with_min_lr", {"min_lr": 0.005}),
    ("polynomial", {}),
    ("polynomial", {"lr_end": 1e-3, "power": 2.0}),
    ("constant", {}),
    ("constant_with_warmup", {}),
    ("inverse_sqrt", {}),
    ("inverse_sqrt", {"timescale": 7}),
    ("warmup_stable_decay", {"num_decay_steps": 4}),
    ("warmup_stable_decay", {"num_decay_steps": 5, "decay_type": "linear", "min_lr_ratio": 0.2}),
    ("warmup_stable_decay", {"num_decay_steps": 3, "num_stable_steps": 1, "decay_type": "1-sqrt", "warmup_type": "cosine"}),
    ("warmup_stable_decay", {"num_decay_steps": 6, "warmup_type": "1-sqrt", "min_lr_ratio": 0.1, "num_cycles": 1.0}),
]
PLATEAUS = [
    {},
    {"patience": 1},
    {"patience": 0, "factor": 0.5, "cooldown": 2},
    {"patience": 2, "threshold": 0.1, "factor": 0.3, "min_lr": 1e-3},
]


def factors(name: str, options: dict, warmup: int, total: int) -> list[float]:
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    schedule = get_scheduler(name, optimizer, warmup, total, scheduler_specific_kwargs=options)
    found = []
    for _ in range(total):
        found.append(schedule.get_last_lr()[0] / PEAK)
        optimizer.step()
        schedule.step()
    return found


def camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(part.title() for part in rest)


def plateau(options: dict, mode: str, seed: int) -> dict:
    random = torch.Generator().manual_seed(seed)
    values = [round(float(v), 3) for v in torch.rand(40, generator=random)]
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=PEAK)
    schedule = torch.optim.lr_scheduler.ReduceLROnPlateau(optimizer, mode=mode, **options)
    rates = []
    for value in values:
        optimizer.step()
        schedule.step(value)
        rates.append(optimizer.param_groups[0]["lr"])
    settings = {camel(key): value for key, value in options.items()}
    return {"settings": settings, "mode": mode, "learningRate": PEAK, "values": values, "rates": rates}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write schedules; see the file's docstring.")
    parser.add_argument("--output", type=Path, default=Path("packages/multihead/fixtures/schedules.json"))
    output = parser.parse_args().output
    cases = [
        {
            "name": name,
            "settings": {camel(key): value for key, value in options.items()},
            "learningRate": PEAK,
            "warmup": warmup,
            "total": total,
            "factors": factors(name, options, warmup, total),
        }
        for name, options in NAMES
        for warmup, total in CASES
        if not (name == "polynomial" and warmup == total)  # divides by zero there
    ]
    output.write_text(json.dumps(cases) + "\n")
    plateaus = [plateau(o, mode, seed) for seed, o in enumerate(PLATEAUS) for mode in ("min", "max")]
    output.with_name("plateau.json").write_text(json.dumps(plateaus) + "\n")


if __name__ == "__main__":
    main()
