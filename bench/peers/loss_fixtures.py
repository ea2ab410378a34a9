"""Cross-entropy with class weights, label smoothing and ignored labels, as torch.nn.functional.cross_entropy has it.

Written by bert_fixtures.py as losses.json: a list of cases, each with logits [rows, classes], labels [rows], options
(named as in PyTorch), the loss (reduction "mean") and its gradient with respect to the logits. With w = 1 where no
weights are given, p = softmax(logits), C classes, and sums over the rows whose label is not ignored:

    loss = sum_i [ (1 - s) * w_(y_i) * -log p_(i, y_i) + (s / C) * sum_c w_c * -log p_(i, c) ] / sum_i w_(y_i)
"""

import json
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

IGNORED = -100

# name, rows, classes, weighted, label_smoothing, indices of ignored rows, scale of the logits
CASES = [
    ("plain", 4, 3, False, 0.0, [], 1.0),
    ("two classes", 5, 2, False, 0.0, [], 1.0),
    ("one row", 1, 4, False, 0.0, [], 1.0),
    ("ignored labels", 6, 4, False, 0.0, [0, 3], 1.0),
    ("weights", 6, 3, True, 0.0, [], 1.0),
    ("weights and ignored labels", 6, 3, True, 0.0, [1, 5], 1.0),
    ("label smoothing", 4, 5, False, 0.1, [], 1.0),
    ("label smoothing and ignored labels", 6, 5, False, 0.1, [2], 1.0),
    ("label smoothing and weights", 6, 4, True, 0.1, [], 1.0),
    ("label smoothing, weights and ignored labels", 8, 4, True, 0.1, [0, 7], 1.0),
    ("full smoothing", 4, 3, False, 1.0, [], 1.0),
    ("very large logits", 4, 3, False, 0.1, [], 1e4),
]


def write_loss_fixtures(path: Path) -> None:
    generator = torch.Generator().manual_seed(7)
    cases = []
    for name, rows, classes, weighted, smoothing, ignored, scale in CASES:
        logits = (torch.randn(rows, classes, generator=generator) * 2 * scale).requires_grad_()
        labels = torch.randint(0, classes, (rows,), generator=generator)
        labels[ignored] = IGNORED
        weight = torch.rand(classes, generator=generator) + 0.2 if weighted else None
        loss = cross_entropy(logits, labels, weight=weight, ignore_index=IGNORED, label_smoothing=smoothing)
        loss.backward()
        cases.append(
            {
                "name": name,
                "logits": logits.tolist(),
                "labels": labels.tolist(),
                "options": {
                    "weight": weight.tolist() if weight is not None else None,
                    "ignore_index": IGNORED,
                    "label_smoothing": smoothing,
                },
                "loss": loss.item(),
                "gradient": logits.grad.tolist(),
            }
        )
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")
