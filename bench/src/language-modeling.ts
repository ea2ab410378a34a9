/**
 * @file `npm run bench -- language-modeling [--data ../shared/data] [--only shakespeare|wikitext] [--steps N]`: small GPTs
 * from random weights in Multihead and in PyTorch (Hugging Face's GPT2LMHeadModel), from the same weights over the same
 * batches with the same settings: losses and times.
 *
 * shakespeare: nanoGPT's CPU setting (characters; 4 layers, 4 heads, 128 wide, context 64, batch 12, 2,000 steps; its author
 * gives 1.88). wikitext: BPE of 4,000 tokens, 4 layers of 192, context 128, trained on WikiText-2's valid.txt, tested on
 * test.txt; a word's perplexity is exp(the whole loss / the number of words).
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  CausalLanguageModeling,
  corpusSource,
  evaluateLanguageModel,
  type FeatureSource,
  GPT2Config,
  GPT2LMHeadModel,
  type TokenFeature,
  type TokenizerType,
  Trainer,
  tokensInMemory,
  trainTokenizer,
} from 'multihead';
import { peerScript, python } from './peer.js';
import { string } from './string-option.js';

interface Setting {
  readonly name: string;
  readonly train: string;
  readonly test: string;
  readonly tokenizer: { readonly type: TokenizerType; readonly vocabSize?: number };
  readonly shape: Readonly<Record<string, number>>;
  readonly batchSize: number;
  readonly steps: number;
}

/** Runs both sides of each setting. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      data: string('../shared/data'),
      output: string('runs/language-modeling'),
      only: string(),
      steps: string(),
    },
  });
  const { data, output } = values as { data: string; output: string };
  for (const setting of settings(data)) {
    if (values.only && values.only !== setting.name) continue;
    await race({ ...setting, steps: Number(values.steps ?? setting.steps) }, join(output, setting.name));
  }
}

function settings(data: string): Setting[] {
  const read = (name: string) => readFileSync(join(data, name), 'utf8');
  const shakespeare = read('tinyshakespeare/input.txt');
  const border = Math.floor(shakespeare.length * 0.9);
  return [
    {
      name: 'shakespeare',
      train: shakespeare.slice(0, border),
      test: shakespeare.slice(border),
      tokenizer: { type: 'char' },
      batchSize: 12,
      steps: 2000,
      shape: { n_embd: 128, n_layer: 4, n_head: 4, n_positions: 64 },
    },
    {
      name: 'wikitext',
      train: read('wikitext-2/valid.txt'),
      test: read('wikitext-2/test.txt'),
      tokenizer: { type: 'bpe', vocabSize: 4000 },
      batchSize: 16,
      steps: 1500,
      shape: { n_embd: 192, n_layer: 4, n_head: 6, n_positions: 128 },
    },
  ];
}

async function race(setting: Setting, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const tokenizer = await trainTokenizer({ ...setting.tokenizer, texts: [setting.train] });
  const [train = [], test = []] = await tokenizer.encodeIds([setting.train, setting.test]);
  const task = new CausalLanguageModeling();
  const blockSize = setting.shape.n_positions as number;
  const source = recorded(corpusSource(tokensInMemory([train]), task, { blockSize }));
  // Validation blocks overlap by one token, so that every token but the first is guessed once.
  const tests = Array.from({ length: Math.floor((test.length - 1) / blockSize) }, (_, i) =>
    task.feature(test.slice(i * blockSize, (i + 1) * blockSize + 1)),
  );
  const dropout = { resid_pdrop: 0, embd_pdrop: 0, attn_pdrop: 0 };
  const json = { model_type: 'gpt2', vocab_size: tokenizer.vocabSize, activation_function: 'gelu', ...setting.shape };
  const model = GPT2LMHeadModel.fromConfig(GPT2Config.fromJson({ ...json, ...dropout }, setting.name), { seed: 1337 });
  await model.savePretrained(join(folder, 'start'));
  const options = {
    maxSteps: setting.steps,
    batchSize: setting.batchSize,
    learningRate: 1e-3,
    warmupSteps: 100,
    lrSchedulerType: 'cosine_with_min_lr' as const,
    adamBeta2: 0.99,
    weightDecay: 0.1,
    seed: 1337,
  };
  const trainer = new Trainer({ model, task, tokenizer, train: source, ...options });
  const { seconds } = await trainer.train();
  const { metrics } = await evaluateLanguageModel(model, task, tests);
  await model.dispose();
  const words = setting.test.split(/\s+/).filter(Boolean).length;
  const guesses = tests.length * blockSize;
  tell('Multihead', metrics.loss as number, seconds, guesses / words);
  writeFileSync(join(folder, 'batches.jsonl'), source.recording.map((batch) => `${JSON.stringify(batch)}\n`).join(''));
  writeFileSync(join(folder, 'tests.json'), JSON.stringify(tests.map(({ inputIds }) => inputIds)));
  const { stdout, status } = spawnSync(
    python,
    [peerScript('language_modeling.py'), '--folder', folder, '--steps', String(setting.steps)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 1 << 26 },
  );
  if (status !== 0) throw new Error(`the PyTorch side ended with ${status}`);
  const theirs = JSON.parse(stdout.trim().split('\n').at(-1) as string) as { loss: number; seconds: number };
  tell('PyTorch', theirs.loss, theirs.seconds, guesses / words);

  function tell(side: string, loss: number, time: number, tokensPerWord: number): void {
    const perplexities = `perplexity of a token ${Math.exp(loss).toFixed(2)}, of a word ${Math.exp(loss * tokensPerWord).toFixed(1)}`;
    console.log(
      `${setting.name.padEnd(12)} ${side.padEnd(10)} loss ${loss.toFixed(4)}, ${perplexities}, ${time.toFixed(0)} s`,
    );
  }
}

/** A source that keeps what it gave, batch by batch. */
function recorded(
  source: FeatureSource<TokenFeature>,
): FeatureSource<TokenFeature> & { readonly recording: number[][][] } {
  const recording: number[][][] = [];
  return {
    ...source,
    recording,
    async read(indices, epoch) {
      const features = await source.read(indices, epoch);
      recording.push(features.map(({ inputIds }) => [...inputIds]));
      return features;
    },
  };
}
