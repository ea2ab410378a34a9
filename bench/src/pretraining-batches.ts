/**
 * @file Batches of random token ids to pretrain on, as CausalLanguageModeling and MaskedLanguageModeling make them of text.
 * They are handed to both sides in a file, so that both compute the same.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Values } from 'multihead/tensor';

/** How large a batch is, and of what. */
export interface BatchShape {
  readonly task: 'text-generation' | 'fill-mask';
  readonly batch: number;
  readonly sequence: number;
  readonly vocabSize: number;
}

/** The share of tokens that masked language modelling hides: BERT's. */
const masked = 0.15;
/** The id that stands for [MASK] where ids are random. */
const maskId = 4;
/** Ids below stand for special tokens. */
const specialTokens = 5;

type Json = Readonly<Record<string, { readonly shape: readonly number[]; readonly data: readonly number[] }>>;

/** Writes `count` batches, in each other tokens. */
export function writeBatches(path: string, shape: BatchShape, count: number): void {
  const random = linearCongruential(1);
  const batches = Array.from({ length: count }, () =>
    shape.task === 'fill-mask' ? maskedBatch(shape, random) : causalBatch(shape, random),
  );
  writeFileSync(path, JSON.stringify(batches));
}

/** Reads them as the library takes them. */
export function readBatches(path: string): Values[] {
  return (JSON.parse(readFileSync(path, 'utf8')) as Json[]).map((batch) =>
    Object.fromEntries(
      Object.entries(batch).map(([name, { shape, data }]) => [
        name,
        { dtype: 'int64' as const, shape, data: BigInt64Array.from(data, BigInt) },
      ]),
    ),
  );
}

/** Blocks of sequence + 1 tokens: the first `sequence` are read, the last `sequence` are guessed. */
function causalBatch({ batch, sequence, vocabSize }: BatchShape, random: () => number): Json {
  const blocks = Array.from({ length: batch }, () => tokens(sequence + 1, vocabSize, random));
  const shape = [batch, sequence];
  return {
    input_ids: { shape, data: blocks.flatMap((block) => block.slice(0, -1)) },
    labels: { shape, data: blocks.flatMap((block) => block.slice(1)) },
  };
}

/** Of the places to guess 80 % show [MASK], 10 % another token and 10 % the token itself. */
function maskedBatch({ batch, sequence, vocabSize }: BatchShape, random: () => number): Json {
  const ids = tokens(batch * sequence, vocabSize, random);
  const places = ids.flatMap((_, place) => (random() < masked ? [place] : []));
  const labels = places.map((place) => ids[place] as number);
  for (const place of places) {
    const kind = random();
    if (kind < 0.8) ids[place] = maskId;
    else if (kind < 0.9) [ids[place]] = tokens(1, vocabSize, random) as [number];
  }
  const shape = [batch, sequence];
  const filled = (value: number) => ({ shape, data: ids.map(() => value) });
  return {
    input_ids: { shape, data: ids },
    attention_mask: filled(1),
    token_type_ids: filled(0),
    masked_positions: { shape: [places.length], data: places },
    labels: { shape: [places.length], data: labels },
  };
}

function tokens(length: number, vocabSize: number, random: () => number): number[] {
  return Array.from({ length }, () => specialTokens + Math.floor(random() * (vocabSize - specialTokens)));
}

/** Numbers in [0, 1), the same each time (Park and Miller 1988). */
export function linearCongruential(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
