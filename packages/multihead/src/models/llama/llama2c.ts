/**
 * @file Checkpoints of llama2.c (github.com/karpathy/llama2.c), in its first layout, which its program `run` reads: seven
 * int32 numbers, then float32 weights without names, all little-endian.
 */
import { fileSize, readRange } from '#files';
import { UserError } from '../../platform/errors.js';
import { LlamaConfig } from './config.js';
import { halvesTogether } from './halves-together.js';
import { LlamaForCausalLM } from './llama.js';

/** What the seven numbers at the file's start say. */
interface Header {
  readonly dim: number;
  readonly hiddenDim: number;
  readonly layers: number;
  readonly heads: number;
  readonly kvHeads: number;
  readonly vocabSize: number;
  readonly sequence: number;
  /** Whether the head is the embedding's table. The file says so by the sign of the vocabulary's size. */
  readonly tied: boolean;
}

const headerBytes = 7 * 4;
/** The first number of llama2.c's later layouts: "ak42". */
const laterMagic = 0x616b3432;
const beginning = 1;
const end = 2;

/**
 * Converts a checkpoint of llama2.c to a Llama model that Transformers can load, too.
 *
 * The rows of the query and key projections are put in Hugging Face's order.
 *
 * @throws UserError naming the file, for another layout, numbers that cannot be, and a file of another length than they ask
 * @example
 * const model = await readLlama2c('stories260K.bin');
 * await model.savePretrained('models/stories260K');
 */
export async function readLlama2c(path: string): Promise<LlamaForCausalLM> {
  const header = await readHeader(path);
  const model = new LlamaForCausalLM(configOf(header));
  let offset = headerBytes;
  for (const { name, size, count, heads } of layout(header)) {
    for (let i = 0; i < count; i++, offset += 4 * size) {
      if (!name) continue;
      const values = model.weights.view(name(i));
      const bytes = await readRange(path, offset, offset + values.byteLength);
      const read = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      for (let place = 0; place < values.length; place++) values[place] = read.getFloat32(4 * place, true);
      if (heads) halvesTogether(values, heads, header.dim);
    }
  }
  return model;
}

async function readHeader(path: string): Promise<Header> {
  const size = await fileSize(path);
  if (size < headerBytes) {
    throw new UserError(`${path}: has ${size} bytes; a checkpoint of llama2.c begins with ${headerBytes}`);
  }
  const bytes = await readRange(path, 0, headerBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) === laterMagic) {
    throw new UserError(
      `${path}: is a checkpoint of llama2.c in layout ${view.getInt32(4, true)}; only the first layout is read. ` +
        'Export it with `python export.py model.bin --version 0 --checkpoint ...`.',
    );
  }
  const [dim, hiddenDim, layers, heads, kvHeads, vocabulary, sequence] = Array.from({ length: 7 }, (_, i) =>
    view.getInt32(4 * i, true),
  ) as [number, number, number, number, number, number, number];
  const header = {
    dim,
    hiddenDim,
    layers,
    heads,
    kvHeads,
    sequence,
    vocabSize: Math.abs(vocabulary),
    tied: vocabulary > 0,
  };
  check(header, path);
  const expected = headerBytes + 4 * layout(header).reduce((sum, { size, count }) => sum + size * count, 0);
  if (size !== expected) {
    throw new UserError(
      `${path}: has ${size} bytes, but ${expected} were expected of a model with dim ${dim}, hidden_dim ${hiddenDim}, ` +
        `${layers} layers, ${heads} heads, ${kvHeads} kv_heads, ${header.vocabSize} tokens, sequences of ${sequence}. ` +
        'Is it cut off, or no checkpoint of llama2.c?',
    );
  }
  return header;
}

function check({ tied: _, ...numbers }: Header, path: string): void {
  const { dim, heads, kvHeads } = numbers;
  const isSane = Object.values(numbers).every((value) => value > 0 && value < 2 ** 24);
  if (isSane && dim % (2 * heads) === 0 && heads % kvHeads === 0) return;
  const found = Object.entries(numbers).map(([name, value]) => `${name} ${value}`);
  throw new UserError(
    `${path}: is no checkpoint of llama2.c: its first numbers cannot be a model's: ${found.join(', ')}`,
  );
}

/** Weights of one kind, one after the other in the file. */
interface Stretch {
  /** Numbers of each. */
  readonly size: number;
  readonly count: number;
  /** The parameter that the i-th of them is; left out for what is skipped. */
  readonly name?: (i: number) => string;
  /** Rows of so many heads are to be reordered. */
  readonly heads?: number;
}

/** What lies in the file, in its order: each kind of weight for all layers, one layer after the other. */
function layout(header: Header): Stretch[] {
  const { dim, hiddenDim, layers, heads, kvHeads, vocabSize, sequence, tied } = header;
  const headDim = dim / heads;
  const one = (name: string, size: number): Stretch => ({ size, count: 1, name: () => name });
  const each = (kind: string, size: number): Stretch => ({
    size,
    count: layers,
    name: (layer) => `model.layers.${layer}.${kind}.weight`,
  });
  return [
    one('model.embed_tokens.weight', vocabSize * dim),
    each('input_layernorm', dim),
    { ...each('self_attn.q_proj', dim * dim), heads },
    { ...each('self_attn.k_proj', dim * kvHeads * headDim), heads: kvHeads },
    each('self_attn.v_proj', dim * kvHeads * headDim),
    each('self_attn.o_proj', dim * dim),
    each('post_attention_layernorm', dim),
    each('mlp.gate_proj', dim * hiddenDim),
    each('mlp.down_proj', dim * hiddenDim),
    each('mlp.up_proj', dim * hiddenDim),
    one('model.norm.weight', dim),
    { size: sequence * headDim, count: 1 }, // cosines and sines of rotary positions, which nobody reads any more
    ...(tied ? [] : [one('lm_head.weight', vocabSize * dim)]),
  ];
}

const configOf = (header: Header): LlamaConfig =>
  LlamaConfig.fromJson(
    {
      vocab_size: header.vocabSize,
      hidden_size: header.dim,
      intermediate_size: header.hiddenDim,
      num_hidden_layers: header.layers,
      num_attention_heads: header.heads,
      num_key_value_heads: header.kvHeads,
      max_position_embeddings: header.sequence,
      rms_norm_eps: 1e-5,
      tie_word_embeddings: header.tied,
      // Texts of llama2.c's training begin with <s> and have no end of their own: the next <s> ends them.
      bos_token_id: beginning,
      eos_token_id: [beginning, end],
    },
    'llama2.c',
  );
