"""Write the reference fixtures that Multihead's BERT is tested against.

    python bench/peers/bert_fixtures.py [--output packages/multihead/fixtures/bert] [--only qa mlm]

Each case is one small random BERT of Hugging Face Transformers (eager attention, float32, dropout 0):

    <case>/config.json          as Hugging Face saves it
    <case>/model.safetensors    as Hugging Face saves it (tied weights once)
    <case>/expected.safetensors tensors, by flat name:
        input.<name>                  input_ids, attention_mask, token_type_ids (int64), labels or start/end_positions,
                                      next_sentence_label
        output.<name>                 logits, or start_logits and end_logits, or last_hidden_state and pooler_output, or
                                      prediction_logits and seq_relationship_logits
        hidden_states.<i>             [batch, sequence, hidden], 0 is the embeddings' output
        attentions.<i>                [batch, heads, sequence, sequence], after softmax
        gradient.<parameter>          d loss / d parameter, named as in the state dict
        trajectory.batch.<i>.<name>   the batches of the training run, of different lengths (and one of fewer rows)
    <case>/expected.json        loss; `trajectory` and `accumulation`: settings, and each step's loss, learning rate and
                                gradient norm; sum and sum of squares of every parameter after the last step (see
                                bert_training_fixtures.py)
    loading/...                 see bert_loading_fixtures.py
    losses.json                 see loss_fixtures.py

Two things a comparison must know:
- Hugging Face's word embedding has padding_idx 0: row 0 gets no gradient from the embedding lookup, even where the
  loss sees padding positions (the softmax over positions in `qa`, the mean in `embed`). It still gets one from a tied
  decoder (`mlm`).
- Some gradients are zero in exact arithmetic, because softmax does not feel a constant added to all of its inputs:
  attention's key bias everywhere, and in `qa` the head's bias and the last LayerNorm's. What is stored is rounding
  noise, and Adam turns noise into steps. Those parameters are listed in `zero_gradients`: hold their gradients to an
  absolute bound, and leave their final values out.
"""

import argparse
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import transformers
from bert_loading_fixtures import write_loading_fixtures
from bert_training_fixtures import Batch, Training, train
from loss_fixtures import write_loss_fixtures
from safetensors.torch import save_file
from torch import Tensor
from transformers import BertConfig, PreTrainedModel

FIRST_WORD = 5  # ids 0..4 stand for [PAD] [UNK] [CLS] [SEP] [MASK]
CLS, SEP, MASK = 2, 3, 4
IGNORED = -100


@dataclass(frozen=True)
class Case:
    """A model and how it is fed. Shapes differ on purpose, so that no two axes have one size everywhere."""

    model: str
    seed: int
    config: dict
    lengths: tuple[int, ...] = (12, 7, 9)
    trajectory: bool = False
    accumulation: bool = False
    max_grad_norm: float = 1.0


