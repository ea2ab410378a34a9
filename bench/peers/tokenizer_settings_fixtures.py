"""
Writes packages/multihead/fixtures/text/class-settings.json: what Transformers' AutoTokenizer makes of tokenizer_config.json,
special_tokens_map.json and added_tokens.json beside a vocab.txt or a tokenizer.json.

    python bench/peers/tokenizer_settings_fixtures.py
"""
import itertools
import json
import tempfile
from pathlib import Path

from transformers import AutoTokenizer

root = Path(__file__).parents[2]
words = "[PAD] [UNK] [CLS] [SEP] [MASK] the patient has co ##vid ##test [ ] e ##1 one two three four five < ent >".split()
texts = ["the patient has [E1] covidtest", "one two [MASK] three four five", "the COVIDtest<ent> has", "hello <|endoftext|> world", ""]
pair = ["one two three four five", "the patient has covid"]

bert_json = {
    "version": "1.0", "truncation": None, "padding": None,
    "added_tokens": [
        {"id": i, "content": w, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
        for i, w in enumerate(words[:5])
    ],
    "normalizer": {"type": "BertNormalizer", "clean_text": True, "handle_chinese_chars": True, "strip_accents": None, "lowercase": True},
    "pre_tokenizer": {"type": "BertPreTokenizer"}, "post_processor": None, "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
    "model": {"type": "WordPiece", "unk_token": "[UNK]", "continuing_subword_prefix": "##", "max_input_chars_per_word": 100,
              "vocab": {w: i for i, w in enumerate(words)}},
}  # fmt: skip
token = lambda content, **flags: {"content": content, "single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": False, **flags}
specials = {f"{kind}_token": f"[{kind.upper()}]" for kind in ["pad", "unk", "cls", "sep", "mask"]}

added = [
    {},
    {"added_tokens.json": {"[E1]": len(words), "covidtest": len(words) + 1}},
    {"added_tokens.json": {"covidtest": len(words) + 5, "<ent>": len(words)}, "special_tokens_map.json": {"additional_special_tokens": ["[E1]"]}},
    {"special_tokens_map.json": {"mask_token": token("[MASK]", lstrip=True)}},
]
bert_configs = [
    {},
    {"additional_special_tokens": ["[E1]", "<ent>"]},
    {"extra_special_tokens": ["<ent>"]},
    {"truncation_side": "left"},
    {"padding_side": "left", "ent_token": "<ent>"},
    {"added_tokens_decoder": {"25": token("covidtest", normalized=True), "24": token("[E1]", special=True), "4": token("[MASK]", special=True, lstrip=True)}},
]
gpt_configs = [
    {"tokenizer_class": name, **more}
    for name in ["GPT2Tokenizer", "GPT2TokenizerFast", "PreTrainedTokenizerFast"]
    for more in [{}, {"add_prefix_space": True}, {"add_bos_token": True}, {"add_bos_token": True, "add_eos_token": True},
                 {"add_bos_token": False}, {"truncation_side": "left", "additional_special_tokens": ["[E1]"]}]
]  # fmt: skip
ends = {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>", "unk_token": "<|endoftext|>"}

vocabulary = {"vocab.txt": "".join(f"{word}\n" for word in words)}
cases = [
    {**vocabulary, **files, "tokenizer_config.json": {"tokenizer_class": "BertTokenizer", **specials, **config}}
    for files, config in itertools.product(added, bert_configs)
]
cases += [
    {"tokenizer.json": bert_json, "tokenizer_config.json": {"tokenizer_class": name, **specials, **config}}
    for name, config in itertools.product(["BertTokenizer", "BertTokenizerFast", "PreTrainedTokenizerFast"], bert_configs)
]
cases += [{"tokenizer.json": "models/mini-gpt/tokenizer.json", "tokenizer_config.json": {**ends, **config}} for config in gpt_configs]
# Where tokenizer_config.json names no class, config.json does, or its model_type.
cases += [
    {"tokenizer.json": bert_json, "config.json": model, "tokenizer_config.json": {**specials, **config}}
    for model in [{"model_type": "bert"}, {"model_type": "distilbert"}, {"model_type": "bert", "tokenizer_class": "PreTrainedTokenizerFast"}, {"model_type": "electra", "tokenizer_class": "BertTokenizerFast"}]
    for config in [{}, {"truncation_side": "left"}]
]
cases += [
    {"tokenizer.json": "models/mini-gpt/tokenizer.json", "config.json": model, "tokenizer_config.json": {**ends, "add_prefix_space": True, **config}}
    for model in [{"model_type": "gpt2"}, {"model_type": "opt"}, {"model_type": "llama"}, {"model_type": "gpt2", "tokenizer_class": "PreTrainedTokenizerFast"}]
    for config in [{}, {"tokenizer_class": "PreTrainedTokenizerFast"}]
]  # fmt: skip


def expected(files):
    with tempfile.TemporaryDirectory() as folder:
        for name, content in files.items():
            if isinstance(content, str) and content.startswith("models/"):
                content = (root / content).read_text()
            Path(folder, name).write_text(content if isinstance(content, str) else json.dumps(content))
        tokenizer = AutoTokenizer.from_pretrained(folder)
        cut = lambda *given: tokenizer(*given, truncation=True, max_length=7)["input_ids"]
        return {
            "files": files,
            "size": len(tokenizer),
            "ids": [tokenizer(text)["input_ids"] for text in texts],
            "pair": tokenizer(*pair)["input_ids"],
            "cut": [cut(pair[0]), cut(*pair)],
            "decoded": [tokenizer.decode(tokenizer(text)["input_ids"], skip_special_tokens=True) for text in texts],
        }


out = {"texts": texts, "pair": pair, "cases": [expected(files) for files in cases]}
path = root / "packages/multihead/fixtures/text/class-settings.json"
path.write_text(json.dumps(out, ensure_ascii=False) + "\n")
print(f"{path}: {len(cases)} settings")
