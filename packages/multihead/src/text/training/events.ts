/** @file What training a tokenizer tells on the way. */

/** How far it is. */
export type TokenizerTrainingEvent =
  /** Every million UTF-16 units or so. */
  | { readonly type: 'reading'; readonly texts: number; readonly characters: number }
  /** When all is read. */
  | {
      readonly type: 'read';
      readonly texts: number;
      readonly characters: number;
      /** Different words; for a tokenizer of characters, different characters. */
      readonly words: number;
      /** Words that were not counted, being longer than 256 UTF-16 units. */
      readonly tooLong: number;
      /** Different rare words that were forgotten, there being more than 4 million. */
      readonly forgotten: number;
    }
  /** Every hundred tokens. */
  | { readonly type: 'merging'; readonly tokens: number; readonly vocabSize: number };
