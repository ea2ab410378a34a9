"""Write the reference fixtures that Multihead's causal language models and text generation are tested against.

    python bench/peers/causal_fixtures.py [--output packages/multihead/fixtures/causal] [--only gpt2 llama-tied]
    python bench/peers/causal_fixtures.py --check FOLDER    # FOLDER/<case>: the models as Multihead saved them again

Each case is one small random causal language model of Hugging Face Transformers (eager attention, float32, dropout 0):

    <case>/config.json          as Hugging Face saves it
    <case>/model.safetensors    as Hugging Face saves it (tied weights once)
    <case>/expected.safetensors tensors, by flat name:
        input.<name>                  input_ids, attention_mask, labels (int64); rows padded on the RIGHT
        output.logits                 [batch, sequence, vocabulary], at padding too (positions there are 0)
        hidden_states.<i>             [batch, sequence, hidden]: the embeddings' output, each layer's, and in the last
                                      place the last layer's after the final norm
        attentions.<i>                [batch, heads, sequence, sequence], after softmax
        gradient.<parameter>          d loss / d parameter, named as in the state dict
        left.<name>                   input_ids, attention_mask, logits of rows padded on the LEFT, positions counted
                                      from the first token; logits at padding mean nothing
        trajectory.batch.<i>.<name>   the batches of the training run
    <case>/expected.json        loss; `trajectory` and `accumulation`: settings, and each step's loss, rate and gradient norm
    <case>/generation.json      (see causal_generation_fixtures.py)

Labels are the tokens themselves, -100 at padding; the model shifts them by one. Embeddings have padding_idx
where the configuration names a padding token.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import torch
import transformers
from bert_fixtures import readable_json, zero_gradients
from bert_training_fixtures import Batch, Training, train
from causal_generation_fixtures import write_generation
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import PreTrainedModel

FIRST_WORD = 3  # ids 0, 1, 2 stand for padding, beginning and end
IGNORED = -100
PAD = 0


@dataclass(frozen=True)
class Case:
    """A model and how it is fed."""

    model: str
    seed: int
    config: dict
    trajectory: bool = False
    generation: bool = False
    lengths: Sequence[int] = (12, 7, 9)
    left_lengths: Sequence[int] = (5, 11, 8)


GPT2 = {"n_embd": 24, "n_layer": 2, "n_head": 4, "n_positions": 48, "vocab_size": 56}
GPT2 |= {"resid_pdrop": 0.0, "embd_pdrop": 0.0, "attn_pdrop": 0.0, "bos_token_id": 1, "eos_token_id": 2}
LLAMA = {"hidden_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 40}
LLAMA |= {"max_position_embeddings": 48, "vocab_size": 56}
# Seeds of models that do not generate the padding token: Transformers' repetition penalty counts it in padded prompts.
CASES = {
    "gpt2": Case("GPT2LMHeadModel", 21, GPT2, trajectory=True, generation=True),
    # What else a configuration of GPT-2 may say.
    "gpt2-untied": Case(
        "GPT2LMHeadModel",
        22,
        GPT2
        | {"n_embd": 18, "n_head": 3, "n_inner": 20, "activation_function": "gelu", "tie_word_embeddings": False}
        | {"scale_attn_weights": False, "scale_attn_by_inverse_layer_idx": True, "layer_norm_epsilon": 1e-3},
    ),
    # Two query heads read one key-value head.
    "llama-tied": Case(
        "LlamaForCausalLM",
        23,
        LLAMA | {"num_key_value_heads": 2, "tie_word_embeddings": True},
        trajectory=True,
        generation=True,
    ),
    # All heads read one, heads wider than hidden / heads, biases everywhere, Llama 3's rotation, a padding token.
    "llama-untied": Case(
        "LlamaForCausalLM",
        24,
        LLAMA
        | {"num_key_value_heads": 1, "head_dim": 8, "attention_bias": True, "mlp_bias": True, "pad_token_id": PAD}
        | {"rms_norm_eps": 1e-5}
        | {
            "rope_parameters": {
                **{"rope_type": "llama3", "rope_theta": 500.0, "factor": 4.0},
                **{"low_freq_factor": 1.0, "high_freq_factor": 4.0, "original_max_position_embeddings": 16},
            }
        },
        generation=True,
    ),
    # As many key-value heads as heads, positions stretched.
    "llama-linear": Case(
        "LlamaForCausalLM",
        25,
        LLAMA
        | {"num_hidden_layers": 1}
        | {"rope_parameters": {"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.0}},
    ),
    # Rows that are longer than the context, so that their base grows: of one length, as Transformers takes the batch's longest
    # (and keeps it for later batches), Multihead each row's own.
    "llama-dynamic": Case(
        "LlamaForCausalLM",
        26,
        LLAMA
        | {"num_hidden_layers": 1, "max_position_embeddings": 10}
        | {"rope_parameters": {"rope_type": "dynamic", "rope_theta": 100.0, "factor": 4.0}},
        lengths=(12, 12),
        left_lengths=(12, 12),
    ),
    # Biases of queries, keys and values; the second layer attends to a window.
    "qwen2": Case(
        "Qwen2ForCausalLM",
        47,
        LLAMA
        | {"num_key_value_heads": 2, "tie_word_embeddings": True, "bos_token_id": 1, "eos_token_id": 2}
        | {"use_sliding_window": True, "sliding_window": 5, "max_window_layers": 1}
        | {"rope_parameters": {"rope_type": "default", "rope_theta": 1000.0}},
        trajectory=True,
        generation=True,
    ),
    # Queries and keys normalized, heads wider than hidden / heads, positions stretched by YaRN.
    "qwen3": Case(
        "Qwen3ForCausalLM",
        28,
        LLAMA
        | {"num_key_value_heads": 2, "head_dim": 8, "tie_word_embeddings": False, "bos_token_id": 1, "eos_token_id": 2}
        | {
            "rope_parameters": {
                **{"rope_type": "yarn", "rope_theta": 500.0, "factor": 4.0, "original_max_position_embeddings": 12},
                **{"beta_fast": 4.0, "beta_slow": 0.5},
            }
        },
        trajectory=True,
        generation=True,
    ),
    # Every layer attends to a window.
    "mistral": Case(
        "MistralForCausalLM",
        39,
        LLAMA | {"num_key_value_heads": 2, "sliding_window": 4, "rms_norm_eps": 1e-5},
        trajectory=True,
        generation=True,
    ),
    # The second layer has no positions, and attends to a window.
    "smollm3": Case(
        "SmolLM3ForCausalLM",
        30,
        LLAMA
        | {"num_key_value_heads": 2, "no_rope_layer_interval": 2, "use_sliding_window": True, "sliding_window": 6}
        | {"bos_token_id": 1, "eos_token_id": 2, "pad_token_id": PAD, "attention_bias": True},
        trajectory=True,
        generation=True,
    ),
}


def build(case: Case) -> PreTrainedModel:
    """The model of a case: weights big enough for gradients to matter and for layers to outweigh the embedding (or a tied
    model says one word for ever), norms that are not the identity."""
    torch.manual_seed(case.seed)
    architecture = getattr(transformers, case.model)
    config = architecture.config_class(**({"initializer_range": 0.2} | case.config), attn_implementation="eager")
    model = architecture(config)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias"):
                parameter.normal_(0.0, 0.1)
            elif parameter.ndim == 1:
                parameter.normal_(1.0, 0.2)
            elif name.endswith("wpe.weight") or ".h." in name or ".layers." in name:
                parameter.mul_(2.5)
    return model.train()


def make_batch(vocabulary: int, lengths: Sequence[int], generator: torch.Generator, side: str = "right") -> Batch:
    """Random rows, padded on one side, with themselves as labels."""
    sequence = max(lengths)
    input_ids = torch.full((len(lengths), sequence), PAD)
    attention_mask = torch.zeros_like(input_ids)
    for row, length in enumerate(lengths):
        place = slice(0, length) if side == "right" else slice(sequence - length, sequence)
        input_ids[row, place] = torch.randint(FIRST_WORD, vocabulary, (length,), generator=generator)
        attention_mask[row, place] = 1
    labels = input_ids.masked_fill(attention_mask == 0, IGNORED)
    return {"input_ids": input_ids, "attention_mask": attention_mask, "labels": labels}


def positions(batch: Batch) -> Tensor:
    """Positions as generate() counts them: from the first token, 0 at padding."""
    mask = batch["attention_mask"]
    return (mask.cumsum(-1) - 1).masked_fill(mask == 0, 0)


def observe(model: PreTrainedModel, batch: Batch) -> tuple[dict[str, Tensor], float]:
    """One forward and backward pass: every tensor worth comparing, by flat name, and the loss."""
    outputs = model(**batch, position_ids=positions(batch), output_attentions=True, output_hidden_states=True)
    outputs.loss.backward()
    tensors = {f"input.{name}": value for name, value in batch.items()}
    tensors["output.logits"] = outputs.logits
    tensors |= {f"hidden_states.{index}": layer for index, layer in enumerate(outputs.hidden_states)}
    tensors |= {f"attentions.{index}": layer for index, layer in enumerate(outputs.attentions)}
    tensors |= {f"gradient.{name}": parameter.grad for name, parameter in model.named_parameters()}
    model.zero_grad()
    return {name: value.detach().clone().contiguous() for name, value in tensors.items()}, outputs.loss.item()


def observe_left(model: PreTrainedModel, batch: Batch) -> dict[str, Tensor]:
    inputs = {"input_ids": batch["input_ids"], "attention_mask": batch["attention_mask"]}
    with torch.no_grad():
        logits = model(**inputs, position_ids=positions(batch)).logits
    return {f"left.{name}": value.contiguous() for name, value in (inputs | {"logits": logits}).items()}


def write_case(name: str, case: Case, output: Path) -> None:
    folder = output / name
    model = build(case)
    generator = torch.Generator().manual_seed(case.seed)
    vocabulary = model.config.vocab_size
    batch = make_batch(vocabulary, case.lengths, generator)
    left = make_batch(vocabulary, case.left_lengths, generator, side="left")
    if case.generation:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "generation.json").write_text(readable_json(write_generation(model, generator)))
    model.save_pretrained(folder)
    (folder / "generation_config.json").unlink(missing_ok=True)

    tensors, loss = observe(model, batch)
    tensors |= observe_left(model, left)
    expected = {
        "model": case.model,
        "made_with": {"torch": torch.__version__.split("+")[0], "transformers": transformers.__version__},
        "loss": loss,
        "zero_gradients": zero_gradients(tensors),
    }
    if case.trajectory:
        training = Training(
            undecayed="biases and the weights of norms", batch_lengths=[[12, 7, 9], [5, 8, 6], [16, 3, 11], [10, 4]]
        )
        batches = [make_batch(vocabulary, lengths, generator) for lengths in training.batch_lengths]
        tensors |= {
            f"trajectory.batch.{index}.{key}": value
            for index, item in enumerate(batches)
            for key, value in item.items()
        }
        initial = {name: value.clone() for name, value in model.state_dict().items()}
        expected["trajectory"] = train(model, batches, training)
        model.load_state_dict(initial)
        short = replace(training, steps=6, warmup_steps=2, gradient_accumulation_steps=2)
        expected["accumulation"] = train(model, batches, short)
    save_file(tensors, folder / "expected.safetensors")
    (folder / "expected.json").write_text(readable_json(expected))


def check(name: str, folder: Path, fixtures: Path) -> float:
    """The largest difference of logits between Hugging Face on a folder that Multihead saved, and the fixture."""
    model = transformers.AutoModelForCausalLM.from_pretrained(folder / name, attn_implementation="eager")
    expected = load_file(fixtures / name / "expected.safetensors")
    batch = {key: expected[f"input.{key}"] for key in ("input_ids", "attention_mask")}
    with torch.no_grad():
        logits = model(**batch, position_ids=positions(batch)).logits
    return (logits - expected["output.logits"]).abs().max().item()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference fixtures of causal language models.")
    default = Path(__file__).parents[2] / "packages/multihead/fixtures/causal"
    parser.add_argument("--output", type=Path, default=default, help="folder to write the cases into")
    parser.add_argument("--only", nargs="*", choices=list(CASES), help="write these alone")
    parser.add_argument("--check", type=Path, help="compare what Multihead saved into this folder, and write nothing")
    options = parser.parse_args()

    torch.set_num_threads(1)  # one order of additions, whatever the machine
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    wanted = options.only or CASES
    if options.check:
        print(json.dumps({name: check(name, options.check, options.output) for name in wanted}, indent=1))
        return
    for name in wanted:
        write_case(name, CASES[name], options.output)
    for file in sorted(options.output.rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size:8d}  {file.relative_to(options.output)}")


if __name__ == "__main__":
    main()
