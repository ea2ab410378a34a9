"""Reference values of token classification: what Transformers' TokenClassificationPipeline finds in texts, by each strategy,
whole and in windows; and how run_ner's labels lie on sub-words.

    python bench/peers/token_classification_fixtures.py   # writes packages/multihead/fixtures/token-classification/

Two tiny models with random weights, of which the tags change from token to token: BERT with WordPiece, and RoBERTa with
byte-level BPE.
"""

import json
import pathlib
import random
import warnings

import pyarrow
import pyarrow.parquet
import tokenizers
import torch
import transformers
from transformers import (
    BertConfig,
    BertForTokenClassification,
    BertTokenizerFast,
    PreTrainedTokenizerFast,
    RobertaConfig,
    RobertaForTokenClassification,
    TokenClassificationPipeline,
)

FIXTURES = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures"
FOLDER = FIXTURES / "token-classification"
LABELS = ["O", "B-PER", "I-PER", "B-LOC", "I-LOC"]
STRATEGIES = ["none", "simple", "first", "average", "max"]
SIZES = {
    "hidden_size": 8,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 16,
    "initializer_range": 1.0,
    "id2label": dict(enumerate(LABELS)),
    "label2id": {label: i for i, label in enumerate(LABELS)},
}
TEXTS = [
    "Anna Smith moved to San Francisco in 1999.",
    "hello",
    "Microsoft's Łukasz doesn't live in New York, he lives in Zürich!",
    "😀 works at 😀😀 Corp. (São Paulo), isn't it? 我们 在 上海 。",
    "  two   spaces\tand\nlines  ",
    "antidisestablishmentarianism e-mail: someone@example.com #hashtag @user 3.14 U.S.A.",
]
WORDS = "the a New York Anna lives-in Zürich 😀 上海 antidisestablishmentarianism U.S. don't 1999 (and) ok".split()


def bert() -> tuple:
    vocabulary = FIXTURES / "text/vocab.txt"
    tokenizer = BertTokenizerFast(vocab=str(vocabulary), do_lower_case=True, model_max_length=512)
    config = BertConfig(vocab_size=len(tokenizer), max_position_embeddings=512, **SIZES)
    return BertForTokenClassification(config), tokenizer


def roberta() -> tuple:
    bpe = tokenizers.Tokenizer(tokenizers.models.BPE())
    bpe.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = tokenizers.decoders.ByteLevel()
    special = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
    alphabet = sorted(tokenizers.pre_tokenizers.ByteLevel.alphabet())
    trainer = tokenizers.trainers.BpeTrainer(vocab_size=340, special_tokens=special, initial_alphabet=alphabet)
    bpe.train_from_iterator(TEXTS + [" ".join(WORDS)] * 3, trainer)
    bpe.post_processor = tokenizers.processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    names = {"bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>"}
    names |= {"pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>"}
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=bpe, model_max_length=512, **names)
    config = RobertaConfig(
        vocab_size=len(tokenizer), max_position_embeddings=514, type_vocab_size=1, pad_token_id=1, **SIZES
    )
    return RobertaForTokenClassification(config), tokenizer


def plain(entities: list) -> list:
    rounded = [{k: round(float(v), 7) if k == "score" else v for k, v in each.items()} for each in entities]
    return [{k: int(v) if k in ("index", "start", "end") else v for k, v in each.items()} for each in rounded]


def labels_of(tokenizer, words: list, tags: list, all_tokens: bool, max_length: int) -> dict:
    """run_ner's tokenize_and_align_labels."""
    encoding = tokenizer(words, is_split_into_words=True, truncation=True, max_length=max_length)
    inside = [LABELS.index(label.replace("B-", "I-")) if label.startswith("B-") else i for i, label in enumerate(LABELS)]
    labels, previous = [], None
    for word in encoding.word_ids():
        if word is None:
            labels.append(-100)
        elif word != previous:
            labels.append(LABELS.index(tags[word]))
        else:
            labels.append(inside[LABELS.index(tags[word])] if all_tokens else -100)
        previous = word
    return {"ids": encoding["input_ids"], "labels": labels}


def parquet() -> None:
    """A table as `datasets` writes it: tags are numbers, whose names stand in the file's metadata."""
    names = {"names": LABELS, "_type": "ClassLabel"}
    features = {
        "tokens": {"feature": {"dtype": "string", "_type": "Value"}, "_type": "List"},
        "ner_tags": {"feature": names, "_type": "List"},
    }
    rows = {"id": ["0", "1"], "tokens": [["Anna", "left"], ["in", "New", "York"]], "ner_tags": [[1, 0], [0, 3, 4]]}
    table = pyarrow.table(rows)
    table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pyarrow.parquet.write_table(table, FOLDER / "entities.parquet")


def main() -> None:
    parquet()
    warnings.simplefilter("ignore")
    random.seed(5)
    sentences = [[random.choice(WORDS) for _ in range(random.randint(1, 12))] for _ in range(40)]
    long_texts = [" ".join(sum(random.sample(sentences, 6), [])) for _ in range(4)]
    expected = {
        "writtenBy": "bench/peers/token_classification_fixtures.py",
        "versions": {"transformers": transformers.__version__, "tokenizers": tokenizers.__version__},
        "texts": TEXTS,
        "longTexts": long_texts,
        "sentences": [{"tokens": words, "tags": [random.choice(LABELS) for _ in words]} for words in sentences],
        "models": {},
    }
    for seed, make in enumerate([bert, roberta]):
        torch.manual_seed(seed)
        model, tokenizer = make()
        folder = FOLDER / make.__name__
        model.eval().save_pretrained(folder)
        tokenizer.save_pretrained(folder)
        run = TokenClassificationPipeline(model=model, tokenizer=tokenizer)
        found = {"whole": {}, "windows": {}}
        for strategy in STRATEGIES:
            found["whole"][strategy] = [
                plain(run(text, aggregation_strategy=strategy, ignore_labels=[] if i % 2 else ["O"]))
                for i, text in enumerate(TEXTS)
            ]
        tokenizer.model_max_length = 20
        for strategy in STRATEGIES[1:]:
            found["windows"][strategy] = [plain(run(text, aggregation_strategy=strategy, stride=5)) for text in long_texts]
        tokenizer.model_max_length = 512
        if make is roberta:  # words have the space before them that add_prefix_space gives
            tokenizer.backend_tokenizer.pre_tokenizer = tokenizers.pre_tokenizers.ByteLevel(add_prefix_space=True)
        found["labels"] = [
            [labels_of(tokenizer, case["tokens"], case["tags"], all_tokens, 64) for case in expected["sentences"]]
            for all_tokens in (False, True)
        ]
        expected["models"][make.__name__] = found
    text = json.dumps(expected, separators=(",", ":"), ensure_ascii=True)
    (FOLDER / "expected.json").write_text(text + "\n")
    print(f"expected.json: {len(text)} bytes")


main()
