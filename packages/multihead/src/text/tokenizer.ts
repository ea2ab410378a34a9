/** @file Text to token numbers and back, with the place of every token in the text. */
import { createBackend } from '#tokenizer-backend';
import { UserError } from '../errors.js';
import type { RawTokens, TokenizerBackend } from './backend.js';
import { readTemplate, type Template } from './template.js';
import { type Truncation, truncatedLengths, windows } from './truncation.js';

/** A text, or a pair of texts, as a model reads it. All lists have one element a token. */
export interface Encoding {
  readonly ids: number[];
  /** Segment: 0 for the first text, 1 for the second. */
  readonly typeIds: number[];
  readonly tokens: string[];
  /**
   * UTF-16 indices into the text that the token is of: `text.slice(start, end)`. [0, 0] for special tokens. Reading them
   * throws a UserError in browsers, where they are not known yet.
   */
  readonly offsets: (readonly [number, number])[];
  /** 1 for tokens that no text has, such as [CLS]. */
  readonly specialTokensMask: number[];
  /** Which text a token is of, 0 or 1; null for special tokens. */
  readonly sequenceIds: (0 | 1 | null)[];
}

/** A text, or two that belong together. */
export type TextInput = string | readonly [text: string, pair: string];

/** How texts are encoded. */
export interface EncodeOptions {
  /** Whether [CLS], [SEP] and their like are added. */
  readonly addSpecialTokens?: boolean;
  /** The most tokens, special ones included. Longer texts are cut. */
  readonly maxLength?: number | undefined;
  readonly truncation?: Truncation;
}

/** How long texts are cut into windows. */
export interface WindowOptions {
  readonly maxLength: number;
  /** Tokens by which neighbouring windows overlap. */
  readonly stride: number;
}

/** The files of a tokenizer, as texts. */
export interface TokenizerFiles {
  readonly tokenizerJson: string;
  /** tokenizer_config.json's contents. */
  readonly config: Readonly<Record<string, unknown>>;
  /** For errors: where the files came from. */
  readonly where: string;
}

const specialNames = { pad: '[PAD]', unk: '[UNK]', cls: '[CLS]', sep: '[SEP]', mask: '[MASK]' } as const;

/** A tokenizer in Hugging Face's format. Load one with {@link AutoTokenizer}. */
export class Tokenizer {
  private readonly backend: TokenizerBackend;
  private readonly template: Template;
  private readonly json: Record<string, unknown>;
  private readonly config: Readonly<Record<string, unknown>>;

  /** @throws UserError naming the file, where the tokenizer's JSON cannot be understood */
  constructor({ tokenizerJson, config, where }: TokenizerFiles) {
    // Cutting and padding are done here; a file may carry settings for them that would get in the way.
    this.json = { ...(JSON.parse(tokenizerJson) as Record<string, unknown>), truncation: null, padding: null };
    this.config = config;
    try {
      this.backend = createBackend(JSON.stringify(this.json));
    } catch (error) {
      throw new UserError(`${where}: is no tokenizer that can be read: ${(error as Error).message}`, { cause: error });
    }
    this.template = readTemplate(this.json.post_processor, where);
  }

  /** Number of tokens, added ones included. */
  get vocabSize(): number {
    return this.backend.vocabSize;
  }

  /** The number of the padding token; 0 where there is none. */
  get padId(): number {
    return this.specialId('pad') ?? 0;
  }

  /** The number of the token for what the vocabulary lacks. */
  get unkId(): number | undefined {
    return this.specialId('unk');
  }

  /** The number of the mask token. */
  get maskId(): number | undefined {
    return this.specialId('mask');
  }

  /** The number of a token, undefined where the vocabulary lacks it. */
  tokenToId(token: string): number | undefined {
    return this.backend.tokenToId(token);
  }

  /** The token of a number, undefined where there is none. */
  idToToken(id: number): string | undefined {
    return this.backend.idToToken(id);
  }

  /** Token numbers back to text. */
  decode(ids: readonly number[], { skipSpecialTokens = true } = {}): Promise<string> {
    return this.backend.decode(ids, skipSpecialTokens);
  }

  /**
   * Encodes one text or pair. Many are encoded faster together: {@link encodeBatch}.
   *
   * @example
   * const { ids, tokens } = await tokenizer.encode('Hello world!'); // tokens: ['[CLS]', 'hello', 'world', '!', '[SEP]']
   */
  async encode(input: TextInput, options: EncodeOptions = {}): Promise<Encoding> {
    return (await this.encodeBatch([input], options))[0] as Encoding;
  }

  /**
   * Encodes texts or pairs, cutting those that are too long.
   *
   * @throws UserError where a text cannot be cut to the maximum length
   */
  async encodeBatch(inputs: readonly TextInput[], options: EncodeOptions = {}): Promise<Encoding[]> {
    const { addSpecialTokens = true, maxLength, truncation = 'longest_first' } = options;
    const sequences = await this.sequences(inputs);
    return sequences.map(([first, second]) => {
      if (maxLength === undefined) return this.assemble(first, second, addSpecialTokens);
      const room = this.room(maxLength, second !== undefined, addSpecialTokens);
      const lengths = [first.raw.ids.length, second?.raw.ids.length ?? 0] as const;
      const [firstLength, secondLength] = truncatedLengths(lengths, room, truncation);
      return this.assemble(
        { ...first, end: firstLength },
        second && { ...second, end: secondLength },
        addSpecialTokens,
      );
    });
  }

