"""One set of weights saved in each of the ways that checkpoints of BERT are found in the wild.

Written by bert_fixtures.py as loading/<variant>/{config.json,model.safetensors}. The weights are exact in float16 and
in bfloat16, so ONE expected output holds for all variants:

    loading/expected.safetensors  input.*, last_hidden_state, pooler_output, and logits (of the variants with a head)
    loading/expected.json         per variant: has_head, the tensors that a BertForSequenceClassification misses
                                  (`missing`), those it does not know (`unexpected`), and buffers to skip in silence
"""

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import BertConfig, BertForSequenceClassification

SMALLEST_NORMAL_FLOAT16 = 2.0**-14
HEAD = ("classifier.weight", "classifier.bias")


def write_loading_fixtures(folder: Path) -> None:
    torch.manual_seed(21)
    config = BertConfig(
        vocab_size=20,
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=24,
        max_position_embeddings=12,
        initializer_range=0.2,
        num_labels=2,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
        attn_implementation="eager",
    )
    model = BertForSequenceClassification(config).eval()
    make_exact(model)
    weights = {name: value.clone() for name, value in model.state_dict().items()}
    backbone = {name: value for name, value in weights.items() if name not in HEAD}
    position_ids = torch.arange(config.max_position_embeddings).unsqueeze(0)
    unknown = {
        "cls.seq_relationship.weight": torch.ones(2, config.hidden_size),
        "cls.seq_relationship.bias": torch.zeros(2),
        "projection.weight": torch.ones(3, 3),
    }

    variants = {
        "prefixed": weights,
        "unprefixed": {name.removeprefix("bert."): value for name, value in backbone.items()},
        "gamma-beta": {old_name(name): value for name, value in weights.items()}
        | {"bert.embeddings.position_ids": position_ids},
        "float16": {name: value.half() for name, value in weights.items()},
        "bfloat16": {name: value.bfloat16() for name, value in weights.items()},
        "extra-and-missing": backbone | unknown,
    }
    expected = {}
    for name, tensors in variants.items():
        half = name if name in ("float16", "bfloat16") else "float32"
        write_variant(folder / name, config, tensors, half)
        has_head = HEAD[0] in tensors
        expected[name] = {
            "has_head": has_head,
            "missing": [] if has_head else list(HEAD),
            "unexpected": sorted(key for key in tensors if key in unknown),
            "skipped_buffers": [key for key in tensors if key.endswith("position_ids")],
        }

    save_file(reference_outputs(model), folder / "expected.safetensors")
    lines = [f"{json.dumps(name)}: {json.dumps(facts)}" for name, facts in expected.items()]
    (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def make_exact(model: torch.nn.Module) -> None:
    """Round every weight to a number that float16 and bfloat16 both hold exactly."""
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("LayerNorm.weight"):
                parameter.normal_(1.0, 0.2)
            elif name.endswith("bias"):
                parameter.normal_(0.0, 0.1)
            rounded = parameter.bfloat16().float()
            parameter.copy_(torch.where(rounded.abs() < SMALLEST_NORMAL_FLOAT16, 0.0, rounded))
            assert parameter.equal(parameter.half().float()) and parameter.equal(parameter.bfloat16().float()), name


def old_name(name: str) -> str:
    """TensorFlow's names, which the first PyTorch checkpoints of BERT kept."""
    return name.replace("LayerNorm.weight", "LayerNorm.gamma").replace("LayerNorm.bias", "LayerNorm.beta")


def write_variant(folder: Path, config: BertConfig, tensors: dict[str, Tensor], dtype: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    settings = json.loads(config.to_json_string())
    settings |= {"dtype": dtype, "architectures": ["BertForSequenceClassification"]}
    (folder / "config.json").write_text(json.dumps(settings, indent=2) + "\n")
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def reference_outputs(model: BertForSequenceClassification) -> dict[str, Tensor]:
    inputs = {
        "input_ids": torch.tensor([[2, 7, 11, 3, 9, 3], [2, 15, 3, 0, 0, 0]]),
        "attention_mask": torch.tensor([[1, 1, 1, 1, 1, 1], [1, 1, 1, 0, 0, 0]]),
        "token_type_ids": torch.tensor([[0, 0, 0, 0, 1, 1], [0, 0, 0, 0, 0, 0]]),
    }
    with torch.no_grad():
        encoded = model.bert(**inputs)
        logits = model(**inputs).logits
    outputs = {
        "last_hidden_state": encoded.last_hidden_state,
        "pooler_output": encoded.pooler_output,
        "logits": logits,
    }
    return {f"input.{name}": value for name, value in inputs.items()} | {
        name: value.contiguous() for name, value in outputs.items()
    }
