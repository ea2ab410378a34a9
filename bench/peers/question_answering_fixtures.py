"""Reference values of question answering: the official evaluations of SQuAD v2 and CMRC 2018, and run_qa's post-processing.

    pip install nltk numpy tqdm
    python bench/peers/question_answering_fixtures.py FOLDER   # writes packages/multihead/fixtures/question-answering/*.json

FOLDER holds the scripts as their authors publish them, which are run and not copied here: evaluate_v2.py (SQuAD's
evaluate-v2.0.py), cmrc2018_evaluate.py (github.com/ymcui/cmrc2018) and utils_qa.py (transformers' examples). CMRC's is for
Python 2, and is made to run on 3. It parts English with nltk.word_tokenize, whose model of sentences must be downloaded;
here every piece of English is taken for one sentence (preserve_line=True), which is what differs.
"""

import importlib.util
import json
import pathlib
import random
import re
import sys
import types

import numpy as np

FOLDER = pathlib.Path(__file__).parents[2] / "packages/multihead/fixtures/question-answering"
WORDS = "the a an river Denmark's 10th century, (north) bank U.S. can't e-mail 1,200 km. “old” Paris? in of x".split()
SIGNS = list("，。：？！“”；’《》、（）-·%/")
HAN = list("中国人民大学上海北京年月日一二三的是在有和了他我们战国无双")
LATIN = ["ω-force", "iOS", "3.5", "90%", "NBA", "a.m.", "don't", "C++", "(TV)", "New York", "$20", "it's", "1,024", "...", "U.S."]


def load(path: pathlib.Path, change=lambda text: text) -> types.ModuleType:
    spec = importlib.util.spec_from_loader(path.stem, loader=None)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    exec(compile(change(path.read_text()), str(path), "exec"), module.__dict__)
    return module


def for_python_3(text: str) -> str:
    text = re.sub(r"reload\(sys\)|sys\.setdefaultencoding\(.*\)|import pdb", "", text)
    text = text.replace(".decode('utf-8')", "").replace("ur'", "r'")
    return text.replace("nltk.word_tokenize(temp_str)", "nltk.word_tokenize(temp_str, preserve_line=True)")


def phrase(low: int, high: int) -> str:
    return " ".join(random.choice(WORDS) for _ in range(random.randint(low, high)))


def squad_v2(official: types.ModuleType) -> dict:
    """1,000 questions in 40 evaluations; some without an answer, some predictions empty."""
    runs = []
    for _ in range(40):
        questions, predictions, odds = [], {}, {}
        for i in range(25):
            answers = [] if random.random() < 0.4 else [phrase(1, 4) for _ in range(random.randint(1, 3))]
            identity = f"q{i}"
            said = random.choice(answers) if answers and random.random() < 0.5 else phrase(0, 4)
            questions.append({"id": identity, "answers": [{"text": text} for text in answers]})
            predictions[identity] = "" if random.random() < 0.2 else random.choice([said, said.upper(), f"The {said}."])
            odds[identity] = round(random.uniform(-9, 9), 1)
        dataset = [{"paragraphs": [{"qas": questions}]}]
        has_answer = official.make_qid_to_has_ans(dataset)
        exact, f1 = official.get_raw_scores(dataset, predictions)
        result = official.make_eval_dict(exact, f1)
        for prefix, wanted in (("HasAns", True), ("NoAns", False)):
            ids = [k for k, v in has_answer.items() if v == wanted]
            if ids:
                official.merge_eval(result, official.make_eval_dict(exact, f1, qid_list=ids), prefix)
        best: dict = {}
        official.find_all_best_thresh(best, predictions, exact, f1, odds, has_answer)
        runs.append({"questions": questions, "predictions": predictions, "odds": odds, "scores": dict(result), "best": best})
    return {"runs": runs}


def chinese(low: int, high: int) -> str:
    pools = [HAN] * 6 + [LATIN, SIGNS]
    return "".join(random.choice(random.choice(pools)) for _ in range(random.randint(low, high)))


