"""Write the reference fixtures that Multihead's LoRA is tested against, from the repository's root.

    python bench/peers/lora_fixtures.py [--output packages/multihead/fixtures/lora] [--only bert dora]
    python bench/peers/lora_fixtures.py --check FOLDER    # FOLDER/<case>: adapters as Multihead wrote them

Each case is an adapter of PEFT with random matrices, on a model of another fixture, which its adapter_config.json names:

    <case>/adapter_config.json, adapter_model.safetensors   as PEFT saves them
    <case>/expected.safetensors tensors, by flat name:
        input.<name>                  the batch
        output.logits
        base.logits                   those of the base model, without the adapter
        gradient.<parameter>          d loss / d parameter, without the adapter's name; of base parameters that learn with
                                      the adapter by their names in the base model
        trajectory.batch.<i>.<name>   the batches of the training run
        merged.<parameter>            a weight after merge_and_unload
    <case>/expected.json        loss; `trajectory`: settings, and each step's loss and gradient norm

With --check, an adapter of each case as Multihead wrote it is loaded by PEFT; its logits must be those of the case.
"""

import argparse
import json
from dataclasses import dataclass, field, replace
from pathlib import Path

import peft
import torch
import transformers
from bert_fixtures import CASES as BERT_CASES
from bert_fixtures import Batch, readable_json, zero_gradients
from bert_fixtures import make_batch as bert_batch
from bert_training_fixtures import Training, train
from causal_fixtures import make_batch as causal_batch
from causal_fixtures import positions
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import load_file, save_file
from torch import Tensor
from transformers import PreTrainedModel

BERT = "packages/multihead/fixtures/bert/classify"
GPT2 = "packages/multihead/fixtures/causal/gpt2"
LENGTHS = (9, 5, 7)


@dataclass(frozen=True)
class Case:
    """An adapter: its base model and its settings."""

    base: str
    seed: int
    settings: dict = field(default_factory=dict)


CASES = {
    "bert": Case(BERT, 31, {"r": 4, "lora_alpha": 8}),
    # Ranks and alphas by name, the root of the rank, all biases, layers by a regular expression.
    "bert-patterns": Case(
        BERT,
        32,
        {"r": 4, "lora_alpha": 6, "use_rslora": True, "bias": "all"}
        | {"target_modules": r".*(query|key|intermediate\.dense)"}
        | {"rank_pattern": {"key": 2, "1.intermediate.dense": 3}, "alpha_pattern": {"query": 3}},
    ),
    "bert-dora": Case(BERT, 33, {"r": 3, "use_dora": True, "bias": "lora_only", "target_modules": "all-linear"}),
    "gpt2": Case(GPT2, 34, {"r": 4, "lora_alpha": 4, "target_modules": ["c_attn", "mlp.c_proj"]}),
    "gpt2-dora": Case(GPT2, 35, {"r": 2, "use_dora": True, "use_rslora": True, "target_modules": "all-linear"}),
}


def load_base(base: str) -> PreTrainedModel:
    config = transformers.AutoConfig.from_pretrained(base)
    return getattr(transformers, config.architectures[0]).from_pretrained(base, attn_implementation="eager")


def build(case: Case) -> PeftModel:
    """The model with an adapter whose matrices are all random, so that each has a gradient."""
    torch.manual_seed(case.seed)
    is_bert = case.base == BERT
    settings = {"task_type": "SEQ_CLS" if is_bert else "CAUSAL_LM", "fan_in_fan_out": not is_bert}
    model = get_peft_model(load_base(case.base), LoraConfig(**(settings | case.settings)))
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if "lora_B" in name:
                parameter.normal_(0.0, 0.1)
            elif "magnitude" in name:
                parameter.mul_(1 + 0.2 * torch.rand_like(parameter))
            elif parameter.requires_grad and "lora_" not in name:
                parameter.add_(0.05 * torch.randn_like(parameter))
    return model.train()


def make_batch(case: Case, lengths: tuple[int, ...], model: PeftModel, generator: torch.Generator) -> Batch:
    if case.base == BERT:
        return bert_batch(BERT_CASES["classify"], model.config, lengths, generator)
    return causal_batch(model.config.vocab_size, lengths, generator)


