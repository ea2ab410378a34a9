"""Write the reference fixtures of the families of encoders, one small random model for each head.

    python bench/peers/family_fixtures.py [--output packages/multihead/fixtures/families] [--only roberta ...]

A family is a row of FAMILIES. Written are <model_type>/<head>/config.json, model.safetensors, expected.safetensors and
expected.json, in the form of bert_fixtures.py: outputs, the gradient of each parameter, and 20 steps of AdamW.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch
import transformers
from bert_fixtures import Batch, loss_of, readable_json, zero_gradients
from bert_training_fixtures import Training, train
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import PreTrainedModel

IGNORED = -100
FIRST_WORD = 5
MASK = 4
HEADS = {
    "base": "Model",
    "MaskedLM": "ForMaskedLM",
    "SequenceClassification": "ForSequenceClassification",
    "TokenClassification": "ForTokenClassification",
    "QuestionAnswering": "ForQuestionAnswering",
    "PreTraining": "ForPreTraining",
}
USUAL_HEADS = ["base", "MaskedLM", "SequenceClassification", "TokenClassification", "QuestionAnswering"]


@dataclass(frozen=True)
class Family:
    """How a family's classes are called, which heads it has, and its small configuration."""

    classes: str
    config: dict
    heads: Sequence[str] = field(default_factory=lambda: USUAL_HEADS)
    has_token_types: bool = False
    pad: int = 0


BERT_LIKE = {
    "vocab_size": 40,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 24,
    "initializer_range": 0.2,
    "hidden_dropout_prob": 0.0,
    "attention_probs_dropout_prob": 0.0,
}
FAMILIES = {
    "roberta": Family("Roberta", BERT_LIKE | {"type_vocab_size": 1}, pad=1),
    "xlm-roberta": Family("XLMRoberta", BERT_LIKE | {"type_vocab_size": 1}, heads=["MaskedLM"], pad=1),
    "distilbert": Family(
        "DistilBert",
        {
            "vocab_size": 40,
            "dim": 16,
            "n_layers": 2,
            "n_heads": 2,
            "hidden_dim": 24,
            "max_position_embeddings": 24,
            "initializer_range": 0.2,
            "dropout": 0.0,
            "attention_dropout": 0.0,
            "qa_dropout": 0.0,
            "seq_classif_dropout": 0.0,
        },
    ),
    "electra": Family(
        "Electra", BERT_LIKE | {"embedding_size": 12}, heads=[*USUAL_HEADS, "PreTraining"], has_token_types=True
    ),
}