def cmrc(official: types.ModuleType) -> dict:
    cases = []
    for _ in range(1000):
        answers = [chinese(1, 10) for _ in range(random.randint(1, 3))]
        base = random.choice(answers)
        start = random.randint(0, len(base) - 1)
        said = random.choice([base, base[start:], base[: start + 1], f"《{base}》", chinese(1, 8), base.upper()])
        cases.append(
            {
                "answers": answers,
                "prediction": said,
                "f1": official.calc_f1_score(answers, said),
                "em": official.calc_em_score(answers, said),
            }
        )
    return {"cases": cases}


def postprocessing(official: types.ModuleType) -> dict:
    """Random logits of questions in windows, with what run_qa makes of them, for v1.1 and v2."""
    context = "abcdefghijklmnopqrstuvwxyz" * 2
    found = []
    for number in range(60):
        windows, starts, ends = [], [], []
        for window in range(random.randint(1, 3)):
            tokens, question = random.randint(6, 14), random.randint(1, 3)
            offsets = [None] * (question + 2)
            first = window * 4
            offsets += [[first + i, first + i + 1] for i in range(tokens - question - 3)] + [None]
            windows.append({"example_id": "q", "offset_mapping": offsets})
            # Distinct values: of equal ones NumPy's sort takes either.
            starts.append([v / 8 for v in random.sample(range(-60, 60), len(offsets))])
            ends.append([v / 8 for v in random.sample(range(-60, 60), len(offsets))])
            if number % 4 == 1:  # much speaks for no answer
                starts[-1][0] += 9
                ends[-1][0] += 9
        width = max(len(s) for s in starts)
        padded = [np.array([s + [-100.0 - i for i in range(width - len(s))] for s in logits]) for logits in (starts, ends)]
        settings = {
            "version_2_with_negative": number % 2 == 1,
            "n_best_size": random.choice([1, 2, 5, 20]),
            "max_answer_length": random.choice([1, 3, 30]),
            "null_score_diff_threshold": random.choice([0.0, -3.0, 4.5]),
        }
        folder = FOLDER / "written"
        folder.mkdir(parents=True, exist_ok=True)
        examples = Examples({"id": "q", "context": context})
        windows_of = [{**w, "offset_mapping": [tuple(o) if o else None for o in w["offset_mapping"]]} for w in windows]
        answers = official.postprocess_qa_predictions(examples, windows_of, tuple(padded), output_dir=str(folder), prefix="eval", **settings)
        nbest = json.loads((folder / "eval_nbest_predictions.json").read_text())["q"]
        odds = json.loads((folder / "eval_null_odds.json").read_text())["q"] if settings["version_2_with_negative"] else None
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()
        offsets = [w["offset_mapping"] for w in windows]
        found.append({"settings": settings, "offsets": offsets, "starts": starts, "ends": ends, "answer": answers["q"], "nBest": nbest, "nullOdds": odds})
    return {"context": context, "cases": found}


class Examples:
    """As much of a dataset of one example as the script looks at."""

    def __init__(self, example: dict) -> None:
        self.example = example

    def __getitem__(self, column: str) -> list:
        return [self.example[column]]

    def __iter__(self):
        return iter([self.example])

    def __len__(self) -> int:
        return 1


def main() -> None:
    scripts = pathlib.Path(sys.argv[1])
    FOLDER.mkdir(parents=True, exist_ok=True)
    arguments, sys.argv = sys.argv, sys.argv[:1]
    random.seed(20261125)
    contents = {
        "squad-v2.json": squad_v2(load(scripts / "evaluate_v2.py")),
        "cmrc.json": cmrc(load(scripts / "cmrc2018_evaluate.py", for_python_3)),
        "postprocessing.json": postprocessing(load(scripts / "utils_qa.py")),
    }
    sys.argv = arguments
    for name, content in contents.items():
        (FOLDER / name).write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n")
        print(name, (FOLDER / name).stat().st_size, "bytes")


if __name__ == "__main__":
    main()
