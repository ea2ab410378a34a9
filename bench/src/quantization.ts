/**
 * @file `npm run bench -- quantization`: exported files of each dtype beside that of float32, in ONNX Runtime, alternating in one run:
 * layers of MiniLM and BERT-base with random weights at several rows (batch x tokens), and 8 of SmolLM2-135M's
 * layers, which read one token after 64.
 *
 * How many answers of a trained model change, `multihead export --evaluate` says.
 */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type DtypeName, dtypeNames, exportModel } from 'multihead';
import { BertConfig, BertModel, LlamaConfig, LlamaForCausalLM, type PretrainedModel } from 'multihead/models';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { median } from './synthetic.js';

interface Subject {
  readonly name: string;
  readonly model: PretrainedModel;
  /** The folder whose tokenizer it gets, for the comparison of files. */
  readonly tokenizer: string;
  /** Batch and tokens of each run, and tokens that a cache holds. */
  readonly shapes: readonly { readonly batch: number; readonly tokens: number; readonly past?: number }[];
}

/** Layers of an encoder: enough that what surrounds them is little. */
const layers = 4;
const encoderShapes = [
  { batch: 1, tokens: 16 },
  { batch: 1, tokens: 128 },
  { batch: 8, tokens: 16 },
  { batch: 32, tokens: 16 },
  { batch: 8, tokens: 128 },
];

const encoder = (hidden: number) =>
  BertModel.fromConfig(
    BertConfig.fromJson(
      {
        model_type: 'bert',
        vocab_size: 30522,
        hidden_size: hidden,
        intermediate_size: 4 * hidden,
        num_hidden_layers: layers,
        num_attention_heads: 12,
      },
      'the benchmark',
    ),
  );

const subjects: Readonly<Record<string, () => Subject>> = {
  minilm: () => ({ name: 'MiniLM', model: encoder(384), tokenizer: 'models/mini', shapes: encoderShapes }),
  'bert-base': () => ({ name: 'BERT-base', model: encoder(768), tokenizer: 'models/mini', shapes: encoderShapes }),
  decoder: () => ({
    name: "8 of SmolLM2-135M's layers",
    model: LlamaForCausalLM.fromConfig(
      LlamaConfig.fromJson(
        {
          vocab_size: 49152,
          hidden_size: 576,
          intermediate_size: 1536,
          num_hidden_layers: 8,
          num_attention_heads: 9,
          num_key_value_heads: 3,
          tie_word_embeddings: true,
        },
        'the benchmark',
      ),
    ),
    tokenizer: 'models/mini-gpt',
    shapes: [{ batch: 1, tokens: 1, past: 64 }],
  }),
};

/** Runs the benchmark and prints a line for each shape. To be called in the repository. */
export async function run(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', default: Object.keys(subjects).join() },
      dtypes: { type: 'string', default: dtypeNames.join() },
      rounds: { type: 'string', default: '15' },
      threads: { type: 'string', default: `${availableParallelism()}` },
    },
  });
  const dtypes = values.dtypes.split(',') as DtypeName[];
  console.log(`${cpus()[0]?.model}, ${values.threads} threads`);
  for (const name of values.only.split(',')) {
    const subject = subjects[name];
    if (!subject) throw new Error(`--only: there are ${Object.keys(subjects).join(', ')}`);
    await compare(subject(), dtypes, { rounds: Number(values.rounds), threads: Number(values.threads) });
  }
}

async function compare(
  { name, model, tokenizer, shapes }: Subject,
  dtypes: readonly DtypeName[],
  { rounds, threads }: { rounds: number; threads: number },
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'quantization-'));
  try {
    await model.savePretrained(join(folder, 'model'));
    await model.dispose();
    for (const file of ['tokenizer.json', 'tokenizer_config.json', 'vocab.txt']) {
      if (existsSync(join(tokenizer, file))) cpSync(join(tokenizer, file), join(folder, 'model', file));
    }
    const files = await exportModel(join(folder, 'model'), { output: join(folder, 'exported'), dtypes });
    const sessions = new Map<string, InferenceSession>();
    for (const { name: file, dtype, bytes, error } of files) {
      console.log(`${name} ${dtype}: ${(bytes / 1e6).toFixed(1)} MB, error ${error.toExponential(1)}`);
      // The engine's setting, without which 8 bits overflow on processors without VNNI.
      const extra = { session: { x64quantprecision: '1' } };
      const options = { intraOpNumThreads: threads, interOpNumThreads: 1, extra };
      sessions.set(dtype, await InferenceSession.create(join(folder, 'exported', file), options));
    }
    for (const { batch, tokens, past = 0 } of shapes) {
      const times = new Map(dtypes.map((dtype) => [dtype as string, [] as number[]]));
      for (let round = -2; round < rounds; round++) {
        for (const [dtype, session] of sessions) {
          const feeds = inputsOf(session, { batch, tokens, past });
          const began = performance.now();
          await session.run(feeds);
          if (round >= 0) times.get(dtype)?.push(performance.now() - began);
        }
      }
      const base = times.get(dtypes[0] as string) as number[];
      const shown = [...times].map(([dtype, each]) => {
        const ratio = median(each.map((time, i) => (base[i] as number) / time));
        return `${dtype} ${median(each).toFixed(2)} ms (${ratio.toFixed(2)})`;
      });
      console.log(`${name}, ${batch} x ${tokens}${past ? ` after ${past}` : ''}: ${shown.join(', ')}`);
    }
    for (const session of sessions.values()) await session.release();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Inputs of a batch without padding. */
function inputsOf(
  { inputMetadata }: InferenceSession,
  { batch, tokens, past }: { batch: number; tokens: number; past: number },
): Record<string, Tensor> {
  const sizes: Readonly<Record<string, number>> = {
    batch_size: batch,
    sequence_length: tokens,
    past_sequence_length: past,
    total_sequence_length: past + tokens,
  };
  return Object.fromEntries(
    inputMetadata.map((input) => {
      if (!input.isTensor) throw new Error(`${input.name} is no tensor`);
      const shape = input.shape.map((size) => (typeof size === 'number' ? size : (sizes[size] as number)));
      const count = shape.reduce((product, size) => product * size, 1);
      if (input.type === 'float32') return [input.name, new Tensor('float32', new Float32Array(count), shape)];
      const value = (i: number): bigint => {
        if (input.name === 'attention_mask') return 1n;
        if (input.name === 'token_type_ids') return 0n;
        return BigInt(input.name === 'position_ids' ? past + (i % tokens) : 100 + (i % 1000));
      };
      return [
        input.name,
        new Tensor(
          'int64',
          BigInt64Array.from({ length: count }, (_, i) => value(i)),
          shape,
        ),
      ];
    }),
  );
}