def plain_name(name: str) -> str | None:
    """A parameter's name without the wrappers'; None for a copy that does not learn."""
    if "original_module" in name:
        return None
    name = name.removeprefix("base_model.model.").replace(".modules_to_save.default.", ".").replace(".base_layer.", ".")
    return name.replace("lora_A.default", "lora_A").replace("lora_B.default", "lora_B").replace(
        "lora_magnitude_vector.default.weight", "lora_magnitude_vector"
    )


def write_case(case: Case, output: Path) -> None:
    model = build(case)
    model.save_pretrained(output)
    (output / "README.md").unlink(missing_ok=True)
    generator = torch.Generator().manual_seed(case.seed)
    batch = make_batch(case, LENGTHS, model, generator)
    placed = batch if case.base == BERT else batch | {"position_ids": positions(batch)}
    outputs = model(**placed)
    outputs.loss.backward()
    tensors = {f"input.{name}": value for name, value in batch.items()} | {"output.logits": outputs.logits}
    tensors["base.logits"] = load_base(case.base).train()(**placed).logits
    for name, parameter in model.named_parameters():
        plain = plain_name(name)
        if plain and parameter.grad is not None:
            tensors[f"gradient.{plain}"] = parameter.grad
    tensors = {name: value.detach().clone().contiguous() for name, value in tensors.items()}
    model.zero_grad()
    training = replace(
        Training(), batch_lengths=[[9, 6, 7], [5, 8, 6], [10, 4]], weight_decay=0.0, learning_rate=3e-3, max_grad_norm=0.3
    )
    batches = [make_batch(case, lengths, model, generator) for lengths in training.batch_lengths]
    for index, one in enumerate(batches):
        tensors |= {f"trajectory.batch.{index}.{key}": value for key, value in one.items()}
    trajectory = train(model, batches, training)
    del trajectory["final_parameters"]
    expected = {
        "made_with": {name: module.__version__.split("+")[0] for name, module in
                      {"torch": torch, "transformers": transformers, "peft": peft}.items()},
        "loss": outputs.loss.item(),
        "zero_gradients": zero_gradients(tensors),
        "trajectory": trajectory,
    }
    merged = PeftModel.from_pretrained(load_base(case.base), output).merge_and_unload()
    target = "bert.encoder.layer.0.attention.self.query.weight" if case.base == BERT else "transformer.h.0.attn.c_attn.weight"
    tensors[f"merged.{target}"] = merged.state_dict()[target].clone().contiguous()
    save_file(tensors, output / "expected.safetensors")
    (output / "expected.json").write_text(readable_json(expected))


def check(case: Case, name: str, folder: Path, fixtures: Path) -> float:
    """The largest difference of the logits that PEFT computes with an adapter that Multihead wrote."""
    expected = load_file(fixtures / name / "expected.safetensors")
    model = PeftModel.from_pretrained(load_base(case.base), folder / name).eval()
    batch = {key.removeprefix("input."): value for key, value in expected.items() if key.startswith("input.")}
    if case.base != BERT:
        batch["position_ids"] = positions(batch)
    written, read = json.loads((folder / name / "adapter_config.json").read_text()), model.peft_config["default"]
    assert read.r == written["r"], "PEFT reads the configuration"
    return (model(**batch).logits - expected["output.logits"]).abs().max().item()


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the reference fixtures of LoRA.")
    default = Path(__file__).parents[2] / "packages/multihead/fixtures/lora"
    parser.add_argument("--output", type=Path, default=default, help="folder to write the cases into")
    parser.add_argument("--only", nargs="*", choices=list(CASES), help="these cases alone")
    parser.add_argument("--check", type=Path, help="folder of adapters that Multihead wrote; nothing is written")
    options = parser.parse_args()

    torch.set_num_threads(1)  # one order of additions, whatever the machine
    torch.use_deterministic_algorithms(True)
    transformers.logging.set_verbosity_error()
    transformers.logging.disable_progress_bar()
    for name in options.only or CASES:
        if options.check:
            difference = check(CASES[name], name, options.check, options.output)
            print(f"{name}: largest difference of the logits {difference:.1e}")
            assert difference < 1e-4
        else:
            write_case(CASES[name], options.output / name)


if __name__ == "__main__":
    main()
