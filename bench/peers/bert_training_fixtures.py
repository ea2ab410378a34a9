"""Short runs of AdamW, step by step, for bert_fixtures.py."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, field

import torch
import transformers
from optimization import adamw
from torch import Tensor
from transformers import PreTrainedModel

Batch = dict[str, Tensor]


@dataclass(frozen=True)
class Training:
    """Settings of a training run, written into expected.json as they are."""

    steps: int = 20
    warmup_steps: int = 5
    learning_rate: float = 1e-3
    betas: tuple[float, float] = (0.9, 0.999)
    epsilon: float = 1e-8
    weight_decay: float = 0.01
    undecayed: str = "every parameter with 'bias' or 'LayerNorm' in its name"
    max_grad_norm: float = 1.0
    schedule: str = "linear with warmup; step 0 has learning rate 0"
    gradient_accumulation_steps: int = 1
    batch_lengths: list[list[int]] = field(
        default_factory=lambda: [[12, 7, 9], [5, 8, 6], [16, 3, 11], [10, 4]]
    )


def train(model: PreTrainedModel, batches: list[Batch], training: Training) -> dict:
    """A run of AdamW over a fixed cycle of batches. The model is changed in place.

    With gradient accumulation a step takes the next `gradient_accumulation_steps` batches of the cycle; each batch's
    own mean loss is divided by their number before its backward pass, so that gradients and reported loss are the mean
    of means, whatever the sizes of the batches. That is what transformers.Trainer does for question answering. For
    models fed with `labels`, Trainer 5.23 leaves the division out: BERT's forward takes **kwargs, so Trainer concludes
    that the model scales its loss by num_items_in_batch, which BERT does not, and the gradient is the sum of means.
    We hold that to be a fault, and do not follow it.
    """
    optimizer = adamw(model, training.learning_rate, training.weight_decay)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, training.warmup_steps, training.steps)
    stream = endless(batches)
    record = {"losses": [], "learning_rates": [], "grad_norms_before_clipping": []}
    for _ in range(training.steps):
        total = 0.0
        for _ in range(training.gradient_accumulation_steps):
            loss = model(**next(stream)).loss / training.gradient_accumulation_steps
            loss.backward()
            total += loss.item()
        norm = torch.nn.utils.clip_grad_norm_(model.parameters(), training.max_grad_norm)
        record["losses"].append(total)
        record["learning_rates"].append(schedule.get_last_lr()[0])
        record["grad_norms_before_clipping"].append(norm.item())
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
    clipped = [norm > training.max_grad_norm for norm in record["grad_norms_before_clipping"]]
    assert any(clipped), "clipping should act on some step"
    return {
        "settings": asdict(training) | {"batches": len(batches)},
        **record,
        "clipped_steps": sum(clipped),
        "final_parameters": {
            name: {"sum": parameter.double().sum().item(), "sum_of_squares": parameter.double().square().sum().item()}
            for name, parameter in model.named_parameters()
        },
    }


def endless(batches: list[Batch]) -> Iterator[Batch]:
    while True:
        yield from batches
