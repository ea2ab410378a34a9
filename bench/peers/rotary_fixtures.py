"""Write the rotary frequencies of published configurations as Transformers computes them.

    python bench/peers/rotary_fixtures.py    # packages/multihead/fixtures/rotary.json

Each case: head_dim, max_position_embeddings, rope_parameters as config.json has them, `length` where the frequencies depend on
the text's, and what ROPE_INIT_FUNCTIONS says: `frequencies`, `attention_factor`.
"""

import json
from pathlib import Path

from transformers import LlamaConfig
from transformers.modeling_rope_utils import ROPE_INIT_FUNCTIONS

YARN = {"rope_type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768, "rope_theta": 1000000.0}
CASES = {
    "Llama 3.1": (128, 131072, None, {
        **{"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0},
        "original_max_position_embeddings": 8192,
    }),
    "Qwen2.5 with YaRN": (128, 131072, None, YARN),
    "YaRN, ends not rounded": (64, 131072, None, YARN | {"truncate": False}),
    "YaRN with other turns and factor": (64, 131072, None, YARN | {"beta_fast": 20.0, "beta_slow": 2.0, "attention_factor": 1.5}),
    "YaRN with DeepSeek's mscale": (64, 131072, None, YARN | {"mscale": 1.0, "mscale_all_dim": 0.7}),
    "linear": (32, 4096, None, {"rope_type": "linear", "rope_theta": 10000.0, "factor": 2.5}),
    "dynamic, short": (64, 2048, 2000, {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}),
    "dynamic, beyond the context": (64, 2048, 3001, {"rope_type": "dynamic", "rope_theta": 10000.0, "factor": 2.0}),
}  # fmt: skip


def main() -> None:
    written = []
    for name, (head_dim, context, length, parameters) in CASES.items():
        config = LlamaConfig(
            hidden_size=head_dim * 4, num_attention_heads=4, head_dim=head_dim, max_position_embeddings=context,
            rope_parameters=dict(parameters),
        )  # fmt: skip
        frequencies, factor = ROPE_INIT_FUNCTIONS[parameters["rope_type"]](config, "cpu", seq_len=length)
        written.append({
            **{"name": name, "head_dim": head_dim, "max_position_embeddings": context, "length": length},
            **{"rope_parameters": parameters, "attention_factor": factor, "frequencies": frequencies.tolist()},
        })  # fmt: skip
    path = Path(__file__).parents[2] / "packages/multihead/fixtures/rotary.json"
    path.write_text(json.dumps(written) + "\n")
    print(f"{path.stat().st_size} bytes")


if __name__ == "__main__":
    main()
