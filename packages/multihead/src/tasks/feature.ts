/** @file What a task makes of an example: what batches, limits and fingerprints need to know of it, whatever the model reads. */
import { Hash } from '../platform/hash.js';

/**
 * One input as the model reads it: a text or a window of one, an image, a stretch of a series. It holds what the task's
 * `collate` needs; tokens are a {@link TokenFeature}.
 *
 * @example
 * const feature: Feature & { values: Float32Array } = { length: 96, values: new Float32Array(96) };
 */
export interface Feature {
  /** Its size in what the model's time depends on: tokens, patches, frames, points in time. Batches are of like length. */
  readonly length: number;
  /**
   * Adds the whole numbers and texts that make it what it is, by which a resumed run sees that it has the same data. Default: all
   * that it holds.
   */
  fingerprint?(add: (part: number | string) => void): void;
}

/** The tokens of a text, or of a window of a text. */
export interface Tokens {
  readonly inputIds: readonly number[];
  readonly tokenTypeIds: readonly number[];
}

/** A text, or window of a text, as the model reads it. {@link tokenFeature} makes one. */
export interface TokenFeature extends Feature, Tokens {}

/** Tokens as a feature. Their fingerprint is that of tokens, types and of a `target`. */
class TextFeature implements TokenFeature {
  readonly length: number;

  constructor(
    readonly inputIds: readonly number[],
    readonly tokenTypeIds: readonly number[],
  ) {
    this.length = inputIds.length;
  }

  fingerprint(add: (part: number | string) => void): void {
    const { inputIds, tokenTypeIds, target } = this as TokenFeature & { readonly target?: unknown };
    add(inputIds.length);
    for (const id of inputIds) add(id);
    for (const type of tokenTypeIds) add(type);
    add(JSON.stringify(target) ?? '');
  }
}

/**
 * A feature of tokens.
 *
 * @param more what else the task keeps of it; a `target` is part of the fingerprint
 * @example
 * tokenFeature({ inputIds: [101, 7592, 102], tokenTypeIds: [0, 0, 0] }, { target: 3 }).length // 3
 */
export const tokenFeature = <More extends object = object>(
  { inputIds, tokenTypeIds }: Tokens,
  more?: More,
): TokenFeature & More => Object.assign(new TextFeature(inputIds, tokenTypeIds), more) as TokenFeature & More;

/** Several texts that go through the model each by itself: a pair that is compared, or an anchor with its negatives. */
export interface TextsFeature extends Feature {
  readonly texts: readonly Tokens[];
}

/** Texts as a feature. Their fingerprint is that of their tokens and of a `target`. */
class SeveralTexts implements TextsFeature {
  readonly length: number;

  constructor(readonly texts: readonly Tokens[]) {
    this.length = texts.reduce((sum, { inputIds }) => sum + inputIds.length, 0);
  }

  fingerprint(add: (part: number | string) => void): void {
    const { target } = this as TextsFeature & { readonly target?: unknown };
    for (const { inputIds } of this.texts) {
      add(inputIds.length);
      for (const id of inputIds) add(id);
    }
    add(JSON.stringify(target) ?? '');
  }
}

/**
 * A feature of several texts. Its length is that of all of them together.
 *
 * @param more what else the task keeps of it; a `target` is part of the fingerprint
 * @example
 * const [a, b] = [{ inputIds: [101, 102], tokenTypeIds: [0, 0] }, { inputIds: [101, 7592, 102], tokenTypeIds: [0, 0, 0] }];
 * textsFeature([a, b], { target: 0.8 }).length // 5
 */
export const textsFeature = <More extends object = object>(
  texts: readonly Tokens[],
  more?: More,
): TextsFeature & More => Object.assign(new SeveralTexts(texts), more) as TextsFeature & More;

/** The texts in features that are of tokens. */
export const tokensAmong = (features: readonly (Feature | Tokens | TextsFeature)[]): readonly Tokens[] =>
  features.flatMap((feature) => {
    if ('texts' in feature) return feature.texts;
    return 'inputIds' in feature ? [feature] : [];
  });

/** The fingerprint of features, in their order. */
export function fingerprintOfFeatures(features: Iterable<Feature>): string {
  const hash = new Hash();
  for (const feature of features) addFeature(hash, feature);
  return hash.toString();
}

/** Adds a feature to a fingerprint. */
export function addFeature(hash: Hash, feature: Feature): void {
  if (feature.fingerprint) {
    feature.fingerprint((part) => (typeof part === 'number' ? hash.add(part) : hash.addText(part)));
    return;
  }
  const text = JSON.stringify(feature, (_, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return typeof value === 'bigint' ? String(value) : value;
    for (const byte of new Uint8Array(value.buffer, value.byteOffset, value.byteLength)) hash.add(byte);
    return value.byteLength;
  });
  hash.addText(text);
}
