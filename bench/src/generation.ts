/**
 * @file `npm run bench -- generation [--only NAME] [--rounds N] [--output DIR]`: greedy generation, one text at a time with a
 * cache, in Multihead, in Hugging Face's `generate` on PyTorch and in transformers.js, with the same random weights and
 * threads, alternating in one run; and the time per token at growing contexts.
 *
 * transformers.js takes part where $MULTIHEAD_TRANSFORMERS_JS names a folder with it:
 *     mkdir tjs && cd tjs && npm init -y && npm install @huggingface/transformers
 * (onnx and onnxscript must be in the peers' Python, which writes the model as it reads it).
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { GPT2Config, GPT2LMHeadModel } from 'multihead';
import { Peer, peerScript, python, settling, sideScript, threads } from './peer.js';
import { linearCongruential } from './pretraining-batches.js';
import { median } from './synthetic.js';

interface Shape {
  readonly name: string;
  /**
   * As in config.json. Weights are drawn wider than GPT-2's 0.02, with which a model repeats one token whatever it read:
   * then equal tokens would say nothing about caches and positions.
   */
  readonly config: Readonly<Record<string, number>> & { readonly vocab_size: number };
  readonly prompt: number;
  readonly newTokens: number;
  /** Lengths of prompts at which a token is timed. */
  readonly contexts: readonly number[];
}

const shapes: readonly Shape[] = [
  {
    name: 'GPT-2 124M',
    prompt: 16,
    newTokens: 64,
    contexts: [16, 256, 900],
    config: { vocab_size: 50257, n_embd: 768, n_layer: 12, n_head: 12, n_positions: 1024, initializer_range: 0.08 },
  },
  {
    name: 'mini',
    prompt: 16,
    newTokens: 200,
    contexts: [16, 256, 900],
    config: { vocab_size: 8000, n_embd: 128, n_layer: 4, n_head: 4, n_positions: 1024, initializer_range: 0.2 },
  },
];

/** Tokens by which the time of a token at a context is measured. */
const timedTokens = 32;

/** Runs the benchmark and prints lines for each shape. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string' },
      rounds: { type: 'string', default: '7' },
      output: { type: 'string', default: 'runs/generation' },
    },
  });
  for (const shape of shapes) {
    if (values.only && !shape.name.includes(values.only)) continue;
    await race(shape, Number(values.rounds), join(values.output, shape.name.replaceAll(' ', '-').toLowerCase()));
  }
}

async function race(shape: Shape, rounds: number, folder: string): Promise<void> {
  const model = join(folder, 'model');
  mkdirSync(folder, { recursive: true });
  await prepare(shape, model);
  const library = process.env.MULTIHEAD_TRANSFORMERS_JS;
  const exported = join(folder, 'transformers-js');
  const sides = new Map<string, Peer>();
  sides.set('Multihead', new Peer(process.execPath, [sideScript('./generation-side.js'), '--model', model]));
  const flags = ['--model', model, '--threads', threads, ...(library ? ['--onnx', exported] : [])];
  sides.set('PyTorch', new Peer(python, [peerScript('generation.py'), ...flags]));
  for (const peer of sides.values()) await peer.read();
  if (library) {
    const script = sideScript('./generation-transformers-js.js');
    const peer = new Peer(process.execPath, [script, '--model', exported, '--library', library, '--threads', threads]);
    sides.set(`transformers.js ${(await peer.read()).version}`, peer);
  } else
    console.log('transformers.js is left out: set MULTIHEAD_TRANSFORMERS_JS (see the top of bench/src/generation.ts)');

  const ask = async (peer: Peer, prompt: readonly number[], newTokens: number) => {
    const { ms, tokens } = await peer.ask({ generate: prompt, new_tokens: newTokens });
    return { ms: ms as number, tokens: (tokens as number[]).join(' ') };
  };
  const prompt = promptOf(shape, shape.prompt);
  const first = new Map<string, string>();
  for (const [name, peer] of sides) first.set(name, (await ask(peer, prompt, shape.newTokens)).tokens); // and a warm-up
  const times = new Map<string, number[]>([...sides.keys()].map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, peer] of sides) {
      await pause(settling);
      times.get(name)?.push((await ask(peer, prompt, shape.newTokens)).ms);
    }
  }
  const ours = times.get('Multihead') as number[];
  const different = new Set(first.get('Multihead')?.split(' ')).size;
  for (const [name, all] of times) {
    const ratio = median(ours.map((time, i) => (all[i] as number) / time));
    const same = first.get(name) === first.get('Multihead') ? 'the same tokens' : 'OTHER tokens';
    const rate = (1000 * shape.newTokens) / median(all);
    const comparison =
      name === 'Multihead'
        ? `${different} different among ${shape.newTokens} tokens`
        : `Multihead is ${ratio.toFixed(2)} times as fast | ${same}`;
    console.log(`${shape.name.padEnd(10)} ${name.padEnd(22)} ${rate.toFixed(1).padStart(7)} tokens/s | ${comparison}`);
  }
  for (const [name, peer] of sides) {
    const each: string[] = [];
    for (const context of shape.contexts) {
      const long = promptOf(shape, context);
      const found: number[] = [];
      for (let round = 0; round < 3; round++) {
        const one = await ask(peer, long, 1);
        const many = await ask(peer, long, 1 + timedTokens);
        found.push((many.ms - one.ms) / timedTokens);
      }
      each.push(`${median(found).toFixed(2)} ms at ${context}`);
    }
    console.log(`${shape.name.padEnd(10)} ${name.padEnd(22)} a token by context: ${each.join(', ')}`);
    peer.end();
  }
}

/** Writes the weights that all sides load. No token ends a text. */
async function prepare({ name, config }: Shape, folder: string): Promise<void> {
  const none = { resid_pdrop: 0, embd_pdrop: 0, attn_pdrop: 0, bos_token_id: 0, eos_token_id: 0 };
  const model = GPT2LMHeadModel.fromConfig(GPT2Config.fromJson({ model_type: 'gpt2', ...config, ...none }, name));
  await model.savePretrained(folder);
  await model.dispose();
}

/** A prompt of random tokens, the same each time. */
function promptOf({ config }: Shape, length: number): number[] {
  const random = linearCongruential(length);
  return Array.from({ length }, () => 1 + Math.floor(random() * (config.vocab_size - 1)));
}
