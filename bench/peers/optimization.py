"""How Hugging Face's Trainer sets up AdamW; shared by the fixtures and the rivals so that all of them agree."""

import torch
from torch import nn


def parameter_groups(model: nn.Module, weight_decay: float) -> list[dict]:
    """Two groups, as in transformers.Trainer: biases and LayerNorms are not decayed, everything else is.

    A tied weight appears once, under the first of its names (named_parameters removes duplicates).
    """
    decayed, undecayed = [], []
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            (undecayed if is_undecayed(name) else decayed).append(parameter)
    return [
        {"params": decayed, "weight_decay": weight_decay},
        {"params": undecayed, "weight_decay": 0.0},
    ]


def is_undecayed(name: str) -> bool:
    """Trainer's rule (get_decay_parameter_names) by name: norms are BERT's LayerNorm, GPT-2's ln_1, Llama's norm."""
    return any(part in name.lower() for part in ("bias", "layernorm", "ln_", "norm."))


def adamw(model: nn.Module, learning_rate: float, weight_decay: float, **options) -> torch.optim.AdamW:
    """AdamW with Trainer's defaults: betas 0.9 and 0.999, epsilon 1e-8, decoupled decay."""
    return torch.optim.AdamW(
        parameter_groups(model, weight_decay), lr=learning_rate, betas=(0.9, 0.999), eps=1e-8, **options
    )
