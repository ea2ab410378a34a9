"""Write Hugging Face's learning-rate schedules, factor by factor, for training/schedule.test.ts.

    python bench/peers/schedule_fixtures.py [--output packages/multihead/fixtures/schedules.json]

Each case: name, settings (in camelCase), peak, warmup, total, and the factors at steps 0 to total - 1 (the rate before each
step, by the peak). Of drawn-schedules.json beside it the test draws the cases itself (park_miller.py): each row is the
factors of one of 1,000 runs at six steps. And packages/multihead/fixtures/plateau.json: for torch's ReduceLROnPlateau the rates after each of some
random values, for settings of all kinds.
"""

import argparse
import json
from pathlib import Path

import torch
from park_miller import ParkMiller
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
    ("cosine_warmup_with_min_lr", {"min_lr_rate": 0.1}),
    ("cosine_warmup_with_min_lr", {"min_lr": 0.005, "warmup_lr_rate": 0.2, "num_cycles": 1.5}),
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


DRAWN_NAMES = ["linear", "cosine", "cosine_with_restarts", "cosine_with_min_lr", "cosine_warmup_with_min_lr"]
DRAWN_NAMES += ["polynomial", "constant_with_warmup", "inverse_sqrt", "warmup_stable_decay"]
COSINE = {"num_cycles", "min_lr", "min_lr_rate"}
SETTINGS = {
    "cosine": {"num_cycles"},
    "cosine_with_restarts": {"num_cycles"},
    "cosine_with_min_lr": COSINE,
    "cosine_warmup_with_min_lr": COSINE | {"warmup_lr_rate"},
    "polynomial": {"lr_end", "power"},
    "inverse_sqrt": {"timescale"},
    "warmup_stable_decay": {
        *("num_decay_steps", "num_stable_steps", "warmup_type", "decay_type", "min_lr_ratio", "num_cycles"),
    },
}
NEEDED = {"min_lr", "min_lr_rate", "num_decay_steps"}


def draw(seed: int) -> tuple[str, dict, int, int, list[int]]:
    """A run, as schedule.test.ts draws it: the order of the draws is part of it."""
    random = ParkMiller(seed)
    total = 1 + random.below(300)
    warmup = 0 if random.below(2) == 0 else random.below(total + 1)
    steps = [random.below(total) for _ in range(6)]
    name = DRAWN_NAMES[random.below(len(DRAWN_NAMES))]
    ramps = ["linear", "cosine", "1-sqrt"]
    settings = {"num_cycles": 1 + random.below(5) if name == "cosine_with_restarts" else (1 + random.below(8)) / 4}
    if random.below(2) == 0:
        settings["min_lr"] = random.below(16) / 1024
    else:
        settings["min_lr_rate"] = random.below(16) / 16
    settings["warmup_lr_rate"] = random.below(16) / 16
    settings["lr_end"] = random.below(16) / 1024
    settings["power"] = (1 + random.below(8)) / 4
    settings["timescale"] = 1 + random.below(500)
    settings["num_decay_steps"] = random.below(total + 1)
    settings["num_stable_steps"] = random.below(total + 1)
    settings["warmup_type"] = ramps[random.below(3)]
    settings["decay_type"] = ramps[random.below(3)]
    settings["min_lr_ratio"] = random.below(16) / 16
    kept = {}
    for key, value in settings.items():
        is_left_out = random.below(2) == 0 and key not in NEEDED
        if not is_left_out and key in SETTINGS.get(name, ()):
            kept[key] = value
    return name, kept, warmup, total, steps


def drawn_factors(seed: int) -> list[float]:
    name, settings, warmup, total, steps = draw(seed)
    optimizer = torch.optim.AdamW([torch.nn.Parameter(torch.zeros(1))], lr=1 / 64)
    schedule = get_scheduler(name, optimizer, warmup, total, scheduler_specific_kwargs=settings)
    return [float(schedule.lr_lambdas[0](step)) for step in steps]


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
    drawn = [drawn_factors(seed) for seed in range(1, 1001)]
    output.with_name("drawn-schedules.json").write_text(json.dumps(drawn, separators=(",", ":")) + "\n")
    plateaus = [plateau(o, mode, seed) for seed, o in enumerate(PLATEAUS) for mode in ("min", "max")]
    output.with_name("plateau.json").write_text(json.dumps(plateaus) + "\n")


if __name__ == "__main__":
    main()
