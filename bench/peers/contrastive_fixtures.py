"""The supervised contrastive loss (Khosla et al. 2020, L_out) by its formula, in float64, with PyTorch's gradients.

    python bench/peers/contrastive_fixtures.py packages/multihead/fixtures/supervised-contrastive.json

A list of cases: vectors [batch, size], labels [batch], temperature, the loss and its gradient with respect to the vectors.
Vectors that are alone of their class do not count, as in PyTorch Metric Learning's SupConLoss.
"""

import json
import sys
from pathlib import Path

import torch

# name, labels, size, temperature, scale of the vectors
CASES = [
    ("two classes", [0, 0, 1, 1], 3, 0.1, 1.0),
    ("classes of several sizes", [2, 0, 1, 0, 2, 2, 1, 0, 0], 8, 0.1, 1.0),
    ("one alone of its class", [0, 0, 1, 2, 2], 4, 0.5, 1.0),
    ("a low temperature and long vectors", [0, 1, 0, 1, 2, 2], 5, 0.02, 30.0),
    ("one class", [0, 0, 0], 4, 0.05, 1.0),
    ("none has another of its class", [0, 1, 2], 4, 0.1, 1.0),
]


def supervised_contrastive(vectors: torch.Tensor, labels: list[int], temperature: float) -> torch.Tensor:
    unit = torch.nn.functional.normalize(vectors, dim=1)
    losses = []
    for i, label in enumerate(labels):
        others = [a for a in range(len(labels)) if a != i]
        positives = [p for p in others if labels[p] == label]
        if not positives:
            continue
        exponents = {a: (unit[i] @ unit[a]) / temperature for a in others}
        log_sum = torch.logsumexp(torch.stack(list(exponents.values())), dim=0)
        losses.append(-sum(exponents[p] - log_sum for p in positives) / len(positives))
    return torch.stack(losses).mean() if losses else (vectors * 0).sum()


def main() -> None:
    generator = torch.Generator().manual_seed(11)
    cases = []
    for name, labels, size, temperature, scale in CASES:
        drawn = torch.randn(len(labels), size, generator=generator) * scale
        vectors = drawn.double().requires_grad_()
        loss = supervised_contrastive(vectors, labels, temperature)
        loss.backward()
        cases.append(
            {
                "name": name,
                "vectors": drawn.tolist(),
                "labels": labels,
                "temperature": temperature,
                "loss": loss.item(),
                "gradient": vectors.grad.tolist(),
            }
        )
    Path(sys.argv[1]).write_text("[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]\n")


if __name__ == "__main__":
    main()