  /**
   * Encodes pairs whose second text may be long: it is cut into overlapping windows, and each comes with the whole first
   * text. Every window is there (Hugging Face's return_overflowing_tokens).
   *
   * @returns the windows of each pair
   * @throws UserError where the first text leaves no room for a window
   */
  async encodeWindows(
    pairs: readonly (readonly [text: string, pair: string])[],
    { maxLength, stride }: WindowOptions,
  ): Promise<Encoding[][]> {
    const sequences = await this.sequences(pairs);
    return sequences.map(([first, second]) => {
      const size = this.room(maxLength, true, true) - first.raw.ids.length;
      const whole = second as Sequence;
      return windows(whole.raw.ids.length, size, stride).map(([start, end]) =>
        this.assemble(first, { ...whole, start, end }, true),
      );
    });
  }

  /** The tokenizer's files in Hugging Face's layout, by name. */
  files(): Record<string, string> {
    const write = (json: unknown) => `${JSON.stringify(json, null, 2)}\n`;
    const present = Object.entries(specialNames).flatMap(([kind]) => {
      const token = this.specialToken(kind as keyof typeof specialNames);
      return this.tokenToId(token) === undefined ? [] : [[`${kind}_token`, token]];
    });
    const specials = Object.fromEntries(present);
    return {
      'tokenizer.json': write(this.json),
      'tokenizer_config.json': write({ tokenizer_class: 'BertTokenizer', ...specials, ...this.config }),
      'special_tokens_map.json': write(specials),
    };
  }

  private specialToken(kind: keyof typeof specialNames): string {
    const named = this.config[`${kind}_token`];
    // Older files give an object with the token's settings.
    if (typeof named === 'object' && named !== null && 'content' in named) return String(named.content);
    return typeof named === 'string' ? named : specialNames[kind];
  }

  private specialId(kind: keyof typeof specialNames): number | undefined {
    return this.tokenToId(this.specialToken(kind));
  }

  /** Tokens that are left for texts once the special ones have theirs. */
  private room(maxLength: number, pair: boolean, addSpecialTokens: boolean): number {
    const pieces = pair ? this.template.pair : this.template.single;
    const special = addSpecialTokens ? pieces.filter((piece) => 'special' in piece).length : 0;
    if (maxLength > special) return maxLength - special;
    throw new UserError(`a maximum length of ${maxLength} leaves no room for text beside ${special} special tokens`);
  }

  /** Tokenizes all texts, equal ones once: in question answering, many questions share a context. */
  private async sequences(inputs: readonly TextInput[]): Promise<[Sequence, Sequence | undefined][]> {
    const texts = [...new Set(inputs.flat())] as string[];
    const raws = await this.backend.encode(texts);
    const known = new Map(
      texts.map((text, i): [string, Sequence] => [text, wholeSequence(text, raws[i] as RawTokens)]),
    );
    return inputs.map((input) => {
      const [text, pair] = typeof input === 'string' ? [input] : input;
      return [known.get(text as string) as Sequence, pair === undefined ? undefined : known.get(pair)];
    });
  }

  /** Puts stretches of one or two texts together, with special tokens around them. */
  private assemble(first: Sequence, second: Sequence | undefined, addSpecialTokens: boolean): Encoding {
    const encoding: Encoding = {
      ids: [],
      typeIds: [],
      tokens: [],
      offsets: [],
      specialTokensMask: [],
      sequenceIds: [],
    };
    for (const piece of second ? this.template.pair : this.template.single) {
      if ('special' in piece) {
        if (!addSpecialTokens) continue;
        push(encoding, piece.special.id, piece.special.token, piece.typeId, [0, 0], null);
        continue;
      }
      const { raw, start, end, place } = piece.sequence === 'A' ? first : (second as Sequence);
      for (let i = start; i < end; i++) {
        const which = piece.sequence === 'A' ? 0 : 1;
        push(encoding, raw.ids[i] as number, raw.tokens[i] as string, piece.typeId, place(i), which);
      }
    }
    return first.raw.offsets ? encoding : withoutOffsets(encoding);
  }
}

/** A stretch of a tokenized text: tokens [start, end). */
interface Sequence {
  readonly raw: RawTokens;
  readonly start: number;
  readonly end: number;
  /** Where a token stands in the text, in UTF-16. */
  place(token: number): readonly [number, number];
}

function wholeSequence(text: string, raw: RawTokens): Sequence {
  const indices = utf16Indices(text);
  const at = (codePoint: number) => (indices ? (indices[codePoint] as number) : codePoint);
  const place = (token: number) => {
    const [start, end] = raw.offsets?.[token] ?? [0, 0];
    return [at(start), at(end)] as const;
  };
  return { raw, start: 0, end: raw.ids.length, place };
}

/** An encoding that says so where its offsets are asked for and not known. */
function withoutOffsets(encoding: Encoding): Encoding {
  return Object.defineProperty(encoding, 'offsets', {
    get(): never {
      throw new UserError('Places of tokens in the text are not known in browsers yet; use Node for this task.');
    },
  });
}

/** The UTF-16 index of each code point, and of the end; undefined where the two counts are the same. */
function utf16Indices(text: string): number[] | undefined {
  if (!/[\u{10000}-\u{10ffff}]/u.test(text)) return undefined;
  const indices: number[] = [];
  let index = 0;
  for (const character of text) {
    indices.push(index);
    index += character.length;
  }
  indices.push(index);
  return indices;
}

function push(
  encoding: Encoding,
  id: number,
  token: string,
  typeId: number,
  offset: readonly [number, number],
  sequenceId: 0 | 1 | null,
): void {
  encoding.ids.push(id);
  encoding.tokens.push(token);
  encoding.typeIds.push(typeId);
  encoding.offsets.push(offset);
  encoding.sequenceIds.push(sequenceId);
  encoding.specialTokensMask.push(sequenceId === null ? 1 : 0);
}
