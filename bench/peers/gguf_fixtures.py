"""Write small GGUF files, and what Transformers' and gguf's own readers make of them.

    pip install --no-deps gguf==0.19.0
    python bench/peers/gguf_fixtures.py    # packages/multihead/fixtures/gguf/

    types.gguf             no model: for each type of tensors one [2, 256] named after it
    llama.gguf             Llama: Q8_0, Q4_0, Q4_1, Q5_0 and Q5_1 by layer and kind, a SentencePiece tokenizer, rows turned as llama.cpp
                           has them
    llama3.gguf            Llama: F32, Llama 3.1's rotary factors as a tensor, its own head, the words of Llama 3
    qwen2.gguf             Qwen2: F16, the words of Qwen
    qwen3.gguf             Qwen3: BF16, the words of Qwen
    expected.safetensors   types.<type>: the numbers, by gguf; <file>.input_ids, <file>.logits: by Transformers, of the weights that
                           the file holds
    expected.json          <file>: texts and their token ids; the chat template's text

Quantized weights are put back into the model, whose logits are then the reference; where Transformers reads the file by itself
(from_pretrained(gguf_file=...)), its logits are compared with these first.
"""

import argparse
import json
from pathlib import Path

import gguf
import numpy as np
import torch
import transformers
from bert_fixtures import readable_json
from gguf import GGMLQuantizationType as Type
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, PreTrainedModel

