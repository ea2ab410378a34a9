"""Logits of exported fp32 files in onnxruntime beside those of Hugging Face Transformers from the model's own folder.

npm run test:interchange -- --python PYTHON runs it as: interchange.py MODEL EXPORTED [MODEL EXPORTED ...]
Prints the largest difference of each pair of folders, by the largest number; ends with 1 above 1e-4.
"""

import json
import os
import sys

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
import numpy as np
import onnxruntime
import torch
import transformers
from transformers import AutoTokenizer

TEXTS = ["Has my parcel been shipped?", "The shop in Station Street 3 opens at eight in the morning.", "word"]
OUTPUTS = ("logits", "start_logits", "end_logits", "last_hidden_state")


def difference(model_folder, exported):
    with open(os.path.join(exported, "config.json")) as file:
        name = json.load(file)["architectures"][0]
    model = getattr(transformers, name).from_pretrained(model_folder, dtype=torch.float32).eval()
    tokenizer = AutoTokenizer.from_pretrained(exported)
    session = onnxruntime.InferenceSession(os.path.join(exported, "onnx/model.onnx"), providers=["CPUExecutionProvider"])
    declared = {each.name: each for each in session.get_inputs()}
    largest = 0.0
    for text in TEXTS:
        inputs = dict(tokenizer(text, return_tensors="np"))
        length = inputs["input_ids"].shape[1]
        feeds = {key: value.astype(np.int64) for key, value in inputs.items() if key in declared}
        if "position_ids" in declared:
            feeds["position_ids"] = np.arange(length, dtype=np.int64)[None]
        for key, each in declared.items():
            if key.startswith("past_key_values"):
                feeds[key] = np.zeros([1, each.shape[1], 0, each.shape[3]], np.float32)
        wanted = [each.name for each in session.get_outputs() if each.name in OUTPUTS]
        computed = session.run(wanted, feeds)
        keys = ("input_ids", "attention_mask", "token_type_ids")
        given = {key: torch.from_numpy(feeds[key]) for key in keys if key in feeds}
        with torch.no_grad():
            expected = model(**given)
        for output, values in zip(wanted, computed):
            reference = getattr(expected, output).numpy()
            largest = max(largest, float(np.abs(values - reference).max() / np.abs(reference).max()))
    return largest


def main():
    versions = f"onnxruntime {onnxruntime.__version__}, transformers {transformers.__version__}"
    worst = 0.0
    folders = sys.argv[1:]
    for model, exported in zip(folders[::2], folders[1::2]):
        found = difference(model, exported)
        worst = max(worst, found)
        print(f"{os.path.basename(exported)}: {found:.1e} ({versions})")
    sys.exit(0 if worst <= 1e-4 else 1)


main()
