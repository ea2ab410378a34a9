"""Write packages/multihead/fixtures/optimizers.json: 20 steps of each optimizer, by PyTorch, Transformers and lion-pytorch.

    python bench/peers/optimizer_fixtures.py [--fixtures packages/multihead/fixtures] [--only lion]

Two runs for each case. `model`: losses and gradient norms of fixtures/bert/classify (bert_fixtures.py) over its batches.
`tensors`: matrices, a vector and a tensor of three dimensions under gradients that the tests draw too, and their values after
each fifth step.
Weight decay applies to what has two dimensions or more. Lion is PyPI's lion-pytorch 0.2.5.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import BertForSequenceClassification
from transformers.optimization import Adafactor

from park_miller import ParkMiller

STEPS = 20
BATCHES = 4
SHAPES = [[6, 8], [7, 3], [8], [2, 3, 4]]
SEED = 20231


def camel(args: dict) -> dict:
    """The settings under Multihead's names."""
    out = {}
    for key, value in args.items():
        if key == "betas":
            out["beta1"], out["beta2"] = value
        elif key == "eps":
            out["epsilon1"], out["epsilon2"] = value
        else:
            first, *rest = key.split("_")
            out[first + "".join(word.capitalize() for word in rest)] = value
    return out


def adamw(groups, lr, **args):
    return torch.optim.AdamW(groups, lr=lr, **args)


def adafactor(groups, lr, **args):
    return Adafactor(groups, lr=lr, **{"scale_parameter": False, "relative_step": False, **args})


def lion(groups, lr, **args):
    from lion_pytorch import Lion

    return Lion(groups, lr=lr, **args)


def sgd(groups, lr, **args):
    return torch.optim.SGD(groups, lr=lr, **args)


CASES = [
    ("adamw", adamw, 1e-3, 0.01, {"betas": (0.9, 0.99)}),
    ("adafactor", adafactor, 1e-3, 0.01, {}),
    ("adafactor", adafactor, 1e-3, 0.01, {"beta1": 0.9, "clip_threshold": 0.5, "decay_rate": -0.5}),
    ("adafactor", adafactor, None, 0.0, {"scale_parameter": True, "relative_step": True}),
    ("adafactor", adafactor, None, 0.01, {"scale_parameter": True, "relative_step": True, "warmup_init": True}),
    ("lion", lion, 1e-4, 0.1, {"betas": (0.9, 0.99)}),
    ("sgd", sgd, 1e-2, 0.01, {}),
    ("sgd", sgd, 1e-2, 0.01, {"momentum": 0.9, "nesterov": True}),
    ("sgd", sgd, 1e-2, 0.01, {"momentum": 0.9, "dampening": 0.1}),
]


def groups_of(parameters, weight_decay: float, decays) -> list[dict]:
    return [
        {"params": [parameter], "weight_decay": weight_decay if decays(name, parameter) else 0.0}
        for name, parameter in parameters
    ]


def model_run(folder: Path, make, lr, weight_decay: float, args: dict) -> dict:
    no_dropout = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    model = BertForSequenceClassification.from_pretrained(folder, **no_dropout).train()
    tensors = load_file(folder / "expected.safetensors")

    def batch(number: int) -> dict[str, torch.Tensor]:
        prefix = f"trajectory.batch.{number}."
        return {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}

    optimizer = make(
        groups_of(model.named_parameters(), weight_decay, lambda name, p: "bias" not in name and "LayerNorm" not in name),
        lr,
        **args,
    )
    losses, norms = [], []
    for step in range(STEPS):
        loss = model(**batch(step % BATCHES)).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        losses.append(loss.item())
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return {"losses": losses, "norms": norms}


def draw(generator: ParkMiller, shape: list[int]) -> torch.Tensor:
    count = torch.Size(shape).numel()
    return torch.tensor([generator.below(2000001) / 1e6 - 1 for _ in range(count)]).reshape(shape)


def tensor_run(initial, gradients, make, lr, weight_decay: float, args: dict) -> list:
    parameters = [torch.nn.Parameter(tensor.clone()) for tensor in initial]
    named = [(str(i), parameter) for i, parameter in enumerate(parameters)]
    optimizer = make(groups_of(named, weight_decay, lambda _, p: p.dim() > 1), lr, **args)
    found = []
    for step, grads in enumerate(gradients):
        for parameter, grad in zip(parameters, grads):
            parameter.grad = grad.clone()
        optimizer.step()
        if step % 5 == 4:
            found.append([parameter.detach().flatten().tolist() for parameter in parameters])
    return found


def rounded(value):
    if isinstance(value, list):
        return [rounded(each) for each in value]
    return float(f"{value:.9g}") if isinstance(value, float) else value


def main() -> None:
    parser = argparse.ArgumentParser(description="Write optimizers.json; see the file's docstring.")
    parser.add_argument("--fixtures", type=Path, default=Path("packages/multihead/fixtures"))
    parser.add_argument("--only", help="rewrite the cases of this optimizer alone")
    options = parser.parse_args()
    path = options.fixtures / "optimizers.json"
    generator = ParkMiller(SEED)
    initial = [draw(generator, shape) for shape in SHAPES]
    gradients = [[draw(generator, shape) for shape in SHAPES] for _ in range(STEPS)]
    cases = []
    for name, make, lr, weight_decay, args in CASES:
        if options.only and name != options.only:
            continue
        case = {"optim": name, "optimArgs": camel(args), "weightDecay": weight_decay}
        if lr is not None:
            case["learningRate"] = lr
        run = (make, lr, weight_decay, args)
        case["model"] = model_run(options.fixtures / "bert" / "classify", *run)
        case["tensors"] = rounded(tensor_run(initial, gradients, *run))
        cases.append(case)
    if options.only:
        before = json.loads(path.read_text())["cases"]
        cases = [case for case in before if case["optim"] != options.only] + cases
    listed = ",\n".join(json.dumps(case) for case in cases)
    path.write_text(f'{{"shapes": {SHAPES}, "seed": {SEED},\n"cases": [\n{listed}\n]}}\n')


if __name__ == "__main__":
    main()
