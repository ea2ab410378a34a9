/** @file Sentence pairs for BERT's next-sentence prediction. */
import { UserError } from '../../platform/errors.js';
import { fingerprintOf } from '../../platform/hash.js';
import { checkOptionNames, namesOf } from '../../platform/option-names.js';
import { deriveSeed, Random } from '../../platform/random.js';
import { type Blocks, readItems } from './blocks.js';
import type { TokenSource } from './token-source.js';

/** Two texts, and whether the second follows the first. */
export interface SentencePair {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly isNext: boolean;
}

/** Options of `sentencePairBlocks`. */
export interface SentencePairOptions {
  /** Maximum number of tokens of a pair, without special tokens. */
  readonly size: number;
  readonly seed: number;
  /** Epoch, from 0; pairs differ between epochs. Default: 0. */
  readonly epoch?: number | undefined;
  /** Fraction of documents from which shorter pairs of random length are made. Default: 0.1. */
  readonly shortShare?: number | undefined;
}

const sentencePairOptionNames = namesOf<SentencePairOptions>({ size: true, seed: true, epoch: true, shortShare: true });

/** A stretch of tokens, [start, end). */
type Span = [start: number, end: number];

/**
 * Draws pairs (Devlin et al. 2019, appendix A.2, as in BERT's `create_pretraining_data`): sentences of a document are
 * taken until they fill a pair and parted at a random place; the second text is then, half of the time, what follows,
 * and else the sentences from a random place of another document; what was not used begins the next pair. Where a
 * document has a single sentence left, the second text is always another's. Pairs that are too long lose tokens of
 * the longer text, at its front or its end.
 *
 * The pairs are a function of tokens, options and epoch; the plan of an epoch is held in memory, 33 bytes a pair. The
 * epoch does not count in the fingerprint.
 *
 * @throws UserError where the sentences were not told apart (`sentences: true` of `tokenizeCorpus`), for fewer than two
 *   documents, and for options out of range
 * @example
 * const pairs = sentencePairBlocks(corpus.train, { size: 125, seed: 42, epoch });   // [CLS] A [SEP] B [SEP]: 128
 * const [{ first, second, isNext }] = await pairs.read([0]);
 */
export function sentencePairBlocks(source: TokenSource, options: SentencePairOptions): Blocks<SentencePair> {
  checkOptionNames(options, sentencePairOptionNames, 'sentencePairBlocks');
  const { size, seed, epoch = 0, shortShare = 0.1 } = options;
  if (!Number.isInteger(size) || size < 2) {
    throw new UserError(`the size of a pair is ${size}; a whole number of tokens from 2 was expected`);
  }
  if (!(shortShare >= 0 && shortShare <= 1)) throw new UserError(`shortShare is ${shortShare}; 0 to 1 was expected`);
  const plan = new PairPlan(sentencesOf(source), { size, shortShare }, new Random(deriveSeed(seed, 'pairs', epoch)));
  const { spans, isNext } = plan.draw();
  const length = isNext.length;
  const at = (index: number) => spans[index] as number;
  return {
    length,
    lengthOf: (pair) => at(pair * 4 + 1) - at(pair * 4) + at(pair * 4 + 3) - at(pair * 4 + 2),
    read: (pairs) =>
      readItems(pairs, length, async (pair) => ({
        first: await source.read(at(pair * 4), at(pair * 4 + 1)),
        second: await source.read(at(pair * 4 + 2), at(pair * 4 + 3)),
        isNext: isNext[pair] === 1,
      })),
    fingerprint: fingerprintOf('pairs', source.fingerprint, size, seed, shortShare),
  };
}

/** Sentences, and which of them begin documents. */
interface Sentences {
  /** Where each begins, and the end. [sentences + 1] */
  readonly starts: Float64Array;
  /** The first sentence of each document that has tokens, and the number of sentences. [documents + 1] */
  readonly firstOf: number[];
}

function sentencesOf({ sentenceStarts, documentStarts, length }: TokenSource): Sentences {
  if (!sentenceStarts) {
    throw new UserError('the sentences of the corpus were not told apart; tokenize it with the option sentences: true');
  }
  const firstOf: number[] = [];
  let sentence = 0;
  for (let document = 0; document + 1 < documentStarts.length; document++) {
    const start = documentStarts[document] as number;
    if (start === documentStarts[document + 1]) continue;
    while ((sentenceStarts[sentence] as number) < start) sentence++;
    firstOf.push(sentence);
  }
  if (firstOf.length < 2) {
    throw new UserError(`${firstOf.length} documents with ${length} tokens make no pairs; two at least are needed`);
  }
  return { starts: sentenceStarts, firstOf: [...firstOf, sentenceStarts.length - 1] };
}

/** The pairs of one epoch. */
class PairPlan {
  private readonly spans: number[] = [];
  private readonly isNext: number[] = [];

  constructor(
    private readonly sentences: Sentences,
    private readonly options: { readonly size: number; readonly shortShare: number },
    private readonly random: Random,
  ) {}

  draw(): { spans: Float64Array; isNext: Uint8Array } {
    const documents = this.sentences.firstOf.length - 1;
    for (let document = 0; document < documents; document++) this.drawFrom(document);
    return { spans: Float64Array.from(this.spans), isNext: Uint8Array.from(this.isNext) };
  }

  private drawFrom(document: number): void {
    const { size, shortShare } = this.options;
    const target = this.random.uniform() < shortShare ? 2 + this.random.below(size - 1) : size;
    const end = this.sentences.firstOf[document + 1] as number;
    for (let start = this.sentences.firstOf[document] as number; start < end; ) {
      const chunkEnd = this.fill(start, end, target);
      const firstEnd = chunkEnd - start > 1 ? start + 1 + this.random.below(chunkEnd - start - 1) : chunkEnd;
      const isNext = firstEnd < chunkEnd && this.random.uniform() >= 0.5;
      const first = this.span(start, firstEnd);
      const second = isNext ? this.span(firstEnd, chunkEnd) : this.elsewhere(document, target - (first[1] - first[0]));
      this.shorten(first, second);
      this.spans.push(...first, ...second);
      this.isNext.push(isNext ? 1 : 0);
      start = isNext ? chunkEnd : firstEnd;
    }
  }

  /** The end of the sentences from `start` that have `target` tokens, or of all up to `end`; at least one. */
  private fill(start: number, end: number, target: number): number {
    const { starts } = this.sentences;
    let last = start + 1;
    while (last < end && (starts[last] as number) - (starts[start] as number) < target) last++;
    return last;
  }

  /** Sentences from a random place of a random other document. */
  private elsewhere(document: number, target: number): Span {
    const { firstOf } = this.sentences;
    const draw = this.random.below(firstOf.length - 2);
    const other = draw < document ? draw : draw + 1;
    const [first, end] = [firstOf[other] as number, firstOf[other + 1] as number];
    const start = first + this.random.below(end - first);
    return this.span(start, this.fill(start, end, target));
  }

  private span(first: number, end: number): Span {
    return [this.sentences.starts[first] as number, this.sentences.starts[end] as number];
  }

  /** Takes tokens away, one after the other from the longer text, until the pair is short enough. */
  private shorten(first: Span, second: Span): void {
    const lengthOf = ([start, end]: Span) => end - start;
    while (lengthOf(first) + lengthOf(second) > this.options.size) {
      const longer = lengthOf(first) > lengthOf(second) ? first : second;
      if (this.random.uniform() < 0.5) longer[0]++;
      else longer[1]--;
    }
  }
}