TYPES = [Type.F32, Type.F16, Type.BF16, Type.Q4_0, Type.Q4_1, Type.Q5_0, Type.Q5_1, Type.Q8_0]
K_TYPES = [Type.Q2_K, Type.Q3_K, Type.Q4_K, Type.Q5_K, Type.Q6_K]
TEXTS = [
    "It was the best of times", " two  spaces, and\n\n a line", "Ünïcödé 日本 😀 12345 don't DON'T", "", "<|im_end|>x</s>",
]  # fmt: skip
TEMPLATE = (
    "{% for m in messages %}{{ '<|im_start|>' + m['role'] + '\n' + m['content'] + '<|im_end|>\n' }}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)
CORPUS = ["It was the best of times, it was the worst of times; the times of the best and of the worst 123 123 times 12345"] * 9
SPECIAL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
SIZES |= {"num_key_value_heads": 2, "max_position_embeddings": 64, "initializer_range": 0.2}


def write_types(folder: Path) -> dict[str, torch.Tensor]:
    writer = gguf.GGUFWriter(folder / "types.gguf", "none")
    random = np.random.default_rng(7)
    expected = {}
    for kind in TYPES + K_TYPES:
        if kind in TYPES:
            data = gguf.quants.quantize(random.normal(size=(2, 256)).astype(np.float32), kind)
        else:
            data = random_blocks(kind, random)
        writer.add_tensor(kind.name, data, raw_dtype=kind)
        values = np.ascontiguousarray(gguf.quants.dequantize(data, kind), dtype=np.float32)
        expected[f"types.{kind.name}"] = torch.from_numpy(values.reshape(2, 256).copy())
    close(writer)
    return expected


def random_blocks(kind: Type, random: np.random.Generator) -> np.ndarray:
    """Two rows of a block: random bits, and small scales in the places of float16 numbers."""
    size = gguf.GGML_QUANT_SIZES[kind][1]
    blocks = random.integers(0, 256, size=(2, size), dtype=np.uint8)
    places = {Type.Q2_K: [80, 82], Type.Q3_K: [108], Type.Q4_K: [0, 2], Type.Q5_K: [0, 2], Type.Q6_K: [208]}[kind]
    for place in places:
        blocks[:, place : place + 2] = random.normal(0, 0.01, size=(2, 1)).astype(np.float16).view(np.uint8)
    return blocks


def close(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def byte_level(writer: gguf.GGUFWriter, rule: str) -> int:
    """A small byte-level vocabulary. Returns its size."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False)
    tokenizer.train_from_iterator(CORPUS, trainer)
    parsed = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(parsed["vocab"], key=parsed["vocab"].get)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(rule)
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.CONTROL if token in SPECIAL else gguf.TokenType.NORMAL for token in tokens])
    writer.add_token_merges([" ".join(merge) if isinstance(merge, list) else merge for merge in parsed["merges"]])
    writer.add_bos_token_id(0)
    writer.add_eos_token_id(2)
    writer.add_eot_token_id(0)
    writer.add_pad_token_id(0)
    writer.add_chat_template(TEMPLATE)
    return len(tokens)


def sentence_piece(writer: gguf.GGUFWriter) -> int:
    """A small SentencePiece vocabulary: bytes, letters, and words built up by merges. Returns its size."""
    words = ["▁t", "he", "▁the", "▁w", "as", "▁was", "in", "es", "▁of", "im", "▁tim", "▁times", "st", "be", "▁be", "▁best"]
    letters = ["▁", *"abcdefghijklmnopqrstuvwxyzIT.,'"]
    texts = ["<unk>", "<s>", "</s>", *(f"<0x{byte:02X}>" for byte in range(256)), *words, *letters]
    kinds = [gguf.TokenType.UNKNOWN, gguf.TokenType.CONTROL, gguf.TokenType.CONTROL, *[gguf.TokenType.BYTE] * 256]
    writer.add_tokenizer_model("llama")
    writer.add_tokenizer_pre("default")
    writer.add_token_list(texts)
    writer.add_token_scores([0.0] * 259 + [-float(i) for i in range(len(words) + len(letters))])
    writer.add_token_types(kinds + [gguf.TokenType.NORMAL] * (len(words) + len(letters)))
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    return len(texts)


NAMES = {
    "model.embed_tokens": "token_embd", "model.norm": "output_norm", "lm_head": "output", "input_layernorm": "attn_norm",
    "self_attn.q_proj": "attn_q", "self_attn.k_proj": "attn_k", "self_attn.v_proj": "attn_v", "self_attn.o_proj": "attn_output",
    "self_attn.q_norm": "attn_q_norm", "self_attn.k_norm": "attn_k_norm", "post_attention_layernorm": "ffn_norm",
    "mlp.gate_proj": "ffn_gate", "mlp.up_proj": "ffn_up", "mlp.down_proj": "ffn_down", "model.layers": "blk",
}  # fmt: skip


def ggml_name(name: str) -> str:
    for ours, theirs in NAMES.items():
        name = name.replace(ours, theirs)
    return name


def turned(weights: np.ndarray, heads: int) -> np.ndarray:
    """Rows as llama.cpp's convert_hf_to_gguf.py has them (LlamaModel.permute)."""
    rows = weights.reshape(heads, 2, weights.shape[0] // heads // 2, *weights.shape[1:])
    return rows.swapaxes(1, 2).reshape(weights.shape)


def turned_back(weights: np.ndarray, heads: int) -> np.ndarray:
    rows = weights.reshape(heads, weights.shape[0] // heads // 2, 2, *weights.shape[1:])
    return rows.swapaxes(2, 1).reshape(weights.shape)


def write_model(path: Path, model_class: str, kind_of, vocabulary, settings: dict, *, turns: bool) -> PreTrainedModel:
    """Writes a random model. Returns it with the weights that the file holds."""
    torch.manual_seed(len(model_class))
    architecture = getattr(transformers, model_class)
    prefix = architecture.config_class.model_type
    writer = gguf.GGUFWriter(path, prefix)
    vocab_size = vocabulary(writer)
    config = architecture.config_class(**SIZES, vocab_size=vocab_size, **settings)
    model = architecture(config).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if parameter.ndim == 1:
                parameter.normal_(1.0 if name.endswith("norm.weight") else 0.0, 0.2)
    head_dim = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_rope_dimension_count(head_dim)
    writer.add_key_length(head_dim)
    writer.add_value_length(head_dim)
    writer.add_vocab_size(vocab_size)
    if config.rope_parameters["rope_type"] == "llama3":
        plain = 1.0 / config.rope_parameters["rope_theta"] ** (torch.arange(0, head_dim, 2).float() / head_dim)
        writer.add_tensor("rope_freqs.weight", (plain / model.model.rotary_emb.inv_freq).numpy().astype(np.float32))
    heads = {"q_proj": config.num_attention_heads, "k_proj": config.num_key_value_heads}
    state = {}
    for name, value in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        count = next((count for part, count in heads.items() if part in name and turns), None)
        array = value.numpy() if count is None else turned(value.numpy(), count)
        kind = Type.F32 if array.ndim == 1 else kind_of(name)
        data = gguf.quants.quantize(array, kind)
        writer.add_tensor(ggml_name(name), data, raw_dtype=kind)
        held = np.ascontiguousarray(gguf.quants.dequantize(data, kind), dtype=np.float32).reshape(array.shape)
        state[name] = torch.from_numpy((held if count is None else turned_back(held, count)).copy())
    close(writer)
    model.load_state_dict(state, strict=False)
    return model


def mixed(name: str) -> Type:
    kinds = {"embed_tokens": Type.Q8_0, "q_proj": Type.Q4_0, "k_proj": Type.Q4_1, "v_proj": Type.Q5_0, "o_proj": Type.Q5_1}
    return next((kind for part, kind in kinds.items() if part in name), Type.Q8_0)


LLAMA3 = {"rope_type": "llama3", "rope_theta": 500000.0, "factor": 8.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0}
FILES = {
    "llama": ("LlamaForCausalLM", mixed, sentence_piece, {"tie_word_embeddings": True, "rms_norm_eps": 1e-5}, True),
    "llama3": (
        "LlamaForCausalLM", lambda _: Type.F32, lambda writer: byte_level(writer, "llama-bpe"),
        {"head_dim": 16, "rope_parameters": LLAMA3 | {"original_max_position_embeddings": 8192}, "attention_bias": True}, True,
    ),
    "qwen2": (
        "Qwen2ForCausalLM", lambda _: Type.F16, lambda writer: byte_level(writer, "qwen2"), {"tie_word_embeddings": True}, False,
    ),
    "qwen3": ("Qwen3ForCausalLM", lambda _: Type.BF16, lambda writer: byte_level(writer, "qwen2"), {"head_dim": 16}, False),
}  # fmt: skip
READ_BY_TRANSFORMERS = ["llama", "qwen2"]  # of qwen3, it ignores key_length; of llama3, the factors


def main() -> None:
    parser = argparse.ArgumentParser(description="Write small GGUF files and their references.")
    default = Path(__file__).parents[2] / "packages/multihead/fixtures/gguf"
    parser.add_argument("--output", type=Path, default=default, help="folder to write into")
    folder = parser.parse_args().output
    folder.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(1)
    transformers.logging.set_verbosity_error()
    tensors = write_types(folder)
    written = {"made_with": {"transformers": transformers.__version__, "gguf": "0.19.0"}}
    for name, (model_class, kind_of, vocabulary, settings, turns) in FILES.items():
        path = folder / f"{name}.gguf"
        model = write_model(path, model_class, kind_of, vocabulary, settings, turns=turns)
        ids = torch.randint(3, model.config.vocab_size, (2, 20), generator=torch.Generator().manual_seed(1))
        with torch.no_grad():
            tensors |= {f"{name}.input_ids": ids, f"{name}.logits": model(input_ids=ids).logits.contiguous()}
            if name in READ_BY_TRANSFORMERS:
                read = AutoModelForCausalLM.from_pretrained(folder, gguf_file=path.name, dtype=torch.float32).eval()
                difference = (read(input_ids=ids).logits - tensors[f"{name}.logits"]).abs().max().item()
                assert difference < 1e-4, f"{name}: Transformers' reader differs by {difference}"
        if name in READ_BY_TRANSFORMERS:
            tokenizer = AutoTokenizer.from_pretrained(folder, gguf_file=path.name)
            encoded = [tokenizer(text, add_special_tokens=False)["input_ids"] for text in TEXTS]
            written[name] = {"texts": TEXTS, "ids": encoded}
    save_file(tensors, folder / "expected.safetensors")
    (folder / "expected.json").write_text(readable_json(written))
    for file in sorted(folder.iterdir()):
        print(f"{file.stat().st_size:8d}  {file.name}")


if __name__ == "__main__":
    main()
