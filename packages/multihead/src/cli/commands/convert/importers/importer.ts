/** @file The contract of an importer: how `multihead convert NAME` makes a model folder of another program's files. */

/** What an importer wrote. */
export interface Imported {
  /** The model's class: `LlamaForCausalLM`. */
  readonly model: string;
  readonly parameters: number;
  readonly vocabSize: number;
}

/** Where an importer writes. */
export interface ImportTarget {
  readonly output: string;
  /** Names in the folder that belong to the model before, and go. */
  readonly gone: readonly string[];
}

/** An option besides `--output` and `--overwrite`, whose value is text. */
export interface ImportOption {
  readonly flags: string;
  readonly description: string;
  readonly isRequired?: boolean;
  readonly choices?: readonly string[];
}

/** An importer of foreign checkpoints: a row of the registry. */
export interface Importer {
  readonly name: string;
  readonly description: string;
  readonly options: readonly ImportOption[];
  /** Converts the files that the options name. All that can be wrong with them is found before anything is written. */
  convert(given: Readonly<Record<string, string | undefined>>, target: ImportTarget): Promise<Imported>;
}
