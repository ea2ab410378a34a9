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

    With gradient accumulation a step takes the next `gradient_accumulation_steps` batches of the cycle, each weighed by
    its share of what the loss averages over in all of them: labels that are not -100, or answers. Gradients and loss are
    then those of one large batch. That is what transformers.Trainer does for models that take `num_items_in_batch`,
    GPT-2 and Llama among them, to which the sum goes here, too. For the others, such as BERT, Trainer 5 has the mean of
    means (question answering) or, because BERT's forward takes **kwargs which it passes on to nobody, the sum of means.
    """
    optimizer = adamw(model, training.learning_rate, training.weight_decay)
    schedule = transformers.get_linear_schedule_with_warmup(optimizer, training.warmup_steps, training.steps)
    stream = endless(batches)
    is_causal = isinstance(model, transformers.GenerationMixin)
    record = {"losses": [], "learning_rates": [], "grad_norms_before_clipping": []}
    for _ in range(training.steps):
        total = 0.0
        chosen = [next(stream) for _ in range(training.gradient_accumulation_steps)]
        items = sum(counted(batch, is_causal) for batch in chosen)
        for batch in chosen:
            if len(chosen) == 1:
                loss = model(**batch).loss
            elif is_causal:
                loss = model(**batch, num_items_in_batch=items).loss
            else:
                loss = model(**batch).loss * counted(batch, is_causal) / items
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


def counted(batch: Batch, shifts: bool) -> int:
    """What the mean loss of a batch is taken over. A causal model shifts the labels: it does not guess a row's first."""
    labels = batch["start_positions"] if "start_positions" in batch else batch["labels"]
    return int((labels[..., 1:] if shifts else labels).ne(-100).sum())


def endless(batches: list[Batch]) -> Iterator[Batch]:
    while True:
        yield from batches
