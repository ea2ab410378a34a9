/** @file Tags texts that are not split into words, for the pipeline. */
import type { TensorValue, Values } from '../../engine/engine.js';
import type { Encoding, Tokenizer } from '../../text/tokenizer/tokenizer.js';
import { collateTokens } from '../collate.js';
import { type TokenFeature, tokenFeature } from '../feature.js';
import {
  type AggregationStrategy,
  type TaggedToken,
  type TextToken,
  type TokenGroup,
  taggedTokens,
  tokenGroups,
  withoutOverlaps,
} from './aggregation.js';
import { probabilities } from './best-classes.js';
import { wordsOfWindows } from './window-words.js';

/** What is asked. */
export interface TextTagsOptions {
  readonly tokenizer: Tokenizer;
  readonly labels: readonly string[];
  /** Tokens in a window, special tokens included. */
  readonly maxLength: number;
  /** Tokens by which the windows of a long text overlap. */
  readonly stride: number;
  readonly aggregationStrategy: AggregationStrategy;
  /** Tags, or kinds of entities, that are left out. */
  readonly ignoreLabels: readonly string[];
}

/** A text, or a window of it. */
export interface TextFeature extends TokenFeature {
  /** Its tokens; undefined where special tokens are. */
  readonly tokens: readonly (Omit<TextToken, 'scores'> | undefined)[];
  /** Of those that several windows have, the ones that are taken from this one, where each token is asked for by itself. */
  readonly own: ReadonlySet<number>;
}

/** What a window's scores say. */
export interface WindowTokens {
  readonly tokens: readonly TextToken[];
  readonly own: readonly TextToken[];
}

/** Tokens each with a tag, or entities whose tokens are not decoded yet. */
export type TextPrediction = { readonly tokens: TaggedToken[] } | { readonly groups: TokenGroup[] };

/** Tags the tokens of texts. */
export class TextTags {
  readonly name = 'text-tags';

  constructor(private readonly options: TextTagsOptions) {}

  async encode(texts: readonly string[]): Promise<TextFeature[][]> {
    const { tokenizer, maxLength, stride } = this.options;
    const encoded = await tokenizer.encodeWindows(texts, { maxLength, stride });
    return encoded.map((windows, i) => this.features(texts[i] as string, windows));
  }

  collate(features: readonly TextFeature[]): Values {
    return collateTokens(features, this.options.tokenizer.padId);
  }

  decode({ logits }: Readonly<Record<string, TensorValue>>, row: number, { tokens, own }: TextFeature): WindowTokens {
    const scoresOf = probabilities(logits as TensorValue, row);
    const scored = tokens.flatMap((token, i): TextToken[] => (token ? [{ ...token, scores: scoresOf(i) }] : []));
    return { tokens: scored, own: scored.filter(({ index }) => own.has(index)) };
  }

  combine(_: string, windows: readonly WindowTokens[]): TextPrediction {
    const { labels, aggregationStrategy: strategy, ignoreLabels } = this.options;
    const isKept = (name: string) => !ignoreLabels.includes(name);
    if (strategy === 'none') {
      const tagged = windows.flatMap(({ own }) => taggedTokens(own, labels));
      return { tokens: tagged.filter(({ entity }) => isKept(entity)) };
    }
    const groups = windows.flatMap(({ tokens }) =>
      tokenGroups(tokens, labels, strategy).filter(({ entityGroup }) => isKept(entityGroup)),
    );
    return { groups: windows.length > 1 ? withoutOverlaps(groups) : groups };
  }

  private features(text: string, windows: readonly Encoding[]): TextFeature[] {
    const { tokenizer, stride } = this.options;
    const prefix = tokenizer.continuingSubwordPrefix;
    let first = windows[0]?.sequenceIds.findIndex((sequence) => sequence !== null) ?? 0; // the first token's number
    const numbers = windows.map(({ sequenceIds }) => {
      let next = first;
      const ofWindow = sequenceIds.map((sequence) => (sequence === null ? null : next++));
      first = next - stride; // neighbours overlap by so many tokens
      return ofWindow;
    });
    const owned = wordsOfWindows(numbers);
    return windows.map((window, k) => {
      const { inputIds: ids, tokens, offsets } = window;
      const ofText = ids.map((id, i) => {
        const index = numbers[k]?.[i] ?? null;
        if (index === null) return undefined;
        const [start, end] = offsets[i] as readonly [number, number];
        const place = text.slice(start, end);
        const token = tokens[i] as string;
        if (id === tokenizer.unkId) return { id, index, start, end, word: place, isSubword: false };
        const isSubword = prefix
          ? [...token].length !== [...place].length
          : start > 0 && !text.slice(start - 1, start + 1).includes(' ');
        return { id, index, start, end, word: token, isSubword };
      });
      const own = new Set((owned[k] ?? []).map(([number]) => number));
      return tokenFeature(window, { tokens: ofText, own });
    });
  }
}
