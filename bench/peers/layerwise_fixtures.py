"""Write packages/multihead/fixtures/layerwise.json: a short run with layer-wise learning rates and gradual unfreezing.

    python bench/peers/layerwise_fixtures.py [--fixtures packages/multihead/fixtures]

torch's AdamW with a group for each parameter, over the model and the batches of fixtures/bert/classify (bert_fixtures.py).
The group d below the top learns at rate * decay^d, and has requires_grad from step d * every on. Losses, and norms before
clipping, of each step.
"""

import argparse
import json
import re
from pathlib import Path

import torch
from safetensors.torch import load_file
from transformers import BertForSequenceClassification

STEPS = 20
BATCHES = 4
RATE = 1e-3
WEIGHT_DECAY = 0.01
CASES = [(0.7, 0), (1.0, 4), (0.7, 3)]


def run(folder: Path, decay: float, every: int) -> dict:
    no_dropout = {"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0}
    model = BertForSequenceClassification.from_pretrained(folder, **no_dropout).train()
    tensors = load_file(folder / "expected.safetensors")
    top = model.config.num_hidden_layers + 1

    def depth(name: str) -> int:
        layer = re.search(r"encoder\.layer\.(\d+)\.", name)
        if layer:
            return top - int(layer[1]) - 1
        return top if ".embeddings." in name else 0

    def batch(number: int) -> dict[str, torch.Tensor]:
        prefix = f"trajectory.batch.{number}."
        return {name[len(prefix) :]: value for name, value in tensors.items() if name.startswith(prefix)}

    named = list(model.named_parameters())
    groups = [
        {
            "params": [parameter],
            "lr": RATE * decay ** depth(name),
            "weight_decay": 0.0 if "bias" in name or "LayerNorm" in name else WEIGHT_DECAY,
        }
        for name, parameter in named
    ]
    optimizer = torch.optim.AdamW(groups)
    losses, norms = [], []
    for step in range(STEPS):
        for name, parameter in named:
            parameter.requires_grad_(step >= depth(name) * every)
        loss = model(**batch(step % BATCHES)).loss
        loss.backward()
        norms.append(torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
        losses.append(loss.item())
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
    return {"layerwiseLrDecay": decay, "gradualUnfreezingSteps": every, "losses": losses, "norms": norms}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write layerwise.json; see the file's docstring.")
    parser.add_argument("--fixtures", type=Path, default=Path("packages/multihead/fixtures"))
    fixtures = parser.parse_args().fixtures
    settings = {"learningRate": RATE, "weightDecay": WEIGHT_DECAY, "batches": BATCHES}
    runs = [run(fixtures / "bert" / "classify", *case) for case in CASES]
    (fixtures / "layerwise.json").write_text(json.dumps({"settings": settings, "runs": runs}) + "\n")


if __name__ == "__main__":
    main()