SMALL = {"hidden_size": 24, "num_attention_heads": 4, "intermediate_size": 40, "vocab_size": 40}
CASES = {
    "qa": Case(
        "BertForQuestionAnswering",
        seed=11,
        config={"hidden_act": "gelu", "vocab_size": 72},
        trajectory=True,
        accumulation=True,
    ),
    "classify": Case(
        "BertForSequenceClassification",
        seed=12,
        config={"hidden_act": "gelu_new", "num_labels": 3, "vocab_size": 48, "intermediate_size": 48},
        lengths=(10, 6, 8, 3),
        trajectory=True,
        accumulation=True,
        max_grad_norm=5.0,  # acts on some steps and not on others
    ),
    "multilabel": Case(
        "BertForSequenceClassification",
        seed=13,
        config=SMALL
        | {"hidden_act": "relu", "hidden_size": 20, "num_hidden_layers": 1, "num_labels": 5}
        | {"problem_type": "multi_label_classification"},
    ),
    "regression": Case(
        "BertForSequenceClassification",
        seed=14,
        config=SMALL
        | {"hidden_act": "gelu", "hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "num_labels": 1}
        | {"problem_type": "regression"},
        lengths=(6, 11, 4, 9),
    ),
    "mlm": Case(
        "BertForMaskedLM",
        seed=15,
        config=SMALL | {"hidden_act": "gelu", "vocab_size": 64},
        trajectory=True,
        accumulation=True,
        max_grad_norm=5.0,
    ),
    "pretraining": Case(
        "BertForPreTraining",
        seed=17,
        config=SMALL | {"hidden_act": "gelu", "hidden_size": 16, "num_attention_heads": 2, "vocab_size": 48},
        lengths=(11, 6, 9, 13),
    ),
    "embed": Case(
        "BertModel",
        seed=16,
        config=SMALL | {"hidden_act": "gelu", "num_attention_heads": 3},
        lengths=(8, 5, 10),
    ),
}


def build(case: Case) -> PreTrainedModel:
    """The model of a case, its weights big enough for gradients to matter, its LayerNorms not the identity."""
    defaults = {
        "hidden_size": 32,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "intermediate_size": 64,
        "max_position_embeddings": 24,
        "initializer_range": 0.2,
        "hidden_dropout_prob": 0.0,
        "attention_probs_dropout_prob": 0.0,
    }
    torch.manual_seed(case.seed)
    config = BertConfig(**(defaults | case.config), attn_implementation="eager")
    model = getattr(transformers, case.model)(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("LayerNorm.weight"):
                parameter.normal_(1.0, 0.2)
            elif name.endswith("bias"):
                parameter.normal_(0.0, 0.1)
    return model.train()


def make_batch(case: Case, config: BertConfig, lengths: Sequence[int], generator: torch.Generator) -> Batch:
    """Random rows `[CLS] first [SEP] second [SEP] [PAD]...`, the second part of token type 1, and their labels."""

    def draw(low: int, high: int, *shape: int) -> Tensor:
        return torch.randint(low, high, shape, generator=generator)

    rows, sequence = len(lengths), max(lengths)
    input_ids = torch.zeros(rows, sequence, dtype=torch.int64)
    attention_mask = torch.zeros_like(input_ids)
    token_type_ids = torch.zeros_like(input_ids)
    for row, length in enumerate(lengths):
        input_ids[row, :length] = draw(FIRST_WORD, config.vocab_size, length)
        attention_mask[row, :length] = 1
        middle = 1 if length < 4 else int(draw(2, length - 1, 1))
        token_type_ids[row, middle + 1 : length] = 1
        input_ids[row, 0] = CLS
        input_ids[row, [middle, length - 1]] = SEP
    batch = {"input_ids": input_ids, "attention_mask": attention_mask, "token_type_ids": token_type_ids}

    match case.model:
        case "BertForQuestionAnswering":
            first = torch.stack([draw(0, length, 1)[0] for length in lengths])
            last = torch.stack([draw(int(start), length, 1)[0] for start, length in zip(first, lengths)])
            batch |= {"start_positions": first, "end_positions": last}
        case "BertForMaskedLM" | "BertForPreTraining":
            hidden = (torch.rand(rows, sequence, generator=generator) < 0.4) & (input_ids >= FIRST_WORD)
            hidden[0, 1] = True  # at least one label
            batch["labels"] = torch.where(hidden, input_ids, IGNORED)
            batch["input_ids"] = input_ids.masked_fill(hidden, MASK)
            if case.model == "BertForPreTraining":
                batch["next_sentence_label"] = draw(0, 2, rows)
        case "BertForSequenceClassification" if config.problem_type == "multi_label_classification":
            batch |= {"labels": draw(0, 2, rows, config.num_labels).float()}
        case "BertForSequenceClassification" if config.problem_type == "regression":
            batch |= {"labels": torch.randn(rows, generator=generator)}
        case "BertForSequenceClassification":
            batch |= {"labels": draw(0, config.num_labels, rows)}
    return batch


def zero_gradients(tensors: dict[str, Tensor]) -> list[str]:
    """The parameters whose gradient is nothing but rounding noise (all others reach 1e-3 in these models)."""
    return [
        name.removeprefix("gradient.")
        for name, value in tensors.items()
        if name.startswith("gradient.") and value.abs().max() < 1e-6
    ]


def loss_of(outputs: transformers.utils.ModelOutput) -> Tensor:
    """The model's own loss; the bare encoder has none, and takes mean(last_hidden_state^2) + mean(pooler_output^2)."""
    if "loss" in outputs:
        return outputs.loss
    return outputs.last_hidden_state.square().mean() + outputs.pooler_output.square().mean()


def observe(model: PreTrainedModel, batch: Batch) -> tuple[dict[str, Tensor], float]:
    """One forward and backward pass: every tensor worth comparing, by flat name, and the loss."""
    outputs = model(**batch, output_attentions=True, output_hidden_states=True)
    loss = loss_of(outputs)
    loss.backward()
    tensors = {f"input.{name}": value for name, value in batch.items()}
    for name, value in outputs.items():
        if name in ("hidden_states", "attentions"):
            tensors |= {f"{name}.{index}": layer for index, layer in enumerate(value)}
        elif name != "loss" and isinstance(value, Tensor):
            tensors[f"output.{name}"] = value
    tensors |= {f"gradient.{name}": parameter.grad for name, parameter in model.named_parameters()}
    model.zero_grad()
    return {name: value.detach().clone().contiguous() for name, value in tensors.items()}, loss.item()


def ignored_positions(model: PreTrainedModel, batch: Batch) -> dict:
    """Positions at or past the end of the sequence are left out of the mean, separately for start and end."""
    sequence = batch["input_ids"].shape[1]
    start, end = batch["start_positions"].clone(), batch["end_positions"].clone()
    start[0], end[0], end[1] = sequence, sequence + 7, sequence
    with torch.no_grad():
        loss = model(**(batch | {"start_positions": start, "end_positions": end})).loss
    return {"start_positions": start.tolist(), "end_positions": end.tolist(), "loss": loss.item()}


def write_case(name: str, case: Case, output: Path) -> None:
    folder = output / name
    model = build(case)
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)
    initial = {key: value.clone() for key, value in model.state_dict().items()}

    generator = torch.Generator().manual_seed(case.seed)
    batch = make_batch(case, model.config, case.lengths, generator)
    tensors, loss = observe(model, batch)
    expected = {
        "model": case.model,
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
        "loss": loss,
        "zero_gradients": zero_gradients(tensors),
    }
    if case.model == "BertForQuestionAnswering":
        expected["ignored_positions"] = ignored_positions(model, batch)
    if case.trajectory:
        training = Training(max_grad_norm=case.max_grad_norm)
        batches = [make_batch(case, model.config, lengths, generator) for lengths in training.batch_lengths]
        tensors |= {
            f"trajectory.batch.{index}.{key}": value
            for index, item in enumerate(batches)
            for key, value in item.items()
        }
        expected["trajectory"] = train(model, batches, training)
        if case.accumulation:
            model.load_state_dict(initial)
            short = replace(training, steps=6, warmup_steps=2, gradient_accumulation_steps=2)
            expected["accumulation"] = {"rule": "the loss and gradients of the one batch that the micro-batches are parts of"}
            expected["accumulation"] |= train(model, batches, short)
    save_file(tensors, folder / "expected.safetensors")
    (folder / "expected.json").write_text(readable_json(expected))


def readable_json(value: object) -> str:
    """JSON with indentation, but flat lists and flat objects on one line."""
    text = json.dumps(value, indent=1)
    return re.sub(r"[\[{]\n[^\[\]{}]*[\]}]", lambda flat: re.sub(r"\s*\n\s*", " ", flat[0]), text) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference fixtures of BERT.")
    default = Path(__file__).parents[2] / "packages/multihead/fixtures/bert"
    parser.add_argument("--output", type=Path, default=default, help="folder to write the cases into")
    parser.add_argument("--only", nargs="*", choices=[*CASES, "loading", "losses"], help="write these alone")
    options = parser.parse_args()

    torch.set_num_threads(1)  # one order of additions, whatever the machine
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    wanted = options.only or [*CASES, "loading", "losses"]
    for name in wanted:
        if name == "loading":
            write_loading_fixtures(options.output / "loading")
        elif name == "losses":
            write_loss_fixtures(options.output / "losses.json")
        else:
            write_case(name, CASES[name], options.output)
    for file in sorted(options.output.rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size:8d}  {file.relative_to(options.output)}")


if __name__ == "__main__":
    main()