def build(family: Family, head: str, seed: int) -> PreTrainedModel:
    """A model whose weights are big enough for gradients to matter, its norms not the identity."""
    torch.manual_seed(seed)
    labels = {"num_labels": 3} if head.endswith("Classification") else {}
    config_class = getattr(transformers, f"{family.classes}Config")
    config = config_class(**family.config, **labels, attn_implementation="eager")
    model = getattr(transformers, family.classes + HEADS[head])(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "norm" in name.lower() and name.endswith("weight"):
                parameter.normal_(1.0, 0.2)
            elif name.endswith("bias"):
                parameter.normal_(0.0, 0.1)
    return model.train()


def make_batch(family: Family, head: str, lengths: Sequence[int], generator: torch.Generator) -> Batch:
    """Random rows with padding behind them, and their labels."""

    def draw(low: int, high: int, *shape: int) -> Tensor:
        return torch.randint(low, high, shape, generator=generator)

    rows, sequence = len(lengths), max(lengths)
    input_ids = torch.full((rows, sequence), family.pad, dtype=torch.int64)
    attention_mask = torch.zeros_like(input_ids)
    token_type_ids = torch.zeros_like(input_ids)
    for row, length in enumerate(lengths):
        input_ids[row, :length] = draw(FIRST_WORD, family.config["vocab_size"], length)
        attention_mask[row, :length] = 1
        token_type_ids[row, length // 2 : length] = 1
    batch = {"input_ids": input_ids, "attention_mask": attention_mask}
    if family.has_token_types:
        batch["token_type_ids"] = token_type_ids
    inside = attention_mask.bool()
    match head:
        case "QuestionAnswering":
            first = torch.stack([draw(0, length, 1)[0] for length in lengths])
            last = torch.stack([draw(int(start), length, 1)[0] for start, length in zip(first, lengths)])
            batch |= {"start_positions": first, "end_positions": last}
        case "MaskedLM":
            hidden = (torch.rand(rows, sequence, generator=generator) < 0.4) & inside
            hidden[0, 1] = True  # at least one label
            batch["labels"] = torch.where(hidden, input_ids, IGNORED)
            batch["input_ids"] = input_ids.masked_fill(hidden, MASK)
        case "SequenceClassification":
            batch["labels"] = draw(0, 3, rows)
        case "TokenClassification":
            batch["labels"] = torch.where(inside, draw(0, 3, rows, sequence), IGNORED)
        case "PreTraining":  # ELECTRA: whether each token was replaced
            batch["labels"] = draw(0, 2, rows, sequence)
    return batch


def observe(model: PreTrainedModel, batch: Batch, saved: set[str]) -> tuple[dict[str, Tensor], float]:
    """One forward and backward pass: every tensor worth comparing, by flat name, and the loss.

    A tied weight has the name under which it was saved.
    """
    outputs = model(**batch, output_attentions=True, output_hidden_states=True)
    if "loss" in outputs or outputs.get("pooler_output") is not None:
        loss = loss_of(outputs)
    else:
        loss = outputs.last_hidden_state.square().mean()
    loss.backward()
    tensors = {f"input.{name}": value for name, value in batch.items()}
    for name, value in outputs.items():
        if name in ("hidden_states", "attentions"):
            tensors |= {f"{name}.{index}": layer for index, layer in enumerate(value)}
        elif name != "loss" and isinstance(value, Tensor):
            tensors[f"output.{name}"] = value
    for name, parameter in model.named_parameters(remove_duplicate=False):
        if name in saved and parameter.grad is not None:
            tensors[f"gradient.{name}"] = parameter.grad
    model.zero_grad()
    return {name: value.detach().clone().contiguous() for name, value in tensors.items()}, loss.item()


def write_case(name: str, head: str, output: Path) -> None:
    family = FAMILIES[name]
    seed = 100 + 7 * list(FAMILIES).index(name) + list(HEADS).index(head)
    model = build(family, head, seed)
    model.save_pretrained(output)
    (output / "generation_config.json").unlink(missing_ok=True)
    generator = torch.Generator().manual_seed(seed)
    saved = set(load_file(output / "model.safetensors"))
    tensors, loss = observe(model, make_batch(family, head, (9, 5, 7), generator), saved)
    expected = {
        "model": type(model).__name__,
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
        "loss": loss,
        "zero_gradients": zero_gradients(tensors),
    }
    if head != "base":
        training = replace(Training(), batch_lengths=[[9, 6, 7], [5, 8, 6], [10, 4]])
        batches = [make_batch(family, head, lengths, generator) for lengths in training.batch_lengths]
        for index, batch in enumerate(batches):
            tensors |= {f"trajectory.batch.{index}.{key}": value for key, value in batch.items()}
        trajectory = train(model, batches, training)
        del trajectory["final_parameters"]
        expected["trajectory"] = trajectory
    save_file(tensors, output / "expected.safetensors")
    (output / "expected.json").write_text(readable_json(expected))


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference fixtures of the families of encoders.")
    default = Path(__file__).parents[2] / "packages/multihead/fixtures/families"
    parser.add_argument("--output", type=Path, default=default, help="folder to write the cases into")
    parser.add_argument("--only", nargs="*", choices=list(FAMILIES), help="write these families alone")
    options = parser.parse_args()

    torch.set_num_threads(1)  # one order of additions, whatever the machine
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name in options.only or FAMILIES:
        for head in FAMILIES[name].heads:
            write_case(name, head, options.output / name / head)
    for file in sorted(options.output.rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size:8d}  {file.relative_to(options.output)}")


if __name__ == "__main__":
    main()
